"""Two texts of a policy side by side, clause by clause: what is new, what is gone, and what of the rest changed. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from policy_pack.engine.policy import Clause, Document, Policy
from policy_pack.policies import spelling


class Kind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(StrEnum):
    """Which part of a policy it is: of a clause its words, its quotation or its condition."""

    CLAUSE = "clause"
    WORDS = "words"
    QUOTE = "quote"
    CONDITION = "condition"
    ORDER = "order"
    AMOUNT = "amount"
    AMOUNT_WORDS = "amount_words"
    PUBLISHED_CAP = "published_cap"
    VALIDITY = "validity"
    SUPERSEDED = "superseded"
    NAME = "name"
    LEVEL = "level"
    CATEGORY = "category"
    STATUS = "status"
    SOURCE = "source"
    DOCUMENTS = "documents"
    NOTES = "notes"
    COMPLETE = "complete"

    @property
    def tells_amount(self) -> bool:
        """Whether it says how much is granted."""
        return self in _OF_AMOUNTS


_OF_AMOUNTS = frozenset({Part.AMOUNT, Part.AMOUNT_WORDS, Part.PUBLISHED_CAP, Part.NOTES})


@dataclass(frozen=True)
class Difference:
    """One part that differs: how it was spelled before and after, None where there is none."""

    kind: Kind
    part: Part
    clause_id: str | None
    before: str | None
    after: str | None


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Everything in which the two differ, clauses first in the order of the later text; nothing for equal policies."""
    return (*_clauses(before, after), *_rest(before, after))


def _clauses(before: Policy, after: Policy) -> Iterator[Difference]:
    old = {clause.id: clause for clause in before.clauses}
    new = {clause.id: clause for clause in after.clauses}
    for clause in after.clauses:
        if clause.id in old:
            yield from _changes(old[clause.id], clause)
        else:
            yield Difference(Kind.ADDED, Part.CLAUSE, clause.id, None, _clause(clause))
    for clause in before.clauses:
        if clause.id not in new:
            yield Difference(Kind.REMOVED, Part.CLAUSE, clause.id, _clause(clause), None)
    stayed = [[each for each in ids if each in old and each in new] for ids in (old, new)]
    if stayed[0] != stayed[1]:
        yield from _change(Part.ORDER, " ".join(stayed[0]), " ".join(stayed[1]))


def _changes(before: Clause, after: Clause) -> Iterator[Difference]:
    yield from _change(Part.WORDS, _said(before.text), _said(after.text), after.id)
    yield from _change(Part.QUOTE, before.quote, after.quote, after.id)
    yield from _change(
        Part.CONDITION, spelling.condition(before.when), spelling.condition(after.when), after.id
    )


def _rest(before: Policy, after: Policy) -> Iterator[Difference]:
    for part, was, now in zip(_OTHER_PARTS, _spelled(before), _spelled(after), strict=True):
        yield from _change(part, was, now)


_OTHER_PARTS = (
    Part.AMOUNT, Part.AMOUNT_WORDS, Part.PUBLISHED_CAP, Part.VALIDITY, Part.SUPERSEDED, Part.NAME, Part.LEVEL,
    Part.CATEGORY, Part.STATUS, Part.SOURCE, Part.DOCUMENTS, Part.NOTES, Part.COMPLETE,
)  # fmt: skip


def _spelled(policy: Policy) -> tuple[str, ...]:
    """The parts that are no clauses, in the order of `_OTHER_PARTS`; "" for what is not there."""
    cap, source = policy.published_cap, policy.source
    return (
        spelling.amount(policy.amount), "" if policy.amount is None else _said(policy.amount.words),
        "" if cap is None else f"{cap.normalize():f}", spelling.validity(policy.validity), spelling.superseded(policy),
        _said(policy.name), policy.level, str(policy.category), policy.status,
        f"{source.at} ({source.grade}), {source.read_on or 'undated'}; {policy.reference}",
        _lines(_documents(policy.documents)), _lines(map(_said, policy.notes)), str(policy.complete).lower(),
    )  # fmt: skip


def _change(part: Part, before: str, after: str, clause_id: str | None = None) -> Iterator[Difference]:
    if before != after:
        kind = Kind.ADDED if not before else Kind.REMOVED if not after else Kind.CHANGED
        yield Difference(kind, part, clause_id, before or None, after or None)


def _clause(clause: Clause) -> str:
    return f"{_said(clause.text)} {spelling.condition(clause.when)}"


def _said(sentence: object) -> str:
    """Both wordings: a change of either is a change."""
    chinese = getattr(sentence, "zh", "")
    return f"{chinese} / {sentence}" if chinese else str(sentence)


def _documents(documents: Iterable[Document]) -> Iterator[str]:
    return (_said(document.name) for document in documents)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
