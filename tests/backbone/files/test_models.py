"""Rows of files."""

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from backbone.files.models import FileContent, StoredFile
from backbone.files.service import store_file
from tests.factories.files import a_pdf
from tests.factories.identity import an_actor


def test_a_list_of_contents_loads_no_byte(session, clock):
    store_file(session, an_actor(session), name="a.pdf", content=a_pdf(), now=clock.now())
    session.expunge_all()
    assert "content" not in str(select(FileContent)).split("FROM")[0].replace("file_contents", "")
    (row,) = session.scalars(select(FileContent))
    assert "content" in inspect(row).unloaded
    assert row.content == a_pdf()


@pytest.mark.parametrize(
    "damage",
    [
        "insert into file_contents values ('ABC', 'x')",
        "update files set size = 0",
        "update files set sha256 = repeat('0', 64)",
        "delete from file_contents",
    ],
)
def test_the_database_refuses_what_cannot_be(session, clock, damage):
    store_file(session, an_actor(session), name="a.pdf", content=a_pdf(), now=clock.now())
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(damage))
    assert session.scalars(select(StoredFile)).one().size == len(a_pdf())
