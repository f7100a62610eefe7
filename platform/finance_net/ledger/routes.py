"""The ledger over HTTP: reading it, and what one fund manager does alone; `orders` has what takes two."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.ledger import opening, proving, reading, replaying, schemas, service
from finance_net.ledger.claims import require_by_hand
from finance_net.ledger.permissions import require_reader

routes = Routes("ledger", __name__, url_prefix="/api", description="资金账本 / the ledger of the funds")
FUND, ENVELOPE = "/funds/<uuid:fund_id>", "/fund-envelopes/<uuid:envelope_id>"
HOLD, TRANSFER = "/fund-holds/<uuid:hold_id>", "/fund-transfers/<uuid:transfer_id>"


@routes.operation(
    "POST", "/funds", "openFund", Bilingual("设立基金账本", "Open a fund"), body=schemas.FundEntry, answer=schemas.FundStandingView,
    status=201,
)  # fmt: skip
def open_fund(call: Call) -> Answer:
    fund = opening.open_fund(call.session, call.actor, **call.body, now=call.now)
    return Answer(reading.fund_view(call.session, fund, call.now), location=path_of(FUND, fund_id=fund.id))


@routes.operation(
    "GET", "/funds", "listFunds", Bilingual("基金列表", "List the funds"), query=schemas.FundQuery, answer=schemas.FundView, listed=True
)  # fmt: skip
def list_funds(call: Call) -> Any:
    return reading.list_funds(call.session, call.actor, call.query)


@routes.operation(
    "GET", FUND, "showFund", Bilingual("查看基金", "Show a fund"), answer=schemas.FundStandingView
)
def show_fund(call: Call, fund_id: UUID) -> Any:
    return reading.fund_view(call.session, reading.read_fund(call.session, call.actor, fund_id), call.now)


@routes.operation(
    "GET", f"{FUND}/replay", "replayFund", Bilingual("回放基金余额", "Replay a fund as it stood"), query=schemas.FundReplayQuery,
    answer=schemas.FundReplayView,
)  # fmt: skip
def replay_fund(call: Call, fund_id: UUID) -> Any:
    at, effective_on = call.query.get("at"), call.query.get("effective_on")
    return replaying.replay_fund(
        call.session, call.actor, fund_id, at=at, effective_on=effective_on, now=call.now
    )


@routes.operation(
    "POST", f"{ENVELOPE}/parts", "openEnvelope", Bilingual("设立额度", "Open an envelope within another"), body=schemas.EnvelopeEntry,
    answer=schemas.EnvelopeView, status=201,
)  # fmt: skip
def open_envelope(call: Call, envelope_id: UUID) -> Answer:
    envelope = opening.open_envelope(call.session, call.actor, envelope_id, **call.body, now=call.now)
    view = reading.envelope_view(call.session, call.actor, envelope.id, call.now)
    return Answer(view, location=path_of(ENVELOPE, envelope_id=envelope.id))


@routes.operation(
    "GET",
    ENVELOPE,
    "showEnvelope",
    Bilingual("查看额度与余额", "Show an envelope and what lies below it"),
    answer=schemas.EnvelopeView,
)
def show_envelope(call: Call, envelope_id: UUID) -> Any:
    return reading.envelope_view(call.session, call.actor, envelope_id, call.now)


@routes.operation(
    "GET", f"{ENVELOPE}/holds", "listHolds", Bilingual("占用列表", "List what is held"), query=schemas.HoldQuery, answer=schemas.HoldView,
    listed=True,
)  # fmt: skip
def list_holds(call: Call, envelope_id: UUID) -> Any:
    return reading.list_holds(call.session, call.actor, envelope_id, call.query, call.now)


@routes.operation(
    "POST", f"{ENVELOPE}/reservations", "reserveFunds", Bilingual("预留资金", "Reserve money"), body=schemas.ReservationEntry,
    answer=schemas.TransferView, status=201,
)  # fmt: skip
def reserve_funds(call: Call, envelope_id: UUID) -> Any:
    said = {name: value for name, value in call.body.items() if name != "id"}
    return service.reserve(
        call.session, call.actor, envelope_id, transfer_id=call.body["id"], **said, now=call.now
    )


@routes.operation(
    "POST", f"{HOLD}/tranches", "approveTranche", Bilingual("批准拨付批次", "Approve a tranche of a commitment"), body=schemas.TrancheEntry,
    answer=schemas.TransferView, status=201,
)  # fmt: skip
def approve_tranche(call: Call, hold_id: UUID) -> Any:
    require_by_hand(call.session, call.actor, hold_id)
    said = {name: value for name, value in call.body.items() if name != "id"}
    return service.approve_tranche(
        call.session, call.actor, hold_id, transfer_id=call.body["id"], **said, now=call.now
    )


@routes.operation(
    "POST", f"{HOLD}/voiding", "voidHold", Bilingual("作废占用", "Void what is held"), body=schemas.VoidEntry,
    answer=schemas.TransferView, status=201,
)  # fmt: skip
def void_hold(call: Call, hold_id: UUID) -> Any:
    require_by_hand(call.session, call.actor, hold_id)
    said = {name: value for name, value in call.body.items() if name != "id"}
    return service.void(call.session, call.actor, hold_id, transfer_id=call.body["id"], **said, now=call.now)


@routes.operation(
    "GET", "/fund-transfers", "listTransfers", Bilingual("凭证列表", "List transfers"), query=schemas.TransferQuery,
    answer=schemas.TransferView, listed=True,
)  # fmt: skip
def list_transfers(call: Call) -> Any:
    return reading.list_transfers(call.session, call.actor, call.query)


@routes.operation(
    "GET",
    TRANSFER,
    "showTransfer",
    Bilingual("查看凭证与分录", "Show a transfer with its legs"),
    answer=schemas.TransferWithLegs,
)
def show_transfer(call: Call, transfer_id: UUID) -> Any:
    return reading.read_transfer(call.session, call.actor, transfer_id)


@routes.operation(
    "GET", "/fund-ledger/verification", "verifyLedger", Bilingual("核对账本", "Prove the ledger: half a minute for a million transfers"),
    answer=schemas.LedgerProof,
)  # fmt: skip
def verify_ledger(call: Call) -> Any:
    require_reader(call.actor)
    return proving.prove(call.session)
