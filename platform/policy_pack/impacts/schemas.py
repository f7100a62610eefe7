"""What HTTP may say of estimates."""

from backbone.fields import (
    LARGEST,
    Choice,
    Day,
    Flag,
    Identifier,
    Instant,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from policy_pack.engine.policy import Benefit
from policy_pack.impacts.models import STATES
from policy_pack.impacts.tally import NAMED_AT_MOST


class ImpactEntry(Schema):
    """The day for which enterprises are evaluated; by default the first one on which the draft would be in force."""

    as_of_on = Day(allow_none=True, load_default=None)


class CostView(Schema):
    """Fen from low to high, null where nothing bounds it; a change may be below nothing."""

    low_fen = Whole(-LARGEST, allow_none=True)
    high_fen = Whole(-LARGEST, allow_none=True)


class NamedEnterprise(Schema):
    """An enterprise by name."""

    id = Identifier()
    name = Text()


class OutcomesView(Schema):
    """How many enterprises get each outcome."""

    eligible = Whole()
    ineligible = Whole()
    missing_facts = Whole()
    needs_review = Whole()
    not_in_force = Whole()


class ImpactResult(Schema):
    """What would change; without a published formula the costs are nothing and say nothing."""

    before = Record(OutcomesView)
    after = Record(OutcomesView)
    newly = Several(Record(NamedEnterprise), NAMED_AT_MOST)
    newly_count = Whole()
    no_longer = Several(Record(NamedEnterprise), NAMED_AT_MOST)
    no_longer_count = Whole()
    benefit = Choice([str(each) for each in Benefit], allow_none=True)
    has_formula = Flag()
    cost_before = Record(CostView)
    cost_after = Record(CostView)
    cost_change = Record(CostView)


class ImpactView(Schema):
    """An estimate: how far it is, and its result once it is done."""

    id = Identifier()
    version_id = Identifier()
    former_id = Identifier()
    as_of_on = Day()
    state = Choice(STATES)
    done = Whole()
    total = Whole()
    created_at = Instant()
    started_at = Instant()
    ended_at = Instant()
    failure = Text(1000)
    result = Record(ImpactResult, allow_none=True)
