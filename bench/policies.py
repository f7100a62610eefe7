"""Every policy of the pack for every enterprise of the province's platform, with traces, beside zen-engine on the same rules.

The enterprises are made up: of what the dictionary calls the enterprise's own, seven facts in ten are known and one in
twenty is known to be absent; one enterprise in three also has a contract, a product and a project on file. zen-engine
knows neither unknown facts nor amounts with a range: it is given the clauses of the policies without a person's judgement
as expressions, one node a policy, with every fact filled in, which is the least that it would have to do.
"""

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from importlib.metadata import version
from multiprocessing import get_context
from typing import Any

from policy_pack.engine.definition import Definition, Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.many import Many
from policy_pack.engine.packs import load_packs
from policy_pack.engine.policy import Policy
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Compare,
    Condition,
    Flag,
    Has,
    Mean,
    Not,
    OneOf,
    Quantity,
    Ratio,
    Sum,
    Term,
    leaves,
)

ENTERPRISES, WITHIN_S, CORES = 25_461, 60, 2
COMPARED = 1_000
AS_OF = date(2026, 4, 1)
KNOWN, ABSENT = 0.7, 0.05
SIGNS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<", "equals": "==", "differs": "!="}
_SEED = 7
_PLACES = ("湖北省/武汉市", "湖北省/武汉市/东湖高新区", "湖北省/宜昌市", "湖南省/长沙市")


def the_whole_province() -> dict[str, object]:
    """Seconds on two cores, loading and traces included."""
    share = -(-ENTERPRISES // CORES)
    parts = [range(at, min(at + share, ENTERPRISES)) for at in range(0, ENTERPRISES, share)]
    policies = len(load_packs().policies)
    begun = time.perf_counter()
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        done = sum(pool.map(_evaluate_part, parts))
    took = time.perf_counter() - begun
    if done != ENTERPRISES * policies:
        raise AssertionError("every enterprise meets every policy")
    return {
        "name": f"policies: {ENTERPRISES:,} enterprises × {policies} policies with traces, {done / took:,.0f} a second",
        "ours": round(took, 1), "anchor": None, "anchor_version": None, "ratio": None, "unit": "s",
        "goal": f"≤ {WITHIN_S} s on {CORES} cores", "met": took <= WITHIN_S,
        "settings": f"{CORES} processes on {os.cpu_count()} cores, {KNOWN:.0%} of the enterprise's facts known",
    }  # fmt: skip


def beside_zen() -> dict[str, object]:
    """Evaluations a second, one core, everything known: ours with clause traces, the peer's with its own trace."""
    import zen  # the peer, in the extra `bench`

    policies = [policy for policy in load_packs().policies.values() if is_expressible(policy)]
    engine = zen.ZenEngine()
    decisions = [engine.create_decision(json.dumps(decision(policy))) for policy in policies]
    subjects = list(_subjects(range(COMPARED), known=1.0, absent=0.0, with_project=1.0))
    contexts = [{key: _plain(value) for key, value in facts.stated.items()} for facts in subjects]
    begun = time.process_time()
    theirs = [[each.evaluate(context, {"trace": True}) for each in decisions] for context in contexts]
    peer = time.process_time() - begun
    begun = time.process_time()
    # `evaluate`, not `Many`: the peer remembers nothing either.
    found = [
        [evaluate(policy, facts, AS_OF, amount_of=_no_amount) for policy in policies] for facts in subjects
    ]
    took = time.process_time() - begun
    for policy_results in zip(policies, zip(*theirs, strict=True), zip(*found, strict=True), strict=True):
        _expect_alike(*policy_results)
    count = COMPARED * len(policies)
    return {
        "name": f"policies: clauses of {len(policies)} policies that both express, everything known",
        "ours": round(count / took), "anchor": round(count / peer), "anchor_version": f"zen-engine {version('zen-engine')}",
        "ratio": round(peer / took, 2), "goal": "≥ 1×", "met": took <= peer, "unit": "evaluations/s of CPU time",
        "settings": f"{COMPARED:,} subjects, one core, traces on both sides, no amounts",
    }  # fmt: skip


# -- made-up enterprises ------------------------------------------------------------------------------------------


def _evaluate_part(numbers: range) -> int:
    many = Many(load_packs(), AS_OF)
    return sum(len(list(many.evaluate(facts))) for facts in _subjects(numbers))


def _subjects(
    numbers: range, known: float = KNOWN, absent: float = ABSENT, with_project: float = 1 / 3
) -> Iterator[Facts]:
    for number in numbers:
        draw = random.Random(f"{_SEED}:{number}")
        has_project = draw.random() < with_project
        stated: dict[str, Value | Gap] = {}
        for key, definition in DICTIONARY.items():
            if definition.per != "enterprise" and not has_project:
                continue
            chance = draw.random()
            if chance < known:
                stated[key] = _drawn(definition, draw)
            elif chance < known + absent:
                stated[key] = Gap.ABSENT
        yield Facts(stated)


def _drawn(definition: Definition, draw: random.Random) -> Value:
    values = definition.values or _PLACES
    drawn: dict[Kind, Callable[[], Value]] = {
        Kind.MONEY: lambda: Decimal(round(draw.lognormvariate(7, 2))),
        Kind.SHARE: lambda: Decimal(draw.randrange(101)).scaleb(-2),
        Kind.NUMBER: lambda: Decimal(min(draw.randrange(101), int(definition.most or 100))),
        Kind.INTEGER: lambda: Decimal(round(draw.lognormvariate(4, 1.5))),
        Kind.DATE: lambda: AS_OF - timedelta(days=draw.randrange(7300)),
        Kind.FLAG: lambda: draw.random() < 0.5,
        Kind.TEXT: lambda: draw.choice(values),
        Kind.CHOICE: lambda: draw.choice(values),
        Kind.SET: lambda: frozenset(each for each in values if draw.random() < 0.3),
    }
    return drawn[definition.kind]()


# -- the same rules in the peer's words ---------------------------------------------------------------------------


def is_expressible(policy: Policy) -> bool:
    """Whether the peer can say every clause: no person's judgement, no region to look up, no days to count."""
    asked = [clause.when for clause in policy.clauses]
    return bool(asked) and all(
        condition is not None
        and all(isinstance(leaf, Compare | Flag | OneOf | Has) for leaf in leaves(condition))
        for condition in asked
    )


def decision(policy: Policy) -> dict[str, Any]:
    """One expression node: a true or false for each clause."""
    clauses = [
        {"id": clause.id, "key": clause.id.replace(".", "_"), "value": _expression(clause.when)}
        for clause in policy.clauses
        if clause.when is not None
    ]
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "clauses",
                "type": "expressionNode",
                "name": "clauses",
                "position": {"x": 1, "y": 0},
                "content": {"expressions": clauses},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "clauses", "type": "edge"},
            {"id": "b", "sourceId": "clauses", "targetId": "out", "type": "edge"},
        ],
    }


