"""One of everything, with secrets planted: what the matrix calls with, and what no refusal may show.

Built once per worker in a database of its own; every call is rolled back.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # rows refer to tables that their own packages do not import
from backbone.absences.models import Absence
from backbone.actor import Actor, Held, Role, Scope
from backbone.directory.chains.models import Chain, ChainPart
from backbone.directory.experts.models import Expert
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise, Institute
from backbone.identity import service as identity
from backbone.identity.models import Account, Membership, Token
from backbone.identity.passwords import hash_password
from backbone.notices.models import Delivery, Notice, WebhookEndpoint
from finance_net.cases.models import FundCase
from finance_net.credit.handovers.models import CreditHandover
from finance_net.equity.models import Deal
from finance_net.ledger.models import Envelope, Fund
from finance_net.ledger.orders.models import FundOrder
from ground_net.contracts.delivery.models import Milestone
from ground_net.contracts.delivery.service import accept_delivery, deliver_contract, plan_milestones
from ground_net.contracts.models import Contract
from ground_net.contracts.receipts.models import CashReceipt
from ground_net.contracts.receipts.service import record_receipt
from ground_net.contracts.registration.service import file_registration
from ground_net.contracts.rewards.service import record_rewards
from ground_net.contracts.service import dispute_contract
from ground_net.contracts.signing import sign_contract
from ground_net.leads.imports.models import LeadImport
from ground_net.leads.imports.service import read_file, start_import, take_part
from ground_net.leads.models import Lead
from ground_net.leads.outreach.models import Outreach
from ground_net.leads.outreach.service import record_outreach
from ground_net.leads.recording import record_lead
from ground_net.network.models import NetworkNode
from policy_pack.batches.models import PolicyBatch
from policy_pack.impacts.models import ImpactEstimate
from policy_pack.policies.models import PolicyOriginal, PolicyVersion, RegisteredPolicy
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.subjects.disputing import attach_evidence
from policy_pack.subjects.models import PolicyFact, PolicyMatter
from sky_net.achievements.models import Achievement
from sky_net.assignments.models import AssignmentRun
from sky_net.attachments.models import Attachment
from sky_net.disputes.models import ProposalDispute
from sky_net.findings.models import Finding
from sky_net.invitations.models import Invitation
from sky_net.needs.models import Need
from sky_net.needs.review import confirm_need, park_need
from sky_net.needs.service import draft_need, submit_need
from sky_net.proposals.drafting import draft_proposal
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import accept_proposal, release_proposal
from sky_net.reminders.models import Duty
from sky_net.saved_searches.models import SavedSearch, SearchFind
from sky_net.sla.reading import events_of
from sky_net.talks.messages.models import Message
from sky_net.talks.messages.service import send_message
from sky_net.talks.models import Contact
from sky_net.talks.questions.models import Question
from sky_net.talks.questions.service import answer_question, ask_question, share_question
from sky_net.talks.service import record_contact
from sky_net.talks.steps.models import NextStep
from tests.factories.achievements import an_achievement
from tests.factories.assignments import a_run, a_saved_search, an_offer
from tests.factories.attachments import an_attachment
from tests.factories.contracts import SIGNED_AT, contract_entry, receipt_entry
from tests.factories.credit import CARD, a_credit_handover, a_score, a_scorecard
from tests.factories.directory import a_chain, a_fact, a_part, an_enterprise, an_expert, an_institute
from tests.factories.equity import an_equity_desk
from tests.factories.files import a_pdf
from tests.factories.fund_cases import a_told_case
from tests.factories.identity import MADE_AT, an_account, of
from tests.factories.invitations import INDICATORS, SUBMITTED_AT, an_invitation
from tests.factories.leads import ANSWERS, CONSENT
from tests.factories.ledger import Holds, a_treasury, an_envelope, an_order, some_holds
from tests.factories.notices import a_delivery, a_duty, a_written_notice, an_absence, an_endpoint
from tests.factories.policy_facts import a_batch, a_matter, a_policy_fact
from tests.factories.policy_office import (
    a_draft,
    a_published_version,
    a_receipt,
    a_reviewed_version,
    an_impact,
    an_office,
    an_original,
)
from tests.factories.proposals import proposal_entry
from tests.factories.table_files import a_csv
from tests.factories.talks import contact_entry
from tests.isolation.award_world import awards_of
from tests.isolation.grant_world import grants_of
from tests.isolation.ground_world import ground_of
from tests.isolation.people import AWAY, EXPERT, HOME, NOBODY, REMOVED, ROLES

WORDS, CONTACT, OFFER = "秘鲸", "13579246", "秘豚"
"""In every text of the poster's enterprise; its telephone; in every text of the invited institute that is not public."""
EXPERTISE, PRIVATE, RIVALRY = "秘鹤", "86420975", "秘鹰"
"""In every text of the expert without consent; in the telephones and consents of both; in what the other may not judge."""
GUARDED = "秘鲨"
"""In every text about the need whose confidentiality terms nobody has accepted yet."""
RECORD = "该院所近一年"  # how an institute answers, as the reasons of a match begin to say it
SECRETS = (GUARDED, WORDS, CONTACT, OFFER, EXPERTISE, PRIVATE, RIVALRY, RECORD)
PASSWORD = "世界里的密码-至少十二位"


