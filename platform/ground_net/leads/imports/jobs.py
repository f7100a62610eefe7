"""Carrying imports on without anybody waiting, and forgetting their files. A job may run twice: every part looks how far it is."""

from datetime import datetime
from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backbone import events
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.errors import Bilingual, NotFound
from backbone.jobs import defer, jobs
from backbone.people.erasing import PersonErased
from backbone.table_files.rows import TableRefused
from ground_net.leads.imports import service
from ground_net.leads.imports.models import LeadImport
from ground_net.leads.models import Lead

EVERY_NIGHT = "40 19 * * *"  # UTC: at 03:40 in Hubei


@jobs.task(name="leads.import", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def carry_on(import_id: str) -> None:
    """Read the file once, then take its rows part by part, each with its progress in a transaction of its own."""
    with transaction() as session:
        started, content = service.content_of(session, UUID(import_id))
        actor, name = service.importer_of(session, started), started.name
        if started.ended_at is not None or content is None:
            return
    try:
        table = service.read_file(content, name)
    except TableRefused as refusal:
        with transaction() as session:
            service.end_import(session, actor, *_failed(session, import_id, refusal), now=SystemClock().now())
        return
    for rows in service.parts_of(table) if table.rows else [()]:
        with transaction() as session:
            try:
                now = SystemClock().now()
                if (
                    service.take_part(session, actor, UUID(import_id), table, rows, now=now).ended_at
                    is not None
                ):
                    return
            except service.ImportEnded:
                return


@jobs.periodic(cron=EVERY_NIGHT)
@jobs.task(name="leads.forget_files", queueing_lock="leads.forget_files")
def forget_files(timestamp: int) -> None:
    """Drop the files of imports whose days are over: they hold people."""
    with transaction() as session:
        forget_older(session, now=SystemClock().now())


@events.on(PersonErased)
def forget_files_with(session: Session, event: PersonErased) -> None:
    """The files from which leads of somebody erased came hold the same values: they go at once."""
    of_leads = [person.holder_id for person in event.people if person.holder == Lead.__tablename__]
    imports = select(Lead.import_id).where(Lead.id.in_(of_leads), Lead.import_id.is_not(None))
    gone = update(LeadImport).where(LeadImport.id.in_(imports)).values(content_sealed=None)
    session.execute(gone, execution_options={"synchronize_session": False})


def forget_older(session: Session, *, now: datetime) -> None:
    """Drop the files that are kept no longer."""
    past = LeadImport.kept_until < now, LeadImport.content_sealed.is_not(None)
    dropped = update(LeadImport).where(*past).values(content_sealed=None)
    session.execute(dropped, execution_options={"synchronize_session": False})


def queue_import(session: Session, import_id: UUID) -> None:
    """Queue the import; two jobs of one never run at the same time."""
    defer(session, carry_on, lock=f"leads.import:{import_id}", import_id=str(import_id))


def _failed(session: Session, import_id: str, refusal: TableRefused) -> tuple[LeadImport, Bilingual]:
    started = session.get(LeadImport, UUID(import_id), with_for_update=True, populate_existing=True)
    if started is None:
        raise NotFound()
    return started, refusal.data["errors"][0]["problem"]
