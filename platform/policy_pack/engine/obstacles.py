"""Why there is no way: the clauses that cannot hold, alone or together, and what about their facts stands fast."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from backbone.errors import Bilingual
from backbone.word_lists import enumerated
from policy_pack.engine.advice import Obstacle, Why
from policy_pack.engine.definition import Change, Definition, label_of
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts
from policy_pack.engine.policy import Clause, Policy
from policy_pack.engine.tree import All, AnyOf, Condition, Not, keys_of
from policy_pack.engine.truth import truth_of

_CLAUSE = Bilingual("条款 {id}（{text}）：{why}", "clause {id} ({text}): {why}")
_WORDS = {
    Why.FIXED: Bilingual("{facts}无法改变", "nothing can be done about {facts}"),
    Why.ONLY_RISES: Bilingual("{facts}只能增加", "{facts} can only rise"),
    Why.ONLY_FALLS: Bilingual("{facts}只能减少", "{facts} can only fall"),
    Why.OUT_OF_RANGE: Bilingual("{facts}取任何可能的值都不满足", "no possible value of {facts} is enough"),
}
_TOGETHER = Bilingual(
    "条款 {ids} 各自可以满足，但不能同时满足", "clauses {ids} can each hold, but not together"
)
_ENDED = Bilingual("申请期已于 {day} 结束", "applications ended on {day}")
_REPLACED = Bilingual(
    "自 {day} 起由新文件取代（{by}），新文件尚未录入",
    "replaced since {day} by a text that was not read ({by})",
)
_BY_CHANGE = {Change.UP: Why.ONLY_RISES, Change.DOWN: Why.ONLY_FALLS, Change.EITHER: Why.OUT_OF_RANGE}

CanHold = Callable[[Sequence[Clause], Mapping[str, Definition]], bool]
"""Whether there is a way in which these clauses hold, the rest of the policy put aside, by the words of a dictionary."""


def obstacles_of(
    policy: Policy, facts: Facts, day: date | None, dictionary: Mapping[str, Definition], can_hold: CanHold
) -> tuple[Obstacle, ...]:
    """What stands in the way; `day` is the first day on which one may apply, None where there is none any more."""
    if day is None:
        return (_out_of_time(policy),)
    asked = [clause for clause in policy.clauses if clause.when is not None]
    alone = [clause for clause in asked if not can_hold([clause], dictionary)]
    if alone:
        return tuple(
            each for clause in alone for each in _of_clause(clause, facts, day, dictionary, can_hold)
        )
    for clause in tuple(asked):
        rest = [each for each in asked if each is not clause]
        if not can_hold(rest, dictionary):
            asked = rest
    ids = tuple(clause.id for clause in asked)
    keys = dict.fromkeys(key for clause in asked if clause.when for key in keys_of(clause.when))
    return (Obstacle(ids, tuple(keys), Why.TOGETHER, _TOGETHER.format(ids=", ".join(ids))),)


def _out_of_time(policy: Policy) -> Obstacle:
    last, replaced = policy.validity.last, policy.superseded
    if replaced is not None and (last is None or replaced.since <= last):
        text = _REPLACED.format(day=replaced.since, by=replaced.by)
        return Obstacle((), (), Why.SUPERSEDED, text)
    return Obstacle((), (), Why.ENDED, _ENDED.format(day=last))


def _of_clause(
    clause: Clause, facts: Facts, day: date, dictionary: Mapping[str, Definition], can_hold: CanHold
) -> Iterator[Obstacle]:
    """One obstacle for each reason why the facts of the clause that fail it stand fast."""
    reasons: dict[Why, list[str]] = {}
    if clause.when is not None:
        for key in dict.fromkeys(_to_blame(clause.when, facts, day, True)):
            why = _why(key, facts, dictionary)
            if why in _BY_CHANGE.values() and not can_hold([clause], _freed(key, dictionary)):
                why = Why.OUT_OF_RANGE
            reasons.setdefault(why, []).append(key)
    for why, keys in reasons.items():
        said = _WORDS[why].format(facts=enumerated(label_of(key, dictionary) for key in keys))
        text = _CLAUSE.format(id=clause.id, text=clause.text, why=said)
        yield Obstacle((clause.id,), tuple(keys), why, text)


def _to_blame(condition: Condition, facts: Facts, day: date, wanted: bool) -> Iterator[str]:
    """The facts of the leaves that are not as they would have to be."""
    if truth_of(condition, facts, day) is (Truth.TRUE if wanted else Truth.FALSE):
        return
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _to_blame(part, facts, day, wanted)
        case Not(part):
            yield from _to_blame(part, facts, day, not wanted)
        case _:
            yield from keys_of(condition)


def _freed(key: str, dictionary: Mapping[str, Definition]) -> Mapping[str, Definition]:
    """As if the fact could move both ways: if that does not help, its direction is not to blame."""
    if key not in dictionary:
        return dictionary
    return {**dictionary, key: replace(dictionary[key], change=Change.EITHER)}


def _why(key: str, facts: Facts, dictionary: Mapping[str, Definition]) -> Why:
    if facts.is_open(key):
        return Why.OUT_OF_RANGE
    if key not in dictionary or isinstance(facts.of(key), date):
        return Why.FIXED
    return _BY_CHANGE.get(dictionary[key].change, Why.FIXED)