@dataclass
class World:
    """Names as in `people`; a need is named after what it is."""

    session: Session
    accounts: dict[str, Account] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    secrets_of: dict[tuple[str, str], str] = field(default_factory=dict)
    enterprise: Enterprise = None  # type: ignore[assignment]
    neighbouring: Enterprise = None  # type: ignore[assignment]
    far_enterprise: Enterprise = None  # type: ignore[assignment]
    institute: Institute = None  # type: ignore[assignment]
    rival: Institute = None  # type: ignore[assignment]
    chain: Chain = None  # type: ignore[assignment]
    part: ChainPart = None  # type: ignore[assignment]
    fact: EnterpriseFact = None  # type: ignore[assignment]
    experts: dict[str, Expert] = field(default_factory=dict)
    membership: Membership = None  # type: ignore[assignment]
    spare_token: Token = None  # type: ignore[assignment]
    needs: dict[str, Need] = field(default_factory=dict)
    files: dict[str, Attachment] = field(default_factory=dict)
    offers: dict[str, Achievement] = field(default_factory=dict)
    invitation: Invitation = None  # type: ignore[assignment]
    contact: Contact = None  # type: ignore[assignment]
    message: Message = None  # type: ignore[assignment]
    question: Question = None  # type: ignore[assignment]
    answered: Question = None  # type: ignore[assignment]
    step: NextStep = None  # type: ignore[assignment]
    guarded: Invitation = None  # type: ignore[assignment]
    guarded_contact: Contact = None  # type: ignore[assignment]
    guarded_question: Question = None  # type: ignore[assignment]
    drafted: Proposal = None  # type: ignore[assignment]
    released: Proposal = None  # type: ignore[assignment]
    notice: Notice = None  # type: ignore[assignment]
    dead_letter: Delivery = None  # type: ignore[assignment]
    webhook: WebhookEndpoint = None  # type: ignore[assignment]
    absence: Absence = None  # type: ignore[assignment]
    duty: Duty = None  # type: ignore[assignment]
    clock_event: UUID = None  # type: ignore[assignment]
    dispute: ProposalDispute = None  # type: ignore[assignment]
    finding: Finding = None  # type: ignore[assignment]
    signed_finding: Finding = None  # type: ignore[assignment]
    run: AssignmentRun = None  # type: ignore[assignment]
    saved_search: SavedSearch = None  # type: ignore[assignment]
    versions: dict[str, PolicyVersion] = field(default_factory=dict)
    policies: dict[str, RegisteredPolicy] = field(default_factory=dict)
    policy_original: PolicyOriginal = None  # type: ignore[assignment]
    signed_policy_original: PolicyOriginal = None  # type: ignore[assignment]
    impact: ImpactEstimate = None  # type: ignore[assignment]
    receipt: EvaluationReceipt = None  # type: ignore[assignment]
    policy_matter: PolicyMatter = None  # type: ignore[assignment]
    policy_facts: dict[str, PolicyFact] = field(default_factory=dict)
    policy_batch: PolicyBatch = None  # type: ignore[assignment]
    ground: dict[str, Any] = field(default_factory=dict)
    station: NetworkNode = None  # type: ignore[assignment]
    lead: Lead = None  # type: ignore[assignment]
    lead_import: LeadImport = None  # type: ignore[assignment]
    outreach: Outreach = None  # type: ignore[assignment]
    chosen: Proposal = None  # type: ignore[assignment]
    contracts: dict[str, Contract] = field(default_factory=dict)
    cash: CashReceipt = None  # type: ignore[assignment]
    milestone: Milestone = None  # type: ignore[assignment]
    fund: Fund = None  # type: ignore[assignment]
    fund_root: Envelope = None  # type: ignore[assignment]
    equity_fund: Fund = None  # type: ignore[assignment]
    fund_project: Envelope = None  # type: ignore[assignment]
    fund_giver: Envelope = None  # type: ignore[assignment]
    fund_holds: Holds = None  # type: ignore[assignment]
    fund_order: FundOrder = None  # type: ignore[assignment]
    fund_case: FundCase = None  # type: ignore[assignment]
    grants: dict[str, Any] = field(default_factory=dict)
    awards: dict[str, Any] = field(default_factory=dict)
    equity_root: Envelope = None  # type: ignore[assignment]
    deals: dict[str, Deal] = field(default_factory=dict)
    deal_parts: dict[str, Any] = field(default_factory=dict)
    credit_handovers: dict[str, CreditHandover] = field(default_factory=dict)
    other_card: str = CARD.replace("key: test-card", "key: another-card")

    def token(self, person: str, kind: str = "plain") -> str:
        """A bearer token: plain, read-only, narrowed (to a role not held), revoked, or expired."""
        return self.secrets_of[person, kind]


