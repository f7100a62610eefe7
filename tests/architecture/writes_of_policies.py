"""The writing operations of policies, their estimates and receipts; see `writes`."""

from tests.architecture.writes import Write, for_operation
from tests.factories.files import a_pdf
from tests.factories.invitations import Exchange
from tests.factories.policy_office import (
    a_draft,
    a_published_version,
    a_reviewed_version,
    a_text,
    an_office,
    an_original,
)

VERSION = ("policy_versions",)


@for_operation("uploadPolicy")
def upload_policy(exchange: Exchange) -> Write:
    return Write(an_office(exchange.session).first, {}, VERSION, {"text": a_text()})


@for_operation("reviewPolicy")
def review_policy(exchange: Exchange) -> Write:
    office = an_office(exchange.session)
    return Write(office.second, {"version_id": a_draft(office).id}, VERSION, {"approved": True})


@for_operation("publishPolicy")
def publish_policy(exchange: Exchange) -> Write:
    """Two versions are written about: the one that comes and the one that it supersedes."""
    office = an_office(exchange.session)
    former = a_published_version(office, valid={"from": "2024-01-01"})
    later = a_reviewed_version(office, valid={"from": "2026-01-01"})
    return Write(office.first, {"version_id": later.id}, VERSION * 2, {"supersedes": str(former.id)})


@for_operation("repealPolicy")
def repeal_policy(exchange: Exchange) -> Write:
    office = an_office(exchange.session)
    body = {"from_on": "2026-04-01", "reason": "鄂科〔2026〕1号"}
    return Write(office.first, {"version_id": a_published_version(office).id}, VERSION, body)


@for_operation("attachOriginal")
def attach_original(exchange: Exchange) -> Write:
    office = an_office(exchange.session)
    sent = {"query_string": {"name": "原文.pdf"}, "data": a_pdf("原文")}
    return Write(office.first, {"version_id": a_draft(office).id}, ("policy_originals",), more=sent)


@for_operation("verifyPolicy")
def verify_policy(exchange: Exchange) -> Write:
    office = an_office(exchange.session)
    version = a_published_version(office)
    body = {"original_id": str(an_original(office, version).id)}
    return Write(office.second, {"version_id": version.id}, ("policy_originals",), body)


@for_operation("estimateImpact")
def estimate_impact(exchange: Exchange) -> Write:
    office = an_office(exchange.session)
    return Write(office.first, {"version_id": a_draft(office).id}, ("impact_estimates",), {})


@for_operation("checkPolicies")
def check_policies(exchange: Exchange) -> Write:
    a_published_version(an_office(exchange.session))
    return Write(exchange.poster, {"enterprise_id": exchange.enterprise.id}, ("fact_snapshots",), {})
