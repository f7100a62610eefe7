"""The verbs, their audit, and what happens when two come at once."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backbone.audit import AuditEvent
from backbone.errors import Forbidden, NotFound
from backbone.files.models import FileContent, StoredFile
from sky_net.attachments.errors import AttachmentsSettled, TooManyAttachments
from sky_net.attachments.models import Attachment
from sky_net.attachments.service import MOST_PER_NEED, attach_file, attachment_to_remove, remove_attachment
from tests.factories.attachments import an_attachment
from tests.factories.files import a_pdf
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.needs import a_need


@pytest.fixture
def exchange(session):
    return an_exchange(session, confirmed=False, visibility="public")


def attach(exchange, actor, need=None, name="方案.pdf", session=None, **values):
    given = {"name": name, "level": "invited", "content": a_pdf()} | values
    return attach_file(
        session or exchange.session, actor, (need or exchange.need).id, **given, now=SUBMITTED_AT
    )


def rows(session):
    return [
        session.scalar(select(func.count()).select_from(table))
        for table in (Attachment, StoredFile, FileContent)
    ]


def test_a_draft_takes_files_of_its_poster(exchange):
    need = a_need(exchange.session, exchange.enterprise)
    assert attach(exchange, exchange.poster, need).need_id == need.id
    with pytest.raises(NotFound):
        attach(exchange, exchange.operator, need)  # a draft is not there for anybody else


def test_those_who_see_the_need_and_are_not_its_parties_attach_nothing(exchange):
    exchange.need.confirmed_at = SUBMITTED_AT
    an_invitation(exchange.session, exchange.need, exchange.institute)
    for actor in (exchange.broker, exchange.auditor, exchange.office, exchange.rival_office):
        with pytest.raises(Forbidden):
            attach(exchange, actor)
    with pytest.raises(NotFound):
        attach(exchange, exchange.stranger)
    assert rows(exchange.session) == [0, 0, 0]


def test_after_confirmation_only_operators_attach_and_remove(session):
    exchange = an_exchange(session)
    attachment = an_attachment(session, exchange.need)
    for act in (lambda: attach(exchange, exchange.poster),
                lambda: attachment_to_remove(session, exchange.poster, attachment.id)):  # fmt: skip
        with pytest.raises(AttachmentsSettled) as refused:
            act()
        assert refused.value.data["state"] == "confirmed"
    attach(exchange, exchange.operator)
    remove_attachment(
        session,
        exchange.operator,
        attachment_to_remove(session, exchange.operator, attachment.id),
        now=SUBMITTED_AT,
    )
    assert rows(session) == [1, 1, 1]


def test_the_twenty_first_is_refused_and_a_removal_makes_room(exchange):
    made = [attach(exchange, exchange.poster, name=f"{n}.pdf") for n in range(MOST_PER_NEED)]
    with pytest.raises(TooManyAttachments):
        attach(exchange, exchange.poster)
    with pytest.raises(TooManyAttachments):
        attach(exchange, exchange.operator)
    remove_attachment(exchange.session, exchange.poster, made[0], now=SUBMITTED_AT)
    attach(exchange, exchange.poster)
    assert rows(exchange.session) == [MOST_PER_NEED, MOST_PER_NEED, 1]


def test_the_history_tells_what_was_done_but_neither_name_nor_hash_nor_content(exchange):
    attachment = attach(exchange, exchange.poster, name="测试人甲简历.pdf")
    sha256 = attachment.file.sha256
    remove_attachment(exchange.session, exchange.operator, attachment, now=SUBMITTED_AT)
    query = select(AuditEvent).where(AuditEvent.subject_id == attachment.id).order_by(AuditEvent.id)
    attached, removed = exchange.session.scalars(query)
    assert (attached.action, attached.actor_id) == ("attach_file", exchange.poster.account_id)
    assert (removed.action, removed.actor_id) == ("remove_attachment", exchange.operator.account_id)
    assert attached.after == removed.before
    assert attached.subject_kind == "attachments"
    assert (attached.after["level"], attached.after["size"]) == ("invited", len(a_pdf()))
    told = f"{attached.after}"
    assert "简历" not in told
    assert sha256 not in told
    assert "%PDF" not in told


def test_the_need_is_not_changed_by_its_attachments(exchange):
    version, updated_at = exchange.need.version, exchange.need.updated_at
    attach(exchange, exchange.operator)
    exchange.session.refresh(exchange.need)
    assert (exchange.need.version, exchange.need.updated_at) == (version, updated_at)


def test_nothing_unknown_is_removed(exchange):
    with pytest.raises(NotFound):
        attachment_to_remove(exchange.session, exchange.operator, uuid4())


@pytest.fixture
def committed(committed_database):
    with committed_database.transaction() as session:
        return an_exchange(session, confirmed=False)


def at_once(database, *works):
    start, seen = threading.Barrier(len(works)), []

    def run(work):
        start.wait(10)
        try:
            with database.transaction() as session:
                work(session)
            seen.append("done")
        except Exception as failure:
            seen.append(type(failure).__name__)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(seen)


def test_two_at_once_do_not_pass_the_limit(committed_database, committed):
    with committed_database.transaction() as session:
        for n in range(MOST_PER_NEED - 1):
            an_attachment(session, committed.need, name=f"{n}.pdf")
    seen = at_once(
        committed_database,
        lambda session: attach(committed, committed.poster, session=session),
        lambda session: attach(committed, committed.operator, session=session),
    )
    assert seen == ["TooManyAttachments", "done"]
    with committed_database.transaction() as session:
        assert rows(session)[0] == MOST_PER_NEED


def test_of_two_who_remove_the_same_one_finds_it_gone(committed_database, committed):
    with committed_database.transaction() as session:
        attachment = an_attachment(session, committed.need)

    def remove(actor):
        def work(session):
            found = attachment_to_remove(session, actor, attachment.id)
            remove_attachment(session, actor, found, now=SUBMITTED_AT)

        return work

    assert at_once(committed_database, remove(committed.poster), remove(committed.operator)) == [
        "NotFound",
        "done",
    ]
    with committed_database.transaction() as session:
        assert rows(session) == [0, 0, 0]