def build(session: Session) -> World:
    """The world; everything is flushed, nothing committed."""
    world = World(session)
    _organisations(world)
    for person, (role, scope) in ROLES.items():
        _settle(world, person, (role, scope if isinstance(scope, Scope) else of(getattr(world, scope))))
    _settle(world, NOBODY)
    _settle(world, EXPERT)
    _settle(world, REMOVED, (Role.ENTERPRISE_MEMBER, of(world.enterprise)))
    session.execute(
        update(Membership)
        .where(Membership.account_id == world.accounts[REMOVED].id)
        .values(ended_at=SUBMITTED_AT)
    )
    colleague = an_account(session, (Role.ENTERPRISE_MEMBER, of(world.enterprise)), name=f"{WORDS}同事")
    world.membership = session.query(Membership).filter_by(account_id=colleague.id).one()
    world.spare_token, _ = identity.issue_token_for(session, world.accounts["poster"], days=3650, now=MADE_AT)
    an_account(session, login="world", password_hash=hash_password(PASSWORD), name="可登录的账号")
    _directory(world)
    _offers(world)
    _needs(world)
    _exchanges(world)
    _notices(world)
    _endings(world)
    _assignments(world)
    _policies(world)
    _policy_facts(world)
    world.ground = ground_of(session, world, WORDS, HOME)
    _leads(world)
    _contracts(world)
    _money(world)
    _equity(world)
    _credit(world)
    return world


