import pytest
from sqlalchemy import func, select, text

from backbone.db import Database
from sky_net.achievements.models import Achievement
from sky_net.matching.restoring import mark_anew
from tests.factories.achievements import an_achievement

pytestmark = pytest.mark.postgres

FROM_ANOTHER_CLUSTER = 10**12


def test_rows_of_another_cluster_stop_counting_as_changes_to_come(
    committed_database: Database, owner: Database
):
    with committed_database.transaction() as session:
        row = an_achievement(session)
        version = row.version
    with owner.transaction() as session:
        session.execute(text("alter table achievements disable trigger mark_change"))
        session.execute(text(f"update achievements set change_xid = {FROM_ANOTHER_CLUSTER}"))
        session.execute(text("alter table achievements enable trigger mark_change"))
    with committed_database.transaction() as session:
        mark_anew(session)
    with committed_database.transaction() as session:
        found = session.scalars(select(Achievement)).one()
        assert found.change_xid < session.scalar(select(func.txid_current())) < FROM_ANOTHER_CLUSTER
        assert found.version == version
