import csv
import io

import pytest
from openpyxl import load_workbook

from backbone.actor import PROVINCE, Role
from ground_net.figures.words import FIGURES, FUNNEL
from tests.factories.ground import a_figure_target
from tests.factories.identity import bearer
from tests.factories.leads import a_desk
from tests.factories.network import a_hub


@pytest.fixture
def headers(session):
    return bearer(session, (Role.ADMINISTRATOR, PROVINCE))


def read(client, headers, path):
    answer = client.get(f"/api{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def table_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_file_holds_the_very_values_of_the_answer(client, session, headers):
    desk = a_desk(session, "420200")
    desk.full_lead()
    a_figure_target(session, "420200", value=0)
    shown = read(client, headers, "/reports/ground-net?by=zone").json
    heading, *rows, total = table_of(read(client, headers, "/reports/ground-net/export?by=zone"))
    assert len(heading) == 4 + len(FIGURES) + len(FUNNEL) + 1
    said = {(row["key"], row["scope"]): row["tally"] for row in shown["rows"]}
    for row in rows:
        expected = [*said[row[0], row[3]]["figures"].values()]
        got = dict(zip(FIGURES, row[4 : 4 + len(FIGURES)], strict=True))
        assert got == {
            name: "" if value is None else str(value)
            for name, value in zip(said[row[0], row[3]]["figures"], expected, strict=True)
        }
    assert total[0] == "合计"
    assert any("达成 met" in row[-1] for row in rows)
    assert (shown["from_on"], shown["to_on"]) == ("2026-01-01", "2026-12-31")
    assert [each["key"] for each in shown["definitions"]] == list(FIGURES)


def test_a_name_that_looks_like_a_formula_is_text(client, session, headers):
    a_hub(session, name="=HYPERLINK(1)", key="=1+1")
    row = table_of(read(client, headers, "/reports/ground-net/export?by=node"))[1]
    assert row[:2] == ["'=1+1", "'=HYPERLINK(1)"]
    book = load_workbook(
        io.BytesIO(read(client, headers, "/reports/ground-net/export?by=node&format=xlsx").data)
    )
    assert all(cell.data_type != "f" for sheet in book for line in sheet for cell in line)


def test_a_target_is_set_and_stands_beside_its_figure(client, session, headers):
    said = {"region_code": "420200", "figure": "cooperations", "year": 2026, "value": 50, "source": "某通知"}
    made = client.post("/api/figure-targets", json=said, headers=headers)
    assert made.status_code == 201, made.text
    [row] = read(client, headers, "/reports/ground-net?by=zone").json["rows"]
    [measured] = row["targets"]
    assert (measured["target"], measured["value"], measured["met"]) == (50, 0, False)
    assert read(client, headers, "/figure-targets").json["items"][0]["id"] == made.json["id"]