def _money(world: World) -> None:
    """Of two managers who are nobody of the matrix; one of them waits for somebody to approve."""
    treasury = a_treasury(world.session, limit_fen=2_000)
    world.fund, world.fund_root = treasury.fund, treasury.root
    world.fund_project, world.fund_giver = (
        an_envelope(treasury, treasury.root, limit_fen=limit) for limit in (1_000, 100)
    )
    world.fund_holds = some_holds(treasury, world.fund_project)
    world.fund_order = an_order(treasury, world.fund_holds.reserved)
    world.fund_case = a_told_case(treasury, [world.enterprise.id], title=f"{WORDS}资助")
    reviewer, signer = (world.accounts[person] for person in (EXPERT, "researcher"))
    world.grants = grants_of(world.session, world.needs["public"], world.neighbouring, reviewer, signer)
    world.awards = awards_of(world.session, world.enterprise, need=world.needs["public"])
    world.awards["mistaken"].attached_by = world.accounts["poster"].id
    world.grants["seasons"] += world.awards["seasons"]


def _equity(world: World) -> None:
    """Deals with the poster's enterprise as far as they come; the expert without a role sits in the committee."""
    member = world.accounts[EXPERT].id
    desk = an_equity_desk(
        world.session, enterprise=world.enterprise, others=(member,), asked_fen=20, wording=WORDS
    )
    world.equity_fund, world.equity_root = desk.treasury.fund, desk.treasury.root
    for name in ("screening", "due_diligence", "committee", "approved", "agreed", "invested"):
        world.deals[name] = desk.deal(name)
    world.deals["ready"] = ready = desk.deal("due_diligence")
    desk.settled(ready)
    world.deals["voted"], world.deals["conditional"] = (
        desk.deal("committee"),
        desk.deal("approved", conditions=(f"{WORDS}变更",)),
    )
    desk.vote(world.deals["voted"], "for", "for")
    world.deal_parts = {
        "item": desk.item(world.deals["due_diligence"]), "condition": desk.condition(world.deals["conditional"]),
        "meeting": desk.meetings[world.deals["committee"].id], "voted": desk.meetings[world.deals["voted"].id],
        "closed": desk.meetings[world.deals["approved"].id], "entry": desk.entry(world.deals["invested"], "write_down", 5),
        "waiting": desk.waiting_committee(member),
    }  # fmt: skip


def _credit(world: World) -> None:
    """A card, a score of the poster's enterprise, and its consent to a bank, once handed over and once not."""
    session = world.session
    a_score(session, world.enterprise, a_scorecard(session), years="3")
    for name, days in (("consented", None), ("asked", 250)):
        said = {"days": days, "now": SIGNED_AT, "wish": f"{WORDS}流动资金"}
        world.credit_handovers[name] = a_credit_handover(session, world.enterprise, **said)


def _leads(world: World) -> None:
    """A lead of the poster's enterprise that lacks nothing, an event and a file, all of a station in the first zone."""
    session, collector = world.session, world.actors["collector"]
    world.station = world.ground["node"]
    answers = ANSWERS | {"title": f"{WORDS}线索", "problem": f"{WORDS}" + ANSWERS["problem"]}
    said = {
        "words": f"{WORDS}说太慢", "enterprise_id": world.enterprise.id, "answers": answers,
        "contact": {"name": "王测试", "phone": f"027-{CONTACT}", "email": None}, "consent": CONSENT | {"at": MADE_AT},
        "happened_at": MADE_AT, "node_key": world.station.key,
    }  # fmt: skip
    world.lead = record_lead(session, collector, said, now=SUBMITTED_AT)
    held = {
        "node_key": world.station.key,
        "kind": "salon",
        "title": f"{WORDS}沙龙",
        "held_on": MADE_AT.date(),
    }
    world.outreach = record_outreach(session, collector, held, now=SUBMITTED_AT)
    content = a_csv([["时间", "企业名称", "原话"], ["上周", "测试", f"{WORDS}"]])
    world.lead_import = start_import(
        session,
        collector,
        content,
        node_key=world.station.key,
        name="线索.csv",
        only_check=False,
        now=SUBMITTED_AT,
    )
    table = read_file(content, "线索.csv")
    take_part(session, collector, world.lead_import.id, table, table.rows, now=SUBMITTED_AT)


