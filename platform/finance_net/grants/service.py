"""Running a round: its rules, its opening and closing, and calling it off."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Invalid, NotFound, StateConflict
from finance_net.funds.errors import NoGrants
from finance_net.grants.applications.reading import of_round
from finance_net.grants.errors import RulesBroken, StillOpen
from finance_net.grants.life import APPLICATION, ROUND
from finance_net.grants.models import NUMBERS, GrantRound
from finance_net.grants.permissions import require_manager
from finance_net.grants.reading import round_of
from finance_net.grants.reviews.scoring import why_below
from finance_net.grants.selections.excluding import let_go
from finance_net.grants.selections.models import GrantAllocation, GrantSelection
from finance_net.grants.telling import tell_parties
from finance_net.ledger.models import Envelope, Fund
from policy_pack.engine.policy import Category

CANCELLED = "批次取消 {number} / the round {number} was called off"
PAST = Bilingual("须晚于现在", "must lie in the future")
NONE = Bilingual("至少一项", "at least one is needed")
REPEATED = Bilingual("有重复的标识：{keys}", "a key is given twice: {keys}")


def draft_round(session: Session, actor: Actor, said: Mapping[str, Any], *, now: datetime) -> GrantRound:
    """Write down a round's rules; raises Forbidden, NotFound, NoGrants, Invalid, RulesBroken."""
    require_manager(actor)
    fund = session.get(Fund, said["fund_id"])
    if fund is None:
        raise NotFound()
    if fund.kind != "grants":
        raise NoGrants(fund=fund.title)
    _require_sound(session, said, now)
    today = local_date(now)
    row = GrantRound(
        number=f"PC-{today.year}-{session.scalar(select(NUMBERS.next_value())):04d}", opened_by=actor.account_id,
        created_at=now, updated_at=now, **{**said, "categories": [_plain(each) for each in said["categories"]]},
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"number": row.number, "fund_id": row.fund_id, "title": row.title, "closes_at": row.closes_at}
    audit.record(session, actor, "draft_round", row, now=now, after=after)
    return row


def open_round(session: Session, actor: Actor, round_id: UUID, *, now: datetime) -> GrantRound:
    """Take applications from now on; raises NotFound, Forbidden, StateConflict, Invalid."""
    row = _moved(session, actor, round_id, "open")
    if row.closes_at <= now:
        raise Invalid.field("closes_at", PAST)
    return _told(session, actor, row, "open_round", now)


def close_round(session: Session, actor: Actor, round_id: UUID, *, now: datetime) -> GrantRound:
    """Begin the reviews once nobody can apply any more; raises NotFound, Forbidden, StateConflict, StillOpen."""
    row = _moved(session, actor, round_id, "close")
    if now < row.closes_at:
        raise StillOpen(number=row.number, closes_at=row.closes_at.isoformat())
    return _told(session, actor, row, "close_round", now)


def cancel_round(session: Session, actor: Actor, round_id: UUID, *, now: datetime) -> GrantRound:
    """Call it off, and its applications with it, before anything was announced; what was set aside is let go of. Raises NotFound, Forbidden, StateConflict."""
    row = _moved(session, actor, round_id, "cancel")
    allocated = select(GrantAllocation).join(
        GrantSelection, GrantSelection.id == GrantAllocation.selection_id
    )
    standing = list(
        session.scalars(allocated.where(GrantSelection.round_id == row.id, ~GrantAllocation.is_void))
    )
    if any(each.announcement_id is not None for each in standing):
        raise StateConflict(
            stands=ROUND.words["selected"],
            state="selected",
            action="cancel",
            allowed=ROUND.actions_from("announced"),
        )
    for each in standing:
        let_go(session, actor, each, CANCELLED.format(number=row.number), now)
    waiting = of_round(session, row.id, *APPLICATION.before("admit"), *APPLICATION.before("award"))
    for applied in of_round(session, row.id, *APPLICATION.before("call_off")):
        applied.state, applied.updated_at = APPLICATION.after("call_off", applied.state), now
        applied.reason = why_below(applied.score, row.pass_mark)
    session.flush()
    tell_parties(session, actor, "grant_round_cancelled", waiting, now=now)
    return _told(session, actor, row, "cancel_round", now)


def _moved(session: Session, actor: Actor, round_id: UUID, action: str) -> GrantRound:
    require_manager(actor)
    row = round_of(session, actor, round_id, locked=True)
    row.state = ROUND.after(action, row.state)
    return row


def _told(session: Session, actor: Actor, row: GrantRound, action: str, now: datetime) -> GrantRound:
    row.updated_at = now
    session.flush()
    audit.record(session, actor, action, row, now=now, after={"state": row.state})
    return row


def _require_sound(session: Session, said: Mapping[str, Any], now: datetime) -> None:
    problems = [
        {"field": name, "problem": REPEATED.format(keys=", ".join(twice))}
        for name in ("criteria", "categories", "groups")
        if (twice := _repeated([each["key"] for each in said[name]]))
    ]
    problems += [{"field": name, "problem": NONE} for name in ("criteria", "categories") if not said[name]]
    if said["closes_at"] <= now:
        problems.append({"field": "closes_at", "problem": PAST})
    if problems:
        raise Invalid(problems)
    ids = [each["envelope_id"] for each in said["categories"]]
    known = set(
        session.scalars(
            select(Envelope.id).where(
                Envelope.id.in_(ids), Envelope.fund_id == said["fund_id"], ~Envelope.is_partitioned
            )
        )
    )
    for each in said["categories"]:
        if each["envelope_id"] not in known:
            raise RulesBroken(
                f"类别 {each['key']} 的额度不属于该资金，或另有分项",
                f"the envelope of the category {each['key']} is none of the fund's, or has parts",
            )
        if each["max_fen"] is not None and each["max_fen"] < each["min_fen"]:
            raise RulesBroken(
                f"类别 {each['key']} 的下限 {each['min_fen'] / 100:.2f} 元高于上限 {each['max_fen'] / 100:.2f} 元",
                f"the minimum of the category {each['key']} is above its maximum",
            )
    _require_reachable(said)
    if len(set(ids)) != len(ids):
        raise RulesBroken("两个类别共用一个额度", "two categories share an envelope")


def _require_reachable(said: Mapping[str, Any]) -> None:
    """Rules under which nobody could apply, or nobody be funded, are no rules."""
    known = [str(each) for each in Category]
    if strange := sorted({each["key"] for each in said["categories"]} - set(known)):
        raise RulesBroken(
            f"没有政策类别 {'、'.join(strange)}，可用 {'、'.join(known)}：申报须凭该类别政策的凭据",
            f"no policy is of the category {', '.join(strange)}, only of {', '.join(known)}: an application rests on a receipt of one",
        )
    cap, step = said["enterprise_cap_fen"], said["step_fen"]
    if cap is not None and step > cap:
        raise RulesBroken(
            f"金额单位 {step / 100:.2f} 元大于单个企业上限 {cap / 100:.2f} 元，任何申报都无法入选",
            f"a step of {step / 100:.2f} yuan is above the cap of {cap / 100:.2f} for an enterprise: nobody could be funded",
        )


def _repeated(keys: Sequence[str]) -> list[str]:
    return sorted({key for key in keys if keys.count(key) > 1})


def _plain(category: Mapping[str, Any]) -> dict[str, Any]:
    return {**category, "envelope_id": str(category["envelope_id"])}
