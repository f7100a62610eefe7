"""The stop table: what evidence stops which clock, each condition by name.

A row names its conditions; all of them must hold. A job, a status edit, a message sent or a list shown is no evidence,
so there is no class for it here. Only `stops` acts on this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from sky_net.sla.event import MET, NO_SOLUTION
from sky_net.sla.parties import ENTERPRISE_REPLY, INSTITUTE_REPLY, LEAD


@dataclass(frozen=True)
class ConfirmEvidence:
    """A named person took the need on, or refused it with a code."""

    confirmed_by: UUID | None
    industry: str | None
    complexity: str | None
    owner_id: UUID | None
    enterprise_told_at: datetime | None
    rejected_with: str | None = None


@dataclass(frozen=True)
class ContactEvidence:
    """A talk on record, with how many people of each side it names; `agreed_at` once the enterprise agreed to it.

    `agreed_by_silence_at` is the one that the record shows: the enterprise can dispute the talk exactly until it counts.
    """

    contact_id: UUID
    happened_on: date | None
    kind: str
    enterprise_people: int
    institute_people: int
    result: str | None
    next_step: str | None
    agreed_by_silence_at: datetime
    agreed_at: datetime | None = None


@dataclass(frozen=True)
class ProposalEvidence:
    """A proposal that its institute's transfer office released; `unanswered_musts` names indicators."""

    proposal_id: UUID
    released_by: UUID | None
    released_at: datetime | None
    unanswered_musts: tuple[str, ...]
    has_plan: bool
    has_time: bool
    has_price: bool
    has_ip_terms: bool
    readable_by_enterprise: bool


@dataclass(frozen=True)
class InvitationEvidence:
    """An invited institute said yes, or no with a reason of the list."""

    invitation_id: UUID
    answered_by: UUID | None
    accepted: bool | None
    declined_with: str | None = None


@dataclass(frozen=True)
class ReplyEvidence:
    """The enterprise answered what it was asked: a question, or the return of its need."""

    asked_id: UUID
    answered_by: UUID | None
    answered_in_words: bool


@dataclass(frozen=True)
class LeadEvidence:
    """A lead mined offline became a need, or was closed with a reason."""

    lead_id: UUID
    closed_by: UUID | None
    promoted_to: UUID | None = None
    closed_with: str | None = None


@dataclass(frozen=True)
class NoSolutionEvidence:
    """A written finding that nobody who was asked has a solution, signed by a supervisor."""

    finding_id: UUID
    written_by: UUID | None
    signed_by: UUID | None
    refusals: int
    refusals_needed: int
    standing_proposals: int
    says_why: bool
    says_what_would_help: bool


Evidence = (
    NoSolutionEvidence
    | ConfirmEvidence
    | ContactEvidence
    | ProposalEvidence
    | InvitationEvidence
    | ReplyEvidence
    | LeadEvidence
)


@dataclass(frozen=True)
class Condition:
    """One thing that must hold; `sentence` says what is missing when it does not."""

    code: str
    sentence: Bilingual
    holds: Callable[[Any, datetime], bool]


@dataclass(frozen=True)
class Row:
    """One row of the table: the stage it stops and all of its conditions.

    `reference` names the evidence's own record, `holds_from` the instant from which the stop counts, None for at once,
    `outcome` what a clock that it stops in time comes to.
    """

    stage: str
    reference: Callable[[Any], UUID | None]
    conditions: tuple[Condition, ...]
    holds_from: Callable[[Any], datetime | None] = lambda evidence: None
    outcome: str = MET


