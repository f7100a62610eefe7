"""One of everything, with secrets planted: what the matrix calls with, and what no refusal may show. `building` makes it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.absences.models import Absence
from backbone.actor import Actor
from backbone.directory.chains.models import Chain, ChainPart
from backbone.directory.experts.models import Expert
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise, Institute
from backbone.identity.models import Account, Membership, Token
from backbone.notices.models import Delivery, Notice, WebhookEndpoint
from finance_net.cases.models import FundCase
from finance_net.credit.handovers.models import CreditHandover
from finance_net.equity.models import Deal
from finance_net.ledger.models import Envelope, Fund
from finance_net.ledger.orders.models import FundOrder
from ground_net.contracts.delivery.models import Milestone
from ground_net.contracts.models import Contract
from ground_net.contracts.receipts.models import CashReceipt
from ground_net.contracts.supplements.models import Supplement
from ground_net.leads.imports.models import LeadImport
from ground_net.leads.models import Lead
from ground_net.leads.outreach.models import Outreach
from ground_net.network.models import NetworkNode
from policy_pack.batches.models import PolicyBatch
from policy_pack.impacts.models import ImpactEstimate
from policy_pack.policies.models import PolicyOriginal, PolicyVersion, RegisteredPolicy
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.subjects.models import PolicyFact, PolicyMatter
from sky_net.achievements.models import Achievement
from sky_net.assignments.models import AssignmentRun
from sky_net.attachments.models import Attachment
from sky_net.disputes.models import ProposalDispute
from sky_net.findings.models import Finding
from sky_net.invitations.models import Invitation
from sky_net.needs.models import Need
from sky_net.proposals.models import Proposal
from sky_net.reminders.models import Duty
from sky_net.saved_searches.models import SavedSearch
from sky_net.talks.messages.models import Message
from sky_net.talks.models import Contact
from sky_net.talks.questions.models import Question
from sky_net.talks.steps.models import NextStep
from tests.factories.credit import CARD
from tests.factories.ledger import Holds


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
    supplement: Supplement = None  # type: ignore[assignment]
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
