"""What the database itself refuses, whoever writes to it: no commitment before the announcement is over and nothing is open."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from finance_net.grants.announcements.models import Objection
from finance_net.grants.selections.models import GrantAllocation
from finance_net.ledger.models import Hold
from tests.factories.grants import AFTER, a_season, announced, scored_all
from tests.factories.ledger import WAN

COLUMNS = "number, fund_id, envelope_id, amount_fen, rest_fen, touches, signs, actor_id, approver_id, request_hash, effective_on, recorded_at, content_hash"
SLY = text(
    f"INSERT INTO fund_transfers (id, kind, hold_id, bucket, {COLUMNS})"
    " SELECT gen_random_uuid(), 'commit', id, 'reserved', number + 1000, fund_id, envelope_id, amount_fen, rest_fen, touches, signs,"
    " actor_id, CAST(:other AS uuid), request_hash, effective_on, :at, content_hash FROM fund_transfers WHERE id = :hold"
)  # fmt: skip
DECIDED = "UPDATE announcements SET decided_at = ends_at, decided_by = :who"


@pytest.fixture
def season(session):
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, 80, 70, least_fen=30 * WAN)
    return season


def test_the_database_itself_refuses_to_decide_too_early_or_alone(season):
    row, who = announced(season), season.second.account_id
    for statement, said in (
        (f"{DECIDED}, open_objections = 1", {"who": who}),
        (DECIDED.replace("ends_at", "ends_at - interval '1 second'"), {"who": who}),
        (DECIDED, {"who": row.announced_by}),
    ):
        with pytest.raises(IntegrityError), season.session.begin_nested():
            season.session.execute(text(statement), said)


def test_the_database_itself_refuses_to_commit_whatever_is_written_to_the_announcement(season):
    session, row = season.session, announced(season)
    allocation = session.query(GrantAllocation).first()
    hold = session.get_one(Hold, allocation.hold_id)
    ordered = {"hold": hold.id, "other": season.first.account_id}

    def refused(at):
        with pytest.raises(IntegrityError, match="was not decided"), session.begin_nested():
            session.execute(SLY, ordered | {"at": at})

    refused(row.ends_at)
    session.execute(text(DECIDED), {"who": season.second.account_id})
    refused(AFTER)
    objection = Objection(
        announcement_id=row.id, application_id=allocation.application_id, signed_by=season.first.account_id, grounds="不实",
        opened_at=AFTER, created_at=AFTER, updated_at=AFTER,
    )  # fmt: skip
    session.add(objection)
    session.flush()
    refused(row.ends_at)
    session.delete(objection)
    session.flush()
    session.execute(SLY, ordered | {"at": row.ends_at})
