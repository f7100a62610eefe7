"""What each operation really answers, whatever is sent to it, is what the API document says it may answer.

Every operation is called by everybody concerned, on real records, with what a careless or a hostile caller sends. The
operations come from the list of promises: a new one is provoked like the others, and its path parameters want a record
in `records`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backbone.actor import PROVINCE, Actor, Role
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.http_problems import MEDIA_TYPE, Problem
from backbone.identity.models import Membership, Token
from finance_net.grants.selections.models import GrantSelection
from ground_net.contracts.delivery.service import plan_milestones
from sky_net.sla.reading import events_of
from tests.conftest import RolledBack, rolling_back, standing_database
from tests.databases import TestDatabases
from tests.factories.achievements import an_achievement
from tests.factories.assignments import a_run, a_saved_search
from tests.factories.attachments import an_attachment
from tests.factories.contracts import SIGNED_AT, a_cash_receipt, a_contract, a_disputed_supplement
from tests.factories.credit import a_credit_handover
from tests.factories.directory import a_chain, a_fact, a_part, an_enterprise, an_expert
from tests.factories.endings import a_dispute, a_finding
from tests.factories.equity import an_equity_desk
from tests.factories.fund_cases import a_told_case
from tests.factories.grants import a_season, an_application, announced, objected, scored
from tests.factories.ground import (
    a_backing,
    a_broker,
    a_centre,
    a_chain_need,
    a_link,
    a_mandate,
    a_post,
    a_project,
    a_provider,
)
from tests.factories.identity import administrator, an_account, an_actor, bearer, headers_of
from tests.factories.invitations import Exchange, an_exchange, an_invitation
from tests.factories.leads import a_desk, a_lead_import
from tests.factories.ledger import a_treasury, an_envelope, an_order, some_holds
from tests.factories.network import a_node
from tests.factories.notices import a_delivery, a_duty, a_written_notice, an_absence, an_endpoint
from tests.factories.policy_facts import a_batch, a_policy_fact
from tests.factories.policy_office import (
    a_draft,
    a_published_version,
    a_receipt,
    an_impact,
    an_office,
    an_original,
)
from tests.factories.proposals import a_proposal
from tests.factories.routing import a_handover
from tests.factories.talks import a_contact, a_question, a_step
from tests.isolation.award_world import awards_of
from tests.some_or_all import some_or_all

PROMISES = Path(__file__).with_name("operations.txt").read_text("utf-8").splitlines()
OPERATIONS = [pytest.param(*line.split()[1:], id=line.split()[0]) for line in PROMISES]
NOBODYS = "01890000-0000-7000-8000-000000000000"
METHODS = {"GET", "PUT", "PATCH", "POST", "DELETE"}
READ_FIRST = {
    "/api/tokens": b'{"login": "nobody", "password": "no-such-password"}',
    "/api/passwords": b'{"login": "nobody", "password": "no-such-password", "new_password": "one of twelve signs"}',
}
"""Bodies of operations whose gate reads them before the transaction begins."""
PROBLEM = Problem()
SMALL = 2_000  # bytes; the limit on bodies while it is being tested

# (name, headers, body): each is sent to every operation.
CARELESS: tuple[tuple[str, dict[str, str], bytes | None], ...] = (
    ("nothing", {}, None),
    ("an empty object", {"Content-Type": "application/json"}, b"{}"),
    ("no object", {"Content-Type": "application/json"}, b"[1]"),
    ("half a body", {"Content-Type": "application/json"}, b'{"title": '),
    ("not UTF-8", {"Content-Type": "application/json"}, b'{"title": "\xff\xfe"}'),
    ("a name twice", {"Content-Type": "application/json"}, b'{"title": "x", "title": "y"}'),
    ("unknown fields", {"Content-Type": "application/json"}, b'{"nobody_knows": 1}'),
    ("a number too large", {"Content-Type": "application/json"}, b'{"trl": 1e400, "title": 100000000000000000000}'),
    ("NUL", {"Content-Type": "application/json"}, b'{"title": "a\\u0000b", "reason_code": "\\ud800"}'),
    ("a form", {"Content-Type": "application/x-www-form-urlencoded"}, b"title=x"),
    ("bytes", {"Content-Type": "application/octet-stream"}, b"%PDF-1.7 not really"),
    ("a stale version", {"If-Match": '"nonsense"', "Content-Type": "application/json"}, b"{}"),
    ("any version", {"If-Match": "*", "Content-Type": "application/json"}, b"{}"),
    ("an endless key", {"Idempotency-Key": "k" * 5000, "Content-Type": "application/json"}, b"{}"),
    ("a key once", {"Idempotency-Key": "once", "Content-Type": "application/json"}, b"{}"),
    ("the key again", {"Idempotency-Key": "once", "Content-Type": "application/json"}, b'{"other": 1}'),
    ("another language", {"Accept-Language": "en;q=0.1, xx, *;q=nan"}, None),
)  # fmt: skip
QUERIES = (
    "",
    "?limit=-1&cursor=nonsense&sort=nobody",
    "?limit=１２&unknown=1",
    "?cursor=%00&text=%ff",
    "?top=1&top=2",
)


@pytest.fixture(scope="module")
def document(application: Any) -> dict[str, Any]:
    found: dict[str, Any] = application.test_client().get("/api/openapi.json").json
    return found


@dataclass(frozen=True)
class Standing:
    """What every test of this module finds, made once in a database of its own: each test's writes are taken back."""

    database: Database
    records: dict[str, str]
    callers: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def standing(databases: TestDatabases, application: Any) -> Iterator[Standing]:
    with standing_database(databases) as made:
        with made.transaction() as session:
            exchange = an_exchange(session)
            records, callers = records_of(session, exchange), callers_of(session, exchange)
        yield Standing(made, records, callers)


