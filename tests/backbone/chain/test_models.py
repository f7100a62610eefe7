import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

import sanwang.models  # noqa: F401  # declares every chain
from backbone import audit
from backbone.chain.models import Chained, chain_over, content_of, declared_chains
from tests.factories.chain import an_event


def test_every_chain_is_declared_by_name():
    named = [
        "audit",
        "fund_cases",
        "grant_selections",
        "ledger",
        "need_disclosures",
        "receipts",
        "sla_events",
    ]
    assert [chain.name for chain in declared_chains()] == named
    assert chain_over("audit", audit.AuditEvent) is audit.CHAIN


@pytest.mark.parametrize("chain", declared_chains(), ids=lambda chain: chain.name)
def test_a_table_in_a_chain_marks_its_transactions_refuses_changes_and_finds_the_unsealed_by_index(
    session, chain
):
    assert issubclass(chain.rows, Chained)
    triggers = session.scalars(
        text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"),
        {"table": chain.table.name},
    ).all()
    assert {"append_only", "mark_written"} <= set(triggers)
    indexes = [index["column_names"] for index in inspect(session.connection()).get_indexes(chain.table.name)]
    assert ["written_xid", "id"] in indexes


def test_a_row_that_was_not_stamped_is_refused(session):
    row = an_event(session)
    row.content_hash = None
    with pytest.raises(IntegrityError, match="content_hash"), session.begin_nested():
        session.flush()


def test_a_stamp_is_the_hash_of_what_the_database_keeps(session):
    row = an_event(session)
    kept = row.content_hash
    session.flush()
    session.expire(row)
    _, said = content_of(row)
    assert said["after"]["share"] == 0.1
    row.stamp()
    assert row.content_hash == kept
