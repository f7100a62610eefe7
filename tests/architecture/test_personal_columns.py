"""Nobody adds a column for a person's value: they belong into people, where they are sealed and can be erased."""

import re

import pytest
from sqlalchemy import LargeBinary

from backbone.people.finding import holders
from backbone.people.models import VALUES, Person
from sanwang.models import METADATA

PERSONAL = re.compile(
    r"phone|mobile|e_?mail|wechat|contact|login|id_card|expert_name|person|people|owner$|collector"
)
# Columns that sound personal or are called name, and hold nobody.
NOBODY = {
    ("chains", "name"): "an industry chain",
    ("enterprises", "name"): "an organisation",
    ("institutes", "name"): "an organisation",
    ("network_nodes", "name"): "a hub, node or station",
    ("innovation_centres", "name"): "a centre",
    ("service_providers", "name"): "an organisation",
    ("files", "name"): "as the uploader named the file; goes with the file",
    ("lead_imports", "name"): "as the importer named the file",
    ("search_generations", "name"): "a folder",
    ("calendar_versions", "name"): "a version of the calendar",
    ("calendar_days", "name"): "a holiday",
}


@pytest.mark.parametrize(
    "table", [table for table in METADATA.sorted_tables if table.name != Person.__tablename__], ids=str
)
def test_no_table_but_people_has_a_column_for_a_personal_value(table):
    suspect = {
        column.name for column in table.columns if column.name == "name" or PERSONAL.search(column.name)
    }
    assert {name for name in suspect if (table.name, name) not in NOBODY} == set()


def test_every_value_of_a_person_is_kept_sealed_and_never_as_it_is():
    columns = Person.__table__.columns
    for name in VALUES:
        assert name not in columns
        assert isinstance(columns[f"{name}_sealed"].type, LargeBinary)
        assert f"{name}_digest" in columns


@pytest.mark.parametrize("kind", holders().values(), ids=lambda kind: kind.__name__)
def test_every_record_with_people_has_what_an_erasure_needs(kind):
    assert {"id", "version", "created_at", "updated_at"} <= set(kind.__table__.columns.keys())
    assert kind.speaks_for is not None or "organisations_of" in vars(kind)