@pytest.fixture
def rolled_back(standing: Standing) -> Iterator[RolledBack]:
    with rolling_back(standing.database) as transactions:
        yield transactions


@pytest.fixture
def records(standing: Standing) -> dict[str, str]:
    return standing.records


@pytest.fixture
def callers(standing: Standing) -> dict[str, dict[str, str]]:
    return standing.callers


def records_of(session: Session, exchange: Exchange) -> dict[str, str]:
    """A record for each name of a path parameter, all of one need and its parties."""
    an_invitation(session, exchange.need, exchange.rival)
    invitation = an_invitation(session, exchange.need, exchange.institute, state="accepted")
    account = an_account(session, (Role.OPERATOR, PROVINCE))
    headers_of(session, account)
    office = an_office(session)
    version = a_published_version(office)
    session.flush()
    chain = a_chain(session)
    proposal = a_proposal(exchange)
    node, broker, centre = a_node(session), a_broker(session), a_centre(session)
    # A need of its own: this one is to stay open for everything else.
    sold = an_exchange(session)
    contract = a_contract(sold)
    plan = {"title": "样机", "deliverable": "样机", "criterion": "按合同", "due_on": SIGNED_AT.date()}
    treasury = a_treasury(session, limit_fen=1_000)
    holds = some_holds(treasury, an_envelope(treasury, treasury.root, limit_fen=900))
    equity = an_equity_desk(session, enterprise=exchange.enterprise)
    deal = equity.deal("invested")
    in_committee, conditional = equity.deal("committee"), equity.deal("approved", conditions=("完成变更",))
    made = {
        "contract_id": contract,
        "cash_receipt_id": a_cash_receipt(sold, contract),
        "milestone_id": plan_milestones(session, sold.office, contract.id, [plan], now=SIGNED_AT)[0],
        "supplement_id": a_disputed_supplement(an_exchange(session), title="补充协议"),
        "need_id": exchange.need,
        "enterprise_id": exchange.enterprise,
        "institute_id": exchange.institute,
        "achievement_id": an_achievement(session, institute=exchange.institute),
        "attachment_id": an_attachment(session, exchange.need),
        "invitation_id": invitation,
        "contact_id": a_contact(exchange),
        "proposal_id": proposal,
        "question_id": a_question(exchange),
        "step_id": a_step(exchange),
        "chain_id": chain,
        "part_id": a_part(session, chain),
        "expert_id": an_expert(session, exchange.institute),
        "fact_id": a_fact(session, exchange.enterprise),
        "account_id": account,
        "membership_id": session.query(Membership).filter_by(account_id=account.id).one(),
        "dispute_id": a_dispute(exchange, proposal_id=proposal.id),
        "finding_id": a_finding(exchange),
        "notice_id": a_written_notice(session, account),
        "delivery_id": a_delivery(session),
        "webhook_id": an_endpoint(session),
        "absence_id": an_absence(session, account, an_account(session)),
        "duty_id": a_duty(session, account),
        "run_id": a_run(session),
        "search_id": a_saved_search(session, exchange.office.account_id),
        "version_id": version,
        "policy_id": version.policy,
        "original_id": an_original(office, version),
        "policy_fact_id": a_policy_fact(session, exchange.enterprise),
        "batch_id": a_batch(session),
        "impact_id": an_impact(office, a_draft(office, "P802")),
        "receipt_id": a_receipt(session, exchange.enterprise),
        "node_id": node,
        "post_id": a_post(session, node),
        "broker_id": broker,
        "mandate_id": a_mandate(session, broker, enterprise_id=exchange.enterprise.id),
        "handover_id": a_handover(session, exchange.need, exchange.broker.account_id),
        "centre_id": centre,
        "link_id": a_link(session, centre),
        "project_id": a_project(session, centre),
        "provider_id": a_provider(session),
        "backing_id": a_backing(
            session, a_chain_need(session, chain, state="confirmed"), exchange.enterprise
        ),
        "lead_id": (desk := a_desk(session)).full_lead(),
        "import_id": a_lead_import(desk),
        "fund_id": treasury.fund,
        "envelope_id": treasury.root,
        "order_id": an_order(treasury, holds.reserved),
        **_grants(session),
        **_awards(session),
        "case_id": a_told_case(treasury, [exchange.enterprise.id]),
        "deal_id": deal,
        "diligence_id": equity.item(deal),
        "meeting_id": equity.meetings[in_committee.id],
        "deal_condition_id": equity.condition(conditional),
        "deal_entry_id": equity.entry(deal, "write_down", 5),
        "credit_id": a_credit_handover(session, exchange.enterprise),
        "token_id": session.query(Token).filter_by(account_id=account.id).one(),
    }
    events = events_of(session, exchange.need.id)
    named = {"hold_id": str(holds.reserved), "transfer_id": str(holds.recovery)}
    return (
        {"stage": "confirm", "event_id": str(events[0]["id"])}
        | named
        | {name: str(row.id) for name, row in made.items()}
    )