def _chosen(world: World, name: str) -> Proposal:
    """A proposal of the institute that the broker invited, accepted by the enterprise."""
    session, poster, office = world.session, world.actors["poster"], world.actors["office"]
    world.needs[name] = need = _confirmed(world, "masked")
    an_invitation(session, need, world.institute, state="accepted", invited_by=world.accounts["broker"].id)
    drafted = draft_proposal(session, office, need.id, proposal_entry(title=f"{OFFER}方案"), now=SUBMITTED_AT)
    release_proposal(session, office, drafted.id, now=SUBMITTED_AT)
    return accept_proposal(session, poster, drafted.id, now=SUBMITTED_AT)


def _contracts(world: World) -> None:
    """One that waits for its contract, and contracts as far as they come; all credited to the broker."""
    session, poster, office = world.session, world.actors["poster"], world.actors["office"]
    world.chosen = _chosen(world, "chosen")
    clause = {"owner": "shared", "words": f"{WORDS}{OFFER}共有", "use_rights": None}
    for name in ("signed", "disputed", "filed", "delivered", "closing"):
        entry = contract_entry(title=f"{OFFER}{WORDS}合同", ip_clause=clause)
        world.contracts[name] = sign_contract(session, office, _chosen(world, name).id, entry, now=SIGNED_AT)
    signed = world.contracts["signed"]
    for contract in (signed, world.contracts["filed"]):
        world.cash = record_receipt(
            session, office, contract.id, receipt_entry(voucher=f"{OFFER}回单"), now=SIGNED_AT
        )
    plan = {"title": f"{OFFER}样机", "deliverable": "样机", "criterion": "按合同", "due_on": SIGNED_AT.date()}
    (world.milestone,) = plan_milestones(session, office, signed.id, [plan], now=SIGNED_AT)
    share = {
        "income_fen": 1000,
        "costs_fen": 0,
        "inventors_fen": 700,
        "inventors": [{"inventor": f"{OFFER}丁", "weight": 1}],
    }
    record_rewards(session, office, signed.id, share, now=SIGNED_AT)
    dispute_contract(
        session, poster, world.contracts["disputed"].id, reason=f"{WORDS}金额不符", now=SIGNED_AT
    )
    file_registration(session, office, world.contracts["filed"].id, {"documents": []}, now=SIGNED_AT)
    for name in ("delivered", "closing"):
        deliver_contract(session, office, world.contracts[name].id, now=SIGNED_AT)
    accept_delivery(session, poster, world.contracts["closing"].id, now=SIGNED_AT)


def _policy_facts(world: World) -> None:
    """What the poster says of itself, what the office says of it, and a contract of it."""
    session, source = world.session, f"{WORDS}合同"
    world.policy_matter = a_matter(session, world.enterprise, title=f"{WORDS}合同")
    disputed = {"disputed_at": MADE_AT, "dispute": f"{WORDS}不符"}
    world.policy_facts = {
        "own": a_policy_fact(session, world.enterprise, source=source),
        "office": a_policy_fact(session, world.enterprise, key="is_sme", value={"flag": True}, said_by="office", source=source),
        "disputed": a_policy_fact(session, world.enterprise, key="vc_backed", value={"flag": True}, source=source, **disputed),
        "proven": a_policy_fact(session, world.enterprise, key="seed_stage", value={"flag": True}, source=source),
    }  # fmt: skip
    proof = {"name": f"{WORDS}.pdf", "content": a_pdf(f"{WORDS}合同"), "now": MADE_AT}
    attach_evidence(session, world.actors["poster"], world.policy_facts["proven"].id, **proof)
    world.policy_batch = a_batch(session, region_code=HOME)


