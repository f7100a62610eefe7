"""The writing operations of awards; see `writes`."""

from collections.abc import Callable
from typing import Any

from backbone.actor import Actor
from finance_net.awards.claiming import attach_evidence as attach
from tests.architecture.writes import Write, for_operation
from tests.factories.awards import ACCOUNT, STATEMENT, AwardDesk, an_award_desk
from tests.factories.files import a_pdf
from tests.factories.invitations import Exchange
from tests.factories.ledger import AT, WAN
from tests.factories.table_files import a_csv
from tests.isolation.award_cases import CLAWBACK, EFFECT, PERIOD, RECOVERY
from tests.isolation.award_world import INVOICE

AWARD, TRANCHE, PAYMENT, BATCH = ("awards",), ("award_tranches",), ("award_payments",), ("payment_batches",)
TRANSFER = ("fund_transfers",)
Prepared = tuple[Actor, dict[str, Any], Any]


def on_desk(name: str, writes: tuple[str, ...]) -> Callable[[Callable[[AwardDesk], Prepared]], None]:
    """Who, where and with what, on a desk on the day of the tests' clock."""

    def keep(prepare: Callable[[AwardDesk], Prepared]) -> None:
        @for_operation(name)
        def made(exchange: Exchange) -> Write:
            actor, path, said = prepare(an_award_desk(exchange.session, now=AT))
            is_file = isinstance(said, dict) and "data" in said
            return Write(actor, path, writes, None if is_file else said, said if is_file else {})

    return keep


@on_desk("planAward", AWARD)
def plan_award(desk: AwardDesk) -> Prepared:
    body = {"tranches": [{"amount_fen": 30 * WAN}, {"amount_fen": 10 * WAN}], "effect_months": [6]}
    return desk.first, {"award_id": desk.award.id}, body


@on_desk("closeAward", AWARD + TRANCHE + TRANSFER)
def close_award(desk: AwardDesk) -> Prepared:
    """The award, its tranche, and the money that is free again."""
    return desk.first, {"award_id": desk.award.id}, {"reason": "中止"}


@on_desk("attachEvidence", ("award_documents",))
def attach_evidence(desk: AwardDesk) -> Prepared:
    desk.planned(40 * WAN, conditions=[INVOICE])
    sent = {"data": a_pdf("发票"), "query_string": {"condition": 1, "name": "发票.pdf"}}
    return desk.member, {"tranche_id": desk.tranches[0].id}, sent


@on_desk("withdrawEvidence", ("award_documents", *TRANCHE))
def withdraw_evidence(desk: AwardDesk) -> Prepared:
    """The document, and the claim that it leaves without proof."""
    desk.planned(40 * WAN, conditions=[INVOICE])
    proof = {"condition": 1, "name": "发票.pdf", "content": a_pdf("发票"), "now": desk.now}
    document = attach(desk.session, desk.member, desk.tranches[0].id, **proof)
    desk.claimed()
    return desk.member, {"document_id": document.id}, None


@on_desk("claimTranche", TRANCHE)
def claim_tranche(desk: AwardDesk) -> Prepared:
    return desk.member, {"tranche_id": desk.tranches[0].id}, None


@on_desk("decideTranche", TRANCHE + TRANSFER)
def decide_tranche(desk: AwardDesk) -> Prepared:
    return desk.first, {"tranche_id": desk.claimed().id}, {"is_approved": True}


@on_desk("enterBankAccount", ("bank_accounts",))
def enter_bank_account(desk: AwardDesk) -> Prepared:
    return desk.member, {"enterprise_id": desk.award.beneficiaries[0].enterprise_id}, ACCOUNT


@on_desk("instructPayments", BATCH + PAYMENT + TRANCHE)
def instruct_payments(desk: AwardDesk) -> Prepared:
    desk.with_accounts()
    tranche = desk.approved()
    return desk.first, {}, {"fund_id": str(desk.award.fund_id), "tranche_ids": [str(tranche.id)]}


@on_desk("decideBatch", BATCH + PAYMENT)
def decide_batch(desk: AwardDesk) -> Prepared:
    desk.approved()
    return desk.second, {"batch_id": desk.instructed().id}, {"is_approved": True}


@on_desk("importBankAnswer", ("payment_answers", *PAYMENT, *TRANSFER, *TRANCHE, "award_effects"))
def import_bank_answer(desk: AwardDesk) -> Prepared:
    """The file, the payment, what the ledger books, the tranche, and when its effect is asked for."""
    desk.approved()
    desk.exported()
    return desk.first, {}, {"data": desk.answer(desk.line("settled"))}


@on_desk("importStatement", ("bank_statements",))
def import_statement(desk: AwardDesk) -> Prepared:
    content = a_csv([STATEMENT, ["YH-1", "out", "1.00", "2026-01-05"]])
    return desk.first, {"fund_id": desk.award.fund_id}, {"data": content, "query_string": PERIOD}


@on_desk("withdrawStatement", ("bank_statements",))
def withdraw_statement(desk: AwardDesk) -> Prepared:
    return desk.second, {"statement_id": desk.difference().statement_id}, {"reason": "误导入"}


@on_desk("resolveDifference", ("reconciliation_items",))
def resolve_difference(desk: AwardDesk) -> Prepared:
    return desk.second, {"item_id": desk.difference().id}, {"reason": "手续费"}


@on_desk("proposeClawback", ("clawbacks",))
def propose_clawback(desk: AwardDesk) -> Prepared:
    return desk.first, {"payment_id": desk.paid().id}, CLAWBACK


@on_desk("decideClawback", ("clawbacks",))
def decide_clawback(desk: AwardDesk) -> Prepared:
    suggested = desk.clawback(desk.paid(), 2, is_approved=False)
    return desk.second, {"clawback_id": suggested.id}, {"is_approved": True}


@on_desk("recordRecovery", ("clawbacks", "clawback_recoveries", *TRANSFER))
def record_recovery(desk: AwardDesk) -> Prepared:
    """What came back, what it means for the clawback, and what the ledger books."""
    return desk.first, {"clawback_id": desk.clawback(desk.paid(), 2).id}, RECOVERY


@on_desk("withdrawRecovery", ("clawbacks", "clawback_recoveries", *TRANSFER))
def withdraw_recovery(desk: AwardDesk) -> Prepared:
    return desk.second, {"recovery_id": desk.recovery().id}, {"reason": "误登"}


@on_desk("reportEffect", ("award_effects",))
def report_effect(desk: AwardDesk) -> Prepared:
    desk.paid()
    return desk.member, {"effect_id": desk.effects[0].id}, EFFECT
