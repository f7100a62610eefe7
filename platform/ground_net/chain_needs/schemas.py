"""What HTTP may say of a chain's needs and of its board."""

from backbone.directory.chains.schemas import PlayerName
from backbone.directory.fields import CreditCode
from backbone.fields import Choice, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from ground_net.chain_needs.reading import SORTS
from ground_net.chain_needs.segments import GAPS
from ground_net.chain_needs.states import STATES
from sky_net.needs.schemas import NeedDraft
from sky_net.needs.states import STATES as NEED_STATES

MOST_ASKED = 200
CODES = {
    "description": "被询问的企业；不透露其是否注册 / the enterprises to be asked; whether they are registered is not told"
}


class ChainNeedDraft(NeedDraft):
    """The need itself; its chain and its enterprise are said beside it."""

    class Meta(NeedDraft.Meta):
        exclude = ("enterprise_id", "chain_id")


class ChainNeedEntry(Schema):
    """A need of a chain: which of the masters raises it may be left out where there is no choice."""

    enterprise_id = Identifier(metadata={"description": "产业链的链主企业 / a master of the chain"})
    need = Record(ChainNeedDraft, required=True)
    credit_codes = Several(CreditCode(), MOST_ASKED, distinct=True, load_default=list, metadata=CODES)


class BackersEntry(Schema):
    """Further enterprises to be asked."""

    credit_codes = Several(CreditCode(), MOST_ASKED, distinct=True, required=True, metadata=CODES)


class BackingAskedView(Schema):
    """An enterprise that was asked, by the code by which it was asked."""

    id = Identifier()
    credit_code = Text()
    state = Choice(STATES)
    asked_at = Instant(attribute="created_at")
    answered_at = Instant()


class BackedView(Schema):
    """A chain's need and who stands behind it: names for who reads the need in full, requests for who may ask."""

    need_id = Identifier(attribute="need.id")
    number = Text(attribute="need.number")
    state = Choice(NEED_STATES, attribute="need.state")
    chain_id = Identifier(attribute="chain.id")
    chain = Text(attribute="chain.name")
    consented = Whole(
        metadata={
            "description": "除提出者外参与的企业数 / enterprises behind it, besides the one that raised it"
        }
    )
    enterprises = Several(Record(PlayerName), allow_none=True)
    asked = Several(Record(BackingAskedView), allow_none=True)


class BackingRequestView(Schema):
    """What one's own enterprise is asked: to stand behind this need."""

    id = Identifier(attribute="row.id")
    need_id = Identifier(attribute="row.need_id")
    number = Text()
    title = Text()
    need_state = Choice(NEED_STATES)
    chain = Text()
    raised_by = Text(metadata={"description": "提出的链主企业 / the master that asks"})
    enterprise_id = Identifier()
    state = Choice(STATES, attribute="row.state")
    asked_at = Instant(attribute="row.created_at")
    answered_at = Instant(attribute="row.answered_at")


class BackingRequestQuery(PageQuery):
    """Filters of the requests."""

    sort = sort_field(tuple(SORTS), "-asked_at")
    state = Choice(STATES)


class BackingAnswerView(Schema):
    """What the enterprise answered."""

    id = Identifier()
    need_id = Identifier()
    state = Choice(STATES)
    answered_at = Instant()


class ChainSegmentView(Schema):
    """A segment of a chain; `gap` says which side is missing, null where neither or nothing can be said."""

    name = Text(metadata={"description": "null 为未说明环节 / null: what says no segment"})
    needs = Whole(
        metadata={
            "description": "您可知晓的未了结需求数；脱敏需求不计入产业链 / open ones that you may know of; masked needs show no chain"
        }
    )
    achievements = Whole(metadata={"description": "在库成果数 / on offer"})
    gap = Choice(GAPS)


class ChainBoardView(Schema):
    """A chain by segment, counted now."""

    chain_id = Identifier(attribute="chain.id")
    chain = Text(attribute="chain.name")
    segments = Several(Record(ChainSegmentView))
    needs = Whole()
    achievements = Whole()
    unplaced_achievements = Whole(
        metadata={
            "description": "在该链所属产业、未说明产业链的成果数 / on offer in the chain's industries, saying no chain"
        }
    )
