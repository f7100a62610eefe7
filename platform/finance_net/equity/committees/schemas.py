"""What HTTP may say of committees."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.money import BASIS_POINTS
from finance_net.equity.committees.models import CHOICE_WORDS, CONFLICTS, MEETING_WORDS


class CommitteeEntry(Schema):
    """Who decides for a fund, by which quorum and majority, and where that is laid down."""

    members = Several(Identifier(), 50, distinct=True, required=True)
    quorum = Whole(1, 50, required=True)
    approval_basis_points = Whole(1, BASIS_POINTS, required=True)
    source = Text(500, required=True)


class CommitteeView(Schema):
    """Who decides for a fund."""

    id = Identifier()
    fund_id = Identifier()
    members = Several(Identifier(), 50)
    quorum = Whole()
    approval_basis_points = Whole()
    source = Text()
    set_at = Instant()
    set_by = Identifier()
    confirmed_at = Instant(allow_none=True)
    confirmed_by = Identifier(allow_none=True)


class CommitteesView(Schema):
    """Who decides for a fund, null as long as nobody does, and what waits for its second manager."""

    deciding = Record(CommitteeView, allow_none=True)
    waiting = Record(CommitteeView, allow_none=True)


class CommitteeConfirming(Schema):
    """Which one: what the second manager has seen."""

    committee_id = Identifier(required=True)


class CommitteeMeetingEntry(Schema):
    """When it meets and how much it is asked for; what the deal asks by default."""

    held_on = Day(required=True)
    asked_fen = Fen(1, allow_none=True, load_default=None)


class CommitteeVoteEntry(Schema):
    """A member's own vote; a recusal names its conflict."""

    choice = Choice(CHOICE_WORDS, required=True)
    conflict = Choice(CONFLICTS, allow_none=True, load_default=None)


class MeetingClosing(Schema):
    """The minutes in words, how much is approved (what was asked by default), and what is asked for before; or, without a
    quorum, that it is adjourned and decides nothing.
    """

    minutes = Text(20_000, required=True)
    approved_fen = Fen(1, allow_none=True, load_default=None)
    conditions = Several(Text(500), 50, load_default=list)
    is_adjourned = Flag(load_default=False)


class ConditionEvidence(Schema):
    """By what a condition is fulfilled."""

    evidence = Text(1000, required=True)


class CommitteeVoteView(Schema):
    """One member's vote."""

    id = Identifier()
    meeting_id = Identifier()
    member_id = Identifier()
    choice = Choice(CHOICE_WORDS)
    conflict = Choice(CONFLICTS, allow_none=True)
    cast_at = Instant()


class CommitteeDecisionView(Schema):
    """A meeting, and what it came to once it is closed."""

    id = Identifier()
    deal_id = Identifier()
    ordinal = Whole()
    committee_id = Identifier()
    held_on = Day()
    asked_fen = Fen()
    quorum = Whole()
    approval_basis_points = Whole()
    state = Choice(MEETING_WORDS)
    present = Whole()
    votes_for = Whole()
    votes_against = Whole()
    abstentions = Whole()
    recusals = Whole()
    approved_fen = Fen(allow_none=True)
    convened_by = Identifier()
    closed_by = Identifier(allow_none=True)
    closed_at = Instant(allow_none=True)


class CommitteeMeetingView(Schema):
    """A meeting with its votes."""

    meeting = Record(CommitteeDecisionView)
    votes = Several(Record(CommitteeVoteView), 50)


class CommitteeConditionView(Schema):
    """What a committee wants to see before anything is agreed."""

    id = Identifier()
    deal_id = Identifier()
    meeting_id = Identifier()
    ordinal = Whole()
    title = Text()
    evidence = Text(allow_none=True)
    fulfilled_by = Identifier(allow_none=True)
    fulfilled_at = Instant(allow_none=True)


class CommitteeMinutesView(Schema):
    """Minutes: `content` is the canonical JSON whose SHA-256 stands beside it, `words` what was written; `is_intact` says
    whether both are what they were.
    """

    meeting_id = Identifier(attribute="meeting.id")
    words = Text(20_000, attribute="meeting.minutes")
    content = Text(100_000)
    sha256 = Text()
    recorded_at = Instant()
    is_intact = Flag()
