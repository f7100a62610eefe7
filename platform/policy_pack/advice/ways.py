"""Recourse as it is told: the ways from the cheapest on with what to do about each fact, or what stands in the way."""

from fractions import Fraction
from typing import Any

from backbone.errors import Bilingual
from policy_pack.advice.models import Case
from policy_pack.engine.advice import Act, Obstacle, Recourse, Step, Way
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.recourse import recourse
from policy_pack.policies.reading import InForce
from policy_pack.pushes.service import labels_of
from policy_pack.subjects.snapshot import spelled

MOST_WAYS = 10
ACTS = {
    Act.RAISE: Bilingual("提高", "raise"), Act.LOWER: Bilingual("降低", "lower"), Act.BECOME: Bilingual("变为", "become"),
    Act.GAIN: Bilingual("取得", "gain"), Act.LOSE: Bilingual("不再有", "lose"), Act.SHOW: Bilingual("证明", "show"),
}  # fmt: skip


def ways_to(case: Case, counting: InForce) -> dict[str, Any]:
    """The advice on one policy for the case."""
    found: Recourse = recourse(counting.policy, case.facts, case.as_of, DICTIONARY)
    return {
        "leads_to": str(found.leads_to), "complete": found.complete,
        "ways": [_way(way) for way in found.ways[:MOST_WAYS]],
        "obstacles": [_obstacle(each) for each in found.obstacles],
    }  # fmt: skip


def _way(way: Way) -> dict[str, Any]:
    return {
        "steps": [_step(step) for step in way.steps],
        "wait_until_on": way.wait_until,
        "effort": float(way.cost),
    }


def _step(step: Step) -> dict[str, Any]:
    definition = DICTIONARY[step.key]
    return {
        "key": step.key, "label": definition.label, "unit": definition.unit, "act": str(step.act), "act_label": ACTS[step.act],
        "now": spelled(step.now), "to": spelled(step.to), "or_else": [spelled(value) for value in step.or_else],
        "least": _number(step.least), "most": _number(step.most), "evidence": definition.evidence,
    }  # fmt: skip


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "clauses": list(obstacle.clauses), "keys": list(obstacle.keys), "labels": labels_of(obstacle.keys),
        "why": str(obstacle.why), "text": obstacle.text,
    }  # fmt: skip


def _number(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
