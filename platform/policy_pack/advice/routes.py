"""Advice over HTTP: questions about an enterprise whose answers are not kept, but for those of a questionnaire."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from policy_pack.advice import questionnaire, schemas, service
from policy_pack.advice.models import Case, case_of

routes = Routes(
    "policy_advice", __name__, url_prefix="/api", description="政策测算与建议 / trials and advice"
)
OF_ENTERPRISE = "/enterprises/<uuid:enterprise_id>"


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-trials", "tryPolicies",
    Bilingual("政策试算（不留存）", "Evaluate an enterprise under assumed facts, keeping nothing"),
    body=schemas.TrialEntry, answer=schemas.TrialView, for_readers=True,
)  # fmt: skip
def try_policies(call: Call, enterprise_id: UUID) -> Any:
    return service.try_policies(_case(call, enterprise_id))


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-explanations", "explainPolicy",
    Bilingual("逐条说明评估结果", "Explain clause by clause what a policy says of an enterprise"),
    body=schemas.OnePolicyEntry, answer=schemas.PolicyExplanationView, for_readers=True,
)  # fmt: skip
def explain_policy(call: Call, enterprise_id: UUID) -> Any:
    return service.explain_policy(_case_of_one(call, enterprise_id))


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-stacks", "stackPolicies",
    Bilingual("政策叠加测算", "What may be had together: the best certain and the best possible total"),
    body=schemas.TrialEntry, answer=schemas.StackView, for_readers=True,
)  # fmt: skip
def stack_policies(call: Call, enterprise_id: UUID) -> Any:
    return service.stack_policies(_case(call, enterprise_id))


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-advice", "advisePolicy",
    Bilingual("达标建议", "The cheapest changes that would make an enterprise eligible"),
    body=schemas.OnePolicyEntry, answer=schemas.PolicyAdviceView, for_readers=True,
)  # fmt: skip
def advise_policy(call: Call, enterprise_id: UUID) -> Any:
    return service.advise_policy(_case_of_one(call, enterprise_id))


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-questions", "nextPolicyQuestion",
    Bilingual("下一个问题", "The question whose answer decides most policies"),
    body=schemas.QuestionAsked, answer=schemas.NextQuestionView, for_readers=True,
)  # fmt: skip
def next_policy_question(call: Call, enterprise_id: UUID) -> Any:
    return questionnaire.asked_next(_case(call, enterprise_id), call.body["skipped"])


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-answers", "answerPolicyQuestion",
    Bilingual("回答问题并留存", "Keep an answer as a fact, and ask the next question"),
    body=schemas.PolicyReplyEntry, answer=schemas.NextQuestionView,
)  # fmt: skip
def answer_policy_question(call: Call, enterprise_id: UUID) -> Any:
    questionnaire.keep_answer(call.session, call.actor, enterprise_id, call.body, now=call.now)
    return questionnaire.asked_next(_case(call, enterprise_id), call.body["skipped"])


@routes.operation(
    "GET", f"{OF_ENTERPRISE}/ladder", "showLadder", Bilingual("企业成长梯次", "The ladder of technology enterprises"),
    query=schemas.LadderQuery, answer=schemas.LadderView,
)  # fmt: skip
def show_ladder(call: Call, enterprise_id: UUID) -> Any:
    return service.show_ladder(case_of(call.session, call.actor, enterprise_id, call.query, call.now))


def _case(call: Call, enterprise_id: UUID) -> Case:
    return case_of(call.session, call.actor, enterprise_id, call.body, call.now)


def _case_of_one(call: Call, enterprise_id: UUID) -> Case:
    said = {**call.body, "policy_ids": [call.body["policy_id"]]}
    return case_of(call.session, call.actor, enterprise_id, said, call.now)
