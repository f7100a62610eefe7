"""Contacts for tests: `contact_entry(institute)` is what is put on record, `a_contact(session, exchange)` a stored one."""

from datetime import date, datetime
from typing import Any

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Institute
from sky_net.talks.messages.models import Message
from sky_net.talks.messages.service import send_message
from sky_net.talks.models import Contact
from sky_net.talks.questions.models import Question
from sky_net.talks.questions.service import answer_question, ask_question
from sky_net.talks.service import record_contact
from sky_net.talks.steps.models import NextStep
from sky_net.talks.terms.service import accept_terms
from sky_net.talks.terms.texts import in_force
from tests.factories.invitations import SUBMITTED_AT, Exchange

BOTH_SIDES = [{"name": "测试甲", "side": "enterprise"}, {"name": "测试乙", "side": "institute"}]


def contact_entry(institute: Institute, **values: Any) -> dict[str, Any]:
    """A call of both sides on the day of submission."""
    return {
        "kind": "call", "happened_on": date(2026, 3, 9), "institute_id": institute.id, "people": BOTH_SIDES,
        "result": "院方确认光栅方案可行，需要企业提供样片。", "next_step": "企业寄出样片两片",
    } | values  # fmt: skip


def a_contact(exchange: Exchange, *, now: datetime = SUBMITTED_AT, **values: Any) -> Contact:
    """A contact that the operator put on record, so that the enterprise has still to agree."""
    entry = contact_entry(values.pop("institute", exchange.institute), **values)
    return record_contact(exchange.session, exchange.operator, exchange.need.id, entry, now=now)


def a_step(exchange: Exchange, **values: Any) -> NextStep:
    """A stored next step that the enterprise owes, of a contact of its own."""
    owner = {"side": values.pop("side", "enterprise"), "name": values.pop("owner_name", "测试丙")}
    return a_contact(exchange, next_step_owner=owner, **values).steps[0]


def a_question(exchange: Exchange, *, now: datetime = SUBMITTED_AT, **values: Any) -> Question:
    """A stored question of the operator to the enterprise, about the invited institute, not answered yet."""
    said = {"asked_side": "enterprise", "institute_id": exchange.institute.id, "text": "样片何时可以寄出？"}
    by = values.pop("by", exchange.operator)
    return ask_question(exchange.session, by, exchange.need.id, said | values, now=now)


def an_answered_question(exchange: Exchange, **values: Any) -> Question:
    """As `a_question`, answered by the enterprise at once."""
    asked = a_question(exchange, **values)
    return answer_question(exchange.session, exchange.poster, asked.id, "下周一寄出两片。", now=SUBMITTED_AT)


def a_message(exchange: Exchange, *, now: datetime = SUBMITTED_AT, **values: Any) -> Message:
    """A stored message of the operator."""
    said = {"institute_id": exchange.institute.id, "text": "请双方约定通话时间。"}
    by = values.pop("by", exchange.operator)
    return send_message(exchange.session, by, exchange.need.id, said | values, now=now).message


def accepted_by(exchange: Exchange, *actors: Actor, now: datetime = SUBMITTED_AT) -> None:
    """Each of the actors accepts the terms of today for its side."""
    version = in_force(local_date(now)).version
    for actor in actors:
        accept_terms(exchange.session, actor, exchange.need.id, {"version": version}, now=now)
