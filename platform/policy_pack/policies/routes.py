"""Policies over HTTP."""

from typing import Any
from uuid import UUID

from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.files.kinds import MEDIA_TYPES
from backbone.http import Answer, Call, Routes, path_of
from policy_pack.policies import originals, reading, schemas, service
from policy_pack.policies.models import PolicyVersion
from policy_pack.policies.views import version_view

routes = Routes("policies", __name__, url_prefix="/api", description="政策 / policies and their versions")
ONE, VERSION = "/policies/<uuid:policy_id>", "/policy-versions/<uuid:version_id>"


@routes.operation(
    "POST", "/policies", "uploadPolicy", Bilingual("上传政策文本", "Upload the text of a policy as a draft"),
    body=schemas.PolicyUpload, answer=schemas.PolicyVersionView, status=201,
)  # fmt: skip
def upload_policy(call: Call) -> Answer:
    content, name = call.body["text"], call.body["file_name"]
    version = service.upload_policy(call.session, call.actor, content, name, now=call.now)
    return _shown(call, version, location=path_of(VERSION, version_id=version.id))


@routes.operation(
    "GET", "/policies", "listPolicies", Bilingual("政策列表", "List the policies"),
    query=schemas.PolicyQuery, answer=schemas.PolicyView, listed=True,
)  # fmt: skip
def list_policies(call: Call) -> Any:
    on = call.query.get("on") or local_date(call.now)
    return reading.list_policies(call.session, call.actor, call.query, on=on)


@routes.operation(
    "GET",
    ONE,
    "showPolicy",
    Bilingual("查看政策", "Show a policy with its versions"),
    answer=schemas.PolicyView,
)
def show_policy(call: Call, policy_id: UUID) -> Answer:
    row = reading.show_policy(call.session, call.actor, policy_id)
    return Answer(reading.policy_view(row, call.actor, local_date(call.now)), row=row)


@routes.operation(
    "GET", VERSION, "showPolicyVersion", Bilingual("查看政策版本", "Show a version of a policy"),
    answer=schemas.PolicyVersionView,
)  # fmt: skip
def show_version(call: Call, version_id: UUID) -> Answer:
    return _shown(call, reading.show_version(call.session, call.actor, version_id))


@routes.operation(
    "GET", f"{VERSION}/diff", "diffPolicyVersions", Bilingual("逐条比较两个版本", "Compare two versions clause by clause"),
    query=schemas.DiffQuery, answer=schemas.PolicyDiffView,
)  # fmt: skip
def diff_versions(call: Call, version_id: UUID) -> Any:
    after = reading.show_version(call.session, call.actor, version_id)
    before, changes = reading.compare_versions(
        call.session, call.actor, version_id, call.query.get("against")
    )
    line = reading.version_line
    return {"before": before and line(before), "after": line(after), "changes": changes}


@routes.operation(
    "POST", f"{VERSION}/review", "reviewPolicy", Bilingual("复核草稿", "Review a draft that another uploaded"),
    body=schemas.ReviewEntry, answer=schemas.PolicyVersionView,
)  # fmt: skip
def review_policy(call: Call, version_id: UUID) -> Answer:
    return _shown(
        call, service.review_policy(call.session, call.actor, version_id, **call.body, now=call.now)
    )


@routes.operation(
    "POST", f"{VERSION}/publication", "publishPolicy", Bilingual("发布版本", "Publish a reviewed version"),
    body=schemas.PublicationEntry, answer=schemas.PolicyVersionView,
)  # fmt: skip
def publish_policy(call: Call, version_id: UUID) -> Answer:
    return _shown(
        call, service.publish_policy(call.session, call.actor, version_id, **call.body, now=call.now)
    )


@routes.operation(
    "POST", f"{VERSION}/repeal", "repealPolicy", Bilingual("废止版本", "Repeal a published version from a day on"),
    body=schemas.RepealEntry, answer=schemas.PolicyVersionView,
)  # fmt: skip
def repeal_policy(call: Call, version_id: UUID) -> Answer:
    return _shown(
        call, service.repeal_policy(call.session, call.actor, version_id, **call.body, now=call.now)
    )


@routes.operation(
    "POST", f"{VERSION}/originals", "attachOriginal", Bilingual("附上原文", "Attach the original of a version"),
    takes_bytes=originals.MOST_BYTES, query=schemas.OriginalEntry, answer=schemas.OriginalView, status=201,
)  # fmt: skip
def attach_original(call: Call, version_id: UUID) -> Any:
    return originals.attach_original(
        call.session, call.actor, version_id, **call.query, content=call.content, now=call.now
    )


@routes.operation(
    "GET", f"{VERSION}/originals", "listOriginals", Bilingual("原文列表", "List the originals of a version"),
    answer=schemas.OriginalsView,
)  # fmt: skip
def list_originals(call: Call, version_id: UUID) -> Any:
    return {"items": reading.list_originals(call.session, call.actor, version_id)}


@routes.operation(
    "GET", "/policy-originals/<uuid:original_id>/content", "downloadOriginal",
    Bilingual("下载原文", "Download the original of a version"), answer=None, gives_bytes=MEDIA_TYPES,
)  # fmt: skip
def download_original(call: Call, original_id: UUID) -> Any:
    return reading.download_original(call.session, call.actor, original_id)


@routes.operation(
    "POST", f"{VERSION}/verification", "verifyPolicy", Bilingual("签署核实", "Sign that the text says what the original says"),
    body=schemas.VerificationEntry, answer=schemas.PolicyVersionView,
)  # fmt: skip
def verify_policy(call: Call, version_id: UUID) -> Answer:
    return _shown(
        call, originals.verify_policy(call.session, call.actor, version_id, **call.body, now=call.now)
    )


def _shown(call: Call, version: PolicyVersion, *, location: str | None = None) -> Answer:
    """The version as the caller may read it, with its ETag."""
    return Answer(version_view(version, call.actor), row=version, location=location)
