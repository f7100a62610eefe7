"""What leaves of a need: one schema per view, so that a secret field cannot leak by being forgotten.

The masked view is written out by itself and inherits from nothing that holds a text of the enterprise.
All of them dump a `reading.Reading`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from backbone.directory.fields import IndustryCode
from backbone.directory.industries import industry_label
from backbone.errors import say
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
    instance_of,
)
from backbone.http_problems import language
from backbone.worded import Worded
from sky_net.needs import states
from sky_net.needs import vocabulary as words
from sky_net.needs.permissions import FULL, INVITED, MASKED, OPEN
from sky_net.needs.schemas import NeedContact, NeedIndicator


class StateField(Choice):
    """A state of the life cycle; the API document carries the whole table."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(states.STATES, metadata={"description": states.described()}, **kwargs)


class NeedOfferedBudget(Schema):
    """Amounts in fen; absent where the enterprise hides them."""

    kind = Choice(words.BUDGET_KINDS)
    min_fen = Fen()
    max_fen = Fen()


class NeedEnterprise(Schema):
    """The enterprise that posted it."""

    id = Identifier()
    name = Text()


class _Read(Schema):
    """Reads the need's own fields through the reading, which adds the view and the enterprise."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr in ("view", "enterprise"):
            return getattr(obj, attr)
        return getattr(obj.need, attr, default)


class _Common(_Read):
    """What every view shows: nothing here was written by the enterprise in words of its own."""

    id = Identifier()
    number = Text()
    view = Choice((FULL, INVITED, OPEN, MASKED))
    kind = Choice(words.KINDS)
    state = StateField()
    need_type = Choice(words.NEED_TYPES)
    industry = IndustryCode()
    visibility = Choice(words.VISIBILITY)
    urgency = Choice(words.URGENCY)
    trl_now = Whole(words.TRL_LEAST, words.TRL_MOST)
    trl_required = Whole(words.TRL_LEAST, words.TRL_MOST)
    cooperation_modes = Several(Choice(words.COOPERATION_MODES))
    budget = Record(NeedOfferedBudget, attribute="offered_budget")
    ip_ownership = Choice(words.IP_OWNERSHIP)
    nda_required = Flag()
    respond_by_on = Day()
    wanted_on = Day()
    valid_until_on = Day()
    submitted_at = Instant()
    confirmed_at = Instant()
    created_at = Instant()
    updated_at = Instant()


class MaskedTitle(Text):
    """The title given for strangers; without one, only industry and type: never the real one."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        if value:
            return str(value)
        need, tongue = obj.need, language()
        said = (
            industry_label(need.industry) if need.industry else None,
            words.NEED_TYPES.get(need.need_type, words.ANY),
        )
        return " · ".join(str(say(label, tongue)) for label in said if label)


class NeedMaskedEntry(_Common):
    """A masked need in a list."""

    title = MaskedTitle(attribute="masked_title")


class NeedMasked(NeedMaskedEntry):
    """A need without its enterprise and its secrets, for institutes and brokers."""

    summary = Text(attribute="masked_summary")


class NeedOpenEntry(_Common):
    """A public need in a list."""

    title = Text()
    enterprise = Record(NeedEnterprise)
    zone_code = Text()
    chain_id = Identifier()


class NeedEntry(NeedOpenEntry):
    """A need in a list, for those who may read it in full."""

    budget = Record(NeedOfferedBudget)
    complexity = Choice(words.COMPLEXITY)
    owner_id = Identifier(
        metadata={"description": "负责的运营人员或经纪人 / the operator or broker who answers for it"}
    )
    return_count = Whole()


class NeedOpen(NeedOpenEntry):
    """A public need: all but the contact, the decision owner, a hidden budget and what the platform noted."""

    tech_field = Text()
    chain_segment = Text()
    problem = Text()
    scene = Text()
    present_state = Text()
    tried = Text()
    indicators = Several(Record(NeedIndicator))
    deliverables = Several(Text())
    acceptance_method = Text()
    payment_terms = Text()
    region_preference = Several(Text())
    partner_conditions = Text()
    source_channel = Choice(words.SOURCE_CHANNELS)
    funding_wish = Text()
    related_policies = Several(Text())