def _policies(world: World) -> None:
    """By two officers who are nobody of the matrix: a draft, a reviewed version, one published and one verified."""
    office = an_office(world.session)
    world.versions = {
        "draft": a_draft(office, "P801"), "reviewed": a_reviewed_version(office, "P802"),
        "published": a_published_version(office, "P803"), "verified": a_published_version(office, "P804"),
    }  # fmt: skip
    world.policies = {name: version.policy for name, version in world.versions.items()}
    world.policy_original = an_original(office, world.versions["published"])
    world.signed_policy_original = an_original(office, world.versions["verified"], signed=True)
    world.impact = an_impact(office, world.versions["draft"])
    world.receipt = a_receipt(world.session, world.enterprise)


def _assignments(world: World) -> None:
    """Every need offered to somebody: the rival is shown of it what it may read, and the office nothing of the rival's."""
    session = world.session
    world.run = a_run(session)
    for need in world.needs.values():
        an_offer(session, world.run, need, world.rival)
        an_offer(session, world.run, need, world.institute, rank=2)
    world.saved_search = a_saved_search(
        session, world.accounts["office"].id, title=f"{OFFER}检索", text=f"{OFFER}光电"
    )
    for need in world.needs.values():
        session.add(
            SearchFind(search_id=world.saved_search.id, document_id=need.id, found_at=MADE_AT, is_new=True)
        )
    session.flush()


def _endings(world: World) -> None:
    session = world.session
    world.clock_event = events_of(session, world.needs["masked"].id)[0]["id"]
    world.finding = _finding_for(world, world.needs["public"])
    world.signed_finding = _finding_for(world, world.needs["parked"], signed_at=SUBMITTED_AT, asked=[])
    world.dispute = ProposalDispute(
        proposal_id=world.drafted.id,
        need_id=world.drafted.need_id,
        reason_code="other",
        message=f"{WORDS}无关",
        disputed_at=SUBMITTED_AT,
    )
    session.add(world.dispute)
    session.flush()


def _finding_for(world: World, need: Need, **values: Any) -> Finding:
    words = {"why_not": f"{WORDS}无解", "what_would_help": f"{WORDS}放宽"}
    finding = Finding(need_id=need.id, created_at=SUBMITTED_AT, updated_at=SUBMITTED_AT, **words, **values)
    world.session.add(finding)
    world.session.flush()
    return finding


def _notices(world: World) -> None:
    session, accounts = world.session, world.accounts
    world.notice = a_written_notice(session, accounts["poster"])
    world.dead_letter = a_delivery(session, accounts["operator"], dead_at=MADE_AT)
    world.webhook = an_endpoint(session)
    world.absence = an_absence(
        session, session.get_one(Account, world.membership.account_id), accounts["poster"]
    )
    world.duty = a_duty(session, accounts["operator"])


def _organisations(world: World) -> None:
    session = world.session
    world.enterprise = an_enterprise(
        session, name=f"{WORDS}光电公司", region_code=HOME, contact_name=f"{WORDS}联系人", contact_phone=f"027-{CONTACT}"
    )  # fmt: skip
    world.neighbouring = an_enterprise(session, name="同区另一企业", region_code=HOME)
    world.far_enterprise = an_enterprise(session, name="外区企业", region_code=AWAY)
    world.institute = an_institute(session, name="受邀院所", region_code=HOME)
    world.rival = an_institute(session, name="另一院所", region_code=AWAY)


def _settle(world: World, person: str, *held: tuple[Role, Scope]) -> None:
    account = an_account(world.session, *held, name=f"测试{person}")
    world.accounts[person] = account
    world.actors[person] = Actor(account.id, account.name, frozenset(Held(*each) for each in held))
    not_held = next(role for role in Role if role not in {role for role, _ in held})
    for kind, values in {
        "plain": {}, "read-only": {"may_write": False}, "narrowed": {"roles": [not_held]}, "revoked": {}, "expired": {},
    }.items():  # fmt: skip
        days = 1 if kind == "expired" else 3650
        token, secret = identity.issue_token_for(world.session, account, days=days, now=MADE_AT, **values)  # type: ignore[arg-type]
        token.revoked_at = MADE_AT if kind == "revoked" else None
        world.secrets_of[person, kind] = secret


