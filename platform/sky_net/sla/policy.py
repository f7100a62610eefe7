"""The dated response policy: how many days each stage has and what the parties owe each other.

The numbers live in ``policy.yaml`` beside this module, each version with its references; a clock is
always read under the version in force on the day of its first submission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from sky_net.sla.errors import PolicyInvalid, PolicyNotInForce, PolicyUnknown
from sky_net.sla.working_time import DayEnds

STAGES = ("confirm", "communicate", "propose")
"""The three promises, in the order in which they fall due."""

ESCALATION_LEVELS = ("supervisor", "zone_lead", "province")
"""Whom an escalation calls, one after the other, when the owner has not answered."""

LONGEST_SHARE = 10.0
_POLICY_FILE = Path(__file__).with_name("policy.yaml")


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """One promise. ``at_risk_share`` is the part of the budget after which a running clock is at risk."""

    name: str
    days: int
    day_ends: DayEnds
    count_start_day: bool
    at_risk_share: float


@dataclass(frozen=True, slots=True)
class PausePolicy:
    """Working days after which a pause, or all of them together, no longer stops the clock."""

    max_days_each: int
    max_days_total: int


@dataclass(frozen=True, slots=True)
class PartyPolicy:
    """The parties' own time limits in working days, counted like the stages (start day excluded)."""

    institute_reply_days: int
    """An invited institute says yes or no."""
    enterprise_reply_days: int
    """The enterprise answers a question."""
    enterprise_reminder_days: tuple[int, ...]
    """When it is reminded."""
    enterprise_silent_days: int
    """When the need is set aside as silent; it can be resumed at the remaining budget."""
    agreement_by_silence_days: int
    """A recorded contact holds unless the enterprise objects within these."""
    dispute_days: int
    """The enterprise may mark a proposal as non-responsive within these."""
    lead_days: int
    """A lead found offline is promoted or closed with a reason."""
    at_risk_share: float
    """The part of a party's own limit after which its clock is at risk."""


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """Shares of a budget at which somebody is called; beyond 1 it is used up."""

    shares: tuple[float, ...]
    """The one whose clock it is, in rising order, all below 1."""
    escalation: tuple[float, ...]
    """Supervisor, zone lead, province: one share each, in rising order."""


@dataclass(frozen=True, slots=True)
class ResponsePolicy:
    """One version of the promise, in force from ``valid_from`` to ``valid_to`` (inclusive; None is open)."""

    version: str
    valid_from: date
    valid_to: date | None
    references: tuple[str, ...]
    stages: Mapping[str, StagePolicy]
    pauses: PausePolicy
    parties: PartyPolicy
    reminders: ReminderPolicy
    repost_within_days: int
    """Calendar days in which a near duplicate of a withdrawn need inherits its first instant."""


def policy_on(on: date) -> ResponsePolicy:
    """The version in force on a date (the Shanghai date of the first submission)."""
    for policy in shipped_policies():
        if policy.valid_from <= on and (policy.valid_to is None or on <= policy.valid_to):
            return policy
    raise PolicyNotInForce(on)


def policy_named(version: str) -> ResponsePolicy:
    """The shipped version of this name; PolicyUnknown for any other."""
    for policy in shipped_policies():
        if policy.version == version:
            return policy
    raise PolicyUnknown(version, [policy.version for policy in shipped_policies()])


@lru_cache(maxsize=1)
def shipped_policies() -> tuple[ResponsePolicy, ...]:
    """Every version of ``policy.yaml``, oldest first; read once per process."""
    return load_policies(_POLICY_FILE.read_text(encoding="utf-8"))