def _grants(session: Session) -> dict[str, Any]:
    """A round that was announced and objected to, and one review of it."""
    season = a_season(session)
    row = an_application(season, state="admitted")
    review = scored(season, row, 80)
    announcement = announced(season)
    objection = objected(
        session, an_actor(session), announcement.id, row.id, "不实", now=announcement.starts_at
    )
    return {
        "round_id": season.round, "application_id": row, "review_id": review, "announcement_id": announcement,
        "selection_id": session.get_one(GrantSelection, announcement.selection_id), "objection_id": objection,
    }  # fmt: skip


def _awards(session: Session) -> dict[str, Any]:
    """What is there of awards, as far as each comes."""
    known = awards_of(session, an_enterprise(session))
    return {
        "award_id": known["award"], "tranche_id": known["planned"], "document_id": known["document"], "batch_id": known["exported"],
        "payment_id": known["settled"], "item_id": known["difference"], "statement_id": known["statement"], "clawback_id": known["expected"], "recovery_id": known["recovery"], "effect_id": known["effect"],
    }  # fmt: skip


def callers_of(session: Session, exchange: Exchange) -> dict[str, dict[str, str]]:
    """Everybody who may come: with every role, with no token, with one that may only read."""

    def read_only(actor: Actor) -> dict[str, str]:
        account = exchange.session.get_one(type(an_account(session)), actor.account_id)
        return headers_of(session, account, may_write=False)

    parties = {
        name: exchange.headers(getattr(exchange, name))
        for name in ("poster", "operator", "office", "stranger")
    }
    return parties | {
        "the administrator": administrator(session),
        "a policy officer": bearer(session, (Role.POLICY_OFFICER, PROVINCE)),
        "a fund manager": bearer(session, (Role.FUND_MANAGER, PROVINCE)),
        "nobody's member": bearer(session),
        "a reader": read_only(exchange.poster),
        "a stranger": {},
        "a forger": {"Authorization": "Bearer forged"},
        "a confused one": {"Authorization": "Basic dTpw"},
    }


def url_of(path: str, records: dict[str, str]) -> str:
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        path = path.replace(f"{{{name}}}", records[name])
    return path


def undeclared(declared: dict[str, Any], answer: TestResponse) -> list[str]:
    """What about this answer the document does not say."""
    responses, status = declared["responses"], str(answer.status_code)
    if status not in responses:
        return [f"{status} is not declared: {answer.text[:200]}"]
    said = list(responses[status].get("content", ()))
    if answer.status_code < 400:
        is_said = answer.mimetype in said or not answer.data
        return [] if is_said else [f"{status} came as {answer.mimetype}, declared are {said}"]
    if (answer.mimetype, said) != (MEDIA_TYPE, [MEDIA_TYPE]):
        return [f"{status} came as {answer.mimetype}, declared are {said}"]
    return problems_of(answer)


def problems_of(answer: TestResponse) -> list[str]:
    """What keeps the body from being the problem that the document declares."""
    body = json.loads(answer.data)
    wrong = [
        f"{name} is missing" for name in ("type", "title", "detail", "code", "instance") if not body.get(name)
    ]
    if body.get("status") != answer.status_code:
        wrong.append(f"the body says {body.get('status')}, the answer {answer.status_code}")
    known = {name: value for name, value in body.items() if name in PROBLEM.fields}
    return wrong + [f"{name}: {said}" for name, said in PROBLEM.validate(known).items()]


