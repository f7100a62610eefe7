"""The life of an offer as one table. Expiry is no state: it is derived from `valid_until_on`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual


@dataclass(frozen=True)
class Transition:
    """One step: from which states, to which."""

    action: str
    frm: tuple[str, ...]
    to: str


STATES: Mapping[str, Bilingual] = MappingProxyType({
    "visible": Bilingual("公开", "visible"),
    "hidden": Bilingual("已隐藏", "hidden"),
    "withdrawn": Bilingual("已撤回", "withdrawn"),
})  # fmt: skip
FIRST = "visible"

HIDE = Transition("hide", ("visible",), "hidden")
PUBLISH = Transition("publish", ("hidden",), "visible")
WITHDRAW = Transition("withdraw", ("visible", "hidden"), "withdrawn")
TRANSITIONS = (HIDE, PUBLISH, WITHDRAW)

LIVING = WITHDRAW.frm
"""States in which an offer can still be amended and confirmed anew."""


def actions_in(state: str) -> list[str]:
    """Every action that exists in this state, amending and confirming included."""
    steps = [step.action for step in TRANSITIONS if state in step.frm]
    return [*steps, "amend", "reconfirm"] if state in LIVING else steps
