"""Contacts for tests: `contact_entry(institute)` is what is put on record, `a_contact(session, exchange)` a stored one."""

from datetime import date, datetime
from typing import Any

from backbone.directory.models import Institute
from sky_net.talks.models import Contact
from sky_net.talks.service import record_contact
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
