"""What HTTP may say of effects."""

from backbone.fields import Day, Fen, Flag, Identifier, Instant, Schema, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.awards.effects.service import SORTS


class EffectEntry(Schema):
    """What an award led to: at least one of the numbers, as of a day, from a source such as the year's accounts."""

    revenue_fen = Fen(allow_none=True, load_default=None)
    contracts_fen = Fen(allow_none=True, load_default=None)
    jobs = Whole(allow_none=True, load_default=None)
    as_of_on = Day(required=True)
    source = Text(500, required=True)


class EffectView(Schema):
    """An effect that is asked for or was reported."""

    id = Identifier(attribute="effect.id")
    award_id = Identifier(attribute="effect.award_id")
    enterprise_id = Identifier(attribute="effect.enterprise_id")
    months = Whole(1, attribute="effect.months")
    due_on = Day(attribute="effect.due_on")
    is_overdue = Flag()
    revenue_fen = Fen(attribute="effect.revenue_fen")
    contracts_fen = Fen(attribute="effect.contracts_fen")
    jobs = Whole(attribute="effect.jobs")
    as_of_on = Day(attribute="effect.as_of_on")
    source = Text(500, attribute="effect.source")
    reported_at = Instant(attribute="effect.reported_at")


class EffectQuery(PageQuery):
    """Which effects; `is_overdue` of those that nobody has reported in time."""

    sort = sort_field(list(SORTS), "due_on")
    award_id = Identifier()
    enterprise_id = Identifier()
    is_overdue = Flag(spelled=True)