def _expression(condition: Condition) -> str:
    match condition:
        case All(parts) | AnyOf(parts):
            word = " and " if isinstance(condition, All) else " or "
            return f"({word.join(map(_expression, parts))})" if parts else str(word == " and ").lower()
        case Not(part):
            return f"not ({_expression(part)})"
        case Compare(Ratio(_, under) as term, sign, number):
            return f"({_number(under)} > 0 and {_number(term)} {SIGNS[sign]} {number})"
        case Compare(term, sign, number):
            return f"{_number(term)} {SIGNS[sign]} {number}"
        case Flag(key, wanted):
            return f"{key} == {str(wanted).lower()}"
        case OneOf(key, values):
            return f"{key} in {_list(values)}"
        case Has(key, values):
            return f"some({_list(values)}, # in {key})"
    raise TypeError(condition)


def _list(values: frozenset[str]) -> str:
    return f"[{', '.join(repr(value) for value in sorted(values))}]"


def _number(term: Term) -> str:
    match term:
        case Quantity(key):
            return key
        case Sum(of):
            return f"({' + '.join(member.key for member in of)})"
        case Mean(of):
            return f"(({' + '.join(member.key for member in of)}) / {len(of)})"
        case Ratio(over, under):
            return f"({_number(over)} / {_number(under)})"


def _plain(value: Value | Gap) -> Any:
    """As JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _no_amount(*_: object) -> None:
    return None


def _expect_alike(policy: Policy, theirs: Any, ours: Any) -> None:
    for answer, evaluation in zip(theirs, ours, strict=True):
        said = {clause.id.replace(".", "_"): clause.result is Truth.TRUE for clause in evaluation.clauses}
        if answer["result"] != said:
            raise AssertionError(f"{policy.id}: {answer['result']} and {said}")


ROWS: list[Callable[[], dict[str, object]]] = [the_whole_province, beside_zen]
