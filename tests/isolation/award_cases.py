"""The isolation table of awards: managers pay and ask back, auditors read, members of a beneficiary see and do what is theirs."""

from typing import Any

from tests.factories.attachments import BYTES
from tests.factories.awards import ACCOUNT, STATEMENT
from tests.factories.files import a_pdf
from tests.factories.table_files import a_csv
from tests.isolation.cases import Case, Factory, Sent, about, all_may
from tests.isolation.fund_cases import MANAGER, READS, acts, reads
from tests.isolation.people import POSTER
from tests.isolation.world import World

DAY = "2026-03-09"
PLAN = {"tranches": [{"amount_fen": 40_000_000}]}
CLAWBACK = {"reason": "other", "words": "测试", "amount_fen": 1, "due_on": "2026-12-31"}
RECOVERY = {"amount_fen": 1, "bank_ref": "YH-back", "received_on": DAY}
EFFECT = {"revenue_fen": 1, "as_of_on": DAY, "source": "年报"}
PERIOD = {"since_on": "2026-01-01", "until_on": "2026-01-31"}


def award(name: str, body: Any = None) -> Factory:
    return about("award_id", f"awards.{name}", body)


def tranche(name: str, body: Any = None, **more: Any) -> Factory:
    return about("tranche_id", f"awards.{name}", body, **more)


def batch(name: str, body: Any = None) -> Factory:
    return about("batch_id", f"awards.{name}", body)


def account(body: Any = None) -> Factory:
    return about("enterprise_id", "awards.enterprise", body)


def clawback(name: str, body: Any) -> Factory:
    return about("clawback_id", f"awards.{name}", body)


def _pay(world: World) -> Sent:
    known = world.awards
    return Sent({}, {"fund_id": str(known["fund"].id), "tranche_ids": [str(known["approved"].id)]})


def _answer(world: World) -> Sent:
    return Sent({}, headers=BYTES, content=world.awards["answer"])


def _state(world: World) -> Sent:
    content = a_csv([STATEMENT, ["YH-1", "out", "1.00", "2026-01-05"]])
    return Sent({"fund_id": world.awards["fund"].id}, query=PERIOD, headers=BYTES, content=content)


def by_member(operation: str, on: str, sent: Factory) -> Case:
    return Case(operation, on, sent, may=POSTER, knows=READS)


PROOF = {"headers": BYTES, "query": {"condition": 1, "name": "发票.pdf"}, "content": a_pdf("发票")}
CASES = [
    all_may("listAwards", "all", lambda world: Sent()),
    Case("showAward", "of an enterprise", award("award"), may=POSTER | READS),
    acts("planAward", "untouched", award("fresh", PLAN)),
    acts("closeAward", "untouched", award("fresh", {"reason": "中止"})),
    by_member("attachEvidence", "a condition", tranche("proved", **PROOF)),
    Case("downloadEvidence", "attached", about("document_id", "awards.document"), may=POSTER | READS),
    by_member("withdrawEvidence", "the own", about("document_id", "awards.mistaken")),
    by_member("claimTranche", "planned", tranche("planned")),
    acts("decideTranche", "claimed", tranche("claimed", {"is_approved": True})),
    by_member("enterBankAccount", "the own", account(ACCOUNT)),
    Case("showBankAccount", "one", account(), may=POSTER | READS),
    acts("instructPayments", "approved", _pay),
    reads("listBatches", "all", lambda world: Sent()),
    acts("decideBatch", "of another", batch("proposed", {"is_approved": True})),
    Case("downloadBankFile", "exported", batch("exported"), may=MANAGER, otherwise=403),
    acts("importBankAnswer", "exported", _answer),
    all_may("listPayments", "all", lambda world: Sent()),
    acts("importStatement", "of another period", _state),
    acts("withdrawStatement", "of another", about("statement_id", "awards.statement", {"reason": "误导入"})),
    reads("listReconciliation", "all", lambda world: Sent()),
    acts("resolveDifference", "of another", about("item_id", "awards.difference", {"reason": "手续费"})),
    acts("proposeClawback", "paid", about("payment_id", "awards.settled", CLAWBACK)),
    acts("decideClawback", "of another", clawback("suggested", {"is_approved": True})),
    acts("withdrawRecovery", "recorded by another", about("recovery_id", "awards.recovery", {"reason": "误登"})),
    acts("recordRecovery", "expected", clawback("expected", RECOVERY)),
    all_may("listClawbacks", "all", lambda world: Sent()),
    all_may("listEffects", "all", lambda world: Sent()),
    by_member("reportEffect", "asked for", about("effect_id", "awards.effect", EFFECT)),
]  # fmt: skip