def _past(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def _said(text: str | None) -> bool:
    return bool(text and text.strip())


def sides_lacking(kind: str, enterprise_people: int, institute_people: int) -> list[str]:
    """The sides of which a talk of this kind must still name somebody.

    An answered question has one who answered; whoever asked may be the platform.
    """
    named = {"enterprise": enterprise_people > 0, "institute": institute_people > 0}
    if kind == "question_answered":
        return [] if any(named.values()) else ["institute"]
    return [side for side, is_named in named.items() if not is_named]


def _two_sided(evidence: ContactEvidence, now: datetime) -> bool:
    return not sides_lacking(evidence.kind, evidence.enterprise_people, evidence.institute_people)


TABLE: Mapping[type[Evidence], Row] = MappingProxyType({
    ConfirmEvidence: Row("confirm", lambda evidence: evidence.confirmed_by, (
        Condition("named_person", Bilingual("由具名人员确认，或以代码说明不予受理", "a named person who confirmed or rejected it"),
                  lambda evidence, now: evidence.confirmed_by is not None),
        Condition("industry", Bilingual("所属产业", "the industry"),
                  lambda evidence, now: _said(evidence.industry) or _said(evidence.rejected_with)),
        Condition("complexity", Bilingual("难度等级", "the complexity"),
                  lambda evidence, now: _said(evidence.complexity) or _said(evidence.rejected_with)),
        Condition("owner", Bilingual("责任人", "the owner"), lambda evidence, now: evidence.owner_id is not None),
        Condition("enterprise_told", Bilingual("已告知企业", "the enterprise was told"),
                  lambda evidence, now: _past(evidence.enterprise_told_at, now)),
    )),
    ContactEvidence: Row("communicate", lambda evidence: evidence.contact_id, (
        Condition("kind", Bilingual("形式为电话、会议或对方已答复的提问", "a call, a meeting or a question answered"),
                  lambda evidence, now: evidence.kind in ("call", "meeting", "question_answered")),
        Condition("date", Bilingual("对接日期", "the date"), lambda evidence, now: evidence.happened_on is not None),
        Condition("two_sided", Bilingual("双方参与人", "people of both sides"), _two_sided),
        Condition("result", Bilingual("对接结果", "the result"), lambda evidence, now: _said(evidence.result)),
        Condition("next_step", Bilingual("下一步安排", "the next step"), lambda evidence, now: _said(evidence.next_step)),
    ), holds_from=lambda evidence: evidence.agreed_at or evidence.agreed_by_silence_at),
    ProposalEvidence: Row("propose", lambda evidence: evidence.proposal_id, (
        Condition("released", Bilingual("由院所成果转化部门发布", "its release by the institute's transfer office"),
                  lambda evidence, now: evidence.released_by is not None and _past(evidence.released_at, now)),
        Condition("musts_answered", Bilingual("对每项必达指标的答复", "an answer to every must indicator"),
                  lambda evidence, now: not evidence.unanswered_musts),
        Condition("plan", Bilingual("实施方案", "the plan"), lambda evidence, now: evidence.has_plan),
        Condition("time", Bilingual("所需时间", "the time it takes"), lambda evidence, now: evidence.has_time),
        Condition("price", Bilingual("价格区间", "the price range"), lambda evidence, now: evidence.has_price),
        Condition("ip_terms", Bilingual("知识产权约定", "the IP terms"), lambda evidence, now: evidence.has_ip_terms),
        Condition("readable", Bilingual("企业可以查阅", "that the enterprise can read it"),
                  lambda evidence, now: evidence.readable_by_enterprise),
    )),
    NoSolutionEvidence: Row("propose", lambda evidence: evidence.finding_id, (
        Condition("refusals", Bilingual("足够的院所已谢绝", "that enough institutes refused"),
                  lambda evidence, now: evidence.refusals >= evidence.refusals_needed),
        Condition("no_proposal", Bilingual("没有待选的方案", "that no proposal stands"),
                  lambda evidence, now: evidence.standing_proposals == 0),
        Condition("why_not", Bilingual("为何无解", "why not"), lambda evidence, now: evidence.says_why),
        Condition("what_would_help", Bilingual("何种条件可解", "what would help"),
                  lambda evidence, now: evidence.says_what_would_help),
        Condition("signed", Bilingual("由撰写人之外的督办签署", "a supervisor's signature, not the author's"),
                  lambda evidence, now: evidence.signed_by is not None and evidence.signed_by != evidence.written_by),
    ), outcome=NO_SOLUTION),
    InvitationEvidence: Row(INSTITUTE_REPLY, lambda evidence: evidence.invitation_id, (
        Condition("named_person", Bilingual("院所具名人员答复", "a named person of the institute who answered"),
                  lambda evidence, now: evidence.answered_by is not None),
        Condition("answer", Bilingual("接受，或附原因的谢绝", "a yes, or a no with its reason"),
                  lambda evidence, now: evidence.accepted is True or _said(evidence.declined_with)),
    )),
    ReplyEvidence: Row(ENTERPRISE_REPLY, lambda evidence: evidence.asked_id, (
        Condition("named_person", Bilingual("企业具名人员答复", "a named person of the enterprise who answered"),
                  lambda evidence, now: evidence.answered_by is not None),
        Condition("answer", Bilingual("答复内容", "what was answered"), lambda evidence, now: evidence.answered_in_words),
    )),
    LeadEvidence: Row(LEAD, lambda evidence: evidence.lead_id, (
        Condition("named_person", Bilingual("具名人员办结", "a named person who dealt with it"),
                  lambda evidence, now: evidence.closed_by is not None),
        Condition("outcome", Bilingual("转为需求，或附原因关闭", "the need that it became, or the reason of its closing"),
                  lambda evidence, now: evidence.promoted_to is not None or _said(evidence.closed_with)),
    )),
})  # fmt: skip


def missing(evidence: Evidence, now: datetime) -> list[tuple[str, Bilingual]]:
    """Code and sentence of every condition that does not hold."""
    conditions = TABLE[type(evidence)].conditions
    return [(each.code, each.sentence) for each in conditions if not each.holds(evidence, now)]
