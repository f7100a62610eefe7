"""Every write leaves exactly one audit event for each thing that it changes, and a repetition leaves none.

A new writing operation appears here: how it is made to succeed once, and of what kinds of thing it writes.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Actor, Role
from backbone.audit import AuditEvent
from backbone.db import new_id
from backbone.identity.models import Account, Token
from backbone.identity.passwords import hash_password
from sky_net.matching.engine import Engine
from sky_net.needs import review
from tests.architecture.test_operations import OPERATIONS
from tests.factories.achievements import an_achievement, an_entry
from tests.factories.attachments import BYTES, an_attachment
from tests.factories.directory import a_chain, a_credit_code, a_fact, a_part, an_expert
from tests.factories.files import a_pdf
from tests.factories.identity import an_account, an_actor, headers_of, of
from tests.factories.invitations import SUBMITTED_AT, Exchange, an_exchange, an_invitation
from tests.factories.matching import an_engine, installed
from tests.factories.needs import a_need, a_need_body
from tests.factories.proposals import a_proposal, proposal_entry
from tests.factories.talks import a_contact, contact_entry

PASSWORD = "correct horse battery"
WRITING = [line.split() for line in OPERATIONS.read_text("utf-8").splitlines() if " GET " not in line]


@dataclass
class Write:
    """A request that succeeds: by whom, where below the operation's path, with what, and what it writes about."""

    actor: Actor | None
    path: dict[str, Any]
    writes: tuple[str, ...]
    body: Any = None
    more: dict[str, Any] = field(default_factory=dict)


Prepare = Callable[[Exchange], Write]
PREPARED: dict[str, Prepare] = {}


def for_operation(name: str) -> Callable[[Prepare], Prepare]:
    def keep(prepare: Prepare) -> Prepare:
        PREPARED[name] = prepare
        return prepare

    return keep


@for_operation("submitNeed")
def submit_need(exchange: Exchange) -> Write:
    need = a_need(exchange.session, exchange.enterprise, state="draft", visibility="masked")
    return Write(exchange.poster, {"need_id": need.id}, ("needs", "sla_events"))


@for_operation("amendNeed")
def amend_need(exchange: Exchange) -> Write:
    need = a_need(exchange.session, exchange.enterprise, state="draft", visibility="masked")
    return Write(exchange.poster, {"need_id": need.id}, ("needs",), {"title": "另一个标题"})


@for_operation("withdrawNeed")
def withdraw_need(exchange: Exchange) -> Write:
    return Write(exchange.poster, {"need_id": exchange.need.id}, ("needs", "sla_events"), {})


def a_review(name: str, body: Any, *before: tuple[str, Any], clocks: int = 1) -> None:
    """A step by the operator, after these steps before; `clocks` is the number of clock events that it brings."""

    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        for verb, values in before:
            step = getattr(review, verb)
            step(exchange.session, exchange.operator, exchange.need.id, **values, now=SUBMITTED_AT)
        return Write(
            exchange.operator, {"need_id": exchange.need.id}, ("needs", *["sla_events"] * clocks), body
        )


CONFIRM = ("confirm_need", {"complexity": "ordinary"})
a_review("returnNeed", {"missing": ["indicators"], "message": "请补充指标"})
a_review("confirmNeed", {"complexity": "ordinary"})
a_review("rejectNeed", {"reason_code": "duplicate"}, clocks=2)
a_review("parkNeed", {"message": "暂无团队"}, CONFIRM)
a_review("resumeNeed", None, CONFIRM, ("park_need", {"message": "暂无团队"}))


@for_operation("draftNeed")
def draft_need(exchange: Exchange) -> Write:
    return Write(exchange.poster, {}, ("needs",), a_need_body())


@for_operation("attachFile")
def attach_file(exchange: Exchange) -> Write:
    sent = {"data": a_pdf(), "query_string": {"name": "说明.pdf", "level": "public"}}
    return Write(exchange.operator, {"need_id": exchange.need.id}, ("attachments",), more=sent)


