"""What HTTP may say of confidentiality terms."""

from backbone.fields import Choice, Day, Flag, Identifier, Instant, Schema, Text
from backbone.pages import PageQuery, sort_field
from sky_net.talks.terms.models import SIDES

FOR_ALL = (
    "空则企业对本需求的全部院所接受；院所填本院所 / "
    "Empty: the enterprise accepts for every institute of the need; an institute names itself or nothing"
)
VERSION = "showTerms 给出的版本 / the version that showTerms gave"


class TermsView(Schema):
    """The terms of today, and how they stand for whoever asks."""

    version = Text(40)
    valid_from = Day()
    reference = Text(1000)
    zh = Text(20_000)
    en = Text(20_000)
    required = Flag(
        metadata={
            "description": "须双方接受才显示脱敏以外内容 / both must accept before more than the masked view is shown"
        }
    )
    is_open = Flag(
        metadata={"description": "您能否查看脱敏以外内容 / whether you are shown more than the masked view"}
    )


class TermsAcceptanceEntry(Schema):
    """Which version is accepted, and towards whom."""

    version = Text(40, required=True, metadata={"description": VERSION})
    institute_id = Identifier(allow_none=True, metadata={"description": FOR_ALL})


class TermsAcceptanceView(Schema):
    """One side's word; it cannot be taken back."""

    id = Identifier()
    need_id = Identifier()
    institute_id = Identifier(metadata={"description": "空为全部院所 / null is every institute"})
    side = Choice(SIDES)
    version = Text(40)
    accepted_at = Instant()


class TermsAcceptanceQuery(PageQuery):
    """How the acceptances of a need are listed."""

    sort = sort_field(["accepted_at"], "accepted_at")
