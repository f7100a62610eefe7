"""The life of a need as one table: SQL constraints, services, permissions and the API document all read it.

A transition says from where to where, who may, which event tells the other packages, what it does to the three
promise clocks, and which stage's stop belongs to it (the stop itself is written by `sky_net.sla.stops`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from backbone.errors import Bilingual, StateConflict


class Party(StrEnum):
    """In what capacity somebody acts on a need; `permissions.PARTIES` says who is which."""

    POSTER = "poster"
    COLLECTOR = "collector"
    """Whoever posts it for an enterprise that entrusted its need to the ground network."""
    OPERATOR = "operator"
    BROKER = "broker"
    INSTITUTE = "institute"
    SYSTEM = "system"


class Clocks(StrEnum):
    """What a transition does to all three promise clocks; one that is met already stays met."""

    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    REOPEN = "reopen"
    """Undo a cancellation: they run on at their remaining budget."""
    RELEASE = "release"
    """Leave the promises alone and end what institutes and the enterprise still owed about the need."""


@dataclass(frozen=True)
class Transition:
    """One step of a need's life."""

    action: str
    frm: tuple[str, ...]
    to: str
    by: tuple[Party, ...]
    event: str
    clocks: Clocks | None = None
    stops: str | None = None


STATES: Mapping[str, Bilingual] = MappingProxyType({
    "draft": Bilingual("草稿", "draft"),
    "submitted": Bilingual("已提交", "submitted"),
    "returned": Bilingual("退回补充", "returned for clarification"),
    "confirmed": Bilingual("已确认", "confirmed"),
    "matched": Bilingual("已匹配", "matched"),
    "communicating": Bilingual("对接中", "communicating"),
    "proposed": Bilingual("已有方案", "solution proposed"),
    "selected": Bilingual("已选定", "selected"),
    "contracted": Bilingual("已签约", "contracted"),
    "delivered": Bilingual("已交付", "delivered"),
    "accepted": Bilingual("已验收", "accepted"),
    "rejected": Bilingual("不予受理", "rejected"),
    "withdrawn": Bilingual("已撤回", "withdrawn"),
    "expired": Bilingual("已过期", "expired"),
    "parked": Bilingual("长期难题", "parked as a long-term problem"),
    "unsolved": Bilingual("无解结论", "concluded without a solution"),
    "silent": Bilingual("退回未答，已搁置", "set aside: the enterprise did not answer its return"),
    "suspended": Bilingual("企业未答复，已中止", "suspended: the enterprise did not answer a question"),
})  # fmt: skip

POSTER, COLLECTOR, OPERATOR, BROKER, INSTITUTE, SYSTEM = Party
UNSOLVED = ("confirmed", "matched", "communicating")
BEFORE_CONTRACT = (
    "draft",
    "submitted",
    "returned",
    *UNSOLVED,
    "proposed",
    "selected",
    "parked",
    "silent",
    "suspended",
)

