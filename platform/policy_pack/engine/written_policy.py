"""One policy file, read as a whole: every problem of it is found before anything of it counts."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from backbone.errors import Bilingual
from policy_pack.engine.conditions import ConditionReader
from policy_pack.engine.definition import Definition
from policy_pack.engine.policy import (
    Amount,
    Category,
    Clause,
    Document,
    Policy,
    Source,
    Superseded,
    Validity,
)
from policy_pack.engine.problems import Fault, Faults
from policy_pack.engine.tree import Condition
from policy_pack.engine.written import Fields, bilingual
from policy_pack.engine.written_amounts import published_cap, read_amount
from policy_pack.engine.yaml_text import Written, compose

REQUIRED = (
    "id",
    "name",
    "category",
    "level",
    "status",
    "source",
    "reference",
    "valid",
    "complete",
    "clauses",
)
OPTIONAL = ("superseded", "amount", "published_cap", "documents", "notes")
GRADES = ("A", "B", "C")
JUDGEMENT = "judgement"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,31}")


def read_one(text: str, faults: Faults, dictionary: Mapping[str, Definition]) -> Policy | None:
    """The policy of a file's text; None where `faults` now says what is wrong."""
    before = len(faults.found)
    fields = faults.attempt(lambda: Fields(compose(text, faults), "policy"))
    if fields is None:
        return None
    for stranger in fields.strangers(REQUIRED + OPTIONAL):
        faults.note(stranger.line, stranger.text.zh, str(stranger.text))
    read: dict[str, Any] = {
        name: faults.attempt(reader, fields) for name, reader in _readers(faults, dictionary).items()
    }
    faults.attempt(_fits_together, fields, read)
    return None if len(faults.found) > before else Policy(**read)


def _readers(faults: Faults, dictionary: Mapping[str, Definition]) -> Mapping[str, Callable[[Fields], Any]]:
    """How each field of a `Policy` is read."""
    conditions = ConditionReader(dictionary, faults)
    return {
        "id": _policy_id,
        "name": lambda fields: fields.bilingual("name"),
        "category": lambda fields: fields.word("category", Category),
        "level": lambda fields: fields.text("level"),
        "status": lambda fields: fields.text("status"),
        "source": _source,
        "reference": lambda fields: fields.text("reference"),
        "validity": _validity,
        "complete": lambda fields: fields.flag("complete"),
        "superseded": lambda fields: _superseded(fields) if "superseded" in fields else None,
        "clauses": lambda fields: _clauses(fields, conditions),
        "amount": lambda fields: _amount(fields, conditions) if "amount" in fields else None,
        "published_cap": lambda fields: published_cap(fields) if "published_cap" in fields else None,
        "documents": lambda fields: tuple(map(Document, _sentences(fields, "documents"))),
        "notes": lambda fields: _sentences(fields, "notes"),
    }


def _fits_together(fields: Fields, read: Mapping[str, Any]) -> None:
    if read["amount"] is not None and read["published_cap"] is not None:
        raise fields.fault(
            "published_cap", "只在没有公式时使用，上限写在 amount 里", "is for caps without a formula: this one belongs into amount"
        )  # fmt: skip
    validity, superseded = read["validity"], read["superseded"]
    if superseded is not None and validity is not None:
        first, last = validity.first, validity.last
        if (first is not None and superseded.since <= first) or (
            last is not None and superseded.since > last
        ):
            raise fields.fault(
                "superseded", f"since {superseded.since} 不在有效期内", f"since {superseded.since} is outside of its validity"
            )  # fmt: skip


def _policy_id(fields: Fields) -> str:
    value = fields.text("id")
    if not _ID.fullmatch(value):
        raise fields.fault(
            "id", f"{value} 须为字母开头的字母、数字，如 P3", f"{value} must be letters and digits such as P3"
        )
    return value


def _source(fields: Fields) -> Source:
    source = Fields(fields.at("source"), "source")
    source.expect(("at", "grade", "read_on"))
    grade = source.text("grade")
    if grade not in GRADES:
        raise source.fault("grade", f"须为 {'、'.join(GRADES)} 之一", f"must be one of {', '.join(GRADES)}")
    return Source(source.text("at"), grade, source.day("read_on") if "read_on" in source else None)


def _validity(fields: Fields) -> Validity:
    valid = Fields(fields.at("valid"), "valid")
    valid.expect(("from", "to", "words"))
    first, last = (_day_of(valid, name) for name in ("from", "to"))
    if first is not None and last is not None and last < first:
        raise valid.fault("to", f"{last} 早于 from {first}", f"{last} is before from {first}")
    return Validity(first, last, valid.text("words"))


def _day_of(fields: Fields, name: str) -> date | None:
    return fields.day(name) if name in fields else None


def _superseded(fields: Fields) -> Superseded:
    written = Fields(fields.at("superseded"), "superseded")
    written.expect(("since", "by"))
    return Superseded(written.day("since"), written.text("by"))


def _sentences(fields: Fields, name: str) -> tuple[Bilingual, ...]:
    return tuple(bilingual(each, name) for each in fields.items(name)) if name in fields else ()


def _amount(fields: Fields, conditions: ConditionReader) -> Amount | None:
    """The amount, None where a problem was kept: each of them names it as those of a clause name the clause."""
    with conditions.faults.within("amount"):
        return conditions.faults.attempt(read_amount, fields.at("amount"), conditions)


def _clauses(fields: Fields, conditions: ConditionReader) -> tuple[Clause, ...]:
    """The clauses that can be read, each with its problems kept; ids begin with that of the policy, none twice."""
    policy = fields.text("id") if "id" in fields else ""
    read: list[Clause] = []
    taken: set[str] = set()
    for written in fields.items("clauses"):
        inner = conditions.faults.attempt(Fields, written, "clause")
        if inner is None:
            continue
        clause_id = conditions.faults.attempt(_clause_id, inner, policy, taken)
        with conditions.faults.within(clause_id):
            clause = conditions.faults.attempt(_clause, inner, clause_id or "", conditions)
        if clause is not None:
            read.append(clause)
    return tuple(read)


def _clause_id(fields: Fields, policy: str, taken: set[str]) -> str:
    value = fields.text("id")
    if not value.startswith(f"{policy}.") or len(value) > 40:
        raise fields.fault("id", f"{value} 须以 {policy}. 开头", f"{value} must begin with {policy}.")
    if value in taken:
        raise fields.fault("id", f"{value} 用了两次", f"{value} is used twice")
    taken.add(value)
    return value


def _clause(fields: Fields, clause_id: str, conditions: ConditionReader) -> Clause:
    fields.expect(("id", "text", "quote", "when"))
    return Clause(
        clause_id, fields.bilingual("text"), fields.text("quote"), _when(fields.at("when"), conditions)
    )


def _when(written: Written, conditions: ConditionReader) -> Condition | None:
    """None where a person judges."""
    if written.value == JUDGEMENT:
        return None
    if isinstance(written.value, str):
        raise Fault(written.line, f"when 须为条件或 {JUDGEMENT}", f"when must be a condition or {JUDGEMENT}")
    return conditions.read(written)
