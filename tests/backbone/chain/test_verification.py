"""Tampering with the database as its owner could, every trigger off: found, named, and nothing else blamed."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backbone import migrate
from backbone.audit import CHAIN, AuditEvent
from backbone.chain import verification
from backbone.chain.checking import Wrong
from backbone.chain.content import content_hash
from backbone.chain.heads import make_key, private_key, read_heads
from backbone.chain.links import Tip, extended
from backbone.chain.models import ChainLink, content_of
from backbone.chain.verification import count_links, verify
from tests.factories.chain import (
    an_event,
    as_owner,
    linked_ids,
    seal_now,
    sign_now,
    switch_triggers,
    verdict_of,
    write,
)


@pytest.fixture
def key(tmp_path):
    make_key(tmp_path / "audit.key")
    return tmp_path / "audit.key"


@pytest.fixture
def heads(tmp_path):
    return tmp_path / "heads"


@pytest.fixture
def ids(committed_database):
    """Ten sealed rows."""
    written = write(committed_database, 10)
    seal_now(committed_database)
    return written


def found(database, *heads):
    return [(each.wrong, each.position, each.row_id) for each in verdict_of(database, *heads).findings]


def rewrite(connection, first, change):
    """Everything from position `first` on anew, as `change` makes the rows, with every later hash made to fit."""
    rows = connection.execute(
        text("SELECT row_id, content_hash FROM chain_links WHERE position >= :first ORDER BY position"),
        {"first": first},
    ).all()
    before = connection.execute(
        text("SELECT position, link_hash FROM chain_links WHERE position = :at"), {"at": first - 1}
    ).one()
    connection.execute(text("DELETE FROM chain_links WHERE position >= :first"), {"first": first})
    for link in extended(
        Tip(before.position, bytes(before.link_hash)),
        change([(row.row_id, bytes(row.content_hash)) for row in rows]),
    ):
        connection.execute(
            text("INSERT INTO chain_links VALUES ('audit', :position, :row_id, :content_hash, :link_hash, now())"), vars(link)
        )  # fmt: skip


def forge(connection, row_id):
    """Another action in this row, and a content hash that fits it; returns the hash."""
    connection.execute(text("UPDATE audit_events SET action = 'forged' WHERE id = :id"), {"id": row_id})
    row = connection.execute(text("SELECT * FROM audit_events WHERE id = :id"), {"id": row_id}).one()
    values = {
        name: value for name, value in row._mapping.items() if name not in {"content_hash", "written_xid"}
    }
    made = content_hash("audit_events", values)
    connection.execute(
        text("UPDATE audit_events SET content_hash = :made WHERE id = :id"), {"made": made, "id": row_id}
    )
    return made


def test_an_untouched_chain_is_intact(committed_database, ids, key, heads):
    sign_now(committed_database, heads, key)
    write(committed_database, 3)
    verdict = verdict_of(committed_database, heads, key)
    assert (verdict.sealed, verdict.waiting, verdict.heads, verdict.findings) == (10, 3, 1, [])
    assert verdict.newest.position == 10


def test_an_empty_chain_is_intact(committed_database):
    verdict = verdict_of(committed_database)
    assert (verdict.sealed, verdict.waiting, verdict.newest, verdict.findings) == (0, 0, None, [])


def test_batches_of_verifying_make_no_difference(committed_database, ids, monkeypatch):
    monkeypatch.setattr(verification, "AT_ONCE", 3)
    told = []
    with committed_database.transaction() as session:
        verdict = verify(session, CHAIN, progress=told.append)
        assert count_links(session, CHAIN) == sum(told) == 10
    assert (verdict.sealed, verdict.findings) == (10, [])


def test_a_deleted_row_is_found(committed_database, owner, ids):
    with as_owner(owner) as connection:
        connection.execute(text("DELETE FROM audit_events WHERE id = :id"), {"id": ids[3]})
    assert found(committed_database) == [(Wrong.DELETED, 4, ids[3])]


def test_a_row_deleted_with_its_link_is_found(committed_database, owner, ids):
    with as_owner(owner) as connection:
        connection.execute(text("DELETE FROM audit_events WHERE id = :id"), {"id": ids[3]})
        connection.execute(text("DELETE FROM chain_links WHERE row_id = :id"), {"id": ids[3]})
    assert found(committed_database) == [(Wrong.DELETED, 4, None)]


@pytest.mark.parametrize(
    "change",
    [
        "action = 'x'", "actor_id = gen_random_uuid()", "occurred_at = occurred_at + interval '1 microsecond'", "before = NULL",
        "after = jsonb_set(after, '{share}', '0.10000000000000000000001')", "after = after || '{\"more\": null}'",
        "subject_kind = 'accounts'", "token_id = gen_random_uuid()", "content_hash = decode(repeat('00', 32), 'hex')",
    ],
)  # fmt: skip
def test_a_changed_row_is_found_whatever_was_changed(committed_database, owner, ids, change):
    with as_owner(owner) as connection:
        connection.execute(text(f"UPDATE audit_events SET {change} WHERE id = :id"), {"id": ids[6]})
    assert found(committed_database) == [(Wrong.CHANGED, 7, ids[6])]


def test_a_changed_row_with_its_own_hash_made_to_fit_is_found(committed_database, owner, ids):
    with as_owner(owner) as connection:
        forge(connection, ids[6])
    assert found(committed_database) == [(Wrong.CHANGED, 7, ids[6])]


def test_a_changed_row_with_a_link_made_to_fit_is_found(committed_database, owner, ids):
    with as_owner(owner) as connection:
        made = forge(connection, ids[6])
        connection.execute(
            text("UPDATE chain_links SET content_hash = :made WHERE row_id = :id"),
            {"made": made, "id": ids[6]},
        )
    assert found(committed_database) == [(Wrong.REWRITTEN, 7, ids[6])]


def test_a_chain_rewritten_from_the_middle_with_every_later_hash_is_found_by_a_signed_head(
    committed_database, owner, ids, key, heads
):
    sign_now(committed_database, heads, key)
    with as_owner(owner) as connection:
        made = forge(connection, ids[4])
        rewrite(connection, 5, lambda rows: [(ids[4], made), *rows[1:]])
    assert found(committed_database) == []  # by itself it is without a flaw
    write(committed_database, 2)
    seal_now(committed_database)
    (finding,) = verdict_of(committed_database, heads, key).findings
    assert (finding.wrong, finding.position, finding.until) == (Wrong.REWRITTEN, 1, 10)


def test_heads_of_more_days_narrow_down_where_it_was_rewritten(committed_database, owner, key, heads):
    ids = []
    for _ in range(4):
        ids += write(committed_database, 3)
        seal_now(committed_database)
        sign_now(committed_database, heads, key)
    with as_owner(owner) as connection:
        made = forge(connection, ids[7])
        rewrite(connection, 8, lambda rows: [(ids[7], made), *rows[1:]])
    (finding,) = verdict_of(committed_database, heads, key).findings
    assert (finding.wrong, finding.position, finding.until) == (Wrong.REWRITTEN, 7, 9)


def test_a_row_left_out_of_a_rewritten_chain_is_found(committed_database, owner, ids, key, heads):
    sign_now(committed_database, heads, key)
    with as_owner(owner) as connection:
        connection.execute(text("DELETE FROM audit_events WHERE id = :id"), {"id": ids[4]})
        rewrite(connection, 5, lambda rows: rows[1:])
    (finding,) = verdict_of(committed_database, heads, key).findings
    assert (finding.wrong, finding.position, finding.until) == (Wrong.CUT_OFF, 10, 10)


def test_an_end_cut_off_is_found_by_a_signed_head(committed_database, owner, ids, key, heads):
    sign_now(committed_database, heads, key)
    with as_owner(owner) as connection:
        for table, column in (("audit_events", "id"), ("chain_links", "row_id")):
            connection.execute(text(f"DELETE FROM {table} WHERE {column} = ANY(:ids)"), {"ids": ids[7:]})
    (finding,) = verdict_of(committed_database, heads, key).findings
    assert (finding.wrong, finding.position, finding.until) == (Wrong.CUT_OFF, 8, 10)


def test_everything_thrown_away_is_found_by_a_signed_head(committed_database, owner, ids, key, heads):
    sign_now(committed_database, heads, key)
    with as_owner(owner) as connection:
        connection.execute(text("TRUNCATE audit_events, chain_links, chain_cursors"))
    (finding,) = verdict_of(committed_database, heads, key).findings
    assert (finding.wrong, finding.position, finding.until) == (Wrong.CUT_OFF, 1, 10)


def test_rows_that_changed_places_are_found(committed_database, owner, ids):
    with as_owner(owner) as connection:
        connection.execute(text("DROP INDEX uq_chain_links_row"))
        swap = "UPDATE chain_links SET row_id = :row, content_hash = (SELECT content_hash FROM audit_events WHERE id = :row)"
        for position, row in ((3, ids[5]), (6, ids[2])):
            connection.execute(text(f"{swap} WHERE position = :at"), {"row": row, "at": position})
    assert found(committed_database)[0] == (Wrong.REORDERED, 3, ids[5])


def test_a_row_inserted_behind_the_sealed_ones_is_found(committed_database, owner, ids):
    with committed_database.transaction() as session:
        forged = an_event(session).id
    with as_owner(owner) as connection:
        connection.execute(
            text(
                "UPDATE audit_events SET written_xid = (SELECT written_xid FROM audit_events WHERE id = :old) WHERE id = :id"
            ), {"old": ids[2], "id": forged},
        )  # fmt: skip
    assert seal_now(committed_database) == 0
    assert found(committed_database) == [(Wrong.INSERTED, None, forged)]


def test_a_row_changed_before_it_was_sealed_is_found_and_stays_found(committed_database, owner, ids):
    (late,) = write(committed_database)
    with as_owner(owner) as connection:
        connection.execute(text("UPDATE audit_events SET action = 'x' WHERE id = :id"), {"id": late})
    assert found(committed_database) == [(Wrong.CHANGED, None, late)]
    seal_now(committed_database)
    assert found(committed_database) == [(Wrong.CHANGED, 11, late)]


TAMPERINGS = {
    "delete the row": "DELETE FROM audit_events WHERE id = :id",
    "delete the link": "DELETE FROM chain_links WHERE row_id = :id",
    "change the row": "UPDATE audit_events SET action = action || 'x' WHERE id = :id",
    "change what was written": "UPDATE audit_events SET after = after || '{\"share\": 0.2}' WHERE id = :id",
    "change the row's hash": "UPDATE audit_events SET content_hash = sha256(content_hash) WHERE id = :id",
    "change the link's content": "UPDATE chain_links SET content_hash = sha256(content_hash) WHERE row_id = :id",
    "change the link's hash": "UPDATE chain_links SET link_hash = sha256(link_hash) WHERE row_id = :id",
    "name another row": "UPDATE chain_links SET row_id = gen_random_uuid() WHERE row_id = :id",
    "move the link away": "UPDATE chain_links SET position = position + 1000 WHERE row_id = :id",
}


def test_any_tampering_anywhere_is_found_and_nothing_before_it_is_blamed(
    committed_database, owner, ids, key, heads
):
    """Each tampering is undone by rolling back, so that one database serves them all."""
    sign_now(committed_database, heads, key)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(st.sampled_from(sorted(TAMPERINGS)), st.integers(0, 9)), min_size=1, max_size=3)
    )
    def tamper(done):
        signed = [file.head for file in read_heads(heads, [private_key(key).public_key()])]
        with owner.sessions() as session:
            switch_triggers(session, "DISABLE")
            touched = [
                at + 1 for way, at in done if session.execute(text(TAMPERINGS[way]), {"id": ids[at]}).rowcount
            ]
            verdict = verify(session, CHAIN, signed)
            session.rollback()
        first = verdict.findings[0]
        assert first.position is None or {first.position, *range(first.position, first.until or 0)} & {
            *touched
        }

    tamper()


def test_what_a_hash_speaks_of_is_every_column_but_the_transaction(session):
    table, said = content_of(an_event(session))
    assert table == "audit_events"
    assert set(said) == {column.name for column in AuditEvent.__table__.columns} - {
        "content_hash",
        "written_xid",
    }


def test_events_from_before_the_chain_are_hashed_by_the_migration(committed_database, owner):
    ids = write(committed_database, 3)
    migrate.downgrade(owner.url, "0002")
    migrate.upgrade(owner.url)
    assert seal_now(committed_database) == 3
    assert sorted(linked_ids(committed_database)) == sorted(ids)
    assert verdict_of(committed_database).findings == []


def test_links_and_rows_hold_no_text_of_the_event(committed_database, ids):
    with committed_database.engine.connect() as connection:
        said = connection.execute(text("SELECT jsonb_agg(to_jsonb(l)) FROM chain_links l")).scalar_one()
    assert "修改" not in json.dumps(said, ensure_ascii=False)
    assert set(said[0]) == {column.name for column in ChainLink.__table__.columns}
