"""Reading what a batch answered: by page, or as a file."""

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import SHANGHAI
from backbone.directory.models import Enterprise
from backbone.errors import Bilingual
from backbone.pages import Page, read_page
from backbone.tables import Cell, Column, Table
from policy_pack.batches.errors import GOES_ON, TOO_MANY, NotAsFile
from policy_pack.batches.models import BatchAnswer, PolicyBatch
from policy_pack.batches.service import show_batch

MOST_ROWS = 200_000
AT_ONCE = 500
TITLE = Bilingual("政策批量评估", "policies by enterprise")
VERIFIED, UNVERIFIED = Bilingual("已核实", "verified"), Bilingual("待核实", "unverified")
DEFINITION = Bilingual(
    "结果为评估日按当时数据与生效文本所得；金额单位为分，未公布算法的不显示；待核实的政策不得据以拨付。",
    "Answers are those of the day by the facts and texts of then; amounts are in fen, and left out where no formula was "
    "published; policies that are not verified carry no award.",
)
COLUMNS = (
    Column("enterprise", Bilingual("企业", "enterprise")), Column("credit_code", Bilingual("统一社会信用代码", "credit code")),
    Column("region_code", Bilingual("地区", "zone")), Column("key", Bilingual("政策", "policy")),
    Column("matter_id", Bilingual("事项", "matter")), Column("outcome", Bilingual("结果", "outcome")),
    Column("verified", Bilingual("核实", "verified")), Column("low_fen", Bilingual("最低（分）", "least, fen")),
    Column("high_fen", Bilingual("最高（分）", "most, fen")), Column("missing", Bilingual("缺少的数据", "missing facts")),
)  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """One enterprise of a batch, with what was answered of it."""

    enterprise_id: UUID
    name: str
    answers: list[dict[str, Any]]


def list_results(session: Session, actor: Actor, batch_id: UUID, asked: Mapping[str, Any]) -> Page[Answered]:
    """A page of the enterprises that were looked at so far; of each, the answers that are asked for.

    Raises NotFound, Forbidden.
    """
    batch = show_batch(session, actor, batch_id)
    query = (
        select(BatchAnswer, Enterprise.name)
        .join(Enterprise, Enterprise.id == BatchAnswer.enterprise_id)
        .where(BatchAnswer.batch_id == batch.id)
    )
    sorts = {"name": Enterprise.name}

    def shown(row: BatchAnswer, name: str) -> Answered:
        return Answered(row.enterprise_id, name, [each for each in row.answers if _is_asked(each, asked)])

    return read_page(session, query, asked, sorts, BatchAnswer.enterprise_id, shown)


def table_of(session: Session, actor: Actor, batch_id: UUID, asked: Mapping[str, Any]) -> Table:
    """All answers that are asked for, one a row; raises NotFound, Forbidden, NotAsFile."""
    batch = show_batch(session, actor, batch_id)
    if batch.ended_at is None:
        raise NotAsFile.field("format", GOES_ON.format(done=batch.done, total=batch.total))
    with closing(_rows(session, batch, asked)) as found:
        rows = [[column.of(row) for column in COLUMNS] for row in islice(found, MOST_ROWS + 1)]
    if len(rows) > MOST_ROWS:
        raise NotAsFile.field("format", TOO_MANY.format(most=MOST_ROWS))
    facts = [
        (Bilingual("评估日", "as of"), batch.as_of_on.isoformat()),
        (Bilingual("完成时间（北京时间）", "made, Asia/Shanghai"), _shown(batch.ended_at)),
        (Bilingual("口径", "definition"), f"{DEFINITION.zh} {DEFINITION}"),
    ]
    return Table(f"policies-{batch.as_of_on.isoformat()}", batch.ended_at, TITLE, COLUMNS, rows, facts)


def _rows(
    session: Session, batch: PolicyBatch, asked: Mapping[str, Any]
) -> Generator[dict[str, Cell], None, None]:
    query = (
        select(BatchAnswer.answers, Enterprise.name, Enterprise.credit_code, Enterprise.region_code)
        .join(Enterprise, Enterprise.id == BatchAnswer.enterprise_id)
        .where(BatchAnswer.batch_id == batch.id)
        .order_by(BatchAnswer.enterprise_id)
        .execution_options(yield_per=AT_ONCE)
    )
    with session.execute(query) as found:
        for answers, name, credit_code, region_code in found:
            for each in answers:
                if _is_asked(each, asked):
                    yield {
                        **each, "enterprise": name, "credit_code": credit_code, "region_code": region_code,
                        "verified": (VERIFIED if each["verified"] else UNVERIFIED).zh,
                        "missing": "; ".join(", ".join(keys) for keys in each["missing"]),
                    }  # fmt: skip


def _is_asked(answer: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    outcomes, keys = asked.get("outcome"), asked.get("policy")
    return (not outcomes or answer["outcome"] in outcomes) and (not keys or answer["key"] in keys)


def _shown(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
