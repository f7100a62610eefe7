"""Sealing misses no row and links none twice, whatever commits late, runs at once or is killed."""

import threading
from itertools import pairwise

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from backbone.audit import CHAIN, AuditEvent
from backbone.chain import sealing
from backbone.chain.links import hash_of_link
from backbone.chain.models import ChainCursor, ChainLink
from backbone.chain.sealing import forget_cursors, seal, tip_of
from tests.factories.chain import (
    NOW,
    an_event,
    as_owner,
    linked_ids,
    seal_now,
    verdict_of,
    wait_until_due,
    write,
)

FROM_ANOTHER_CLUSTER = 10**12


def links(database):
    with database.transaction() as session:
        return session.scalars(select(ChainLink).order_by(ChainLink.position)).all()


def test_rows_are_linked_in_the_order_of_their_transactions(committed_database):
    ids = write(committed_database, 5)
    assert seal_now(committed_database) == 5
    assert linked_ids(committed_database) == ids
    made = links(committed_database)
    assert [link.position for link in made] == [1, 2, 3, 4, 5]
    for before, link in pairwise(made):
        expected = hash_of_link(before.link_hash, link.position, link.row_id, link.content_hash)
        assert link.link_hash == expected


def test_a_link_holds_the_hash_that_the_row_carries(committed_database):
    (event_id,) = write(committed_database)
    seal_now(committed_database)
    with committed_database.transaction() as session:
        assert session.get_one(AuditEvent, event_id).content_hash == links(committed_database)[0].content_hash


def test_batches_make_one_chain(committed_database):
    ids = write(committed_database, 7)
    seal_now(committed_database)
    ids += write(committed_database, 7)
    assert seal_now(committed_database, at_once=3) == 7
    assert linked_ids(committed_database) == ids
    assert verdict_of(committed_database).findings == []


def test_many_rows_of_one_transaction_are_sealed_in_batches(committed_database):
    seal_now(committed_database)
    with committed_database.transaction() as session:
        for number in range(10):
            an_event(session, number)
    assert seal_now(committed_database, at_once=3) == 10
    assert verdict_of(committed_database).sealed == 10


def test_nothing_written_costs_nothing_but_a_look(committed_database):
    write(committed_database)
    seal_now(committed_database)
    statements = []
    event.listen(
        committed_database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    with committed_database.transaction() as session:
        assert seal(session, CHAIN, now=NOW) == 0
        assert session.scalar(text("SELECT pg_current_xact_id_if_assigned()")) is None
    assert len(statements) == 4  # lock, cursor, rows, and the question above
    assert not [statement for statement in statements if statement.startswith(("INSERT", "UPDATE"))]


def test_a_commit_that_comes_late_is_waited_for_and_not_passed_by(committed_database):
    write(committed_database)
    seal_now(committed_database)
    with committed_database.sessions() as slow:
        older = an_event(slow, 1).id
        slow.flush()  # the transaction has its number now, and does not end yet
        younger = write(committed_database)
        assert seal_now(committed_database, patiently=False) == 0
        assert verdict_of(committed_database).waiting == 1
        slow.commit()
    assert seal_now(committed_database) == 2
    assert linked_ids(committed_database)[1:] == [older, *younger]
    assert verdict_of(committed_database).findings == []


def test_a_transaction_that_is_rolled_back_holds_nothing_up(committed_database):
    with committed_database.sessions() as slow:
        an_event(slow, 1)
        slow.flush()
        write(committed_database)
        slow.rollback()
    assert seal_now(committed_database) == 1


def test_a_savepoint_counts_as_the_transaction_that_it_is_in(committed_database):
    seal_now(committed_database)
    with committed_database.sessions() as slow:
        with slow.begin_nested():
            inner = an_event(slow, 1).id
        write(committed_database)
        assert seal_now(committed_database, patiently=False) == 0
        slow.commit()
    seal_now(committed_database)
    assert linked_ids(committed_database)[0] == inner


def test_two_sealers_at_once_link_every_row_once(committed_database):
    write(committed_database, 60)
    start = threading.Barrier(4)
    sealed = []

    def work():
        start.wait()
        while sum(sealed) < 60:  # whoever finds the other at it seals nothing, and looks again
            with committed_database.transaction() as session:
                sealed.append(seal(session, CHAIN, now=NOW, at_once=5))

    seal_now(committed_database)
    write(committed_database, 60)
    wait_until_due(committed_database)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sealed) == 60
    verdict = verdict_of(committed_database)
    assert (verdict.sealed, verdict.waiting, verdict.findings) == (120, 0, [])