def _directory(world: World) -> None:
    session = world.session
    world.chain = a_chain(session, name="测试光电链")
    world.part = a_part(session, world.chain, enterprise_id=world.far_enterprise.id)
    world.fact = a_fact(session, world.enterprise, source=f"{WORDS}审计报告")
    told = {"phone": f"027-{PRIVATE}", "email": f"{PRIVATE}@example.test"}
    world.experts = {
        "listed": an_expert(
            session, world.institute, name="陈公开", conflicts=[f"{RIVALRY}集团"], evidence=f"同意书 {PRIVATE} 号", **told
        ),
        "hidden": an_expert(
            session, world.institute, consents=False, account_id=world.accounts[EXPERT].id, name=f"{EXPERTISE}专家",
            title=f"{EXPERTISE}研究员", tech_fields=[f"{EXPERTISE}领域"], keywords=[f"{EXPERTISE}词"],
            techniques=[f"{EXPERTISE}工艺"], works=[{"kind": "paper", "title": f"{EXPERTISE}论文"}],
            deals=[{"title": f"{EXPERTISE}合作"}], conflicts=[f"{EXPERTISE}对手"], **told,
        ),
    }  # fmt: skip


def _offers(world: World) -> None:
    told = {"contact_name": f"{OFFER}老师", "contact_phone": "027-22222222"}
    title = "键合对准的双光栅测量"
    world.offers = {
        "visible": an_achievement(world.session, institute=world.institute, title=title, **told),
        "hidden": an_achievement(
            world.session, institute=world.institute, state="hidden", hidden_by="institute", title=f"{OFFER}未公开成果",
            summary=f"{OFFER}的摘要", **told,
        ),
    }  # fmt: skip


def _draft(world: World, visibility: str, word: str = WORDS, **values: Any) -> Need:
    said = {
        "title": f"{word}键合机对准精度不足", "problem": f"{word}两片晶圆键合后的对准误差超出工艺窗口，导致返工，需要把误差减半。",
        "industry": "opto", "contact_name": f"{word}负责人", "contact_phone": f"027-{CONTACT}", "indicators": INDICATORS,
        "masked_title": "半导体装备对准问题", "masked_summary": "一种装备的对准误差过大", "visibility": visibility,
        "decision_owner": f"{word}总监", "scene": f"{word}车间", "chain_id": world.chain.id,
    }  # fmt: skip
    return draft_need(world.session, world.actors["poster"], said | values, now=SUBMITTED_AT)


def _confirmed(world: World, visibility: str, word: str = WORDS, **values: Any) -> Need:
    need = _draft(world, visibility, word, **values)
    submit_need(world.session, world.actors["poster"], need.id, now=SUBMITTED_AT)
    return confirm_need(
        world.session, world.actors["operator"], need.id, complexity="ordinary", now=SUBMITTED_AT
    )


def _needs(world: World) -> None:
    session, poster, operator = world.session, world.actors["poster"], world.actors["operator"]
    world.needs["draft"] = _draft(world, "public")
    world.needs["submitted"] = _draft(world, "masked")
    long_ago = SUBMITTED_AT - timedelta(days=60)  # so that there is a breach to excuse
    submit_need(session, poster, world.needs["submitted"].id, now=long_ago)
    for visibility in ("public", "masked", "invited", "operators"):
        world.needs[visibility] = _confirmed(world, visibility)
    world.needs["parked"] = _confirmed(world, "masked")
    park_need(session, operator, world.needs["parked"].id, message=f"{WORDS}暂缓", now=SUBMITTED_AT)
    world.files["submitted"] = _file(world, world.needs["submitted"], "public")


