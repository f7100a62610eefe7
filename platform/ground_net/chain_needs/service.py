"""Raising a need for several enterprises, asking them to stand behind it, and their answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.directory.chains.errors import ChainClosed
from backbone.directory.chains.models import Chain
from backbone.directory.chains.reading import chain_named
from backbone.directory.models import Enterprise
from backbone.directory.service import enterprise_named
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound, StateConflict
from backbone.identity.reaching import members_of
from backbone.notices.service import notify_each, the_same_to
from ground_net.chain_needs.errors import NeedOver, NotOfAChain
from ground_net.chain_needs.models import ChainNeed, NeedBacking
from ground_net.chain_needs.permissions import may_ask
from ground_net.chain_needs.states import ASKED, TRANSITIONS, WORDS, actions_in
from sky_net.needs.models import Need
from sky_net.needs.reading import read_in_full
from sky_net.needs.service import draft_need, draft_on_behalf, lock_need
from sky_net.needs.states import CLOSED
from sky_net.needs.states import STATES as NEED_WORDS

NOT_A_MASTER = Bilingual("该企业不是本产业链的链主", "The enterprise is no master of this chain")
WHICH_MASTER = Bilingual("请指明由哪家链主企业提出", "Say which of the chain's masters raises it")
ITSELF = Bilingual("提出企业自身不必列入", "The enterprise that raises it stands behind it anyway")


def raise_chain_need(
    session: Session, actor: Actor, chain_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Need:
    """Draft a need of the chain's master: by a member of it, or by an operator of its zone; the master hands it in.

    `need` are its fields, `credit_codes` the enterprises to be asked. Raises NotFound, ChainClosed, Forbidden, Invalid.
    """
    chain = chain_named(session, chain_id)
    if chain.closed_at is not None:
        raise ChainClosed(name=chain.name, closed_at=chain.closed_at.isoformat())
    master = _master(actor, chain, values.get("enterprise_id"))
    given = {**values["need"], "chain_id": chain.id}
    if master in actor.organisations(Role.ENTERPRISE_MEMBER):
        need = draft_need(session, actor, {**given, "enterprise_id": master}, now=now)
    else:
        need = draft_on_behalf(session, actor, master, given, now=now)
    raised = ChainNeed(need_id=need.id, chain_id=chain.id, raised_by=actor.account_id, raised_at=now)
    session.add(raised)
    session.flush()
    after = {"need_id": need.id, "chain_id": chain.id}
    audit.record(session, actor, "raise_chain_need", raised, now=now, after=after)
    _ask(session, actor, need, values.get("credit_codes", ()), now)
    return need


def ask_enterprises(
    session: Session, actor: Actor, need_id: UUID, credit_codes: Sequence[str], *, now: datetime
) -> Need:
    """Ask further enterprises to stand behind it; one that was asked is not asked again.

    Raises NotFound, Forbidden, NotOfAChain, NeedOver, Invalid.
    """
    if not may_ask(actor, read_in_full(session, actor, need_id)):
        raise Forbidden()
    need = lock_need(session, need_id)
    if session.scalar(select(ChainNeed.id).where(ChainNeed.need_id == need.id)) is None:
        raise NotOfAChain(number=need.number)
    _refuse_over(need)
    _ask(session, actor, need, credit_codes, now)
    return need


def consent_to_back(session: Session, actor: Actor, backing_id: UUID, *, now: datetime) -> NeedBacking:
    """The enterprise stands behind the need; raises NotFound, StateConflict, NeedOver."""
    return _answer(session, actor, backing_id, "consent", now)


def decline_to_back(session: Session, actor: Actor, backing_id: UUID, *, now: datetime) -> NeedBacking:
    """The enterprise does not, or not any more; raises NotFound, StateConflict, NeedOver."""
    return _answer(session, actor, backing_id, "decline", now)


def _master(actor: Actor, chain: Chain, wanted: UUID | None) -> UUID:
    """The master that raises the need: the one named, else the actor's own, else the only one."""
    masters = [part.enterprise_id for part in chain.masters if part.enterprise_id is not None]
    if wanted is not None:
        if wanted not in masters:
            raise Invalid.field("enterprise_id", NOT_A_MASTER)
        return wanted
    own = [master for master in masters if master in actor.organisations(Role.ENTERPRISE_MEMBER)]
    if not own and not actor.holds(Role.OPERATOR):
        raise Forbidden()
    meant = own or masters
    if len(meant) != 1:
        raise Invalid.field("enterprise_id", WHICH_MASTER)
    return meant[0]


