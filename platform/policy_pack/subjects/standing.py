"""What several statements about one fact come to on a day: a value, or a dispute. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policy_pack.engine.facts import Gap, Value
from policy_pack.subjects.snapshot import Known


@dataclass(frozen=True)
class Statement:
    """One standing statement: what is said of the key, as of which day, until when it holds, and where it was read."""

    key: str
    value: Value | Gap
    as_of_on: date
    valid_until_on: date | None
    source: str
    is_disputed: bool = False


def stated_on(statements: Iterable[Statement], day: date) -> dict[str, Known]:
    """Per key what its newest statements as of the day say; disputed where they contradict each other, or somebody does."""
    newest: dict[str, list[Statement]] = {}
    for each in statements:
        if each.as_of_on > day or (each.valid_until_on is not None and each.valid_until_on < day):
            continue
        rivals = newest.get(each.key, [])
        if not rivals or each.as_of_on > rivals[0].as_of_on:
            newest[each.key] = [each]
        elif each.as_of_on == rivals[0].as_of_on:
            rivals.append(each)
    return {key: _word(said) for key, said in newest.items()}


def beside(kept: Mapping[str, Known], stated: Mapping[str, Known]) -> dict[str, Known]:
    """Both together; what the directory says and a statement contradicts is disputed.

    That there is none is what was known before the directory had one.
    """
    found = {**stated, **kept}
    for key in kept.keys() & stated.keys():
        if kept[key].value != stated[key].value and not says_none(stated[key].value):
            found[key] = Known(Gap.DISPUTED, f"{kept[key].read} | {stated[key].read}")
    return found


def says_none(value: Value | Gap) -> bool:
    """Whether the word is that there is nothing."""
    return value is Gap.ABSENT or value == frozenset()


def _word(said: list[Statement]) -> Known:
    read = " | ".join(sorted({f"{each.source} ({each.as_of_on.isoformat()})" for each in said}))
    values = {each.value for each in said}
    if len(values) > 1 or any(each.is_disputed for each in said):
        return Known(Gap.DISPUTED, read)
    return Known(values.pop(), read)
