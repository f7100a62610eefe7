"""The writing operations of the talks beside contacts; see `writes`."""

from sky_net.talks.terms.texts import in_force
from tests.architecture.writes import Write, for_operation
from tests.factories.invitations import SUBMITTED_AT, Exchange, an_invitation
from tests.factories.talks import a_message, a_question, a_step, an_answered_question


def invited(exchange: Exchange) -> dict[str, object]:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return {"need_id": exchange.need.id}


@for_operation("acceptTerms")
def accept_terms(exchange: Exchange) -> Write:
    version = in_force(SUBMITTED_AT.date()).version
    return Write(exchange.office, invited(exchange), ("terms_acceptances",), {"version": version})


@for_operation("sendMessage")
def send_message(exchange: Exchange) -> Write:
    return Write(exchange.office, invited(exchange), ("messages",), {"text": "可以约在周三吗？"})


@for_operation("markMessagesRead")
def mark_messages_read(exchange: Exchange) -> Write:
    path = invited(exchange)
    return Write(exchange.office, path, ("messages",), {"message_id": a_message(exchange).id})


@for_operation("askQuestion")
def ask_question(exchange: Exchange) -> Write:
    body = {"asked_side": "enterprise", "text": "样片多大？"}
    return Write(exchange.office, invited(exchange), ("questions", "sla_events"), body)


@for_operation("answerQuestion")
def answer_question(exchange: Exchange) -> Write:
    invited(exchange)
    path = {"question_id": a_question(exchange).id}
    return Write(exchange.poster, path, ("questions", "sla_events"), {"text": "四英寸。"})


@for_operation("withdrawQuestion")
def withdraw_question(exchange: Exchange) -> Write:
    invited(exchange)
    return Write(exchange.operator, {"question_id": a_question(exchange).id}, ("questions", "sla_events"))


@for_operation("shareQuestion")
def share_question(exchange: Exchange) -> Write:
    invited(exchange)
    return Write(exchange.poster, {"question_id": an_answered_question(exchange).id}, ("questions",))


@for_operation("completeStep")
def complete_step(exchange: Exchange) -> Write:
    invited(exchange)
    return Write(exchange.poster, {"step_id": a_step(exchange).id}, ("next_steps",))
