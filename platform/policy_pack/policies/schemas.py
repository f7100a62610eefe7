"""What HTTP may say of policies."""

from typing import Any

from marshmallow import pre_dump

from backbone.fields import (
    Choice,
    Day,
    Fen,
    Flag,
    Identifier,
    Instant,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.files.fields import FileName
from backbone.files.kinds import MEDIA_TYPES
from backbone.pages import PageQuery, sort_field
from policy_pack.engine.policy import CATEGORY_WORDS, Benefit
from policy_pack.policies.differences import Kind, Part
from policy_pack.policies.models import GRADES, ORIGINS
from policy_pack.policies.states import STATES, TRANSITIONS, described

LONGEST_TEXT = 200_000
ACTIONS = [step.action for step in TRANSITIONS if step.frm]
GRADE = (
    "A 发文机关网站，B 新闻媒体，C 其他网站转载 / A the body's own page, B press, C a copy on another site"
)


class Words(Schema):
    """A sentence in both languages at once: policies are compared, not only read."""

    zh = Text(5000)
    en = Text(5000)

    @pre_dump
    def in_both(self, sentence: Any, **_: object) -> Any:
        """A `Bilingual` as its two wordings; what is two wordings already stays."""
        if isinstance(sentence, str):
            return {"zh": getattr(sentence, "zh", sentence), "en": str(sentence)}
        return sentence


class PolicyUpload(Schema):
    """The text of a new version in YAML; its id says whose version it is."""

    text = Text(LONGEST_TEXT, required=True)
    file_name = FileName(load_default="policy.yaml")


class ReviewEntry(Schema):
    """A second person's word on a draft: fit to be published, or returned with what has to be done."""

    approved = Flag(required=True)
    note = Text(2000, allow_none=True)


class PublicationEntry(Schema):
    """The version that this one takes the place of, from the day on which it begins to be valid."""

    supersedes = Identifier(allow_none=True, load_default=None)


class RepealEntry(Schema):
    """From which day on the version no longer counts, and why."""

    from_on = Day(required=True)
    reason = Text(2000, required=True)


class VerificationEntry(Schema):
    """The original that was compared with the text."""

    original_id = Identifier(required=True)


class OriginalEntry(Schema):
    """What the query says of the file in the body."""

    name = FileName(required=True)


class OriginalView(Schema):
    """An original, and who signed it."""

    id = Identifier()
    version_id = Identifier()
    name = FileName(attribute="file.name")
    media_type = Choice(MEDIA_TYPES, attribute="file.media_type")
    size = Whole(1, attribute="file.size")
    sha256 = Text(64)
    attached_by = Identifier()
    attached_at = Instant(attribute="created_at")
    signed_by = Identifier()
    signed_at = Instant()


class OriginalsView(Schema):
    """The originals of a version."""

    items = Several(Record(OriginalView))


class PolicyQuery(PageQuery):
    """Filters of the list of policies; `on` is the day for which the current version is wanted, today by default."""

    sort = sort_field(["number"], "number")
    on = Day()
    category = Several(Choice(CATEGORY_WORDS), len(CATEGORY_WORDS), distinct=True)
    grade = Several(Choice(GRADES), len(GRADES), distinct=True)
    state = Several(Choice(STATES), len(STATES), distinct=True)


class PolicyVersionLine(Schema):
    """A version in a list; the days are those on which it counts or would count, both included."""

    id = Identifier()
    number = Whole()
    state = Choice(STATES, metadata={"description": described()})
    origin = Choice(ORIGINS)
    counts_from_on = Day()
    counts_to_on = Day()
    verified = Flag()
    grade = Choice(GRADES, metadata={"description": GRADE})
    sha256 = Text(64)
    file_name = FileName()
    created_at = Instant()


class PolicyView(Schema):
    """A policy with the versions that the reader may know of, the latest first."""

    id = Identifier()
    key = Text()
    number = Whole()
    name = Record(Words)
    category = Choice(CATEGORY_WORDS)
    level = Text()
    current = Record(PolicyVersionLine, allow_none=True)
    versions = Several(Record(PolicyVersionLine), 1000)


class PolicySourceView(Schema):
    """Where the text was read, and when."""

    at = Text()
    grade = Choice(GRADES, metadata={"description": GRADE})
    read_on = Day()


class SupersededView(Schema):
    """A text that is known to be replaced by one that was not read."""

    since = Day()
    by = Text(metadata={"description": "替代它的文本 / the text that replaced it"})


class PolicyClauseView(Schema):
    """One clause: its words, those of the source, and what is asked of the facts; `judged` by a person."""

    id = Text()
    text = Record(Words)
    quote = Text()
    condition = Text(10_000)
    judged = Flag()


class PolicyAmountView(Schema):
    """How much, in words and as a formula."""

    benefit = Choice([str(each) for each in Benefit])
    words = Record(Words)
    formula = Text(10_000)


class PolicyVerificationView(Schema):
    """Who compared which original with the text."""

    original_id = Identifier()
    sha256 = Text(64)
    attached_by = Identifier()
    signed_by = Identifier()
    signed_at = Instant()


class PolicyVersionView(PolicyVersionLine):
    """A version with all that its text says; amounts that nobody verified are withheld from enterprises and institutes."""

    policy_id = Identifier()
    key = Text()
    name = Record(Words)
    category = Choice(CATEGORY_WORDS)
    level = Text()
    status = Text()
    reference = Text(2000)
    source = Record(PolicySourceView)
    label = Record(Words, allow_none=True)
    validity_words = Text(2000)
    superseded = Record(SupersededView, allow_none=True)
    complete = Flag()
    clauses = Several(Record(PolicyClauseView), 500)
    amount = Record(PolicyAmountView, allow_none=True)
    published_cap_fen = Fen()
    withheld = Flag()
    documents = Several(Record(Words), 200)
    notes = Several(Record(Words), 200)
    text = Text(LONGEST_TEXT)
    verification = Record(PolicyVerificationView, allow_none=True)
    actions = Several(Choice(ACTIONS))
    uploaded_by = Identifier()
    reviewed_by = Identifier()
    reviewed_at = Instant()
    review_note = Text(2000)
    published_by = Identifier()
    published_at = Instant()
    ended_by = Identifier()
    ended_at = Instant()
    end_reason = Text(2000)


class DiffQuery(Schema):
    """The version to compare with; without it the one before."""

    against = Identifier()


class PolicyDifferenceView(Schema):
    """One part that differs, spelled as in a policy file."""

    kind = Choice([str(kind) for kind in Kind])
    part = Choice([str(part) for part in Part])
    clause_id = Text()
    before = Text(20_000)
    after = Text(20_000)


class PolicyDiffView(Schema):
    """What changed since the earlier version; null and nothing for a first one."""

    before = Record(PolicyVersionLine, allow_none=True)
    after = Record(PolicyVersionLine)
    changes = Several(Record(PolicyDifferenceView), 2000)
