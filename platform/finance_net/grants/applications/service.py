"""Applying: a draft, its submission with what it rests on, the user's confirmation, and the formal check."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from backbone.errors import Bilingual, Invalid
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, open_case, tell
from finance_net.grants.applications.carrying import carried, carry_today, require_verified, require_within
from finance_net.grants.applications.errors import NotConfirmed, OverTheCap, ReceiptUsed
from finance_net.grants.applications.models import NUMBERS, GrantApplication
from finance_net.grants.applications.reading import application_of
from finance_net.grants.applications.standing import require_room
from finance_net.grants.errors import RoundClosed
from finance_net.grants.life import APPLICATION, FIRST_USE, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import require_manager, require_member
from finance_net.grants.reading import round_of
from finance_net.grants.telling import tell_managers, tell_members, tell_parties
from policy_pack.receipts.models import EvaluationReceipt

PERSONAL = frozenset({"title", "summary", "reason"})
OPEN = ROUND.after("open")
NO_CATEGORY = Bilingual("本批次没有此类别，可选：{keys}", "The round has no such category: {keys}")
NO_GROUP = Bilingual("本批次没有组 {keys}", "The round has no group {keys}")
REVERSED = Bilingual("不能大于申请额", "not more than what is asked for")
TOO_LITTLE = Bilingual("须大于零", "more than nothing")
ONE_MATTER = Bilingual("需求与合同恰填一项", "name either a need or a contract")
NO_STEP = Bilingual(
    "本批次按 {step} 元的整数倍资助，{least} 元至 {asked} 元之间没有这样的金额，请调整",
    "The round pays in whole steps of {step} yuan, and none lies between {least} and {asked}: change either",
)
WANTS_USER = Bilingual("四首申报须有用户单位及其份额", "a first use names its user and the user's share")
NO_USER = Bilingual("只有四首申报有用户单位", "only a first use has a user")
NO_ENTERPRISE = Bilingual("目录中没有此企业", "The directory has no such enterprise")
NO_PREREQUISITE = Bilingual("本批次没有此申报", "The round has no such application")


def draft_application(
    session: Session, actor: Actor, round_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> GrantApplication:
    """Begin an application for one's own enterprise.

    Raises NotFound, Forbidden, RoundClosed, Invalid, OverTheCap, OverThePolicy, NotEligible, NotYours, ReceiptUsed.
    """
    call = round_of(session, actor, round_id)
    require_member(actor, said["applicant_id"])
    _require_open(call, now)
    _require_sound(session, call, said)
    matter_id = carried(session, said, local_date(now))
    serial = session.scalar(select(NUMBERS.next_value()))
    row = GrantApplication(
        number=f"SB-{local_date(now).year}-{serial:06d}", round_id=call.id, drafted_by=actor.account_id, policy_matter_id=matter_id,
        created_at=now, updated_at=now, **said,
    )  # fmt: skip
    with _receipt_once(session):
        session.add(row)
    audit.record(session, actor, "draft_application", row, now=now, after=dict(said), personal=PERSONAL)
    return row


def amend_application(
    session: Session, actor: Actor, row: GrantApplication, said: Mapping[str, Any], *, now: datetime
) -> GrantApplication:
    """Write a draft anew; raises Forbidden, StateConflict, Invalid, OverTheCap, OverThePolicy."""
    require_member(actor, row.applicant_id)
    APPLICATION.after("submit", row.state)
    call = session.get_one(GrantRound, row.round_id)
    before = {name: getattr(row, name) for name in said}
    amounts = {"least_fen": row.least_fen, "asked_fen": row.asked_fen} | dict(said)
    _require_amounts(call, amounts)
    require_within(session, session.get_one(EvaluationReceipt, row.receipt_id), amounts["asked_fen"])
    for name, value in said.items():
        setattr(row, name, value)
    row.updated_at = now
    session.flush()
    audit.record(
        session, actor, "amend_application", row, now=now, before=before, after=dict(said), personal=PERSONAL
    )
    return row


def submit_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> GrantApplication:
    """Hand it in: from here on it stays as it is, and its case is told. It rests on the receipt of this day from now on.

    Raises NotFound, Forbidden, StateConflict, RoundClosed, NotEligible, OverThePolicy, ReceiptUsed, KeptApart, AskedBefore.
    """
    row = application_of(session, actor, application_id, locked=True)
    require_member(actor, row.applicant_id)
    call = session.get_one(GrantRound, row.round_id)
    state = APPLICATION.after("submit", row.state)
    _require_open(call, now)
    with _receipt_once(session):
        carry_today(session, row, now=now)
    require_room(session, row)
    row.state, row.submitted_at, row.updated_at = state, now, now
    session.flush()
    _tell(session, call, row, now)
    after = {"state": row.state, "receipt_id": row.receipt_id}
    audit.record(session, actor, "submit_application", row, now=now, after=after)
    tell_managers(session, actor, "application_submitted", row, now=now)
    if row.user_id is not None:
        tell_members(session, actor, "application_to_confirm", row, row.user_id, now=now)
    return row


def confirm_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> GrantApplication:
    """The user stands behind it, too; confirmed again it stays as it was. Raises NotFound, Forbidden, StateConflict."""
    row = application_of(session, actor, application_id, locked=True)
    require_member(actor, row.user_id)
    APPLICATION.after("admit", row.state)
    if row.confirmed_at is None:
        row.confirmed_at = row.updated_at = now
        session.flush()
        audit.record(session, actor, "confirm_application", row, now=now, after={"confirmed_at": now})
        tell_managers(session, actor, "application_confirmed", row, now=now)
    return row


def withdraw_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> GrantApplication:
    """Take it back before anything was selected; raises NotFound, Forbidden, StateConflict, RoundClosed."""
    row = application_of(session, actor, application_id)
    require_member(actor, row.applicant_id)
    call = round_of(session, actor, row.round_id, locked=True)  # a selection is approved under the same lock
    row = application_of(session, actor, application_id, locked=True)
    if call.state not in (OPEN, ROUND.after("close")):
        raise _closed(call)
    row.state, row.updated_at = APPLICATION.after("withdraw", row.state), now
    session.flush()
    audit.record(session, actor, "withdraw_application", row, now=now, after={"state": row.state})
    return row


def admit_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> GrantApplication:
    """It is complete; raises NotFound, Forbidden, StateConflict, NotConfirmed, NotVerified, KeptApart, AskedBefore."""
    return _checked(session, actor, application_id, "admit", None, now)


def reject_application(
    session: Session, actor: Actor, application_id: UUID, reason: str, *, now: datetime
) -> GrantApplication:
    """It is not, and why; raises NotFound, Forbidden, StateConflict."""
    return _checked(session, actor, application_id, "reject", reason, now)


def _checked(
    session: Session, actor: Actor, application_id: UUID, action: str, reason: str | None, now: datetime
) -> GrantApplication:
    row = application_of(session, actor, application_id, locked=True)
    require_manager(actor)
    state = APPLICATION.after(action, row.state)
    if action == "admit":
        if row.user_id is not None and row.confirmed_at is None:
            raise NotConfirmed()
        require_verified(session, row)
        require_room(session, row)  # one handed in before there was such a rule
    row.state, row.reason, row.updated_at = state, reason, now
    session.flush()
    told = {"state": state, "reason": reason}
    audit.record(session, actor, f"{action}_application", row, now=now, after=told, personal=PERSONAL)
    tell_parties(session, actor, f"application_{state}", [row], now=now)
    return row


@contextmanager
def _receipt_once(session: Session) -> Iterator[None]:
    """Write within; raises ReceiptUsed where the receipt carries another application of the round."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise ReceiptUsed() from error


