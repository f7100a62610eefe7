"""Days to assign: `a_day({"n1": {"i1": 0.9}}, quotas={"i1": 2})`, `a_skewed_day(seed)`, and `days()` for properties.

Stored: `a_laser_need(session)` and `a_laser_institute(session)` that answers it, `a_run`, `an_offer`, `a_saved_search`.
"""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backbone.directory.models import Institute
from sky_net.assignments.models import Assigned, AssignmentRun
from sky_net.assignments.table import Table, table_of
from sky_net.needs.models import Need
from sky_net.saved_searches.models import SavedSearch
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.needs import MADE_AT, a_need

Scores = Mapping[str, Mapping[str, float]]


def a_day(
    scores: Scores, *, places: int | Mapping[str, int] = 1, quotas: int | Mapping[str, int] = 1
) -> Table:
    """Need -> institute -> score; a number of places or a quota holds for all of them."""
    institutes = sorted({institute for row in scores.values() for institute in row})
    return table_of(
        dict.fromkeys(scores, places) if isinstance(places, int) else places,
        dict.fromkeys(institutes, quotas) if isinstance(quotas, int) else quotas,
        [(need, institute, score) for need, row in scores.items() for institute, score in row.items()],
    )


def a_skewed_day(seed: int = 1, needs: int = 300, institutes: int = 40, quota: int = 110) -> Table:
    """A few institutes with many achievements, whose best fits nearly every need a little better than anybody's."""
    draw = random.Random(seed)
    sizes = [max(1, round(60 / (rank + 1))) for rank in range(institutes)]
    scores = {
        f"N{need:03d}": {
            f"I{at:02d}": max(draw.betavariate(6, 6) for _ in range(size))
            for at, size in enumerate(sizes)
            if draw.random() < 0.5
        }
        for need in range(needs)
    }
    return a_day(scores, places=3, quotas=quota)


def days(needs: int = 3, institutes: int = 3, most: int = 3) -> st.SearchStrategy[Table]:
    """Small tables of every kind: needs without candidates or places, institutes without a quota, equal scores."""
    ids = [f"n{each}" for each in range(needs)], [f"i{each}" for each in range(institutes)]
    score = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9])
    return st.builds(
        table_of,
        st.fixed_dictionaries({need: st.integers(0, most) for need in ids[0]}),
        st.fixed_dictionaries({institute: st.integers(0, most) for institute in ids[1]}),
        st.lists(score, min_size=needs * institutes, max_size=needs * institutes).map(
            lambda drawn: [
                (need, institute, drawn[row * institutes + column])
                for row, need in enumerate(ids[0])
                for column, institute in enumerate(ids[1])
            ]
        ),
    )


LASER = "紫铜激光焊接飞溅抑制"


def a_laser_need(session: Session, **values: Any) -> Need:
    """A confirmed public need about welding, without any other text."""
    plain = {"scene": None, "present_state": None, "tried": None, "tech_field": None, "chain_segment": None}
    defaults = {"state": "confirmed", "visibility": "public", "title": LASER, "problem": "激光焊接紫铜飞溅多"}
    return a_need(session, **plain | {"indicators": [], "deliverables": []} | defaults | values)


def a_laser_institute(session: Session, title: str = f"{LASER}工艺", **values: Any) -> Institute:
    """An institute whose only achievement answers `a_laser_need`."""
    institute = an_institute(session)
    an_achievement(session, institute=institute, title=title, summary="激光焊接紫铜时抑制飞溅", **values)
    return institute


def a_run(session: Session, run_on: date = date(2026, 3, 10), **values: Any) -> AssignmentRun:
    """A stored run of a day, with numbers of its own."""
    defaults: dict[str, Any] = {
        "run_on": run_on, "made_at": datetime(2026, 3, 9, 21, 30, tzinfo=UTC), "needs": 2, "institutes": 3, "wanted": 6,
        "offered": 5, "ndcg_kept": 0.98, "gini_plain": 0.5, "gini": 0.25, "evenness": 0.1, "quotas_broken": 0,
        "searched": 40, "encoder": "test", "generation": None,
    }  # fmt: skip
    run = AssignmentRun(**defaults | values)
    session.add(run)
    session.flush()
    return run


def an_offer(
    session: Session, run: AssignmentRun, need: Need, institute: Institute | None, **values: Any
) -> Assigned:
    """A need offered to the institute in this run, or to nobody."""
    offered: dict[str, Any] = {"rank": 1, "score": 0.5} if institute else {"reason": "quotas_spent"}
    about = {
        "run_id": run.id,
        "need_id": need.id,
        "institute_id": institute and institute.id,
        "achievements": [],
    }
    row = Assigned(**about | offered | values)
    session.add(row)
    session.flush()
    return row


def a_saved_search(session: Session, account_id: UUID | None, **values: Any) -> SavedSearch:
    """A stored search of this account for needs about welding, with nothing found yet."""
    defaults: dict[str, Any] = {
        "source": "needs", "title": "焊接", "text": LASER, "filters": {},
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    search = SavedSearch(account_id=account_id, **defaults | values)
    session.add(search)
    session.flush()
    return search