Sent = tuple[str, str, dict[str, str], bytes | None]
JSON = {"Content-Type": "application/json"}


def everything_careless(url: str) -> Iterator[Sent]:
    yield from ((name, url, headers, body) for name, headers, body in CARELESS)
    yield from ((f"the query {query}", url + query, JSON, b"{}") for query in QUERIES)


def little(url: str, declared: dict[str, Any]) -> Iterator[Sent]:
    yield "an empty object", url, JSON, b"{}"
    if any(each["name"] == "If-Match" for each in declared["parameters"]):
        yield "an empty object for any version", url, JSON | {"If-Match": "*"}, b"{}"


@some_or_all
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_declared(
    document: dict[str, Any], client: FlaskClient, records: dict[str, str], callers: dict[str, dict[str, str]],
    method: str, path: str, some: Any,
):  # fmt: skip
    declared = document["paths"][path][method.lower()]
    url, nowhere = url_of(path, records), url_of(path, dict.fromkeys(records, NOBODYS))
    sent = [
        (caller, each)
        for caller in callers
        for at in dict.fromkeys((url, nowhere))
        for each in little(at, declared)
    ]
    sent += [("operator", each) for each in everything_careless(url)]
    check_answers(client, declared, method, callers, some(sent, f"{method} {path}"))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_an_enterprise_sends_is_answered_as_declared(
    document: dict[str, Any], client: FlaskClient, records: dict[str, str], callers: dict[str, dict[str, str]],
    method: str, path: str,
):  # fmt: skip
    declared = document["paths"][path][method.lower()]
    sent = [("poster", each) for each in everything_careless(url_of(path, records))]
    check_answers(client, declared, method, callers, sent)


def check_answers(
    client: FlaskClient,
    declared: Any,
    method: str,
    callers: dict[str, dict[str, str]],
    sent: list[tuple[str, Sent]],
) -> None:
    found, seen = [], set()
    for caller, (name, asked, headers, body) in sent:
        with client.open(asked, method=method, headers=headers | callers[caller], data=body) as answer:
            seen.add(answer.status_code)
            found += [f"{caller} sends {name}: {wrong}" for wrong in undeclared(declared, answer)]
    assert found == []
    assert not {500, 503} & seen


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_other_methods_large_bodies_and_faults_are_answered_as_declared(
    document: dict[str, Any], client: FlaskClient, app: Any, records: dict[str, str], session: Session,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str, path: str,
):  # fmt: skip
    item, url, token = document["paths"][path], url_of(path, records), administrator(session)
    for other in METHODS - {known.upper() for known in item}:
        with client.open(url, method=other, headers=token) as answer:
            assert answer.status_code == 405
            assert undeclared(item[method.lower()], answer) == []
            assert method in answer.headers["Allow"]
    json_body = {"Content-Type": "application/json", "If-Match": "*"} | token
    with monkeypatch.context() as tight:
        tight.setitem(app.config, "MAX_CONTENT_LENGTH", SMALL)
        with client.open(url, method=method, headers=json_body, data=b" " * 70_000) as answer:
            assert undeclared(item[method.lower()], answer) == []
            assert answer.status_code == 413
    for fault, status in (
        (OperationalError("select", {}, Exception("gone")), 503),
        (RuntimeError("ours"), 500),
    ):
        with monkeypatch.context() as broken:
            broken.setattr("backbone.http.transaction", _raising(fault))
            body = READ_FIRST.get(path, b"{}")
            with client.open(url, method=method, headers=json_body, data=body) as answer:
                assert answer.status_code == status
                assert undeclared(item[method.lower()], answer) == []


def _raising(fault: Exception) -> Any:
    def transaction() -> None:
        raise fault

    return transaction


def test_every_path_parameter_has_a_record(records: dict[str, str]):
    names = {part[1:-1] for line in PROMISES for part in line.split("/") if part.startswith("{")}
    assert names == set(records)


def test_what_is_undeclared_is_found(client: FlaskClient, document: dict[str, Any], clock: FrozenClock):
    declared = document["paths"]["/api/needs"]["get"]
    with client.get("/api/needs") as answer:
        assert undeclared(declared, answer) == []
        without = {"responses": {"200": declared["responses"]["200"]}}
        assert undeclared(without, answer)[0].startswith("401 is not declared")
        as_json = {"responses": {"401": {"content": {"application/json": {}}}}}
        assert "came as application/problem+json" in undeclared(as_json, answer)[0]
