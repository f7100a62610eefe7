"""A round of 500 applications to the proven optimum of every stage, beside HiGHS (scipy) proving the first stage alone."""

import random
import time
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from finance_net.rounds.round import Round, limits_of
from finance_net.rounds.round_file import round_of
from finance_net.rounds.selecting import select
from finance_net.rounds.verifying import broken_by

APPLICATIONS = 500
_SEED = 1
YUAN = 100
WAN = 10_000 * YUAN


def select_a_round() -> dict[str, object]:
    """Seconds to the one best answer, checked, and of the peer to the best sum of scores."""
    asked = round_of(_round())
    begun = time.perf_counter()
    selection = select(asked)
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    score = _best_score(asked)
    peer = time.perf_counter() - begun
    if broken_by(asked, selection.amounts) or score != selection.score:
        raise AssertionError(f"the peer comes to {score}, we to {selection.score}")
    return {
        "name": f"fund select: {APPLICATIONS} applications, all five stages proven",
        "ours": round(ours, 2), "anchor": round(peer, 2), "unit": "s",
        "anchor_version": f"scipy {version('scipy')} milp, HiGHS: the first stage alone",
        "ratio": round(ours / peer, 2), "goal": None, "met": None, "settings": f"ortools {version('ortools')}",
    }  # fmt: skip


def _round() -> dict[str, Any]:
    chance = random.Random(_SEED)
    groups = [{"id": f"g{at}", "max_selected": chance.randint(1, 3)} for at in range(APPLICATIONS // 10)]
    applications = []
    for at in range(APPLICATIONS):
        least = chance.randint(10, 100)
        applications.append({
            "id": f"a{at}", "enterprise": f"e{chance.randrange(APPLICATIONS // 2)}", "category": chance.choice("ABCDE"),
            "groups": [f"g{chance.randrange(len(groups))}"] if chance.random() < 0.3 else [],
            "score": chance.randint(40, 100), "min_fen": least * WAN, "max_fen": (least + chance.randint(0, 200)) * WAN,
        })  # fmt: skip
    pairs = [[f"a{at}" for at in chance.sample(range(APPLICATIONS), 2)] for _ in range(APPLICATIONS // 10)]
    categories = [{"id": name, "min_fen": 500 * WAN, "max_fen": 6_000 * WAN} for name in "ABCDE"]
    return {
        "budget_fen": 13_400 * WAN, "step_fen": WAN, "enterprise_cap_fen": 500 * WAN, "categories": categories,
        "groups": groups, "requires": pairs, "applications": applications,
    }  # fmt: skip


def _best_score(asked: Round) -> int:
    """The first stage as a mixed-integer programme of switches and steps."""
    count = len(asked.applications)
    least, most = np.array([asked.steps(each) for each in asked.applications]).T
    eye = np.eye(count)
    rows = [
        LinearConstraint(np.hstack([np.diag(least), -eye]), ub=0),
        LinearConstraint(np.hstack([np.diag(-most), eye]), ub=0),
    ]
    for limit in limits_of(asked):
        row = np.zeros(2 * count)
        row[[at + (0 if limit.counts else count) for at in limit.over]] = 1
        rows.append(LinearConstraint(row, limit.least or 0, np.inf if limit.most is None else limit.most))
    places = {each.id: at for at, each in enumerate(asked.applications)}
    for needy, needed in asked.requires:
        row = np.zeros(2 * count)
        row[places[needy]], row[places[needed]] = 1, -1
        rows.append(LinearConstraint(row, ub=0))
    scores = np.array([each.score for each in asked.applications])
    solved = milp(
        np.concatenate([-scores, np.zeros(count)]),
        constraints=rows,
        bounds=Bounds(0, np.concatenate([np.ones(count), most])),
        integrality=np.ones(2 * count),
        options={"mip_rel_gap": 0},
    )
    best: float = -solved.fun
    return round(best)


ROWS = [select_a_round]
