"""Contracts as a file: one row each, all that were asked for and that the reader may see in full."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import SHANGHAI
from backbone.errors import Bilingual
from backbone.fields import instance_of
from backbone.http_binary import Download
from backbone.identity.service import names_of
from backbone.spreadsheets import export
from backbone.tables import Column, Table
from ground_net.contracts.reading import list_contracts
from ground_net.contracts.schemas import ContractView
from ground_net.contracts.states import STATES
from ground_net.contracts.vocabulary import KINDS, REGISTRATION_STATES

MOST_EXPORTED = 10_000
TITLE = Bilingual("技术合同", "contracts")
CUT = Bilingual("注意", "note")
DEFINITION = Bilingual(
    "金额单位为分；技术交易额已扣除设备、材料；到账为冲正后的净额；仅列示可查看全文的合同的金额。",
    "Amounts are in fen; the technology amount is net of equipment and material; cash received is net of reversals; amounts are "
    "shown of the contracts that the reader may read in full.",
)


def _column(path: str, zh: str, en: str) -> Column:
    return Column(path, Bilingual(zh, en))


COLUMNS = (
    _column("number", "合同编号", "number"), _column("need_number", "需求编号", "need"), _column("title", "合同名称", "title"),
    _column("kind", "类型", "kind"), _column("state", "状态", "state"), _column("buyer_name", "买方", "buyer"),
    _column("institute_name", "院所", "institute"), _column("seller_enterprise_name", "卖方企业", "selling enterprise"),
    _column("signed_on", "签订日", "signed on"), _column("valid_to", "有效期止", "valid to"),
    _column("amount_fen", "合同成交额（分）", "amount, fen"), _column("technology_fen", "技术交易额（分）", "technology, fen"),
    _column("received_fen", "到账（分）", "received, fen"),
    _column("received_technology_fen", "其中技术交易额（分）", "of it technology, fen"),
    _column("registration", "登记状态", "registration"), _column("register_number", "登记号", "register number"),
    _column("registered_on", "登记日", "registered on"), _column("credited_to", "撮合经纪人", "credited to"),
)  # fmt: skip


def export_contracts(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Download:
    """The list that `list_contracts` pages through, as a file of at most MOST_EXPORTED rows."""
    page = list_contracts(session, actor, {**asked, "limit": MOST_EXPORTED})
    rows = _as_people_read(session, instance_of(ContractView).dump(page.items, many=True))
    as_of = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    facts = [(Bilingual("截至时点（北京时间）", "as of, Asia/Shanghai"), as_of)]
    if page.next_cursor:
        facts.append((CUT, f"仅前 {MOST_EXPORTED} 条 / cut: there are more rows"))
    facts.append((Bilingual("口径", "definition"), f"{DEFINITION.zh} {DEFINITION}"))
    cells = [[column.of(row) for column in COLUMNS] for row in rows]
    return export(Table(f"contracts-{as_of[:10]}", now, TITLE, COLUMNS, cells, facts), asked["format"])


_LABELS: Mapping[str, Mapping[str, Bilingual]] = {
    "kind": KINDS,
    "state": STATES,
    "registration": REGISTRATION_STATES,
}


def _as_people_read(session: Session, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Words in Chinese for codes, as in every file of ours, and the broker's name for the account."""
    names = names_of(session, {UUID(row["credited_to"]) for row in rows if row["credited_to"]})
    for row in rows:
        row |= {name: labels[row[name]].zh for name, labels in _LABELS.items() if row[name]}
        row["credited_to"] = row["credited_to"] and names.get(UUID(row["credited_to"]))
    return rows
