"""The isolation table of the talks beside contacts. The need `guarded` asks for terms that nobody has accepted."""

from typing import Any

from sky_net.talks.terms.texts import in_force
from tests.factories.invitations import SUBMITTED_AT
from tests.isolation.cases import Case, Factory, Sent, about, all_may, except_for, need, plain
from tests.isolation.people import AUDITORS, BROKER, INVITED, KNOWN, OPERATORS, POSTER, RIVAL, WHOLE
from tests.isolation.planted import GUARDED, OFFER, WORDS
from tests.isolation.world import World

VERSION = {"version": in_force(SUBMITTED_AT.date()).version}
STRANGERS_TO_TALKS = {WORDS: BROKER | RIVAL, OFFER: BROKER | RIVAL}


def with_institute(name: str, **said: Any) -> Factory:
    """A body that names the invited institute."""
    return lambda world: Sent(
        {"need_id": world.needs[name].id}, {"institute_id": str(world.institute.id), **said}
    )


def thread(name: str) -> Factory:
    return lambda world: Sent(
        {"need_id": world.needs[name].id}, query={"institute_id": str(world.institute.id)}
    )


def _read(world: World) -> Sent:
    said = {"institute_id": str(world.institute.id), "message_id": str(world.message.id)}
    return Sent({"need_id": world.needs["talking"].id}, said)


CASES = [
    Case("showNeed", "one whose terms are open", need("guarded"), may=WHOLE | BROKER | INVITED,
         hides={GUARDED: BROKER | INVITED}),
    all_may("listNeeds", "with one whose terms are open", plain(), hides={GUARDED: except_for(WHOLE)}),
    Case("showInvitation", "whose terms are open", about("invitation_id", "guarded"), may=WHOLE | BROKER | INVITED,
         hides={GUARDED: BROKER | INVITED}),
    Case("listContacts", "whose terms are open", need("guarded"), may=WHOLE | BROKER | INVITED, hides={GUARDED: BROKER | INVITED}),
    Case("showContact", "whose terms are open", about("contact_id", "guarded_contact"), may=WHOLE),
    Case("listAttachments", "whose terms are open", need("guarded"), may=WHOLE | BROKER | INVITED,
         hides={GUARDED: BROKER | INVITED}),
    *(
        Case(operation, f"whose terms are open, {level}", about("attachment_id", f"files.guarded {level}"), may=WHOLE)
        for operation in ("showAttachment", "downloadAttachment") for level in ("public", "invited")
    ),
    # terms
    Case("showTerms", "of one that asks for them", need("guarded"), may=WHOLE | INVITED, knows=BROKER),
    Case("showTerms", "of a masked one", need("masked"), may=WHOLE, knows=BROKER | INVITED | RIVAL),
    Case("acceptTerms", "of one that asks for them", need("guarded", VERSION), may=POSTER | INVITED,
         knows=OPERATORS | AUDITORS | BROKER),
    Case("listTermsAcceptances", "of one that asks for them", need("guarded"), may=WHOLE | BROKER | INVITED),
    # messages
    Case("sendMessage", "a thread", with_institute("talking", text="请约时间"), may=POSTER | OPERATORS | INVITED,
         knows=AUDITORS | BROKER | RIVAL),
    Case("listMessages", "a thread", thread("talking"), may=WHOLE | INVITED, knows=BROKER | RIVAL),
    Case("markMessagesRead", "a thread", _read, may=POSTER | OPERATORS | INVITED, knows=AUDITORS | BROKER | RIVAL),
    Case("sendMessage", "whose terms are open", with_institute("guarded", text="请约时间"), may=POSTER | OPERATORS,
         knows=AUDITORS | BROKER | INVITED),
    Case("listMessages", "whose terms are open", thread("guarded"), may=WHOLE, knows=BROKER | INVITED),
    # questions
    Case("askQuestion", "the enterprise", with_institute("talking", asked_side="enterprise", text="多大？"),
         may=OPERATORS | INVITED, knows=POSTER | AUDITORS | BROKER | RIVAL),
    Case("askQuestion", "the institute", with_institute("talking", asked_side="institute", text="多久？"),
         may=POSTER | OPERATORS, knows=INVITED | AUDITORS | BROKER | RIVAL),
    Case("askQuestion", "whose terms are open", with_institute("guarded", asked_side="enterprise", text="多大？"),
         may=OPERATORS, knows=POSTER | AUDITORS | BROKER | INVITED),
    Case("listQuestions", "of a need", need("talking"), may=KNOWN, hides=STRANGERS_TO_TALKS),
    Case("listQuestions", "whose terms are open", need("guarded"), may=WHOLE | BROKER | INVITED,
         hides={GUARDED: BROKER | INVITED}),
    Case("showQuestion", "one asked", about("question_id", "question"), may=WHOLE | INVITED),
    Case("showQuestion", "whose terms are open", about("question_id", "guarded_question"), may=WHOLE),
    Case("answerQuestion", "one asked", about("question_id", "question", {"text": "四英寸。"}), may=POSTER,
         knows=OPERATORS | AUDITORS | INVITED),
    Case("withdrawQuestion", "one asked", about("question_id", "question"), may=INVITED, knows=WHOLE),
    Case("shareQuestion", "one answered", about("question_id", "answered"), may=POSTER | OPERATORS, knows=AUDITORS | INVITED),
    # next steps
    Case("listNextSteps", "of a need", need("talking"), may=KNOWN, hides={WORDS: BROKER | RIVAL}),
    Case("listNextSteps", "whose terms are open", need("guarded"), may=WHOLE | BROKER | INVITED,
         hides={GUARDED: BROKER | INVITED}),
    all_may("listOwnNextSteps", "all", plain(), hides={WORDS: except_for(POSTER)}),
    Case("completeStep", "the enterprise's", about("step_id", "step"), may=POSTER | OPERATORS, knows=AUDITORS | INVITED),
]  # fmt: skip
