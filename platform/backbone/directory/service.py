"""Registering, amending and finding organisations."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from backbone import audit, events
from backbone.actor import Actor
from backbone.directory.chains.models import ChainPart
from backbone.directory.chains.reading import plays_part, require_chains, require_open_chain
from backbone.directory.changing import EnterpriseChanged
from backbone.directory.errors import BeyondZone, CreditCodeTaken
from backbone.directory.models import PERSONAL, Enterprise, Institute
from backbone.directory.named import is_called
from backbone.directory.permissions import (
    CAN_AMEND,
    CAN_READ_CONTACT_OF_ENTERPRISE,
    CAN_READ_CONTACT_OF_INSTITUTE,
    CAN_READ_ENTERPRISE,
    CAN_REGISTER,
    allows,
    may_move,
    visible_enterprises,
)
from backbone.directory.regions import region_label, regions_of
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.pages import Page, read_page

MORE_THAN_ALL = Bilingual(
    "科技人员数 {science} 大于职工总数 {total}",
    "{science} of science and technology, yet {total} people in all",
)
Organisation = TypeVar("Organisation", Enterprise, Institute)


class Named(NamedTuple):
    """An organisation as far as the views of other features tell it."""

    id: UUID
    name: str


# Nearly every answer names somebody: two columns by a statement made once, instead of rows with all they hold.
NAMES: Mapping[type[Enterprise | Institute], Select[UUID, str]] = {
    kind: select(kind.id, kind.name).where(kind.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    for kind in (Enterprise, Institute)
}


def register_enterprise(
    session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> Enterprise:
    """Add an enterprise; raises CreditCodeTaken, Forbidden, Invalid."""
    row = _register(session, actor, Enterprise, values, now)
    events.publish(session, EnterpriseChanged(row.id, now))
    return row


def register_institute(
    session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> Institute:
    """Add an institute; raises CreditCodeTaken, Forbidden."""
    return _register(session, actor, Institute, values, now)


def show_enterprise(session: Session, actor: Actor, enterprise_id: UUID) -> Enterprise:
    """The enterprise, for those who may know of it; raises NotFound."""
    enterprise = enterprise_named(session, enterprise_id)
    if not allows(CAN_READ_ENTERPRISE, actor, enterprise):
        raise NotFound()
    return enterprise


def may_read_contact(actor: Actor, row: Enterprise | Institute) -> bool:
    """Whether phone and address of the contact are shown unmasked, of one organisation; in lists they never are."""
    of_enterprise, of_institute = CAN_READ_CONTACT_OF_ENTERPRISE, CAN_READ_CONTACT_OF_INSTITUTE
    return allows(of_enterprise if isinstance(row, Enterprise) else of_institute, actor, row)


def amend(
    session: Session, actor: Actor, row: Organisation, values: Mapping[str, Any], *, now: datetime
) -> Organisation:
    """Change the given fields of an organisation; raises Forbidden, BeyondZone, Invalid, CreditCodeTaken."""
    if not allows(CAN_AMEND, actor, row):
        raise Forbidden()
    before, after = audit.changes(row, _columns(values))
    if not after:
        return row
    require_open_chain(session, after)
    _refuse_more_scientists_than_people(row, after)
    if "region_code" in after and not may_move(actor, row, after["region_code"]):
        raise BeyondZone(region=region_label(after["region_code"]))
    with _one_per_code(session, after.get("credit_code")):
        for name, value in after.items():
            setattr(row, name, value)
        row.updated_at = now
    audit.record(
        session, actor, f"amend_{_kind(row)}", row, now=now, before=before, after=after, personal=PERSONAL
    )
    if isinstance(row, Enterprise):
        events.publish(session, EnterpriseChanged(row.id, now))
    return row


def list_enterprises(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Enterprise]:
    """The enterprises this actor may know of; those of a chain name it or steer it. Raises Invalid."""
    query = visible_enterprises(actor)
    if chains := require_chains(session, asked):
        steers = plays_part(ChainPart.enterprise_id, Enterprise.id, chains)
        query = query.where(or_(Enterprise.chain_id.in_(chains), steers))
    if asked.get("industry"):
        query = query.where(Enterprise.industry.in_(asked["industry"]))
    return _listed(session, query, Enterprise, asked)


def list_institutes(session: Session, asked: Mapping[str, Any]) -> Page[Institute]:
    """All institutes; those of a chain are the ones that joined it. Raises Invalid."""
    query = select(Institute)
    if chains := require_chains(session, asked):
        query = query.where(plays_part(ChainPart.institute_id, Institute.id, chains))
    if asked.get("industry"):
        query = query.where(Institute.industries.overlap(asked["industry"]))
    return _listed(session, query, Institute, asked)


def enterprise_named(session: Session, enterprise_id: UUID) -> Enterprise:
    """The enterprise by id, whoever asks; raises NotFound."""
    return _named(session, Enterprise, enterprise_id)


def enterprise_of_code(session: Session, credit_code: str | None) -> Enterprise | None:
    """The enterprise of this 统一社会信用代码, whoever asks; None for one that is not registered.

    An institute that is a company may be in both lists.
    """
    if credit_code is None:
        return None
    return session.scalar(select(Enterprise).where(Enterprise.credit_code == credit_code))


def institute_named(session: Session, institute_id: UUID) -> Institute:
    """The institute by id; raises NotFound."""
    return _named(session, Institute, institute_id)


def names_of_enterprises(session: Session, ids: Collection[UUID]) -> dict[UUID, Named]:
    """The enterprises of these ids as other features name them, in one query."""
    return _names(session, Enterprise, ids)


def names_of_institutes(session: Session, ids: Collection[UUID]) -> dict[UUID, Named]:
    """The institutes of these ids as other features name them, in one query."""
    return _names(session, Institute, ids)


def _names(session: Session, kind: type[Organisation], ids: Collection[UUID]) -> dict[UUID, Named]:
    if not ids:
        return {}
    rows = session.connection().execute(NAMES[kind], {"ids": list(ids)})
    return {row.id: Named(row.id, row.name) for row in rows}


def _named(session: Session, kind: type[Organisation], wanted: UUID) -> Organisation:
    row = session.get(kind, wanted)
    if row is None:
        raise NotFound()
    return row


def _register(
    session: Session, actor: Actor, kind: type[Organisation], values: Mapping[str, Any], now: datetime
) -> Organisation:
    row = kind(**_columns(values), created_at=now, updated_at=now)
    if not allows(CAN_REGISTER, actor, row):
        raise Forbidden()
    require_open_chain(session, values)
    _refuse_more_scientists_than_people(row, values)
    with _one_per_code(session, row.credit_code):
        session.add(row)
    audit.record(
        session, actor, f"register_{_kind(row)}", row, now=now, after=_columns(values), personal=PERSONAL
    )  # fmt: skip
    return row


@contextmanager
def _one_per_code(session: Session, credit_code: str | None) -> Iterator[None]:
    """Write what the block changes within a savepoint; raises CreditCodeTaken, and only the block is undone.

    The unique constraint decides, not a look beforehand: two registrations at once cannot both pass.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as clash:
        if "credit_code" not in str(clash.orig):
            raise
        raise CreditCodeTaken(credit_code=credit_code) from None


def _refuse_more_scientists_than_people(row: Enterprise | Institute, values: Mapping[str, Any]) -> None:
    total, science = (values.get(name, getattr(row, name, None)) for name in ("staff_total", "staff_science"))
    if total is not None and science is not None and science > total:
        given = "staff_science" if "staff_science" in values else "staff_total"
        raise Invalid.field(given, MORE_THAN_ALL.format(science=science, total=total))


def _kind(row: Enterprise | Institute) -> str:
    return "enterprise" if isinstance(row, Enterprise) else "institute"


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of what HTTP calls `contact`: {name, phone, email}."""
    columns = {name: value for name, value in values.items() if name != "contact"}
    return columns | {f"contact_{name}": value for name, value in (values.get("contact") or {}).items()}


def _listed(
    session: Session, query: Select[Organisation], kind: type[Organisation], asked: Mapping[str, Any]
) -> Page[Organisation]:
    if asked.get("region"):
        query = query.where(kind.region_code.in_(regions_of(asked["region"])))
    if asked.get("q"):
        query = query.where(is_called(kind, asked["q"]))
    query = query.options(selectinload(kind.persons))
    return read_page(
        session, query, asked, {"name": kind.name_pinyin, "created_at": kind.created_at}, kind.id
    )
