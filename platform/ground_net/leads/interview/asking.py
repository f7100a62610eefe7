"""Which questions come next: what the quality gate misses first, heaviest first, and the numbers that vague words hide.

Nothing is asked that was answered; each question says why it is asked, with an example that shows how good an answer
looks. What keeps the lead from becoming a need (consent, title, problem, contact, industry) comes before all else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backbone.errors import Bilingual
from ground_net.leads.interview.answers import Known
from ground_net.leads.interview.vague import Vague, has_number, is_measured, loosely_said, vague_in
from ground_net.leads.interview.wording import QUESTIONS, Wording, asked_back, indicator_part, measure
from sky_net.needs.completeness import CRITERIA, Assessment, assess, label_of

CONSENT = "consent"
_WEIGHT = {criterion.field: criterion.weight for criterion in CRITERIA}
_HEAVIEST = 1000
PARTS = ("target", "unit", "now", "test_method")


@dataclass(frozen=True)
class Question:
    """What to ask: `field` of the answers it fills, `parts` of an indicator; `about` is the phrase or indicator it goes back to."""

    field: str
    label: Bilingual
    ask: Bilingual
    example: Bilingual
    why: Bilingual
    compulsory: bool = False
    about: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far the interview is: the gate's score out of 100, what still keeps the lead from promotion, what to ask next."""

    score: int
    lacking: tuple[str, ...]
    questions: tuple[Question, ...]


def progress(known: Known, at_most: int = 3) -> Progress:
    """The state of the interview; no question is left exactly when nothing is missing and no word is vague."""
    found = assess(known)
    lacking = (() if known.has_consent else (CONSENT,)) + found.compulsory_missing
    return Progress(found.score, lacking, tuple(_ordered(known, found, lacking))[:at_most])


def _ordered(known: Known, found: Assessment, lacking: tuple[str, ...]) -> list[Question]:
    weighed = [*_of_gaps(known, found, lacking), *_of_indicators(known), *_of_vague_words(known)]
    return [question for _, question in sorted(weighed, key=lambda entry: -entry[0])]


def _of_gaps(known: Known, found: Assessment, lacking: tuple[str, ...]) -> Iterator[tuple[int, Question]]:
    """One question for each thing that the gate misses; indicators and their tests are asked one by one below."""
    missing = {criterion.field: criterion.why for criterion in found.missing}
    if CONSENT in lacking:
        yield 2 * _HEAVIEST, _question(CONSENT, QUESTIONS[CONSENT], compulsory=True)
    for field, why in missing.items():
        wording = QUESTIONS.get(field)
        if wording is not None:
            compulsory = field in lacking
            weight = _WEIGHT[field] + (_HEAVIEST if compulsory else 0)
            about = loosely_said(field, _said(known))
            wording = wording if about is None else asked_back(about, wording)
            yield weight, _question(field, wording, why=why, compulsory=compulsory, about=about)


def _of_indicators(known: Known) -> Iterator[tuple[int, Question]]:
    """Of each indicator the first thing that it lacks: a number, its unit, where things stand today, how it is tested."""
    for indicator in known.indicators:
        part = _lacking_part(indicator)
        if part is not None:
            name = str(indicator.get("name", ""))
            weight = _WEIGHT["indicators" if part in ("target", "unit") else "test_method"]
            yield weight, _question("indicators", indicator_part(part, name), about=name, parts=(part,))


def _lacking_part(indicator: Mapping[str, Any]) -> str | None:
    target = indicator.get("target")
    if not has_number(target):
        return "target"
    if not is_measured(indicator):
        return "unit"
    return next((part for part in ("now", "test_method") if not indicator.get(part)), None)


def _of_vague_words(known: Known) -> Iterator[tuple[int, Question]]:
    for vague in vague_in(_said(known), known.indicators):
        yield (
            _WEIGHT["indicators"] + 1,
            _question("indicators", _measure(vague), about=vague.phrase, parts=PARTS),
        )


def _said(known: Known) -> str:
    return "\n".join(text for text in (known.words, known.problem, known.present_state) if text)


def _measure(vague: Vague) -> Wording:
    return measure(vague.phrase, vague.kind.name, vague.kind.units, vague.kind.measured)


def _question(
    field: str, wording: Wording, *, why: Bilingual | None = None, compulsory: bool = False, about: str | None = None,
    parts: tuple[str, ...] = (),
) -> Question:  # fmt: skip
    label = wording.label or label_of(field)
    return Question(
        field, label, wording.ask, wording.example, wording.why or why or label, compulsory, about, parts
    )
