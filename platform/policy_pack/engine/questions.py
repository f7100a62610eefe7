"""Which fact to ask for next: the one whose answer is expected to decide the most policies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Evaluation, Outcome
from policy_pack.engine.facts import Facts
from policy_pack.engine.judging import Dictionary
from policy_pack.engine.policy import Pack


@dataclass(frozen=True)
class Question:
    """A fact to ask for, and the policies that wait for it.

    Every answer decides those of `decides`; of `may_decide`, an answer that fails a clause does; `brings_forward` are
    the others, which wait for further facts whatever the answer.
    """

    key: str
    decides: tuple[str, ...]
    may_decide: tuple[str, ...]
    brings_forward: tuple[str, ...]

    @property
    def expected(self) -> float:
        """How many policies it is expected to decide, if a clause is as likely to hold as to fail."""
        return len(self.decides) + len(self.may_decide) / 2

    @property
    def waiting(self) -> int:
        """How many policies wait for it."""
        return len(self.decides) + len(self.may_decide) + len(self.brings_forward)


def next_question(
    pack: Pack, facts: Facts, as_of: date, *, dictionary: Dictionary = DICTIONARY
) -> Question | None:
    """The fact to ask for next; None where no answer changes any outcome."""
    found = questions(pack, facts, as_of, dictionary=dictionary)
    return found[0] if found else None


def questions(
    pack: Pack, facts: Facts, as_of: date, *, dictionary: Dictionary = DICTIONARY
) -> tuple[Question, ...]:
    """Every fact that some policy waits for: by the policies it is expected to decide, then by those that wait for it.

    What is alike in both comes in the order of the dictionary.
    """
    policies = pack.policies.values()
    said = (
        evaluate(policy, facts, as_of, dictionary=dictionary, amount_of=lambda *_: None)
        for policy in policies
    )
    return ranked((each for each in said if each.outcome is Outcome.MISSING_FACTS), dictionary)


def ranked(evaluations: Iterable[Evaluation], dictionary: Dictionary) -> tuple[Question, ...]:
    """The questions that evaluations leave, the best first."""
    waiting: dict[str, dict[str, list[str]]] = {}
    for evaluation in evaluations:
        for key, effect in _effects(evaluation).items():
            waiting.setdefault(key, {}).setdefault(effect, []).append(evaluation.policy_id)
    found = [
        Question(key, *(tuple(by.get(effect, ())) for effect in _EFFECTS)) for key, by in waiting.items()
    ]
    places = {key: at for at, key in enumerate(dictionary)}
    found.sort(key=lambda each: (-each.expected, -each.waiting, places.get(each.key, len(places)), each.key))
    return tuple(found)


_EFFECTS = ("decides", "may_decide", "brings_forward")


def _effects(evaluation: Evaluation) -> Mapping[str, str]:
    """What an answer to each missing fact does for the policy."""
    alone = {clause.waits_for[0] for clause in evaluation.clauses if len(clause.waits_for) == 1}
    missing = list(dict.fromkeys(key for each in evaluation.missing for key in each))
    if len(missing) == 1:
        return {missing[0]: "decides"}
    return {key: "may_decide" if key in alone else "brings_forward" for key in missing}
