"""Storing, reading and forgetting files."""

import hashlib
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from backbone.actor import Actor
from backbone.errors import Invalid, NotFound
from backbone.files.errors import FileRefused
from backbone.files.models import FileContent, StoredFile
from backbone.files.service import drop_file, forget_unreferenced, read_content, store_file
from tests.factories.files import a_pdf
from tests.factories.identity import an_actor

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
NOBODY = Actor(None, "test")


def stored(session, name="a.pdf", content=None):
    return store_file(session, NOBODY, name=name, content=a_pdf() if content is None else content, now=NOW)


def count(session, table=FileContent):
    return session.scalar(select(func.count()).select_from(table))


def test_a_file_is_what_it_holds_and_who_sent_it(session):
    actor = an_actor(session)
    file = store_file(session, actor, name="方案.pdf", content=a_pdf("甲"), now=NOW)
    assert (file.name, file.media_type, file.size) == ("方案.pdf", "application/pdf", len(a_pdf("甲")))
    assert file.sha256 == hashlib.sha256(a_pdf("甲")).hexdigest()
    assert (file.uploaded_by, file.created_at) == (actor.account_id, NOW)
    assert read_content(session, file.id) == a_pdf("甲")


def test_the_same_content_is_kept_once_under_many_names(session):
    one, other = stored(session, "a.pdf"), stored(session, "b.pdf")
    assert one.id != other.id
    assert one.sha256 == other.sha256
    assert count(session) == 1


def test_a_megabyte_comes_back_byte_by_byte(session):
    content = a_pdf() + bytes(range(256)) * 4096
    assert read_content(session, stored(session, content=content).id) == content


@pytest.mark.parametrize(("content", "name", "refusal"), [(b"", "a.pdf", FileRefused), (b"\x7fELF", "a.pdf", FileRefused),
                                                           (a_pdf(), "a.exe", Invalid)])  # fmt: skip
def test_a_refused_file_leaves_nothing(session, content, name, refusal):
    with pytest.raises(refusal):
        stored(session, name, content)
    assert (count(session), count(session, StoredFile)) == (0, 0)


def test_the_content_goes_with_the_last_file_that_holds_it(session):
    one, other = stored(session, "a.pdf"), stored(session, "b.pdf")
    drop_file(session, one)
    assert read_content(session, other.id) == a_pdf()
    with pytest.raises(NotFound):
        read_content(session, one.id)
    drop_file(session, other)
    assert (count(session), count(session, StoredFile)) == (0, 0)


def test_only_what_nobody_holds_is_forgotten(session):
    held = stored(session)
    for text in ("甲", "乙"):
        content = a_pdf(text)
        session.add(FileContent(sha256=hashlib.sha256(content).hexdigest(), content=content))
    session.flush()
    assert forget_unreferenced(session, [held.sha256]) == 0
    assert forget_unreferenced(session) == 2
    assert forget_unreferenced(session) == 0
    assert read_content(session, held.id) == a_pdf()


def test_an_unknown_file_is_not_found(session):
    with pytest.raises(NotFound):
        read_content(session, uuid4())


def run_beside(work):
    failures = []

    def guarded():
        try:
            work()
        except Exception as failure:
            failures.append(failure)

    thread = threading.Thread(target=guarded)
    thread.start()
    return thread, failures


def test_a_content_stored_again_while_it_is_dropped_is_not_lost(committed_database):
    with committed_database.transaction() as session:
        old = stored(session)
    dropping = committed_database.sessions()
    drop_file(dropping, dropping.get_one(StoredFile, old.id))
    made = []

    def store_again():
        with committed_database.transaction() as session:
            made.append(stored(session, "b.pdf").id)

    thread, failures = run_beside(store_again)
    thread.join(0.3)
    assert thread.is_alive()  # it waits for the fate of the old content
    dropping.commit()
    dropping.close()
    thread.join(30)
    assert failures == []
    with committed_database.transaction() as session:
        assert read_content(session, made[0]) == a_pdf()


def test_a_content_dropped_while_it_is_stored_again_is_not_lost(committed_database):
    with committed_database.transaction() as session:
        old = stored(session)
    storing = committed_database.sessions()
    new = stored(storing, "b.pdf").id

    def drop_old():
        with committed_database.transaction() as session:
            drop_file(session, session.get_one(StoredFile, old.id))

    thread, failures = run_beside(drop_old)
    thread.join(0.3)
    assert thread.is_alive()
    storing.commit()
    storing.close()
    thread.join(30)
    assert failures == []
    with committed_database.transaction() as session:
        assert read_content(session, new) == a_pdf()
        assert count(session, StoredFile) == 1


def test_two_at_once_with_the_same_content_keep_it_once(committed_database):
    start = threading.Barrier(2)

    def store_one(name):
        start.wait(10)
        with committed_database.transaction() as session:
            stored(session, name)

    both = [run_beside(lambda name=name: store_one(name)) for name in ("a.pdf", "b.pdf")]
    for thread, _ in both:
        thread.join(30)
    assert [failures for _, failures in both] == [[], []]
    with committed_database.transaction() as session:
        assert (count(session), count(session, StoredFile)) == (1, 2)


def test_a_list_of_files_never_asks_for_contents(session):
    stored(session)
    session.expunge_all()
    asked = []

    def listen(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(session.get_bind().engine, "before_cursor_execute", listen)
    try:
        session.scalars(select(StoredFile)).all()
    finally:
        event.remove(session.get_bind().engine, "before_cursor_execute", listen)
    assert asked
    assert not any("file_contents" in statement for statement in asked)