def _file(world: World, need: Need, level: str) -> Attachment:
    name = "说明.pdf" if level == "masked" else f"{WORDS}{level}.pdf"
    content = a_pdf(f"{need.id} {level}" if level == "masked" else f"{WORDS} {need.id} {level}")
    return an_attachment(world.session, need, level=level, name=name, content=content)


def _exchanges(world: World) -> None:
    """Masked needs around which the invited institute and the poster talk: one per stage of the talk."""
    session, later = world.session, SUBMITTED_AT + timedelta(minutes=5)
    world.needs["asked"] = _confirmed(world, "masked")
    world.invitation = an_invitation(session, world.needs["asked"], world.institute, message=f"{WORDS}请看")
    for level in ("public", "masked", "invited", "operators"):
        world.files[level] = _file(world, world.needs["asked"], level)
    for stage in ("talking", "drafting", "proposed"):
        world.needs[stage] = need = _confirmed(world, "masked")
        an_invitation(session, need, world.institute, state="accepted")
    _guarded(world)
    owner = {"side": "enterprise", "name": f"{WORDS}丙"}
    said = contact_entry(world.institute, result=f"{WORDS}{OFFER}谈妥", next_step_owner=owner, people=[
        {"name": f"{WORDS}甲", "side": "enterprise"}, {"name": f"{OFFER}乙", "side": "institute"},
    ])  # fmt: skip
    world.contact = record_contact(
        session, world.actors["operator"], world.needs["talking"].id, said, now=later
    )
    _words(world)
    office, entry = world.actors["office"], proposal_entry(title=f"{OFFER}方案", plan=f"{OFFER}计划")
    world.drafted = draft_proposal(session, office, world.needs["drafting"].id, entry, now=later)
    world.released = draft_proposal(session, office, world.needs["proposed"].id, entry, now=later)
    release_proposal(session, office, world.released.id, now=later)


def _guarded(world: World) -> None:
    """A need that asks for terms: the institute is invited, and has as little of it as a stranger."""
    session, operator, later = world.session, world.actors["operator"], SUBMITTED_AT + timedelta(minutes=5)
    world.needs["guarded"] = need = _confirmed(world, "invited", GUARDED, nda_required=True)
    asked = an_invitation(session, need, world.institute, state="accepted", message=f"{GUARDED}请看")
    world.guarded = asked
    for level in ("public", "invited"):
        content = a_pdf(f"{GUARDED} {level}")
        world.files[f"guarded {level}"] = an_attachment(
            session, need, level=level, name=f"{GUARDED}.pdf", content=content
        )
    owner = {"side": "institute", "name": f"{GUARDED}丁"}
    said = contact_entry(
        world.institute, result=f"{GUARDED}谈妥", next_step=f"{GUARDED}寄样", next_step_owner=owner
    )
    world.guarded_contact = record_contact(session, operator, need.id, said, now=later)
    message = {"institute_id": world.institute.id, "text": f"{GUARDED}消息"}
    send_message(session, operator, need.id, message, now=later)
    asked_for = {"asked_side": "enterprise", "text": f"{GUARDED}提问"}
    world.guarded_question = ask_question(session, operator, need.id, asked_for, now=later)
    answer_question(session, world.actors["poster"], world.guarded_question.id, f"{GUARDED}答复", now=later)
    share_question(session, operator, world.guarded_question.id, now=later)


def _words(world: World) -> None:
    session, need, later = world.session, world.needs["talking"], SUBMITTED_AT + timedelta(minutes=6)
    poster, office = world.actors["poster"], world.actors["office"]
    said = {"institute_id": world.institute.id, "text": f"{WORDS}消息"}
    world.message = send_message(session, poster, need.id, said, now=later).message
    asked = {"asked_side": "enterprise", "text": f"{OFFER}提问"}
    world.question = ask_question(session, office, need.id, asked, now=later)
    world.answered = ask_question(session, office, need.id, asked, now=later)
    answer_question(session, poster, world.answered.id, f"{WORDS}答复", now=later)
    world.step = world.contact.steps[0]