TRANSITIONS: tuple[Transition, ...] = (
    Transition("submit", ("draft",), "submitted", (POSTER, COLLECTOR), "NeedSubmitted", Clocks.OPEN),
    Transition("return", ("submitted",), "returned", (OPERATOR,), "NeedReturned", Clocks.PAUSE),
    Transition("resubmit", ("returned",), "submitted", (POSTER, COLLECTOR), "NeedSubmitted", Clocks.RESUME),
    Transition("confirm", ("submitted",), "confirmed", (OPERATOR,), "NeedConfirmed", stops="confirm"),
    Transition("reject", ("submitted", "returned"), "rejected", (OPERATOR,), "NeedRejected", Clocks.CANCEL, "confirm"),
    Transition("match", ("confirmed",), "matched", (OPERATOR, BROKER, POSTER), "NeedMatched"),
    Transition(
        "communicate", ("confirmed", "matched"), "communicating", (OPERATOR, BROKER, POSTER, INSTITUTE),
        "NeedCommunicating", stops="communicate",
    ),
    Transition("propose", UNSOLVED, "proposed", (INSTITUTE,), "NeedProposed", stops="propose"),
    # The only proposal was taken back while the enterprise could still dispute it: nothing has been answered yet.
    Transition("fall_back", ("proposed",), "communicating", (INSTITUTE, OPERATOR), "NeedFellBack"),
    Transition("select", ("proposed",), "selected", (POSTER,), "NeedSelected", Clocks.RELEASE),
    Transition("contract", ("selected",), "contracted", (POSTER, OPERATOR, INSTITUTE), "NeedContracted"),
    # The contract was never signed as it was put on record, or it ended before it was accepted: there is none any more.
    Transition("annul_contract", ("contracted", "delivered"), "selected", (OPERATOR, POSTER, INSTITUTE), "NeedContractAnnulled"),
    Transition("deliver", ("contracted",), "delivered", (INSTITUTE,), "NeedDelivered"),
    Transition("accept_delivery", ("delivered",), "accepted", (POSTER,), "NeedAccepted"),
    Transition("withdraw", BEFORE_CONTRACT, "withdrawn", (POSTER, COLLECTOR), "NeedWithdrawn", Clocks.CANCEL),
    Transition("expire", ("returned", *UNSOLVED, "parked", "silent", "suspended"), "expired", (SYSTEM,), "NeedExpired", Clocks.CANCEL),
    Transition("park", UNSOLVED, "parked", (OPERATOR,), "NeedParked", Clocks.PAUSE),
    Transition("resume_parked", ("parked",), "confirmed", (OPERATOR,), "NeedResumed", Clocks.RESUME),
    Transition("conclude", UNSOLVED, "unsolved", (OPERATOR,), "NeedConcluded", Clocks.CANCEL, "propose"),
    # 企业失联: what it was asked stayed unanswered for as long as the policy says.
    Transition("set_aside", ("returned",), "silent", (SYSTEM,), "NeedSetAside", Clocks.CANCEL),
    Transition("revive", ("silent",), "submitted", (POSTER, COLLECTOR), "NeedSubmitted", Clocks.REOPEN),
    Transition("suspend", UNSOLVED, "suspended", (SYSTEM,), "NeedSetAside", Clocks.CANCEL),
    Transition("resume_suspended", ("suspended",), "confirmed", (POSTER, OPERATOR, SYSTEM), "NeedResumed", Clocks.REOPEN),
)  # fmt: skip

OF_CONTRACTS = frozenset({"contract", "annul_contract", "deliver", "accept_delivery"})
"""Steps that the ground network's contracts take; the needs' own operations offer none of them."""

FIRST = "draft"
AMENDABLE = ("draft", "returned", "silent")
"""Where the poster may still change the text; afterwards institutes have relied on it."""
EXPIRABLE = next(step.frm for step in TRANSITIONS if step.action == "expire")
OPEN = tuple(state for state in BEFORE_CONTRACT if state != FIRST)
"""Handed in, and neither contracted nor closed: what is still to be done, also where it rests."""
CLOSED = frozenset(STATES) - {state for step in TRANSITIONS for state in step.frm}
"""States that nothing leaves."""

_STEPS = {(step.action, state): step for step in TRANSITIONS for state in step.frm}


def step_from(state: str, actions: str | Iterable[str]) -> Transition | None:
    """The transition that one of `actions` means in `state`, None when there is none."""
    wanted = (actions,) if isinstance(actions, str) else actions
    return next((_STEPS[action, state] for action in wanted if (action, state) in _STEPS), None)


def is_possible(state: str, action: str) -> bool:
    """Whether the action exists in this state."""
    return (action, state) in _STEPS


def refusal(state: str, action: str) -> StateConflict:
    """Why that cannot be done in this state, with what can be done instead."""
    return StateConflict(stands=STATES[state], state=state, action=action, allowed=actions_in(state))


def actions_in(state: str) -> list[str]:
    """Every action that somebody can take in this state through the API, in the table's order."""
    return [
        step.action
        for step in TRANSITIONS
        if state in step.frm and step.by != (SYSTEM,) and step.action not in OF_CONTRACTS
    ]


def every_step() -> list[tuple[str, str, str]]:
    """(action, from, to) of each row, for the constraint on the history."""
    return [(step.action, state, step.to) for step in TRANSITIONS for state in step.frm]


def described() -> str:
    """The table as the API document shows it."""
    lines = (
        f"{step.action}: {'/'.join(step.frm)} → {step.to} ({'/'.join(step.by)})"
        + (f", stops {step.stops}" if step.stops else "")
        + (f", clocks: {step.clocks}" if step.clocks else "")
        for step in TRANSITIONS
    )
    names = "、".join(f"{state} {label.zh}" for state, label in STATES.items())
    return f"{names}\n\n" + "\n".join(f"- {line}" for line in lines)
