"""What HTTP may say of proof cards, and of what an answer would change."""

from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text
from sky_net.sla.parties import EVERY_STAGE, PARTIES
from sky_net.sla.schemas import Minutes, ShownState


class ProofLineView(Schema):
    """One line of a card, in both languages; the last one is the deadline."""

    code = Text()
    zh = Text(2000)
    en = Text(2000)
    on = Instant(metadata={"description": "所述时刻 / the instant it speaks of"})
    starts = Instant(
        data_key="from", metadata={"description": "所述时段的起点 / the start of its stretch of time"}
    )
    ends = Instant(data_key="to", metadata={"description": "所述时段的终点 / its end, not included"})
    minutes = Minutes(
        attribute="worked",
        metadata={"description": "计入或扣除的工作分钟 / working minutes counted or taken out"},
    )
    source = Text(2000, metadata={"description": "依据 / the authority"})


class ProofView(Schema):
    """Why a clock's deadline falls where it falls."""

    stage = Choice(EVERY_STAGE, attribute="stage.name")
    due_at = Instant(metadata={"description": "期限；暂停期间无期限 / the deadline; none while paused"})
    provisional = Flag()
    policy_version = Text(attribute="policy.version")
    calendar_version = Text(attribute="calendar.version")
    lines = Several(Record(ProofLineView), attribute="card")


class ProofQuery(Schema):
    """Which clock, where a stage has several: an invitation, a question or a return; left out, the need's own."""

    subject_id = Identifier()


class ThenView(Schema):
    """A clock if the answer came."""

    state = ShownState()
    due_at = Instant()
    provisional = Flag()


class ForetoldView(Schema):
    """One promise clock as it stands and as it would."""

    stage = Choice(EVERY_STAGE)
    zh = Text(2000)
    en = Text(2000)
    now = Record(ThenView)
    then = Record(ThenView)
    latest_due_at = Instant(
        metadata={"description": "一直不答复时的期限 / the deadline if no answer ever comes"}
    )


class AwaitedView(Schema):
    """An answer that somebody still owes, and whether it would come in time."""

    subject_id = Identifier()
    party = Choice(PARTIES)
    due_at = Instant()
    in_time = Flag()


class WhatIfView(Schema):
    """The clocks of a need if the enterprise answered at an instant; no promise clocks before its submission."""

    answered_at = Instant()
    items = Several(Record(ForetoldView))
    awaited = Several(Record(AwaitedView))


class WhatIfQuery(Schema):
    """When the enterprise is supposed to answer."""

    answered_at = Instant(required=True)
