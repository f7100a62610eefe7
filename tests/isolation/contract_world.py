"""What contracts add to the world: one proposal that waits for its contract, and contracts as far as they come."""

from ground_net.contracts.delivery.service import accept_delivery, deliver_contract, plan_milestones
from ground_net.contracts.receipts.service import record_receipt
from ground_net.contracts.registration.service import file_registration
from ground_net.contracts.rewards.service import record_rewards
from ground_net.contracts.service import dispute_contract
from ground_net.contracts.signing import amend_contract, sign_contract
from ground_net.contracts.supplements.reading import list_supplements
from sky_net.proposals.drafting import draft_proposal
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import accept_proposal, release_proposal
from tests.factories.contracts import SIGNED_AT, contract_entry, receipt_entry
from tests.factories.invitations import SUBMITTED_AT, an_invitation
from tests.factories.proposals import proposal_entry
from tests.isolation.need_world import confirmed
from tests.isolation.planted import OFFER, WORDS
from tests.isolation.world import World


def _chosen(world: World, name: str) -> Proposal:
    """A proposal of the institute that the broker invited, accepted by the enterprise."""
    session, poster, office = world.session, world.actors["poster"], world.actors["office"]
    world.needs[name] = need = confirmed(world, "masked")
    an_invitation(session, need, world.institute, state="accepted", invited_by=world.accounts["broker"].id)
    drafted = draft_proposal(session, office, need.id, proposal_entry(title=f"{OFFER}方案"), now=SUBMITTED_AT)
    release_proposal(session, office, drafted.id, now=SUBMITTED_AT)
    return accept_proposal(session, poster, drafted.id, now=SUBMITTED_AT)


def contracts(world: World) -> None:
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
    disputed = world.contracts["disputed"]
    amend_contract(session, office, disputed, {"title": f"{OFFER}{WORDS}补充协议"}, now=SIGNED_AT)
    (world.supplement,) = list_supplements(session, office, disputed.id)
    dispute_contract(session, poster, disputed.id, reason=f"{WORDS}金额不符", now=SIGNED_AT)
    file_registration(session, office, world.contracts["filed"].id, {"documents": []}, now=SIGNED_AT)
    for name in ("delivered", "closing"):
        deliver_contract(session, office, world.contracts[name].id, now=SIGNED_AT)
    accept_delivery(session, poster, world.contracts["closing"].id, now=SIGNED_AT)