@for_operation("removeAttachment")
def remove_attachment(exchange: Exchange) -> Write:
    attachment = an_attachment(exchange.session, exchange.need)
    return Write(exchange.operator, {"attachment_id": attachment.id}, ("attachments",))


@for_operation("inviteInstitute")
def invite_institute(exchange: Exchange) -> Write:
    said = {"institute_id": str(exchange.institute.id)}
    return Write(exchange.operator, {"need_id": exchange.need.id}, ("invitations", "needs", "needs"), said)


@for_operation("acceptInvitation")
def accept_invitation(exchange: Exchange) -> Write:
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)
    return Write(exchange.office, {"invitation_id": invitation.id}, ("invitations",))


@for_operation("declineInvitation")
def decline_invitation(exchange: Exchange) -> Write:
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)
    return Write(
        exchange.office,
        {"invitation_id": invitation.id},
        ("invitations", "needs"),
        {"reason_code": "capacity"},
    )


@for_operation("recordContact")
def record_contact(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    entry = contact_entry(exchange.institute)
    said = entry | {"happened_on": str(entry["happened_on"]), "institute_id": str(entry["institute_id"])}
    return Write(exchange.operator, {"need_id": exchange.need.id}, ("contacts", "needs", "sla_events"), said)


@for_operation("agreeContact")
def agree_contact(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return Write(exchange.poster, {"contact_id": a_contact(exchange).id}, ("contacts", "sla_events"))


@for_operation("disputeContact")
def dispute_contact(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return Write(
        exchange.poster,
        {"contact_id": a_contact(exchange).id},
        ("contacts", "sla_events"),
        {"message": "当日没有通话"},
    )


@for_operation("draftProposal")
def draft_proposal(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return Write(exchange.office, {"need_id": exchange.need.id}, ("proposals",), proposal_entry())


def a_proposal_write(name: str, who: str, released: bool, writes: tuple[str, ...], body: Any = None) -> None:
    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        for institute in (exchange.institute, exchange.rival):
            an_invitation(exchange.session, exchange.need, institute, state="accepted")
        if released:
            a_proposal(exchange, by=exchange.rival_office)
        proposal = a_proposal(exchange, released=released)
        return Write(getattr(exchange, who), {"proposal_id": proposal.id}, writes, body)


a_proposal_write("amendProposal", "office", False, ("proposals",), {"title": "另一方案"})
a_proposal_write("releaseProposal", "office", False, ("proposals", "needs", "sla_events"))
a_proposal_write("withdrawProposal", "office", False, ("proposals",))
a_proposal_write("declineProposal", "poster", True, ("proposals",), {"reason_code": "price"})
# The one chosen, the one passed over, and the need.
a_proposal_write("acceptProposal", "poster", True, ("proposals", "proposals", "needs"))


def an_offer_write(name: str, state: str, body: Any = None) -> None:
    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        offer = an_achievement(exchange.session, institute=exchange.institute, state=state)
        who = exchange.operator if state == "hidden" or name == "hideAchievement" else exchange.office
        return Write(who, {"achievement_id": offer.id}, ("achievements",), body)


an_offer_write("amendAchievement", "visible", {"title": "另一成果"})
an_offer_write("withdrawAchievement", "visible")
an_offer_write("hideAchievement", "visible", {"reason": "权属有争议"})
an_offer_write("publishAchievement", "hidden")
an_offer_write("reconfirmAchievement", "visible", {})


@for_operation("registerAchievement")
def register_achievement(exchange: Exchange) -> Write:
    return Write(exchange.office, {}, ("achievements",), an_entry(exchange.institute))


@for_operation("registerEnterprise")
def register_enterprise(exchange: Exchange) -> Write:
    said = {"name": "新企业", "credit_code": a_credit_code(), "region_code": "420100"}
    return Write(exchange.operator, {}, ("enterprises",), said)


@for_operation("amendEnterprise")
def amend_enterprise(exchange: Exchange) -> Write:
    return Write(
        exchange.poster, {"enterprise_id": exchange.enterprise.id}, ("enterprises",), {"name": "企业新名"}
    )


@for_operation("registerInstitute")
def register_institute(exchange: Exchange) -> Write:
    said = {"name": "新院所", "type": "university", "region_code": "420100"}
    return Write(exchange.operator, {}, ("institutes",), said)


@for_operation("amendInstitute")
def amend_institute(exchange: Exchange) -> Write:
    return Write(
        exchange.office, {"institute_id": exchange.institute.id}, ("institutes",), {"name": "院所新名"}
    )


def administrator(exchange: Exchange) -> Actor:
    return an_actor(exchange.session, (Role.ADMINISTRATOR, PROVINCE))


SINCE = {"since_on": "2026-03-01", "source": "测试文件"}
OPENED = {"name": "测试链", "industries": ["opto"], "source": "测试文件", "as_of_on": "2026-03-01"}


@for_operation("openChain")
def open_chain(exchange: Exchange) -> Write:
    return Write(administrator(exchange), {}, ("chains",), OPENED)


def a_chain_write(name: str, writes: str, said: Callable[[Exchange], Any]) -> None:
    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        path = {"chain_id": a_chain(exchange.session).id}
        return Write(administrator(exchange), path, (writes,), said(exchange))


a_chain_write("amendChain", "chains", lambda _: {"summary": "测试简介"})
a_chain_write("closeChain", "chains", lambda _: None)
a_chain_write(
    "appointChainLead", "chain_parts", lambda _: SINCE | {"title": "测试厅长", "organisation": "测试厅"}
)
a_chain_write(
    "appointChainMaster",
    "chain_parts",
    lambda exchange: SINCE | {"enterprise_id": str(exchange.enterprise.id)},
)
a_chain_write("admitChainInnovator", "chain_parts", lambda _: SINCE | {"organisation": "测试联盟"})


@for_operation("endChainPart")
def end_chain_part(exchange: Exchange) -> Write:
    part = a_part(exchange.session, a_chain(exchange.session))
    return Write(administrator(exchange), {"part_id": part.id}, ("chain_parts",))


@for_operation("recordFact")
def record_fact(exchange: Exchange) -> Write:
    said = {"kind": "revenue", "value": 1, "as_of_on": "2025-12-31", "source": "测试审计报告"}
    return Write(exchange.poster, {"enterprise_id": exchange.enterprise.id}, ("enterprise_facts",), said)


@for_operation("retractFact")
def retract_fact(exchange: Exchange) -> Write:
    fact = a_fact(exchange.session, exchange.enterprise)
    return Write(exchange.poster, {"fact_id": fact.id}, ("enterprise_facts",), {"reason_code": "mistaken"})


@for_operation("enterExpert")
def enter_expert(exchange: Exchange) -> Write:
    said = {"institute_id": str(exchange.institute.id), "name": "测专家", "industries": ["opto"]}
    return Write(exchange.office, {}, ("experts",), said)


def an_expert_write(name: str, consents: bool, writes: tuple[str, ...], body: Any = None) -> None:
    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        expert = an_expert(exchange.session, exchange.institute, consents=consents)
        return Write(exchange.office, {"expert_id": expert.id}, writes, body)


an_expert_write("amendExpert", True, ("experts",), {"title": "测试教授"})
# Whoever is taken out is listed no more, by a consent that has ended.
an_expert_write("removeExpert", True, ("experts", "expert_consents"))
an_expert_write(
    "recordConsent", False, ("expert_consents",), {"given_on": "2026-03-01", "evidence": "同意书 2 号"}
)
an_expert_write("revokeConsent", True, ("expert_consents",))


@for_operation("openAccount")
def open_account(exchange: Exchange) -> Write:
    return Write(
        administrator(exchange), {}, ("accounts",), {"login": "new", "name": "新人", "password": PASSWORD}
    )


@for_operation("grantMembership")
def grant_membership(exchange: Exchange) -> Write:
    said = {"role": "broker", "scope": {"kind": "zone", "id": "420100"}}
    return Write(
        administrator(exchange), {"account_id": an_account(exchange.session).id}, ("memberships",), said
    )


@for_operation("endMembership")
def end_membership(exchange: Exchange) -> Write:
    account = an_account(exchange.session, (Role.INSTITUTE_MEMBER, of(exchange.institute)))
    return Write(administrator(exchange), {"membership_id": account.memberships[0].id}, ("memberships",))


@for_operation("issueToken")
def issue_token(exchange: Exchange) -> Write:
    account = an_account(exchange.session, password_hash=hash_password(PASSWORD))
    return Write(None, {}, ("tokens",), {"login": account.login, "password": PASSWORD})


@for_operation("revokeToken")
def revoke_token(exchange: Exchange) -> Write:
    exchange.headers(exchange.poster)
    mine = select(Token.id).where(Token.account_id == exchange.poster.account_id)
    return Write(exchange.poster, {"token_id": exchange.session.scalars(mine).first()}, ("tokens",))


UNCONFIRMED = {"returnNeed", "confirmNeed", "rejectNeed", "parkNeed", "resumeNeed"}


@pytest.fixture
def engine(tmp_path) -> Engine:
    with installed(an_engine(tmp_path)) as made:
        yield made


def events_since(session, known):
    session.flush()
    found = session.execute(
        select(AuditEvent.id, AuditEvent.subject_kind, AuditEvent.subject_id, AuditEvent.action)
    )
    return [row for row in found if row.id not in known]


def headers_for(session, actor):
    return headers_of(session, session.get_one(Account, actor.account_id)) if actor else {}


def test_every_writing_operation_is_tried_here():
    assert sorted(PREPARED) == sorted(name for name, _, _ in WRITING)


@pytest.mark.parametrize(("name", "method", "path"), WRITING, ids=[name for name, _, _ in WRITING])
def test_a_write_leaves_one_event_for_each_thing_that_it_changes(client, session, engine, name, method, path):
    write = PREPARED[name](an_exchange(session, confirmed=name not in UNCONFIRMED, visibility="masked"))
    headers = headers_for(session, write.actor)
    headers |= {"If-Match": "*"} if method in {"PATCH", "DELETE"} else {"Idempotency-Key": str(new_id())}
    sent = write.more or ({"json": write.body} if write.body is not None else {})
    headers |= BYTES if write.more else {}
    known = {row.id for row in events_since(session, set())}

    def send():
        return client.open(path.format(**write.path), method=method, headers=headers, **sent)

    answer = send()
    assert answer.status_code in {200, 201, 204}, answer.text
    left = events_since(session, known)
    assert Counter(row.subject_kind for row in left) == Counter(write.writes), [row.action for row in left]
    # One thing is never told of twice with the same words.
    assert len({(row.subject_id, row.action) for row in left}) == len(left)
    if method == "POST" and write.actor:
        assert send().headers["Idempotency-Replayed"] == "true"
        assert len(events_since(session, known)) == len(left)


@pytest.mark.parametrize(("name", "method", "path"), WRITING, ids=[name for name, _, _ in WRITING])
def test_a_write_that_is_refused_leaves_none(client, session, engine, name, method, path):
    write = PREPARED[name](an_exchange(session, confirmed=name not in UNCONFIRMED, visibility="masked"))
    if write.actor is None:
        write.body = write.body | {"password": "wrong" * 4}
    nobody = an_actor(session)
    headers = (
        headers_for(session, nobody if write.actor else None)
        | {"If-Match": "*"}
        | (BYTES if write.more else {})
    )
    known = {row.id for row in events_since(session, set())}
    sent = write.more or ({"json": write.body} if write.body is not None else {})
    answer = client.open(path.format(**write.path), method=method, headers=headers, **sent)
    assert answer.status_code in {401, 403, 404}, answer.text
    assert events_since(session, known) == []
