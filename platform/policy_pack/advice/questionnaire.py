"""The next question to put to an enterprise, and keeping its answer where such a fact is kept."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.facts.service import record_fact
from backbone.directory.service import amend
from backbone.errors import Bilingual, Invalid
from policy_pack.advice.models import Case
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.facts import Gap, Value
from policy_pack.engine.questions import Question, questions
from policy_pack.engine.reading import read_facts
from policy_pack.subjects.kept_elsewhere import PLACES
from policy_pack.subjects.permissions import CAN_STATE, enterprise_for
from policy_pack.subjects.recording import record_facts
from policy_pack.subjects.standing import says_none

NO_FIGURE = Bilingual(
    "企业数据按整数记录，填的值精度过高",
    "The directory keeps whole figures of its own unit: the value is too fine",
)


def asked_next(case: Case, skipped: Sequence[str]) -> dict[str, Any]:
    """The best question that was not skipped, None where nothing more can be decided, and how much waits."""
    found = questions(case.pack, case.facts, case.as_of)
    question = next((each for each in found if each.key not in skipped), None)
    waiting = {key for each in found for key in (*each.decides, *each.may_decide, *each.brings_forward)}
    return {
        "question": None if question is None else _shown(question), "open_questions": len(found),
        "undecided": sorted(waiting),
    }  # fmt: skip


def keep_answer(
    session: Session, actor: Actor, enterprise_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> None:
    """Record one answer: a figure of the directory there, a word about the enterprise in its record, any other here.

    Raises NotFound, Forbidden, Invalid, FactsRefused, FactsMisplaced, FactOnRecord, PolicyFactOnRecord.
    """
    enterprise = enterprise_for(session, actor, enterprise_id, CAN_STATE)
    key = said["key"]
    value = read_facts({key: said["value"]}).of(key)
    day = said["as_of_on"] or local_date(now)
    if key in PLACES and not says_none(value):
        record_fact(session, actor, enterprise_id, _figure(key, value, day, said["source"]), now=now)
    elif key == "founded_on" and isinstance(value, date):
        amend(session, actor, enterprise, {"registered_on": value}, now=now)
    elif key == "labels" and not says_none(value) and isinstance(value, frozenset):
        held = [{"name": name, "source": said["source"]} for name in sorted(value)]
        amend(session, actor, enterprise, {"labels": held}, now=now)
    else:
        about = {name: said[name] for name in ("matter_id", "valid_until_on", "source")}
        record_facts(
            session, actor, enterprise_id, about | {"facts": {key: said["value"]}, "as_of_on": day}, now=now
        )


def _figure(key: str, value: Value | Gap, day: date, source: str) -> dict[str, Any]:
    place = PLACES[key]
    figure = None if isinstance(value, Gap) else place.figure(value)
    if figure is None:
        raise Invalid.field("value", NO_FIGURE)
    return {"kind": place.kind, "value": figure, "as_of_on": place.day(day), "source": source}


def _shown(question: Question) -> dict[str, Any]:
    definition = DICTIONARY[question.key]
    return {
        "key": question.key, "text": definition.question, "label": definition.label, "kind": str(definition.kind),
        "unit": definition.unit, "per": definition.per, "values": list(definition.values),
        "least": None if definition.least is None else float(definition.least),
        "most": None if definition.most is None else float(definition.most), "evidence": definition.evidence,
        "decides": list(question.decides), "may_decide": list(question.may_decide),
        "brings_forward": list(question.brings_forward), "expected": question.expected,
    }  # fmt: skip
