"""An evaluation in sentences, Chinese and English: what is asked, what the facts say, what follows, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backbone.errors import Bilingual
from backbone.word_lists import enumerated
from policy_pack.engine.definition import label_of
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluation import OUTCOME_WORDS, Evaluation, Judged, Outcome, Truth
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.judging import Dictionary
from policy_pack.engine.policy import Clause, Policy

RESULTS = {
    Truth.TRUE: Bilingual("满足", "met"),
    Truth.FALSE: Bilingual("不满足", "not met"),
    Truth.UNKNOWN: Bilingual("待定", "open"),
}
GAPS = {
    Gap.ABSENT: Bilingual("确认没有", "known to be none"),
    Gap.UNKNOWN: Bilingual("未知", "unknown"),
    Gap.DISPUTED: Bilingual("来源互相矛盾", "sources contradict each other"),
}
FLAGS = {True: Bilingual("是", "yes"), False: Bilingual("否", "no")}
JUDGEMENT = Bilingual("由人工评审", "for a person to judge")
ANYHOW = Bilingual("（无论其余资料如何）", " (whatever the open facts turn out to be)")
EXCLUDED = Bilingual(
    "按已知资料，其余条件不可能同时满足", "Under what is known, the remaining conditions cannot all be met"
)


@dataclass(frozen=True)
class Explained:
    """One clause: its words, the facts that it read, what came of it, and the facts that it still waits for."""

    clause_id: str
    required: Bilingual
    found: tuple[Bilingual, ...]
    follows: Bilingual
    missing: tuple[Bilingual, ...]

    @property
    def said(self) -> Bilingual:
        """The whole of it as a sentence."""
        found = enumerated(self.found, zh="，") if self.found else None
        zh = "；".join(filter(None, (self.required.zh, found and found.zh, self.follows.zh)))
        en = "; ".join(filter(None, (str(self.required), found and str(found), str(self.follows))))
        if self.missing:
            names = enumerated(self.missing, zh="，")
            zh, en = f"{zh}；还需：{names.zh}", f"{en}; still needed: {names}"
        return Bilingual(f"{self.clause_id} {zh}", f"{self.clause_id} {en}")


@dataclass(frozen=True)
class Explanation:
    """The outcome, its clauses in their order, and what holds of all of them together."""

    outcome: Bilingual
    clauses: tuple[Explained, ...]
    closing: tuple[Bilingual, ...]

    @property
    def lines(self) -> tuple[Bilingual, ...]:
        """All of it, a line each."""
        return (self.outcome, *(clause.said for clause in self.clauses), *self.closing)


def explain(
    policy: Policy, evaluation: Evaluation, facts: Facts, *, dictionary: Dictionary = DICTIONARY
) -> Explanation:
    """Why the evaluation of these facts came out as it did; no fact is named that no clause read."""
    words = _Words(dictionary)
    clauses = tuple(
        words.clause(clause, judged, facts)
        for clause, judged in zip(policy.clauses, evaluation.clauses, strict=True)
    )
    title = Bilingual("{policy}：{outcome}", "{policy}: {outcome}")
    outcome = title.format(policy=policy.name, outcome=OUTCOME_WORDS[evaluation.outcome])
    return Explanation(outcome, clauses, tuple(words.closing(evaluation)))


@dataclass(frozen=True)
class _Words:
    dictionary: Dictionary

    def clause(self, clause: Clause, judged: Judged, facts: Facts) -> Explained:
        found = tuple(self.stated(key, facts.of(key)) for key in judged.facts)
        follows = RESULTS[judged.result]
        if clause.when is None:
            follows = JUDGEMENT
        elif judged.result is not Truth.UNKNOWN and any(map(facts.is_open, judged.facts)):
            follows = Bilingual(follows.zh + ANYHOW.zh, str(follows) + str(ANYHOW))
        return Explained(clause.id, clause.text, found, follows, tuple(map(self.label, judged.waits_for)))

    def closing(self, evaluation: Evaluation) -> Iterable[Bilingual]:
        fails = any(clause.result is Truth.FALSE for clause in evaluation.clauses)
        if evaluation.outcome is Outcome.INELIGIBLE and not fails:
            yield EXCLUDED
        for missing in evaluation.missing:
            names = enumerated(map(self.label, missing), zh="，")
            yield Bilingual("补充以下资料即可判定：{names}", "These facts would decide it: {names}").format(
                names=names
            )
        if evaluation.disputed:
            names = enumerated(map(self.label, evaluation.disputed), zh="，")
            yield Bilingual(
                "来源互相矛盾、按未知处理：{names}", "Contradicted, and so taken as unknown: {names}"
            ).format(names=names)

    def label(self, key: str) -> Bilingual:
        return label_of(key, self.dictionary)

    def stated(self, key: str, value: Value | Gap) -> Bilingual:
        unit = self.dictionary[key].unit if key in self.dictionary else ""
        return Bilingual("{label}：{value}", "{label}: {value}").format(
            label=self.label(key), value=_worded(value, unit)
        )


def _worded(value: Value | Gap, unit: str) -> Bilingual:
    match value:
        case Gap():
            return GAPS[value]
        case bool():
            return FLAGS[value]
        case Decimal():
            number = f"{value.normalize():,f}"
            return Bilingual(f"{number} {unit}".strip(), f"{number} {unit}".strip())
        case frozenset():
            return Bilingual("、".join(sorted(value)) or "无", ", ".join(sorted(value)) or "none")
        case date():
            return Bilingual(value.isoformat(), value.isoformat())
    return Bilingual(value, value)