def _tell(session: Session, call: GrantRound, row: GrantApplication, now: datetime) -> None:
    receipt = session.get_one(EvaluationReceipt, row.receipt_id)
    open_case(
        session, row.id, number=row.number, title=row.title, category=row.category, year=call.year, fund_id=call.fund_id,
        enterprise_ids=row.beneficiaries, now=now,
    )  # fmt: skip
    said = {
        "number": row.number, "year": call.year, "round": call.number, "category": row.category,
        "applicant_id": row.applicant_id, "user_id": row.user_id, "need_id": row.need_id, "contract_id": row.contract_id, "least_fen": row.least_fen, "asked_fen": row.asked_fen,
    }  # fmt: skip
    tell(session, row.id, StepKind.APPLICATION, Subject("grant_applications", row.id, said), now=now)
    proof = {
        "sha256": receipt.sha256,
        "outcome": receipt.outcome,
        "policy_version_id": receipt.version_id,
        "as_of": receipt.as_of,
    }
    tell(session, row.id, StepKind.RECEIPT, Subject("evaluation_receipts", receipt.id, proof), now=now)


def _require_open(call: GrantRound, now: datetime) -> None:
    if call.state != OPEN or now >= call.closes_at:
        raise _closed(call)


def _require_sound(session: Session, call: GrantRound, said: Mapping[str, Any]) -> None:
    problems = []
    if call.category(said["category"]) is None:
        keys = ", ".join(each["key"] for each in call.categories)
        problems.append({"field": "category", "problem": NO_CATEGORY.format(keys=keys)})
    if strange := sorted(set(said["groups"]) - {each["key"] for each in call.groups}):
        problems.append({"field": "groups", "problem": NO_GROUP.format(keys=", ".join(strange))})
    if (said["need_id"] is None) == (said["contract_id"] is None):
        problems.append({"field": "need_id", "problem": ONE_MATTER})
    is_first_use = said["category"] == FIRST_USE
    if is_first_use and (
        said["user_id"] is None or said["user_share"] is None or said["user_id"] == said["applicant_id"]
    ):
        problems.append({"field": "user_id", "problem": WANTS_USER})
    if not is_first_use and (said["user_id"] is not None or said["user_share"] is not None):
        problems.append({"field": "user_id", "problem": NO_USER})
    if said["user_id"] is not None and session.get(Enterprise, said["user_id"]) is None:
        problems.append({"field": "user_id", "problem": NO_ENTERPRISE})
    needed = said["prerequisite_id"] and session.get(GrantApplication, said["prerequisite_id"])
    if said["prerequisite_id"] is not None and (needed is None or needed.round_id != call.id):
        problems.append({"field": "prerequisite_id", "problem": NO_PREREQUISITE})
    if problems:
        raise Invalid(problems)
    _require_amounts(call, said)


def _require_amounts(call: GrantRound, said: Mapping[str, Any]) -> None:
    if said["least_fen"] <= 0:
        raise Invalid.field("least_fen", TOO_LITTLE)
    if said["least_fen"] > said["asked_fen"]:
        raise Invalid.field("least_fen", REVERSED)
    if -(-said["least_fen"] // call.step_fen) > said["asked_fen"] // call.step_fen:
        words = {
            "least": said["least_fen"] / 100,
            "asked": said["asked_fen"] / 100,
            "step": call.step_fen / 100,
        }
        raise Invalid.field(
            "asked_fen", NO_STEP.format(**{key: f"{yuan:,.2f}" for key, yuan in words.items()})
        )
    if call.enterprise_cap_fen is not None and said["asked_fen"] > call.enterprise_cap_fen:
        raise OverTheCap(asked_fen=said["asked_fen"], cap_fen=call.enterprise_cap_fen)


def _closed(call: GrantRound) -> RoundClosed:
    closes_at = call.closes_at.isoformat()
    return RoundClosed(
        stands=ROUND.words[call.state], number=call.number, closes_at=closes_at, state=call.state
    )
