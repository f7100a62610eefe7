"""Leads as a file: what happened to each and by when, and nobody of the enterprises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import SHANGHAI
from backbone.errors import Bilingual, Invalid
from backbone.fields import instance_of
from backbone.tables import Column, Table
from ground_net.leads import states, vocabulary
from ground_net.leads.reading import LeadReading, leads_of
from ground_net.leads.views import LeadRow
from sky_net.monitoring.states import COLUMNS as CLOCK_STATES
from sky_net.monitoring.states import column_of

MOST_ROWS = 50_000
TITLE = Bilingual("线索", "leads")
TOO_MANY = Bilingual(
    "共超过 {most} 条，请用 node、state 等缩小范围", "There are more than {most}: narrow it by node or state"
)
AS_OF = Bilingual("导出时间（北京时间）", "exported at, Asia/Shanghai")
DEFINITION = Bilingual("口径", "definition")
MEANS = Bilingual(
    "期限为登记后第 5 个工作日下班时；不含联系人等个人信息。",
    "Each is due at the close of the fifth working day after it was recorded; no contacts or other people are in this file.",
)
COLUMNS = (
    Column("number", Bilingual("线索编号", "lead")), Column("node_key", Bilingual("节点", "node")),
    Column("channel", Bilingual("渠道", "channel")), Column("happened_at", Bilingual("时间", "when")),
    Column("enterprise_name", Bilingual("企业", "enterprise")), Column("credit_code", Bilingual("统一社会信用代码", "credit code")),
    Column("words", Bilingual("原话", "words")), Column("state", Bilingual("状态", "state")),
    Column("owner_name", Bilingual("认领人", "claimed by")), Column("recorded_at", Bilingual("登记时间", "recorded")),
    Column("clock.due_at", Bilingual("期限", "due")), Column("clock.state", Bilingual("时钟", "clock")),
    Column("settled_at", Bilingual("办结时间", "settled")), Column("need_number", Bilingual("需求编号", "need")),
    Column("reason_code", Bilingual("关闭原因", "closed because")), Column("event_title", Bilingual("活动", "event")),
)  # fmt: skip
_INSTANTS = ("happened_at", "recorded_at", "settled_at")


def table_of(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Table:
    """The leads that are asked for, the oldest first; raises Invalid for more than a file holds."""
    found = leads_of(session, actor, asked, most=MOST_ROWS, now=now)
    if len(found) > MOST_ROWS:
        raise Invalid.field("node", TOO_MANY.format(most=MOST_ROWS))
    rows = [[column.of(said) for column in COLUMNS] for said in map(_said, found)]
    facts = [(AS_OF, _local(now)), (DEFINITION, f"{MEANS.zh} {MEANS}")]
    return Table(f"leads-{now.astimezone(SHANGHAI).date().isoformat()}", now, TITLE, COLUMNS, rows, facts)


def _said(read: LeadReading) -> dict[str, Any]:
    said: dict[str, Any] = instance_of(LeadRow).dump(read)
    said["words"] = read.lead.words
    said["state"], said["channel"] = states.STATES[said["state"]].zh, vocabulary.CHANNELS[said["channel"]].zh
    if said["reason_code"] is not None:
        said["reason_code"] = vocabulary.CLOSE_REASONS[said["reason_code"]].zh
    for name in _INSTANTS:
        at = read.lead.created_at if name == "recorded_at" else getattr(read.lead, name)
        said[name] = at and _local(at)
    if read.clock is not None and read.clock.due_at is not None:
        state = CLOCK_STATES[column_of(said["clock"]["state"])].zh
        said["clock"] = said["clock"] | {"due_at": _local(read.clock.due_at), "state": state}
    return said


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