def _ask(session: Session, actor: Actor, need: Need, credit_codes: Sequence[str], now: datetime) -> None:
    own = enterprise_named(session, need.enterprise_id).credit_code
    if own in credit_codes:
        raise Invalid.field(f"credit_codes.{list(credit_codes).index(own)}", ITSELF)
    asked = select(NeedBacking.credit_code).where(NeedBacking.need_id == need.id)
    known = set(session.scalars(asked))
    fresh = {}
    for credit_code in credit_codes:
        if credit_code in known:
            continue
        backing = NeedBacking(
            need_id=need.id, credit_code=credit_code, asked_by=actor.account_id, state=ASKED, created_at=now, updated_at=now
        )  # fmt: skip
        session.add(backing)
        session.flush()
        after = {"need_id": need.id, "credit_code": credit_code}
        audit.record(session, actor, "ask_enterprise", backing, now=now, after=after)
        fresh[credit_code] = backing
    _tell_asked(session, need, fresh, now)


def _tell_asked(session: Session, need: Need, asked: Mapping[str, NeedBacking], now: datetime) -> None:
    """The members of those that are registered: who asks is not told whether they are."""
    found = session.execute(
        select(Enterprise.id, Enterprise.credit_code).where(Enterprise.credit_code.in_(asked))
    )
    codes = {enterprise_id: credit_code for enterprise_id, credit_code in found}
    about, members = (
        (need.id, need.number, need.zone_code),
        members_of(session, codes, Role.ENTERPRISE_MEMBER),
    )
    notices = [
        notice
        for enterprise_id, accounts in sorted(members.items())
        for notice in the_same_to(
            accounts, f"backing:{asked[codes[enterprise_id]].id}", "backing_asked", about
        )
    ]
    notify_each(session, notices, now=now)


def _answer(session: Session, actor: Actor, backing_id: UUID, action: str, now: datetime) -> NeedBacking:
    own = actor.organisations(Role.ENTERPRISE_MEMBER)
    asked = (
        select(NeedBacking, Enterprise.id)
        .join(Enterprise, Enterprise.credit_code == NeedBacking.credit_code)
        .where(NeedBacking.id == backing_id, Enterprise.id.in_(own))
        .with_for_update(of=NeedBacking)
        .execution_options(populate_existing=True)
    )
    found = session.execute(asked).first()
    if found is None:
        raise NotFound()
    backing: NeedBacking = found[0]
    frm, to = TRANSITIONS[action]
    if backing.state not in frm:
        raise StateConflict(
            stands=WORDS[backing.state], state=backing.state, action=action, allowed=actions_in(backing.state)
        )
    _refuse_over(session.get_one(Need, backing.need_id))
    changed = {"state": to, "enterprise_id": found[1], "answered_at": now, "answered_by": actor.account_id}
    before, after = audit.changes(backing, changed)
    for name, value in after.items():
        setattr(backing, name, value)
    backing.updated_at = now
    session.flush()
    audit.record(session, actor, f"{action}_backing", backing, now=now, before=before, after=after)
    return backing


def _refuse_over(need: Need) -> None:
    if need.state in CLOSED:
        raise NeedOver(stands=NEED_WORDS[need.state], number=need.number, state=need.state)
