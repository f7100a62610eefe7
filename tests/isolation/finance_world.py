"""What money adds to the world: a fund and what is held, ordered and granted from it, deals, and loans asked for."""

from tests.factories.contracts import SIGNED_AT
from tests.factories.credit import a_credit_handover, a_score, a_scorecard
from tests.factories.equity import an_equity_desk
from tests.factories.fund_cases import a_told_case
from tests.factories.ledger import a_treasury, an_envelope, an_order, some_holds
from tests.isolation.award_world import awards_of
from tests.isolation.grant_world import grants_of
from tests.isolation.people import EXPERT
from tests.isolation.planted import WORDS
from tests.isolation.world import World


def money(world: World) -> None:
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


def equity(world: World) -> None:
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


def credit(world: World) -> None:
    """A card, a score of the poster's enterprise, and its consent to a bank, once handed over and once not."""
    session = world.session
    a_score(session, world.enterprise, a_scorecard(session), years="3")
    for name, days in (("consented", None), ("asked", 250)):
        said = {"days": days, "now": SIGNED_AT, "wish": f"{WORDS}流动资金"}
        world.credit_handovers[name] = a_credit_handover(session, world.enterprise, **said)