def load_policies(text: str) -> tuple[ResponsePolicy, ...]:
    """Versions from YAML, oldest first, without overlap or gap; PolicyInvalid names the first fault."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PolicyInvalid("policies", f"不是合法的 YAML:{error}", f"not valid YAML: {error}") from error
    entries = _mapping(document, "policies", ("policies",))["policies"]
    if not isinstance(entries, list) or not entries:
        raise PolicyInvalid("policies", "须为非空列表", "must be a list with at least one version")
    versions = [_policy(entry, f"policies[{index}]") for index, entry in enumerate(entries)]
    versions.sort(key=lambda policy: policy.valid_from)
    for earlier, later in pairwise(versions):
        if earlier.valid_to is None or earlier.valid_to + timedelta(days=1) != later.valid_from:
            raise PolicyInvalid(
                later.version,
                f"生效日 {later.valid_from} 与上一版 {earlier.version} 不衔接",
                f"valid_from {later.valid_from} does not follow directly on {earlier.version}",
            )
    if len({policy.version for policy in versions}) < len(versions):
        raise PolicyInvalid("policies", "版本号重复", "two versions have the same name")
    return tuple(versions)


def _policy(entry: object, where: str) -> ResponsePolicy:
    values = _mapping(entry, where, tuple(field.name for field in fields(ResponsePolicy)))
    valid_from, valid_to = values["valid_from"], values["valid_to"]
    if type(valid_from) is not date or not (valid_to is None or type(valid_to) is date):
        raise PolicyInvalid(where, "生效日与截止日须为日期", "valid_from and valid_to must be dates")
    if valid_to is not None and valid_to < valid_from:
        raise PolicyInvalid(where, "截止日早于生效日", "valid_to lies before valid_from")
    stages = _mapping(values["stages"], f"{where}.stages", STAGES)
    return ResponsePolicy(
        version=_text(values["version"], f"{where}.version"),
        valid_from=valid_from,
        valid_to=valid_to,
        references=tuple(_text(item, f"{where}.references") for item in _list(values, "references", where)),
        stages={name: _stage(name, stages[name], f"{where}.stages.{name}") for name in STAGES},
        pauses=_pauses(values["pauses"], f"{where}.pauses"),
        parties=_parties(values["parties"], f"{where}.parties"),
        reminders=_reminders(values["reminders"], f"{where}.reminders"),
        repost_within_days=_days(values["repost_within_days"], f"{where}.repost_within_days"),
    )


def _stage(name: str, entry: object, where: str) -> StagePolicy:
    keys = ("days", "day_ends", "count_start_day", "at_risk_share")
    values = _mapping(entry, where, keys)
    share, counts = _share(values["at_risk_share"], f"{where}.at_risk_share"), values["count_start_day"]
    if type(counts) is not bool:
        raise PolicyInvalid(f"{where}.count_start_day", "须为 true 或 false", "must be true or false")
    if values["day_ends"] not in tuple(DayEnds):
        raise PolicyInvalid(f"{where}.day_ends", "须为 close 或 midnight", "must be close or midnight")
    days = _days(values["days"], f"{where}.days")
    return StagePolicy(name, days, DayEnds(values["day_ends"]), counts, share)


def _pauses(entry: object, where: str) -> PausePolicy:
    values = _mapping(entry, where, ("max_days_each", "max_days_total"))
    pauses = PausePolicy(**{key: _days(value, f"{where}.{key}") for key, value in values.items()})
    if pauses.max_days_each > pauses.max_days_total:
        raise PolicyInvalid(where, "单次上限超过总上限", "max_days_each exceeds max_days_total")
    return pauses


def _parties(entry: object, where: str) -> PartyPolicy:
    values = _mapping(entry, where, tuple(field.name for field in fields(PartyPolicy)))
    reminders = _list(values, "enterprise_reminder_days", where)
    days = tuple(_days(item, f"{where}.enterprise_reminder_days") for item in reminders)
    share = _share(values["at_risk_share"], f"{where}.at_risk_share")
    single = {
        key: value
        for key, value in values.items()
        if key.endswith("_days") and key != "enterprise_reminder_days"
    }
    limits = {key: _days(value, f"{where}.{key}") for key, value in single.items()}
    return PartyPolicy(enterprise_reminder_days=days, at_risk_share=share, **limits)


def _reminders(entry: object, where: str) -> ReminderPolicy:
    values = _mapping(entry, where, ("shares", "escalation"))
    shares = _rising(values, "shares", where, below=1)
    chain = _rising(values, "escalation", where, below=LONGEST_SHARE)
    if len(chain) != len(ESCALATION_LEVELS):
        raise PolicyInvalid(f"{where}.escalation", "须为每一级给出一个份额", "needs one share for each level")
    return ReminderPolicy(shares, chain)


def _rising(values: Mapping[str, Any], key: str, where: str, *, below: float) -> tuple[float, ...]:
    given = _list(values, key, where)
    fit = all(type(share) in (int, float) and 0 < share < below for share in given)
    if not fit or any(later <= earlier for earlier, later in pairwise(given)):
        raise PolicyInvalid(
            f"{where}.{key}",
            f"须为递增且大于 0、小于 {below} 的份额",
            f"must be rising shares above 0 and below {below}",
        )
    return tuple(float(share) for share in given)


def _mapping(value: object, where: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """Exactly these keys: a misspelt one would otherwise leave a default silently in force."""
    if not isinstance(value, dict):
        raise PolicyInvalid(where, "须为键值表", "must be a mapping")
    if set(value) != set(keys):
        missing = ", ".join(sorted(set(keys) - set(value))) or "-"
        unknown = ", ".join(sorted(str(key) for key in set(value) - set(keys))) or "-"
        raise PolicyInvalid(where, f"缺少 {missing};多余 {unknown}", f"missing {missing}; unknown {unknown}")
    return value


def _list(values: Mapping[str, Any], key: str, where: str) -> list[Any]:
    if not isinstance(values[key], list):
        raise PolicyInvalid(f"{where}.{key}", "须为列表", "must be a list")
    return list(values[key])


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PolicyInvalid(where, "须为非空文字", "must be a text that is not empty")
    return value


def _share(value: object, where: str) -> float:
    if type(value) not in (int, float) or not 0 < value <= 1:  # type: ignore[operator]  # checked just before
        raise PolicyInvalid(where, "须大于 0 且不超过 1", "must lie above 0 and at most at 1")
    return float(value)  # type: ignore[arg-type]  # likewise


def _days(value: object, where: str) -> int:
    if type(value) is not int or value < 1:
        raise PolicyInvalid(where, "须为不小于 1 的整数(天)", "must be a whole number of days, 1 or more")
    return value