class NeedInvited(NeedOpen):
    """All that an invited institute, or the broker who answers for it, needs: the texts and whom to ask, not what the platform noted.

    A hidden budget stays hidden: the amounts are `offered_budget`, as in every view but the full one.
    """

    contact = Record(NeedContact)
    decision_owner = Text()


class NeedFull(NeedInvited):
    """Everything, for the poster, the operators and the auditors."""

    budget = Record(NeedOfferedBudget)
    complexity = Choice(words.COMPLEXITY)
    owner_id = Identifier(
        metadata={"description": "负责的运营人员或经纪人 / the operator or broker who answers for it"}
    )
    return_count = Whole()
    masked_title = Text()
    masked_summary = Text()
    collector = Text()
    missing_items = Several(
        Text(), metadata={"description": "最近一次退回要求补充的内容 / what the last return asked for"}
    )
    rejection_code = Choice(words.REJECTION_CODES)
    state_message = Text(
        metadata={"description": "最近一步所附的说明 / the words that came with the last step"}
    )


class _ByView(Schema):
    """Dumps each reading with the schema of its own view: one list may mix them."""

    views: ClassVar[Mapping[str, type[Schema]]]

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """The reading, or with `many` the readings, each as its view allows."""
        if many if many is not None else self.many:
            return [self.dump(reading, many=False) for reading in obj]
        return instance_of(self.views[obj.view]).dump(obj)


class NeedInView(_ByView):
    """One need, as its reader may see it."""

    views: ClassVar[Mapping[str, type[Schema]]] = {
        FULL: NeedFull,
        INVITED: NeedInvited,
        OPEN: NeedOpen,
        MASKED: NeedMasked,
    }


class EntryInView(_ByView):
    """Needs in a list, each as its reader may see it."""

    views: ClassVar[Mapping[str, type[Schema]]] = {
        FULL: NeedEntry,
        INVITED: NeedOpenEntry,
        OPEN: NeedOpenEntry,
        MASKED: NeedMaskedEntry,
    }


class NeedGap(Schema):
    """One thing a better need would say."""

    field = Text()
    label = Worded()
    why = Worded()
    weight = Whole()


class NeedCompleteness(Schema):
    """The advice of the quality gate."""

    score = Whole(0, 100)
    missing = Several(Record(NeedGap))
    compulsory_missing = Several(Text())
    near_duplicates = Whole(
        metadata={
            "description": "近似的需求数，见 listNearDuplicates / how many needs say nearly the same, see listNearDuplicates"
        }
    )


class NearDuplicateView(Schema):
    """A need that says nearly the same."""

    similarity_percent = Whole(0, 100)
    need = Record(NeedEntry)


class NearDuplicatesView(Schema):
    """Most similar first."""

    items = Several(Record(NearDuplicateView))


class StateCount(Schema):
    """How many needs are in a state."""

    state = StateField()
    needs = Whole()


class NeedsOfAreaView(Schema):
    """The needs of a region with all inside it, or of a group; groups overlap and add up to nothing."""

    code = Text(attribute="area.code")
    is_group = Flag(attribute="area.is_group")
    within = Text(attribute="area.within")
    needs = Whole(attribute="area.total")
    states = Several(Record(StateCount))


class NeedCounts(Schema):
    """How many needs there are by area; the areas without `within` that are no groups add up to all."""

    items = Several(Record(NeedsOfAreaView))


class NeedStep(Schema):
    """One step of a need's life."""

    action = Text()
    from_state = StateField()
    to_state = StateField()
    actor_role = Choice(states.Party)
    occurred_at = Instant()
    reason_code = Text()
    missing_items = Several(Text())


class NeedHistory(Schema):
    """All steps, the first one first."""

    items = Several(Record(NeedStep))
