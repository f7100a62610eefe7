"""A world in which brokers prefer what the blend underweights: `a_world(session)`, then `graded(session, world, range(40))`.

For each need one achievement repeats its words and is of no use, and one answers in the words of its trade.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from sky_net.achievements.models import Achievement
from sky_net.grading.models import MatchGrade
from sky_net.matching.learning import plain
from sky_net.matching.models import LearnedRanker
from sky_net.matching.signals import BASIS, NAMES
from sky_net.needs.models import Need
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.matching import shipped_encoder
from tests.factories.needs import a_need

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
CROSSING = Path(__file__).parents[1] / "sky_net/matching/crossing.tsv"
PAIRS = [line.split("\t")[1:] for line in CROSSING.read_text("utf-8").splitlines() if line.startswith("lay")]
SILENT: dict[str, Any] = dict.fromkeys(
    ("problem", "scene", "present_state", "tried", "tech_field", "chain_segment")
)


@dataclass(frozen=True)
class World:
    """Needs, and by place the achievement that only repeats each and the one that answers it."""

    needs: list[Need]
    echoes: list[Achievement]
    answers: list[Achievement]


def a_world(session: Session, size: int = 60) -> World:
    """`size` confirmed needs with their two achievements, all of the same institute."""
    enterprise, institute = an_enterprise(session), an_institute(session)
    needs, echoes, answers = [], [], []
    for need, answer in PAIRS[:size]:
        told = SILENT | {"indicators": [], "deliverables": []}
        needs.append(a_need(session, enterprise, state="confirmed", title=need, **told))
        echoes.append(an_achievement(session, institute=institute, title=f"{need}怎么办", summary=""))
        answers.append(an_achievement(session, institute=institute, title=answer, summary=""))
    return World(needs, echoes, answers)


def a_grade(session: Session, need: Need, achievement: Achievement, grade: int, **values: Any) -> MatchGrade:
    """A stored grade of nobody in particular."""
    row = MatchGrade(
        need_id=need.id, achievement_id=achievement.id, grade=grade, **{"graded_at": NOW} | values
    )
    session.add(row)
    session.flush()
    return row


def graded(session: Session, world: World, which: Iterable[int], *, echo: int = 0, answer: int = 3) -> None:
    """Grades of the two achievements of these needs."""
    for place in which:
        a_grade(session, world.needs[place], world.echoes[place], echo)
        a_grade(session, world.needs[place], world.answers[place], answer)


def a_ranker(session: Session, number: int, **values: Any) -> LearnedRanker:
    """A stored version that ranks as the blend does, unless `weights` say otherwise."""
    defaults: dict[str, Any] = {
        "number": number, "made_at": NOW, "made_by": "test", "names": list(NAMES),
        "weights": plain(len(NAMES)).weights.tolist(), "basis": BASIS, "encoder": shipped_encoder().fingerprint,
        "fingerprint": f"fingerprint {number}", "needs": 20, "grades": 40, "before": 0.5, "after": 0.6, "low": 0.01,
        "rival": None,
    }  # fmt: skip
    version = LearnedRanker(**defaults | values)
    session.add(version)
    session.flush()
    return version


def a_feature_ranker(session: Session, number: int, **weights: float) -> LearnedRanker:
    """A stored version of the blend and so much of these features."""
    told = dict(zip(NAMES, plain(len(NAMES)).weights.tolist(), strict=True))
    told |= {f"feature:{name}": weight for name, weight in weights.items()}
    return a_ranker(session, number, weights=list(told.values()))


def a_dense_ranker(session: Session, number: int) -> LearnedRanker:
    """A stored version that looks at the meaning of the title alone."""
    return a_ranker(session, number, weights=[30.0 if name == "title:dense" else 0.0 for name in NAMES])
