"""What HTTP may say of announcements and objections."""

from typing import Any

import marshmallow as ma

from backbone.errors import Bilingual
from backbone.fields import Choice, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.grants.announcements.reading import OBJECTION_SORTS, SORTS
from finance_net.grants.life import OBJECTION
from finance_net.grants.schemas import SCORE

MOST = 10_000
UNREACHABLE = Bilingual("电话与邮箱至少填一项", "give a telephone or an address")


class Beneficiary(Schema):
    """Whose is how much of an amount."""

    name = Text()
    share_fen = Fen()


class AnnouncedEntry(Schema):
    """Who shall get how much; `is_void` once an objection to it was upheld. Of a first use both beneficiaries are named."""

    application_id = Identifier()
    number = Text()
    title = Text()
    applicant = Text()
    category = Text()
    score = Whole(allow_none=True, metadata={"description": SCORE})
    amount_fen = Fen()
    beneficiaries = Several(Record(Beneficiary), 2)
    is_void = Flag()


class AnnouncementView(Schema):
    """What is announced, until when, and whether it was decided."""

    id = Identifier()
    round_id = Identifier()
    selection_id = Identifier()
    starts_at = Instant()
    ends_at = Instant()
    open_objections = Whole()
    decided_at = Instant(allow_none=True)
    entries = Several(Record(AnnouncedEntry), MOST)


class AnnouncementQuery(PageQuery):
    """Which announcements, in which order."""

    round_id = Identifier()
    sort = sort_field(list(SORTS), "-starts_at")


class Signer(Schema):
    """Who signs, and how whoever decides may reach them; personal data."""

    name = Text(40, required=True)
    phone = Text(30, allow_none=True, load_default=None)
    email = Text(120, allow_none=True, load_default=None)

    @ma.validates_schema(skip_on_field_errors=True)
    def _reachable(self, sent: dict[str, Any], **kwargs: Any) -> None:
        if sent["phone"] is None and sent["email"] is None:
            raise ma.ValidationError({"phone": [UNREACHABLE]})


class ObjectionEntry(Schema):
    """To which application, on which grounds, and who signs: shown to who decides on it alone."""

    application_id = Identifier(required=True)
    grounds = Text(5000, required=True)
    signer = Record(Signer, required=True)


class ObjectionRuling(Schema):
    """Whether it is upheld, and why."""

    upheld = Flag(required=True)
    ruling = Text(
        5000,
        required=True,
        metadata={"description": "异议成立的，申报单位可见 / where it is upheld, the applicant reads it"},
    )


class ObjectionView(Schema):
    """An objection and what became of it."""

    id = Identifier()
    announcement_id = Identifier()
    application_id = Identifier()
    signed_by = Identifier()
    grounds = Text()
    state = Choice(OBJECTION.words)
    opened_at = Instant()
    ruling = Text(allow_none=True)
    ruled_at = Instant(allow_none=True)


class ObjectionShown(ObjectionView):
    """One objection; `signer` is null for everybody but who may decide on it."""

    signer = Record(Signer, allow_none=True)


class ObjectionQuery(PageQuery):
    """Which objections, in which order."""

    announcement_id = Identifier()
    sort = sort_field(list(OBJECTION_SORTS), "-opened_at")
