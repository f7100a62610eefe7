"""What HTTP may say of advice."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Number, Record, Schema, Several, Text, Whole
from backbone.worded import Worded
from policy_pack.advice.ladder_rungs import RUNGS
from policy_pack.engine.advice import Act, Why
from policy_pack.engine.definition import Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluation import OUTCOME_WORDS
from policy_pack.engine.leaving_out import WhyOut
from policy_pack.policies.schemas import Words
from policy_pack.receipts.schemas import MOST_POLICIES, JudgedView, MoneyView
from policy_pack.subjects.fields import AnyFact, FactMap
from policy_pack.subjects.models import MATTERS

KEYS = [rung.key for rung in RUNGS]
MATTER = "合同、产品、项目，缺省为企业本身 / one contract, product or project; else the enterprise alone"


class _Asked(Schema):
    """Beside which matter, as of which day (today), and what is assumed for the sake of argument; nothing is kept."""

    matter_id = Identifier(allow_none=True, load_default=None, metadata={"description": MATTER})
    as_of_on = Day(allow_none=True, load_default=None)
    facts = FactMap(load_default=dict)


class TrialEntry(_Asked):
    """Under which policies: all unless they are named."""

    policy_ids = Several(Text(40), MOST_POLICIES, distinct=True, allow_none=True, load_default=None)


class OnePolicyEntry(_Asked):
    """Under which policy."""

    policy_id = Text(40, required=True)


class QuestionAsked(TrialEntry):
    """Which questions were passed over."""

    skipped = Several(Choice(DICTIONARY), len(DICTIONARY), distinct=True, load_default=list)


class PolicyReplyEntry(QuestionAsked):
    """One answer, to be kept: in the unit of its key, null for "there is none"."""

    key = Choice(DICTIONARY, required=True)
    value = AnyFact(required=True)
    valid_until_on = Day(allow_none=True, load_default=None)
    source = Text(300, load_default="企业自述")


class LadderQuery(Schema):
    """As of which day: today unless it is named."""

    as_of_on = Day(allow_none=True, load_default=None)


class NamedPolicyView(Schema):
    """Which policy in which version; `label` says 待核实 with the source where nobody verified it."""

    policy_id = Identifier()
    version_id = Identifier()
    key = Text()
    name = Worded()
    category = Text()
    level = Text()
    status = Text()
    reference = Text()
    verified = Flag()
    label = Worded()


class PolicyAnswerView(NamedPolicyView):
    """What the policy says; `withheld` an amount that is not told, `see_notice` (见通知) none was published."""

    outcome = Choice(OUTCOME_WORDS)
    clauses = Several(Record(JudgedView), 500)
    missing = Several(Several(Text()), 1000)
    missing_labels = Several(Several(Worded()), 1000)
    disputed = Several(Text())
    amount = Record(MoneyView)
    withheld = Flag()
    see_notice = Flag()
    documents = Several(Worded())
    apply_from_on = Day()
    apply_until_on = Day()
    working_days_left = Whole()


class _CaseView(Schema):
    """Whose case it is, and of which day."""

    enterprise_id = Identifier()
    matter_id = Identifier()
    as_of_on = Day()


class TrialView(_CaseView):
    """Every policy that was asked for."""

    items = Several(Record(PolicyAnswerView), MOST_POLICIES)


class PolicyExplanationView(PolicyAnswerView):
    """The answer, and why, line by line in both languages."""

    enterprise_id = Identifier()
    matter_id = Identifier()
    as_of_on = Day()
    lines = Several(Record(Words), 1000)


class TakenPolicyView(NamedPolicyView):
    """One of the best set: what it pays beside the others and alone (null: nothing bounds it), and whether that adds up."""

    fen = Fen()
    alone_fen = Fen()
    is_added = Flag()


class LeftOutPolicyView(NamedPolicyView):
    """One that might have been, and why it is not."""

    why = Choice([str(why) for why in WhyOut])
    beside = Several(Text())
    relation = Text()
    text = Worded()


class StackTotalView(Schema):
    """A best set; null: nothing bounds it."""

    fen = Fen()
    taken = Several(Record(TakenPolicyView), MOST_POLICIES)
    left_out = Several(Record(LeftOutPolicyView), MOST_POLICIES)


class UnverifiedPolicyView(NamedPolicyView):
    """One that may come beside, once somebody verifies it."""

    outcome = Choice(OUTCOME_WORDS)


class StackView(_CaseView):
    """What is certain, what is possible, and what counts in neither because nobody verified it."""

    certain = Record(StackTotalView)
    possible = Record(StackTotalView)
    unverified = Several(Record(UnverifiedPolicyView), MOST_POLICIES)


class AdviceStepView(Schema):
    """What to do about one fact, and the nearest value that will do."""

    key = Text()
    label = Worded()
    unit = Text()
    act = Choice([str(act) for act in Act])
    act_label = Worded()
    now = AnyFact()
    to = AnyFact()
    or_else = Several(AnyFact(), 100)
    least = Number()
    most = Number()
    evidence = Worded()


class AdviceWayView(Schema):
    """Steps that together would do, none of which can be spared; `effort` is a rank, not money."""

    steps = Several(Record(AdviceStepView), 100)
    wait_until_on = Day()
    effort = Number()


class ObstacleView(Schema):
    """Clauses that cannot be met, and why."""

    clauses = Several(Text())
    keys = Several(Text())
    labels = Several(Worded())
    why = Choice([str(why) for why in Why])
    text = Worded()


class WaysView(Schema):
    """The ways from the cheapest on, or what stands in the way."""

    leads_to = Choice(OUTCOME_WORDS)
    complete = Flag()
    ways = Several(Record(AdviceWayView), 10)
    obstacles = Several(Record(ObstacleView), 100)


class PolicyAdviceView(NamedPolicyView):
    """The ways to one policy."""

    enterprise_id = Identifier()
    matter_id = Identifier()
    as_of_on = Day()
    outcome = Choice(OUTCOME_WORDS)
    leads_to = Choice(OUTCOME_WORDS)
    complete = Flag()
    ways = Several(Record(AdviceWayView), 10)
    obstacles = Several(Record(ObstacleView), 100)


class PolicyQuestionView(Schema):
    """A fact to ask for: how, and the policies that an answer decides for certain, decides perhaps, or brings forward."""

    key = Choice(DICTIONARY)
    text = Worded()
    label = Worded()
    kind = Choice([str(kind) for kind in Kind])
    unit = Text()
    per = Choice(("enterprise", *MATTERS))
    values = Several(Text())
    least = Number()
    most = Number()
    evidence = Worded()
    decides = Several(Text())
    may_decide = Several(Text())
    brings_forward = Several(Text())
    expected = Number()


class NextQuestionView(Schema):
    """The question, null where no answer changes anything; how many there are, and which policies wait."""

    question = Record(PolicyQuestionView)
    open_questions = Whole()
    undecided = Several(Text(), MOST_POLICIES)


class LadderRungView(Schema):
    """One tier; `see_notice` (见通知) where no service of it was published."""

    key = Choice(KEYS)
    name = Worded()
    labels = Several(Text())
    reached = Flag()
    reached_by = Text()
    services = Several(Record(NamedPolicyView), MOST_POLICIES)
    see_notice = Flag()


class LadderView(_CaseView):
    """The tier that the enterprise stands on, and the cheapest ways to the next one."""

    present = Choice(KEYS)
    rungs = Several(Record(LadderRungView), 10)
    next = Choice(KEYS)
    next_policy = Record(PolicyAnswerView)
    next_ways = Record(WaysView)
