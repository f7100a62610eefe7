"""Setting up chains, and saying who leads, steers and joins forces in them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.directory.chains.errors import ChainClosed, ChainNameTaken, PartTaken
from backbone.directory.chains.models import Chain, ChainPart
from backbone.directory.chains.permissions import may_steer
from backbone.directory.models import Enterprise, Institute
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.references import NO_SUCH_ENTERPRISE, NO_SUCH_INSTITUTE

PART_NAMES: Mapping[str, Bilingual] = {
    "lead": Bilingual("链长单位", "lead"),
    "master": Bilingual("链主企业", "master"),
    "innovator": Bilingual("链创单位", "innovator"),
}


def open_chain(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> Chain:
    """Set up a chain as a public text does; raises Forbidden, Invalid, ChainNameTaken."""
    if not may_steer(actor):
        raise Forbidden()
    refuse_future("as_of_on", values.get("as_of_on"), local_date(now))
    chain = Chain(**_named_plainly(values), created_at=now, updated_at=now)
    with _one_of_its_name(session, chain.name):
        session.add(chain)
    audit.record(session, actor, "open_chain", chain, now=now, after=dict(values))
    return chain


def amend_chain(
    session: Session, actor: Actor, chain: Chain, values: Mapping[str, Any], *, now: datetime
) -> Chain:
    """Change what is said of an open chain; raises Forbidden, Invalid, ChainClosed, ChainNameTaken."""
    if not may_steer(actor):
        raise Forbidden()
    _refuse_closed(chain)
    refuse_future("as_of_on", values.get("as_of_on"), local_date(now))
    before, after = audit.changes(chain, _named_plainly(values))
    if not after:
        return chain
    with _one_of_its_name(session, after.get("name", chain.name)):
        for name, value in after.items():
            setattr(chain, name, value)
        chain.updated_at = now
    audit.record(session, actor, "amend_chain", chain, now=now, before=before, after=after)
    return chain


def close_chain(session: Session, actor: Actor, chain_id: UUID, *, now: datetime) -> Chain:
    """End a chain: whatever names it keeps naming it, nothing new does. Twice changes nothing.

    Raises Forbidden, NotFound.
    """
    chain = _to_steer(session, actor, chain_id)
    if chain.closed_at is None:
        chain.closed_at = chain.updated_at = now
        audit.record(session, actor, "close_chain", chain, now=now, after={"closed_at": now})
    return chain


def appoint_chain_lead(
    session: Session, actor: Actor, chain_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Chain:
    """链长: an office leads the chain; raises Forbidden, NotFound, Invalid, ChainClosed, PartTaken."""
    return _appoint(session, actor, chain_id, "lead", values, now)


def appoint_chain_master(
    session: Session, actor: Actor, chain_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Chain:
    """链主: an enterprise steers the chain, and is known as that to everybody; raises as `appoint_chain_lead`."""
    return _appoint(session, actor, chain_id, "master", values, now)


def admit_chain_innovator(
    session: Session, actor: Actor, chain_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Chain:
    """链创: an institute or another organisation joins forces; raises as `appoint_chain_lead`."""
    return _appoint(session, actor, chain_id, "innovator", values, now)


def end_chain_part(session: Session, actor: Actor, part_id: UUID, *, now: datetime) -> Chain:
    """The part is over from this instant on; twice changes nothing. Raises Forbidden, NotFound."""
    part = session.get(ChainPart, part_id)
    if part is None:
        raise NotFound() if may_steer(actor) else Forbidden()
    chain = _to_steer(session, actor, part.chain_id)
    session.refresh(part)
    if part.ended_at is None:
        part.ended_at = now
        audit.record(session, actor, "end_chain_part", part, now=now, after={"ended_at": now})
        _show_anew(session, chain, now)
    return chain


def _appoint(
    session: Session, actor: Actor, chain_id: UUID, part: str, values: Mapping[str, Any], now: datetime
) -> Chain:
    chain = _to_steer(session, actor, chain_id)
    _refuse_closed(chain)
    refuse_future("since_on", values.get("since_on"), local_date(now))
    _refuse_unknown(session, values)
    row = ChainPart(chain_id=chain.id, part=part, appointed_at=now, **values)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as clash:
        if "uq_chain_parts" not in str(clash.orig):
            raise
        raise PartTaken(part=PART_NAMES[part]) from None
    after = {"chain_id": chain.id, "part": part, **values}
    audit.record(session, actor, "appoint_chain_part", row, now=now, after=after)
    _show_anew(session, chain, now)
    return chain


def _to_steer(session: Session, actor: Actor, chain_id: UUID) -> Chain:
    """The chain, locked; who may not steer chains is told so, since everybody may read them."""
    if not may_steer(actor):
        raise Forbidden()
    chain = session.get(Chain, chain_id, with_for_update=True, populate_existing=True)
    if chain is None:
        raise NotFound()
    return chain


def _show_anew(session: Session, chain: Chain, now: datetime) -> None:
    """A new version of the chain, which is shown with its parts, and the parts read again."""
    chain.updated_at = now
    flag_modified(chain, "updated_at")  # also within the same instant
    session.flush()
    session.expire(chain, ["parts"])


def _refuse_closed(chain: Chain) -> None:
    if chain.closed_at is not None:
        raise ChainClosed(name=chain.name, closed_at=chain.closed_at.isoformat())


def _refuse_unknown(session: Session, values: Mapping[str, Any]) -> None:
    enterprise_id, institute_id = values.get("enterprise_id"), values.get("institute_id")
    if enterprise_id is not None and session.get(Enterprise, enterprise_id) is None:
        raise Invalid.field("enterprise_id", NO_SUCH_ENTERPRISE)
    if institute_id is not None and session.get(Institute, institute_id) is None:
        raise Invalid.field("institute_id", NO_SUCH_INSTITUTE)


def _named_plainly(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the name's outer and repeated blanks gone: two names must not differ by them alone."""
    return {**values, **({"name": " ".join(values["name"].split())} if "name" in values else {})}


@contextmanager
def _one_of_its_name(session: Session, name: str) -> Iterator[None]:
    """Write what the block changes within a savepoint; raises ChainNameTaken. The index decides, not a look beforehand."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as clash:
        if "uq_chains_open_name" not in str(clash.orig):
            raise
        raise ChainNameTaken(name=name) from None
