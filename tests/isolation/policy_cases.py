"""The isolation table of policies, their estimates and the receipts of evaluations."""

from typing import Any

from tests.factories.files import a_pdf
from tests.factories.policy_office import a_text
from tests.isolation.cases import Case, Factory, Sent, about, all_may, plain
from tests.isolation.people import (
    AUDITORS,
    OPERATORS,
    POSTER,
)
from tests.isolation.world import World

OFFICER = frozenset({"policy_officer"})
READS_DRAFTS = OFFICER | AUDITORS | {"far_auditor"}
EVALUATES = POSTER | OPERATORS | OFFICER
BYTES = {"Content-Type": "application/octet-stream"}


def version(name: str, body: Any = None, **more: Any) -> Factory:
    return about("version_id", f"versions.{name}", body, **more)


def _verification(world: World) -> Sent:
    return Sent(
        {"version_id": world.versions["published"].id}, {"original_id": str(world.policy_original.id)}
    )


def enterprise(body: Any = None) -> Factory:
    return about("enterprise_id", "enterprise", body)


CASES = [
    # what is published everybody reads, drafts only who is in office for them
    all_may("listPolicies", "all", plain()),
    all_may("showPolicy", "a published one", about("policy_id", "policies.published")),
    Case("showPolicy", "a draft alone", about("policy_id", "policies.draft"), may=READS_DRAFTS),
    all_may("showPolicyVersion", "a published one", version("published")),
    Case("showPolicyVersion", "a draft", version("draft"), may=READS_DRAFTS),
    all_may("diffPolicyVersions", "a published one", version("published")),
    Case("diffPolicyVersions", "a draft", version("draft"), may=READS_DRAFTS),
    all_may("listOriginals", "of a published one", version("published")),
    Case("downloadOriginal", "one that waits", about("original_id", "policy_original"), may=READS_DRAFTS),
    all_may("downloadOriginal", "a signed one", about("original_id", "signed_policy_original")),
    # the province's officers move them
    Case("uploadPolicy", "a new one", plain({"text": a_text("P899")}), may=OFFICER, otherwise=403),
    Case("reviewPolicy", "a draft", version("draft", {"approved": True}), may=OFFICER, otherwise=403),
    Case("publishPolicy", "a reviewed one", version("reviewed", {}), may=OFFICER, otherwise=403),
    Case("repealPolicy", "a published one", version("published", {"from_on": "2026-04-01", "reason": "测试"}), may=OFFICER,
         otherwise=403),
    Case("attachOriginal", "of a draft", version("draft", query={"name": "原文.pdf"}, headers=BYTES, content=a_pdf("新")),
         may=OFFICER, otherwise=403),
    Case("verifyPolicy", "a published one", _verification, may=OFFICER, otherwise=403),
    # an estimate names enterprises of every zone
    Case("estimateImpact", "of a draft", version("draft", {}), may=OFFICER, otherwise=403),
    Case("showImpact", "of a draft", about("impact_id", "impact"), may=OFFICER | {"chief_auditor"}),
    # evaluations are the enterprise's and of those in office over its zone
    Case("checkPolicies", "the poster's", enterprise({}), may=EVALUATES, knows=AUDITORS),
    Case("listReceipts", "the poster's", enterprise(), may=EVALUATES | AUDITORS),
    Case("showReceipt", "the poster's", about("receipt_id", "receipt"), may=EVALUATES | AUDITORS),
    Case("replayReceipt", "the poster's", about("receipt_id", "receipt"), may=EVALUATES | AUDITORS),
]  # fmt: skip
