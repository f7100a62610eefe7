"""The lives of a round, an application, a review and an objection, each as one table. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual, StateConflict

Steps = Mapping[str, tuple[tuple[str, ...], str]]
"""Action → (states in which it exists, state that it leads to)."""


class Life:
    """One table of steps; `first` is the state in which a row begins."""

    def __init__(self, first: str, steps: Steps, words: Mapping[str, Bilingual]) -> None:
        self.first, self._steps, self.words = first, steps, words

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of their words."""
        return tuple(self.words)

    def after(self, action: str, state: str | None = None) -> str:
        """Where the action leads; with a `state`, raises StateConflict that tells what can be done there instead."""
        frm, to = self._steps[action]
        if state is not None and state not in frm:
            raise self.refusal(state, action)
        return to

    def refusal(self, state: str, action: str) -> StateConflict:
        """Why that cannot be done in this state, with what can be done instead."""
        return StateConflict(
            stands=self.words[state], state=state, action=action, allowed=self.actions_from(state)
        )

    def actions_from(self, state: str) -> list[str]:
        """What can be done in this state."""
        return [action for action, (frm, _) in self._steps.items() if state in frm]

    def before(self, action: str) -> tuple[str, ...]:
        """The states in which the action exists."""
        return self._steps[action][0]


ROUND = Life(
    "draft",
    MappingProxyType({
        "open": (("draft",), "open"),
        "close": (("open",), "reviewing"),
        "approve": (("reviewing", "objected"), "selected"),
        "announce": (("selected",), "announced"),
        "uphold": (("announced", "objected"), "objected"),
        "decide": (("announced", "objected"), "decided"),
        "cancel": (("draft", "open", "reviewing", "selected"), "cancelled"),
    }),
    MappingProxyType({
        "draft": Bilingual("草拟", "draft"),
        "open": Bilingual("申报中", "open for applications"),
        "reviewing": Bilingual("评审中", "under review"),
        "selected": Bilingual("已遴选", "selected"),
        "announced": Bilingual("公示中", "announced"),
        "objected": Bilingual("有项目被排除，待重新遴选或决定", "one was excluded: select anew, or decide"),
        "decided": Bilingual("已决定", "decided"),
        "cancelled": Bilingual("已取消", "cancelled"),
    }),
)  # fmt: skip
APPLICATION = Life(
    "draft",
    MappingProxyType({
        "submit": (("draft",), "submitted"),
        "withdraw": (("draft", "submitted", "admitted"), "withdrawn"),
        "admit": (("submitted",), "admitted"),
        "reject": (("submitted",), "rejected"),
        "exclude": (("admitted",), "excluded"),
        "award": (("admitted",), "awarded"),
        "pass_over": (("admitted",), "passed_over"),
        "call_off": (("draft", "submitted", "admitted"), "called_off"),
    }),
    MappingProxyType({
        "draft": Bilingual("草拟", "draft"),
        "submitted": Bilingual("已提交", "submitted"),
        "admitted": Bilingual("形式审查通过", "admitted"),
        "rejected": Bilingual("形式审查未通过", "rejected"),
        "withdrawn": Bilingual("已撤回", "withdrawn"),
        "excluded": Bilingual("已排除", "excluded"),
        "awarded": Bilingual("已立项", "awarded"),
        "passed_over": Bilingual("未入选", "not funded"),
        "called_off": Bilingual("批次取消", "called off with its round"),
    }),
)  # fmt: skip
REVIEW = Life(
    "assigned",
    MappingProxyType({
        "submit": (("assigned",), "submitted"),
        "declare": (("assigned",), "conflicted"),
    }),
    MappingProxyType({
        "assigned": Bilingual("待评", "assigned"),
        "submitted": Bilingual("已评", "submitted"),
        "conflicted": Bilingual("已回避", "conflict of interest declared"),
    }),
)  # fmt: skip
OBJECTION = Life(
    "open",
    MappingProxyType({"uphold": (("open",), "upheld"), "reject": (("open",), "rejected")}),
    MappingProxyType({
        "open": Bilingual("待处理", "open"),
        "upheld": Bilingual("成立", "upheld"),
        "rejected": Bilingual("不成立", "rejected"),
    }),
)  # fmt: skip
FIRST_USE = "F"
"""The category 首用（四首）: one application with two beneficiaries, the maker and the user, under one cap."""
