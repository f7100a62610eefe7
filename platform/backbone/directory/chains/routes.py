"""Chains over HTTP."""

from typing import Any
from uuid import UUID

from backbone.directory.chains import reading, schemas, service
from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of

routes = Routes("chains", __name__, url_prefix="/api", description="产业链 / industry chains")
ONE = "/chains/<uuid:chain_id>"


@routes.operation(
    "POST", "/chains", "openChain", Bilingual("开设产业链", "Open a chain"),
    body=schemas.ChainEntry, answer=schemas.ChainView, status=201,
)  # fmt: skip
def open_chain(call: Call) -> Answer:
    chain = service.open_chain(call.session, call.actor, call.body, now=call.now)
    return Answer(chain, location=path_of(ONE, chain_id=chain.id))


@routes.operation(
    "GET", "/chains", "listChains", Bilingual("产业链列表", "List chains"),
    query=schemas.ChainQuery, answer=schemas.ChainView, listed=True,
)  # fmt: skip
def list_chains(call: Call) -> Any:
    return reading.list_chains(call.session, call.query)


@routes.operation("GET", ONE, "showChain", Bilingual("查看产业链", "Show a chain"), answer=schemas.ChainView)
def show_chain(call: Call, chain_id: UUID) -> Any:
    return reading.chain_named(call.session, chain_id)


@routes.operation(
    "PATCH", ONE, "amendChain", Bilingual("修改产业链", "Amend a chain"),
    body=schemas.ChainAmendment, answer=schemas.ChainView, guarded=True,
)  # fmt: skip
def amend_chain(call: Call, chain_id: UUID) -> Any:
    chain = reading.chain_named(call.session, chain_id)
    call.expect(chain)
    return service.amend_chain(call.session, call.actor, chain, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/closing", "closeChain", Bilingual("关闭产业链", "Close a chain"), answer=schemas.ChainView
)
def close_chain(call: Call, chain_id: UUID) -> Any:
    return service.close_chain(call.session, call.actor, chain_id, now=call.now)


@routes.operation(
    "POST", f"{ONE}/leads", "appointChainLead", Bilingual("确定链长单位", "Appoint an office that leads a chain"),
    body=schemas.LeadAppointment, answer=schemas.ChainView, status=201,
)  # fmt: skip
def appoint_chain_lead(call: Call, chain_id: UUID) -> Any:
    return service.appoint_chain_lead(call.session, call.actor, chain_id, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/masters", "appointChainMaster", Bilingual("确定链主企业", "Appoint an enterprise that steers a chain"),
    body=schemas.MasterAppointment, answer=schemas.ChainView, status=201,
)  # fmt: skip
def appoint_chain_master(call: Call, chain_id: UUID) -> Any:
    return service.appoint_chain_master(call.session, call.actor, chain_id, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/innovators", "admitChainInnovator", Bilingual("接纳链创单位", "Admit an innovator to a chain"),
    body=schemas.InnovatorAdmission, answer=schemas.ChainView, status=201,
)  # fmt: skip
def admit_chain_innovator(call: Call, chain_id: UUID) -> Any:
    return service.admit_chain_innovator(call.session, call.actor, chain_id, call.body, now=call.now)


@routes.operation(
    "POST", "/chain-parts/<uuid:part_id>/end", "endChainPart", Bilingual("结束产业链角色", "End a part in a chain"),
    answer=schemas.ChainView,
)  # fmt: skip
def end_chain_part(call: Call, part_id: UUID) -> Any:
    return service.end_chain_part(call.session, call.actor, part_id, now=call.now)
