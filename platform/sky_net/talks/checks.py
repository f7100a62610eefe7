"""What makes a report of a talk a contact: two sides, a possible date, an institute that was asked."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from backbone.clock import local_date
from backbone.days import problem_of_future
from backbone.errors import Bilingual, Invalid
from sky_net.sla.stop_table import sides_lacking

NOBODY = Bilingual("至少写明一位参与人", "Name at least one person who took part")
ONE_SIDED = Bilingual(
    "电话或会议须写明双方参与人：缺少{side}一方",
    "A call or meeting has two sides: nobody of the {side}'s side is named",
)
BEFORE_NEED = Bilingual(
    "不能早于需求提交日 {submitted}", "May not lie before the need was submitted, {submitted}"
)
BEFORE_CONTACT = Bilingual("不能早于对接日期", "May not lie before the contact itself")
NOT_ASKED = Bilingual(
    "该院所未被邀请，或您不能代其登记", "The institute was not invited, or you may not speak for it"
)
SIDE_NAMES = {"enterprise": Bilingual("企业", "enterprise"), "institute": Bilingual("院所", "institute")}


def check_contact(values: Mapping[str, Any], submitted_at: datetime, now: datetime) -> None:
    """Raise Invalid naming every field that cannot be as told."""
    problems = [
        *_people(values["kind"], values["people"]),
        *_days(values, local_date(submitted_at), local_date(now)),
    ]
    if problems:
        raise Invalid([{"field": field, "problem": problem} for field, problem in problems])


def _people(kind: str, people: Iterable[Mapping[str, str]]) -> list[tuple[str, Bilingual]]:
    sides = [person["side"] for person in people]
    if not sides:
        return [("people", NOBODY)]
    lacking = sides_lacking(kind, sides.count("enterprise"), sides.count("institute"))
    return [("people", ONE_SIDED.format(side=SIDE_NAMES[side])) for side in lacking]


def _days(values: Mapping[str, Any], submitted: date, today: date) -> list[tuple[str, Bilingual]]:
    happened: date = values["happened_on"]
    if problem := problem_of_future(happened, today):
        return [("happened_on", problem)]
    if happened < submitted:
        return [("happened_on", BEFORE_NEED.format(submitted=submitted))]
    if values.get("next_step_on") and values["next_step_on"] < happened:
        return [("next_step_on", BEFORE_CONTACT)]
    early = [
        step for step in values.get("further_steps") or () if step.get("due_on") and step["due_on"] < happened
    ]
    return [("further_steps", BEFORE_CONTACT)] if early else []
