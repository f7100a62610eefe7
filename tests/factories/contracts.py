"""Contracts for tests: `a_chosen_proposal(exchange)` is accepted, `a_contract(exchange)` signed for it.

A seller that policies can be asked about: `a_contract(exchange, seller_enterprise_id=an_enterprise(session).id)`.
"""

from datetime import UTC, date, datetime
from typing import Any

from backbone.actor import Actor, Role
from ground_net.contracts.models import Contract
from ground_net.contracts.receipts.models import CashReceipt
from ground_net.contracts.receipts.service import record_receipt
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.registration.service import file_registration
from ground_net.contracts.service import dispute_contract
from ground_net.contracts.signing import amend_contract, sign_contract
from ground_net.contracts.supplements.models import Supplement
from ground_net.contracts.supplements.reading import list_supplements
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import accept_proposal
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import Exchange, an_invitation
from tests.factories.proposals import a_proposal

SIGNED_AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # Tuesday 09:00 in Wuhan
SIGNED_ON = date(2026, 3, 10)
AMOUNT, TECHNOLOGY = 60_000_000, 50_000_000  # fen


def contract_entry(**values: Any) -> dict[str, Any]:
    """A development of 60 万元, 50 of them technology, in force for the year, as the service is told."""
    amount = values.get("amount_fen", AMOUNT)
    return {
        "kind": "development", "title": "双光栅莫尔对准模块开发合同", "signed_on": SIGNED_ON, "valid_to": date(2026, 12, 31),
        "amount_fen": amount, "technology_fen": min(amount, TECHNOLOGY),
        "ip_clause": {"owner": "shared", "words": "新产生的知识产权双方共有。", "use_rights": "买方可在本厂使用。"},
        "payment_plan": [{"amount_fen": amount, "due_on": "2026-04-30"}],
    } | values  # fmt: skip


def contract_body(**values: Any) -> dict[str, Any]:
    """The same as HTTP is told it."""
    entry = contract_entry(**values)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in entry.items()}


def a_chosen_proposal(exchange: Exchange) -> Proposal:
    """The institute's proposal, accepted by the enterprise."""
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    proposal = a_proposal(exchange)
    return accept_proposal(exchange.session, exchange.poster, proposal.id, now=SIGNED_AT)


def a_contract(
    exchange: Exchange, *, by: Actor | None = None, now: datetime = SIGNED_AT, **values: Any
) -> Contract:
    """Signed for the accepted proposal, on record by the institute's transfer office unless said otherwise."""
    proposal = a_chosen_proposal(exchange)
    return sign_contract(
        exchange.session, by or exchange.office, proposal.id, contract_entry(**values), now=now
    )


def a_supplement(
    exchange: Exchange,
    contract: Contract,
    *,
    by: Actor | None = None,
    now: datetime = SIGNED_AT,
    **terms: Any,
) -> Supplement:
    """Recorded by the transfer office unless said otherwise; the payment plan goes along with an amount."""
    if "amount_fen" in terms:
        plan = [{"amount_fen": terms["amount_fen"], "due_on": "2026-04-30"}]
        terms = {"payment_plan": plan} | terms
    amend_contract(exchange.session, by or exchange.office, contract, terms, now=now)
    return list_supplements(exchange.session, exchange.office, contract.id)[-1]


def a_disputed_supplement(exchange: Exchange, *, now: datetime = SIGNED_AT, **terms: Any) -> Supplement:
    """Of a contract of its own; the enterprise says that there is no such supplement."""
    contract = a_contract(exchange, now=now)
    supplement = a_supplement(exchange, contract, now=now, **terms)
    dispute_contract(exchange.session, exchange.poster, contract.id, reason="没有这份补充协议", now=now)
    return supplement


def receipt_entry(**values: Any) -> dict[str, Any]:
    """10 万元 of it came in on the day of signing, all for technology."""
    amount = values.get("amount_fen", 10_000_000)
    return {
        "amount_fen": amount, "technology_fen": amount, "received_on": SIGNED_ON, "voucher": "测试回单-1",
    } | values  # fmt: skip


def a_cash_receipt(
    exchange: Exchange, contract: Contract, *, now: datetime = SIGNED_AT, **values: Any
) -> CashReceipt:
    """Recorded by the transfer office."""
    return record_receipt(exchange.session, exchange.office, contract.id, receipt_entry(**values), now=now)


def a_filing(exchange: Exchange, contract: Contract, *, now: datetime = SIGNED_AT) -> Registration:
    """Handed in by the transfer office."""
    entry = {"documents": ["contract_text"]}
    return file_registration(exchange.session, exchange.office, contract.id, entry, now=now)


def a_registrar(exchange: Exchange, code: str = "420100") -> Actor:
    """The registration station of a zone."""
    return an_actor(exchange.session, (Role.REGISTRAR, zone(code)))