def test_writers_and_sealers_at_once_leave_an_intact_chain(committed_database):
    done = threading.Event()

    def keep_sealing():
        while not done.is_set():
            seal_now(committed_database, at_once=3, patiently=False)

    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(committed_database, 40)) for _ in range(4)]
    for thread in sealers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    seal_now(committed_database)
    verdict = verdict_of(committed_database)
    assert (verdict.sealed, verdict.waiting, verdict.findings) == (160, 0, [])


@pytest.mark.parametrize("statement", ["INSERT INTO chain_links", "INSERT INTO chain_cursors"])
def test_a_sealer_that_dies_half_way_leaves_nothing_and_the_next_goes_on(committed_database, statement):
    """Its connection is ended by the server right after the statement, as a kill of the process would."""
    ids = write(committed_database, 3)
    seal_now(committed_database)
    ids += write(committed_database, 3)
    wait_until_due(committed_database)

    def die(connection, cursor, said, *_):
        if said.startswith(statement):
            with committed_database.engine.connect() as other:
                other.execute(
                    text("SELECT pg_terminate_backend(:pid)"), {"pid": cursor.connection.info.backend_pid}
                )

    event.listen(committed_database.engine, "after_cursor_execute", die)
    with pytest.raises(DBAPIError), committed_database.transaction() as session:
        seal(session, CHAIN, now=NOW)
    event.remove(committed_database.engine, "after_cursor_execute", die)
    assert len(links(committed_database)) == 3
    assert seal_now(committed_database) == 3
    assert linked_ids(committed_database) == ids
    assert verdict_of(committed_database).findings == []


def restore_elsewhere(database):
    """As after a dump was restored where transaction numbers are far smaller."""
    with as_owner(database) as connection:
        for statement in (
            f"UPDATE audit_events SET written_xid = written_xid + {FROM_ANOTHER_CLUSTER}",
            f"UPDATE chain_cursors SET xid = xid + {FROM_ANOTHER_CLUSTER}",
        ):
            connection.execute(text(statement))


def test_after_a_restore_elsewhere_the_chain_goes_on_and_misses_nothing(committed_database, owner):
    ids = write(committed_database, 3)
    seal_now(committed_database)
    ids += write(committed_database, 2)  # dumped before they were sealed
    restore_elsewhere(owner)
    ids += write(committed_database, 2)
    verdict = verdict_of(committed_database)
    assert (verdict.sealed, verdict.waiting, verdict.findings) == (3, 4, [])
    assert seal_now(committed_database) == 4
    assert sorted(linked_ids(committed_database)) == sorted(ids)
    later = write(committed_database, 2)
    assert seal_now(committed_database) == 2
    assert linked_ids(committed_database)[-2:] == later
    assert verdict_of(committed_database).findings == []


def test_after_a_restore_where_numbers_are_larger_the_command_has_everything_looked_through(
    committed_database,
):
    write(committed_database, 2)
    seal_now(committed_database)
    with committed_database.engine.begin() as connection:
        # Written between the restore and the day on which the counter passed the old cursor.
        connection.execute(text("UPDATE chain_cursors SET xid = (pg_current_xact_id()::text)::bigint + 1"))
    missed = write(committed_database)
    write(committed_database, 2)
    with committed_database.transaction() as session:
        forget_cursors(session)
    assert seal_now(committed_database) == 3
    assert missed[0] in linked_ids(committed_database)
    assert verdict_of(committed_database).findings == []


def test_without_a_cursor_a_large_table_is_looked_through_in_steps(committed_database, monkeypatch):
    monkeypatch.setattr(sealing, "LOOKED_THROUGH_AT_ONCE", 4)
    write(committed_database, 9)
    wait_until_due(committed_database)
    assert seal_now(committed_database) == 9
    with committed_database.transaction() as session:
        assert session.scalars(select(ChainCursor.chain)).all() == ["audit"]
        assert tip_of(session, CHAIN).position == 9


@pytest.mark.parametrize("table", ["chain_links", "need_disclosures", "audit_events"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_in_a_chain_is_changed_or_deleted_not_even_by_the_owner(owner, table, statement):
    statement = statement.replace("id = id", "row_id = row_id") if table == "chain_links" else statement
    with pytest.raises(DBAPIError, match="append-only"), owner.transaction() as session:
        session.execute(text(statement.format(table)))


def test_the_transaction_that_wrote_a_row_is_not_the_writers_to_say(committed_database):
    with committed_database.transaction() as session:
        forged = an_event(session)
        forged.written_xid = 1
    with committed_database.transaction() as session:
        assert session.get_one(AuditEvent, forged.id).written_xid > 1
