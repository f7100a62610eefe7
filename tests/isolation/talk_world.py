"""What is said between enterprise and institute: invitations, contacts, messages, questions and proposals, also under terms."""

from datetime import timedelta

from sky_net.proposals.drafting import draft_proposal
from sky_net.proposals.service import release_proposal
from sky_net.talks.messages.service import send_message
from sky_net.talks.questions.service import answer_question, ask_question, share_question
from sky_net.talks.service import record_contact
from tests.factories.attachments import an_attachment
from tests.factories.files import a_pdf
from tests.factories.invitations import SUBMITTED_AT, an_invitation
from tests.factories.proposals import proposal_entry
from tests.factories.talks import contact_entry
from tests.isolation.need_world import confirmed, file_of
from tests.isolation.planted import GUARDED, OFFER, WORDS
from tests.isolation.world import World


def exchanges(world: World) -> None:
    """Masked needs around which the invited institute and the poster talk: one per stage of the talk."""
    session, later = world.session, SUBMITTED_AT + timedelta(minutes=5)
    world.needs["asked"] = confirmed(world, "masked")
    world.invitation = an_invitation(session, world.needs["asked"], world.institute, message=f"{WORDS}请看")
    for level in ("public", "masked", "invited", "operators"):
        world.files[level] = file_of(world, world.needs["asked"], level)
    for stage in ("talking", "drafting", "proposed"):
        world.needs[stage] = need = confirmed(world, "masked")
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
    world.needs["guarded"] = need = confirmed(world, "invited", GUARDED, nda_required=True)
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
