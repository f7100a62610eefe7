"""The writing operations of facts that policies ask for, of batches and of advice; see `writes`."""

from tests.architecture.writes import Write, for_operation
from tests.factories.files import a_pdf
from tests.factories.identity import MADE_AT
from tests.factories.invitations import Exchange
from tests.factories.policy_facts import a_policy_fact
from tests.factories.policy_office import a_published_version, an_office

FACT = ("policy_facts",)
SPENT = {"facts": {"service_spend": 40}, "as_of_on": "2026-03-01", "source": "服务合同"}


def of(exchange: Exchange) -> dict[str, object]:
    return {"enterprise_id": exchange.enterprise.id}


def of_fact(exchange: Exchange, **values: object) -> dict[str, object]:
    return {"policy_fact_id": a_policy_fact(exchange.session, exchange.enterprise, **values).id}


@for_operation("openPolicyMatter")
def open_matter(exchange: Exchange) -> Write:
    body = {"kind": "contract", "reference": "HT-2026-1", "title": "技术开发合同"}
    return Write(exchange.poster, of(exchange), ("policy_matters",), body)


@for_operation("recordPolicyFacts")
def record_facts(exchange: Exchange) -> Write:
    return Write(exchange.poster, of(exchange), FACT, SPENT)


@for_operation("retractPolicyFact")
def retract_fact(exchange: Exchange) -> Write:
    return Write(exchange.poster, of_fact(exchange), FACT, {"reason_code": "mistaken"})


@for_operation("disputePolicyFact")
def dispute_fact(exchange: Exchange) -> Write:
    return Write(exchange.operator, of_fact(exchange), FACT, {"reason": "与合同不符"})


@for_operation("settlePolicyFact")
def settle_fact(exchange: Exchange) -> Write:
    disputed = of_fact(exchange, disputed_at=MADE_AT, dispute="与合同不符")
    return Write(exchange.operator, disputed, FACT, {"stands": True})


@for_operation("attachPolicyEvidence")
def attach_evidence(exchange: Exchange) -> Write:
    sent = {"query_string": {"name": "合同.pdf"}, "data": a_pdf("合同")}
    return Write(exchange.poster, of_fact(exchange), FACT, more=sent)


@for_operation("answerPolicyQuestion")
def answer_question(exchange: Exchange) -> Write:
    return Write(exchange.poster, of(exchange), FACT, {"key": "service_spend", "value": 40})


@for_operation("startPolicyBatch")
def start_batch(exchange: Exchange) -> Write:
    return Write(an_office(exchange.session).first, {}, ("policy_batches",), {})


def _asks(exchange: Exchange, body: dict[str, object]) -> Write:
    """What is asked for the sake of argument leaves nothing behind."""
    a_published_version(an_office(exchange.session))
    return Write(exchange.poster, of(exchange), (), body)


@for_operation("tryPolicies")
def try_policies(exchange: Exchange) -> Write:
    return _asks(exchange, {"facts": {"service_spend": 40}})


@for_operation("stackPolicies")
def stack_policies(exchange: Exchange) -> Write:
    return _asks(exchange, {})


@for_operation("nextPolicyQuestion")
def next_question(exchange: Exchange) -> Write:
    return _asks(exchange, {})


@for_operation("explainPolicy")
def explain_policy(exchange: Exchange) -> Write:
    return _asks(exchange, {"policy_id": "P801"})


@for_operation("advisePolicy")
def advise_policy(exchange: Exchange) -> Write:
    return _asks(exchange, {"policy_id": "P801"})
