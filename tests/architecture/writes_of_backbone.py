"""The writing operations of accounts and of the directory; see `writes`."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from backbone.actor import PROVINCE, Actor, Role
from backbone.identity.models import Account, Token
from backbone.identity.passwords import hash_password
from tests.architecture.writes import Write, for_operation
from tests.factories.directory import a_chain, a_credit_code, a_fact, a_part, an_expert
from tests.factories.identity import an_account, an_actor, of
from tests.factories.invitations import Exchange
from tests.factories.notices import MADE_AT, SECRET, a_delivery, a_written_notice, an_absence, an_endpoint

PASSWORD = "correct horse battery"


@for_operation("registerEnterprise")
def register_enterprise(exchange: Exchange) -> Write:
    said = {"name": "新企业", "credit_code": a_credit_code(), "region_code": "420100"}
    return Write(exchange.operator, {}, ("enterprises",), said)


@for_operation("amendEnterprise")
def amend_enterprise(exchange: Exchange) -> Write:
    return Write(
        exchange.poster, {"enterprise_id": exchange.enterprise.id}, ("enterprises",), {"name": "企业新名"}
    )


@for_operation("giveEmail")
def give_email(exchange: Exchange) -> Write:
    return Write(exchange.poster, {}, ("accounts",), {"email": "new@example.org"})


@for_operation("recordAbsence")
def record_absence(exchange: Exchange) -> Write:
    deputy = an_account(exchange.session, (Role.OPERATOR, PROVINCE))
    said = {"deputy_id": str(deputy.id), "from_on": "2026-03-10", "to_on": "2026-03-12"}
    return Write(exchange.operator, {}, ("absences",), said)


@for_operation("cancelAbsence")
def cancel_absence(exchange: Exchange) -> Write:
    account = exchange.session.get_one(Account, exchange.operator.account_id)
    absence = an_absence(exchange.session, account, an_account(exchange.session))
    return Write(exchange.operator, {"absence_id": absence.id}, ("absences",))


@for_operation("readNotice")
def read_notice(exchange: Exchange) -> Write:
    account = exchange.session.get_one(Account, exchange.operator.account_id)
    notice = a_written_notice(exchange.session, account)
    return Write(exchange.operator, {"notice_id": notice.id}, ("notices",))


@for_operation("readNotices")
def read_notices(exchange: Exchange) -> Write:
    account = exchange.session.get_one(Account, exchange.operator.account_id)
    notice = a_written_notice(exchange.session, account)
    said = {"until": MADE_AT.isoformat(), "subject_id": str(notice.subject_id)}
    return Write(exchange.operator, {}, ("notices",), said)


@for_operation("retryDelivery")
def retry_delivery(exchange: Exchange) -> Write:
    dead = a_delivery(exchange.session, dead_at=MADE_AT)
    return Write(administrator(exchange), {"delivery_id": dead.id}, ("notice_deliveries",))


@for_operation("openWebhook")
def open_webhook(exchange: Exchange) -> Write:
    said = {"url": "https://1.1.1.1/hook", "secret": SECRET}
    return Write(administrator(exchange), {}, ("webhook_endpoints",), said)


@for_operation("closeWebhook")
def close_webhook(exchange: Exchange) -> Write:
    return Write(
        administrator(exchange), {"webhook_id": an_endpoint(exchange.session).id}, ("webhook_endpoints",)
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


@for_operation("changePassword")
def change_password(exchange: Exchange) -> Write:
    account = an_account(exchange.session, password_hash=hash_password(PASSWORD))
    said = {"login": account.login, "password": PASSWORD, "new_password": PASSWORD + " again"}
    return Write(None, {}, ("accounts",), said)


@for_operation("resetPassword")
def reset_password(exchange: Exchange) -> Write:
    exchange.headers(exchange.poster)  # a token, which ends with the password
    said = {"password": PASSWORD}
    return Write(
        administrator(exchange), {"account_id": exchange.poster.account_id}, ("accounts", "tokens"), said
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
