"""All that an operator may act on, in one zone: `a_zone(session, "420100-donghu")`.

Every part is made when it is first asked for, through the services where their clocks matter.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Role
from backbone.directory.chains.models import Chain
from backbone.directory.experts.models import Expert
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise, Institute
from backbone.identity.models import Account
from ground_net.brokers.models import Broker, BrokerMandate
from ground_net.centres.models import CentreInstitute, CentreProject, InnovationCentre
from ground_net.contracts.models import Contract
from ground_net.contracts.receipts.models import CashReceipt
from ground_net.contracts.receipts.service import record_receipt
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.registration.service import file_registration
from ground_net.contracts.service import dispute_contract
from ground_net.contracts.signing import amend_contract, sign_contract
from ground_net.contracts.supplements.models import Supplement
from ground_net.contracts.supplements.reading import list_supplements
from ground_net.leads.imports.models import LeadImport
from ground_net.leads.models import Lead
from ground_net.network.models import NetworkNode
from ground_net.providers.models import ServiceProvider
from ground_net.staff.models import NodePost
from sky_net.achievements.models import Achievement
from sky_net.attachments.models import Attachment
from sky_net.invitations.models import Invitation
from sky_net.needs.models import Need
from sky_net.needs.review import confirm_need, park_need
from sky_net.needs.service import draft_need, submit_need
from sky_net.proposals.drafting import draft_proposal
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import accept_proposal, release_proposal
from sky_net.talks.messages.models import Message
from sky_net.talks.messages.service import send_message
from sky_net.talks.models import Contact
from sky_net.talks.questions.models import Question
from sky_net.talks.questions.service import answer_question, ask_question
from sky_net.talks.service import record_contact
from tests.factories.achievements import an_achievement
from tests.factories.attachments import an_attachment
from tests.factories.contracts import SIGNED_AT, contract_entry, receipt_entry
from tests.factories.directory import a_chain, a_fact, a_part, an_enterprise, an_expert, an_institute
from tests.factories.ground import (
    a_broker,
    a_centre,
    a_chain_need,
    a_link,
    a_mandate,
    a_post,
    a_project,
    a_provider,
)
from tests.factories.identity import an_account, an_actor, of
from tests.factories.invitations import INDICATORS, SUBMITTED_AT, an_invitation
from tests.factories.leads import Desk, a_desk, a_lead_import
from tests.factories.network import a_hub, a_node
from tests.factories.proposals import proposal_entry
from tests.factories.talks import contact_entry

PARTIES = ("enterprise", "institute", "poster", "office", "province", "submitted")


@dataclass(frozen=True)
class ZoneUnderTest:
    """One zone with an organisation of each kind and what they do."""

    session: Session
    code: str

    @cached_property
    def enterprise(self) -> Enterprise:
        return an_enterprise(self.session, region_code=self.code)

    @cached_property
    def institute(self) -> Institute:
        return an_institute(self.session, region_code=self.code)

    @cached_property
    def poster(self) -> Actor:
        return an_actor(self.session, (Role.ENTERPRISE_MEMBER, of(self.enterprise)))

    @cached_property
    def office(self) -> Actor:
        return an_actor(self.session, (Role.TRANSFER_OFFICE, of(self.institute)))

    @cached_property
    def province(self) -> Actor:
        return an_actor(self.session, (Role.OPERATOR, PROVINCE))

    @cached_property
    def submitted(self) -> Need:
        values = {
            "title": "晶圆键合机对准精度不足", "problem": "两片晶圆键合后的对准误差超出工艺窗口，导致返工。", "industry": "opto",
            "contact_name": "测试联系人", "contact_phone": "027-00000000", "indicators": INDICATORS, "visibility": "invited",
        }  # fmt: skip
        need = draft_need(self.session, self.poster, values, now=SUBMITTED_AT)
        return submit_need(self.session, self.poster, need.id, now=SUBMITTED_AT)

    @cached_property
    def confirmed(self) -> Need:
        return confirm_need(
            self.session, self.province, self.submitted.id, complexity="ordinary", now=SUBMITTED_AT
        )

    @cached_property
    def parked(self) -> Need:
        return park_need(self.session, self.province, self.confirmed.id, message="难题", now=SUBMITTED_AT)

    @cached_property
    def invitation(self) -> Invitation:
        return an_invitation(self.session, self.confirmed, self.institute, state="accepted")

    @cached_property
    def contact(self) -> Contact:
        owner = {"side": "platform", "name": "测试丙"}
        values = contact_entry(self.invitation.institute, next_step_owner=owner)
        return record_contact(self.session, self.province, self.confirmed.id, values, now=SUBMITTED_AT)

    @cached_property
    def message(self) -> Message:
        said = {"institute_id": self.invitation.institute_id, "text": "请约时间"}
        return send_message(self.session, self.province, self.confirmed.id, said, now=SUBMITTED_AT).message

    @cached_property
    def question(self) -> Question:
        said = {"asked_side": "enterprise", "text": "样片何时寄出？"}
        return ask_question(self.session, self.province, self.invitation.need_id, said, now=SUBMITTED_AT)

    @cached_property
    def answered(self) -> Question:
        return answer_question(self.session, self.poster, self.question.id, "下周一。", now=SUBMITTED_AT)

    @cached_property
    def proposal(self) -> Proposal:
        need_id = self.invitation.need_id
        drafted = draft_proposal(self.session, self.office, need_id, proposal_entry(), now=SUBMITTED_AT)
        return release_proposal(self.session, self.office, drafted.id, now=SUBMITTED_AT)

    @cached_property
    def chosen(self) -> Proposal:
        return accept_proposal(self.session, self.poster, self.proposal.id, now=SUBMITTED_AT)

    @cached_property
    def contract(self) -> Contract:
        return sign_contract(self.session, self.office, self.chosen.id, contract_entry(), now=SIGNED_AT)

    @cached_property
    def unsettled(self) -> Contract:
        said = {"reason": "金额不符", "now": SIGNED_AT}
        return dispute_contract(self.session, self.poster, self.contract.id, **said)

    @cached_property
    def supplement(self) -> Supplement:
        amend_contract(self.session, self.office, self.contract, {"title": "补充协议"}, now=SIGNED_AT)
        (row,) = list_supplements(self.session, self.office, self.unsettled.id)
        return row

    @cached_property
    def cash(self) -> CashReceipt:
        return record_receipt(self.session, self.office, self.contract.id, receipt_entry(), now=SIGNED_AT)

    @cached_property
    def filing(self) -> Registration:
        return file_registration(
            self.session, self.office, self.contract.id, {"documents": []}, now=SIGNED_AT
        )

    @cached_property
    def attachment(self) -> Attachment:
        return an_attachment(self.session, self.confirmed, level="operators")

    @cached_property
    def achievement(self) -> Achievement:
        return an_achievement(self.session, institute=self.institute)

    @cached_property
    def hidden(self) -> Achievement:
        values: dict[str, Any] = {"state": "hidden", "hidden_by": "operator", "hidden_reason": "待核实"}
        return an_achievement(self.session, institute=self.institute, **values)

    @cached_property
    def expert(self) -> Expert:
        return an_expert(self.session, self.institute)

    @cached_property
    def fact(self) -> EnterpriseFact:
        return a_fact(self.session, self.enterprise)

    @cached_property
    def desk(self) -> Desk:
        return a_desk(self.session, self.code)

    @cached_property
    def lead(self) -> Lead:
        return self.desk.full_lead(enterprise_id=self.enterprise.id)

    @cached_property
    def lead_import(self) -> LeadImport:
        return a_lead_import(self.desk)

    @cached_property
    def member(self) -> Account:
        return an_account(self.session, (Role.ENTERPRISE_MEMBER, of(self.enterprise)))

    @cached_property
    def hub(self) -> NetworkNode:
        return a_hub(self.session, region_code=self.code)

    @cached_property
    def node(self) -> NetworkNode:
        return a_node(self.session, self.hub)

    @cached_property
    def post(self) -> NodePost:
        return a_post(self.session, self.node)

    @cached_property
    def broker(self) -> Broker:
        return a_broker(self.session, zones=[self.code])

    @cached_property
    def mandate(self) -> BrokerMandate:
        return a_mandate(self.session, self.broker, enterprise_id=self.enterprise.id)

    @cached_property
    def centre(self) -> InnovationCentre:
        return a_centre(self.session, kind="onshore", home_region=self.code, host_region=self.code)

    @cached_property
    def link(self) -> CentreInstitute:
        return a_link(self.session, self.centre)

    @cached_property
    def project(self) -> CentreProject:
        return a_project(self.session, self.centre)

    @cached_property
    def provider(self) -> ServiceProvider:
        return a_provider(self.session, region_code=self.code)

    @cached_property
    def chain(self) -> Chain:
        chain = a_chain(self.session)
        a_part(self.session, chain, enterprise_id=self.enterprise.id)
        return chain

    @cached_property
    def chain_need(self) -> Need:
        return a_chain_need(self.session, self.chain, self.enterprise, state="confirmed")

    def settled(self) -> Self:
        """With what nearly every subject of a zone needs already made, to be committed and `met_by` later sessions."""
        for name in PARTIES:
            getattr(self, name)
        return self

    def met_by(self, session: Session) -> "ZoneUnderTest":
        """The same settled zone in another session, for a test that finds it in the database."""
        met = ZoneUnderTest(session, self.code)
        for name in PARTIES:
            value = getattr(self, name)
            met.__dict__[name] = value if isinstance(value, Actor) else session.get_one(type(value), value.id)
        return met


def a_zone(session: Session, code: str) -> ZoneUnderTest:
    """A zone in which everything is made as it is asked for."""
    return ZoneUnderTest(session, code)
