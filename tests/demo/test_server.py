from sqlalchemy import text

from backbone.db import Database
from demo.names import Names
from demo.server import start_numbers


def test_numbers_start_where_the_seed_says(committed_database: Database, owner: Database):
    """As the owner, in its own connection: the application may draw numbers and set none."""
    start_numbers(owner.url, seed=7)
    with committed_database.transaction() as session:
        drawn = {
            session.scalar(text(f"SELECT nextval('{name}')"))
            for name in ("need_number_seq", "achievement_number_seq")
        }
    assert drawn == {Names(7).first_number() + 1}
    assert Names(7).first_number() != Names(8).first_number()
