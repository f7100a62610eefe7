"""What HTTP may say of the batches and of quotas."""

from marshmallow.fields import Float

from backbone.fields import Choice, Day, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.assignments.balance import REASONS
from sky_net.assignments.models import MOST_NEEDS
from sky_net.needs.views import EntryInView


class RunView(Schema):
    """The numbers of one day's batch, beside each need's own best institutes (plain)."""

    id = Identifier()
    run_on = Day()
    made_at = Instant()
    needs = Whole()
    institutes = Whole(
        metadata={"description": "至少是一项需求候选的院所数 / candidates of at least one need"}
    )
    wanted = Whole(metadata={"description": "仅按得分应占的名额 / places that plain top-k would fill"})
    offered = Whole(metadata={"description": "实际占用的名额 / places that were filled"})
    ndcg_kept = Float(
        metadata={"description": "各需求平均，仅按得分为 1 / mean over needs, 1 for plain top-k"}
    )
    gini_plain = Float()
    gini = Float(metadata={"description": "院所曝光的基尼系数 / of the institutes' exposure"})
    evenness = Float(
        metadata={
            "description": "得分为均衡让步的程度，0 至 1 / how much a score had to give way to it, 0 to 1"
        }
    )
    quotas_broken = Whole()
    searched = Whole(metadata={"description": "检索了多少项成果 / how many achievements were searched"})
    encoder = Text()
    generation = Text()


class RunQuery(PageQuery):
    """The order of runs."""

    sort = sort_field(["run_on"], "-run_on")


class OfferedTo(Schema):
    """An institute that a need was offered to."""

    id = Identifier()
    name = Text()


class AssignmentView(Schema):
    """One offer; or a need that was offered to nobody, with the reason and without an institute."""

    need_id = Identifier()
    need_number = Text()
    institute = Record(OfferedTo)
    rank = Whole(1)
    score = Float()
    achievements = Several(
        Identifier(),
        metadata={"description": "支持该院所的成果，最佳在前 / what speaks for the institute, best first"},
    )
    reason = Choice(REASONS)


class AssignmentQuery(PageQuery):
    """Filters of a run's offers; a reason asks for needs without any."""

    sort = sort_field(["number"], "number")
    reason = Several(Choice(REASONS), len(REASONS), distinct=True)


class SuggestionView(Schema):
    """A need of the day for the own institute, in the caller's view of it."""

    need = Record(EntryInView)
    institute_id = Identifier()
    score = Float()
    achievements = Several(
        Identifier(),
        metadata={"description": "本院所适合的成果，最佳在前 / own achievements that fit it, best first"},
    )


class SuggestionQuery(PageQuery):
    """The order of suggestions."""

    sort = sort_field(["score"], "-score")


class QuotaEntry(Schema):
    """How many needs an institute works on at once."""

    needs = Whole(0, MOST_NEEDS, required=True)


class QuotaView(Schema):
    """The quota, and what of it is taken by standing invitations."""

    institute_id = Identifier()
    needs = Whole()
    taken = Whole()
    room = Whole()
    set_at = Instant()
