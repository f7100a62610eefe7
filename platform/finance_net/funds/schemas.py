"""What HTTP may say of funds and of money outside."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.worded import Worded
from finance_net.funds.published import KINDS_OF_LINE, MEASURES
from finance_net.ledger.schemas import FundView, StandingView


class CapitalEntry(Schema):
    """What a fund's capital came to on a day, and who says so."""

    measure = Choice(MEASURES, required=True)
    amount_fen = Fen(required=True)
    as_of_on = Day(required=True)
    source = Text(500, required=True)


class CapitalStatementView(Schema):
    """One word on a fund's capital."""

    id = Identifier()
    fund_id = Identifier()
    measure = Choice(MEASURES)
    amount_fen = Fen()
    as_of_on = Day()
    source = Text(500)
    recorded_at = Instant()
    recorded_by = Identifier()


class OffshoreView(Schema):
    """What 离岸 is set to mean here, and who says so."""

    code = Text()
    words = Worded()
    source = Text(allow_none=True)


class CapitalView(Schema):
    """The latest word on each measure as of a day, in the order target, subscribed, called, invested."""

    fund = Record(FundView)
    as_of_on = Day()
    measures = Several(Record(CapitalStatementView), len(MEASURES))
    offshore = Record(OffshoreView, allow_none=True)


class CapitalQuery(Schema):
    """As of which day."""

    as_of_on = Day()


class OpenedFunds(Schema):
    """The funds that were opened; none when all of them are open."""

    items = Several(Record(FundView), 10)


class GrantYearEntry(Schema):
    """The year whose pools are opened."""

    year = Whole(2000, 2100, required=True)


class OpenedPools(Schema):
    """The year's envelope, then its pools."""

    items = Several(Record(StandingView), 20)


class DirectoryQuery(Schema):
    """As of which day, and of which kinds."""

    as_of_on = Day()
    kind = Several(Choice(KINDS_OF_LINE), len(KINDS_OF_LINE), distinct=True)


class LineView(Schema):
    """Money that others hold, as it was published."""

    key = Text()
    kind = Choice(KINDS_OF_LINE)
    title = Worded()
    amount_fen = Fen(allow_none=True)
    first_fen = Fen(allow_none=True)
    as_of_on = Day()
    source = Text()
    grade = Text()
    is_verified = Flag()
    note = Worded(allow_none=True)


class DirectoryView(Schema):
    """What others hold, as far as it was public on a day."""

    as_of_on = Day()
    items = Several(Record(LineView), 1000)
