"""What policies add to the world: versions in each state, what is said of the poster, an estimate, a receipt, a batch."""

from policy_pack.subjects.disputing import attach_evidence
from tests.factories.files import a_pdf
from tests.factories.identity import MADE_AT
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
from tests.isolation.people import HOME
from tests.isolation.planted import WORDS
from tests.isolation.world import World


def policies(world: World) -> None:
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


def policy_facts(world: World) -> None:
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
