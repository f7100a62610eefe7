"""Files say the very numbers of the JSON, in Chinese and English, and no name becomes a formula."""

from datetime import UTC, datetime

import pytest

from backbone.spreadsheets import CSV, XLSX
from tests.conftest import rolling_back, standing_database
from tests.factories.identity import an_account, bearer, operator, zone
from tests.factories.monitoring import a_world
from tests.factories.needs import a_need
from tests.factories.spreadsheets import read_csv, sheets

YEAR = "from_on=2026-01-01&to_on=2026-12-31"
NOW = datetime(2026, 5, 6, 4, 0, tzinfo=UTC)
REPORTS = {
    "compliance": f"/api/reports/compliance?{YEAR}&by=operator&by=stage",
    "compliance by zone": f"/api/reports/compliance?{YEAR}&by=zone",
    "trend": f"/api/reports/trend?{YEAR}&by=week",
    "overrun": f"/api/reports/overrun?{YEAR}&by=organisation",
    "funnel": f"/api/reports/funnel?{YEAR}&by=zone",
    "at-risk": "/api/reports/at-risk?limit=100",
    "forecast": "/api/reports/forecast",
}


@pytest.fixture(scope="module")
def standing(databases):
    with standing_database(databases) as database:
        with database.transaction() as session:
            made = a_world(session, 21, needs=60)
            made.needs[0].owner_id = an_account(session, name="=cmd|' /C calc'!A0").id
        yield database


@pytest.fixture
def rolled_back(standing):
    with rolling_back(standing) as transactions:
        yield transactions


@pytest.fixture
def world(session, clock):
    """What stands, on the day on which it is looked at."""
    clock.instant = NOW


def numbers(answer):
    """Every number that a JSON answer shows, as text, in order of appearance."""
    if isinstance(answer, dict):
        return [number for inner in answer.values() for number in numbers(inner)]
    if isinstance(answer, list):
        return [number for inner in answer for number in numbers(inner)]
    return [answer] if isinstance(answer, int | float) and not isinstance(answer, bool) else []


def said(cell):
    """A cell as both files say it: 1, 1.0 and "1.0" are one number."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return cell or ""


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_also_csv_and_xlsx_with_the_same_numbers(client, session, world, name):
    headers, url = operator(session), REPORTS[name]
    joined = "&" if "?" in url else "?"
    told = client.get(url, headers=headers)
    assert told.status_code == 200
    as_text = client.get(f"{url}{joined}format=csv", headers=headers)
    book = client.get(f"{url}{joined}format=xlsx", headers=headers)
    assert (as_text.mimetype, book.mimetype) == (CSV, XLSX)
    assert as_text.headers["Content-Disposition"].startswith("attachment; filename=")
    rows, sheet = read_csv(as_text.data), next(iter(sheets(book.data).values()))
    assert len(rows) > 1
    assert [[said(cell) for cell in row] for row in sheet] == [[said(cell) for cell in row] for row in rows]
    cells = [value for row in rows[1:] for cell in row if isinstance(value := said(cell), float)]
    shown = {round(float(number), 6) for number in numbers(told.json)}
    missing = {round(cell, 6) for cell in cells} - shown
    keys = {420000.0, *(float(code) for code in ("420100", "420500", "420600"))}
    assert missing <= keys, "the codes of zones are text that looks like a number"
    assert all("一" <= heading[0] <= "鿿" or " " in heading for heading in rows[0])


def test_compliance_in_the_file_is_row_by_row_that_of_the_json(client, session, world):
    headers, url = operator(session), f"/api/reports/compliance?{YEAR}&by=stage"
    told, rows = (
        client.get(url, headers=headers).json,
        read_csv(client.get(f"{url}&format=csv", headers=headers).data),
    )
    heads = {heading.split(" ")[-1]: place for place, heading in enumerate(rows[0])}
    for line, row in zip(told["rows"], rows[1:], strict=False):
        tally = line["tally"]
        assert row[0] == line["group"][0]["key"]
        assert row[heads["compliance"]] == str(tally["compliance"])
        assert [row[heads[state]] for state in ("met", "breached", "cancelled", "waived")] == [
            str(tally["states"][state]) for state in ("met", "breached", "cancelled", "waived")
        ]
    assert rows[-1][0] == "合计"
    assert rows[-1][heads["clocks"]] == str(told["total"]["clocks"])


def test_the_accept_header_decides_where_no_format_is_named(client, session, world):
    headers, url = operator(session), REPORTS["trend"]
    for accepted, mimetype in ((CSV, CSV), (XLSX, XLSX), ("application/json", "application/json"), ("image/png", "application/json"),
                               ("*/*", "application/json"), (f"{CSV};q=0.5, {XLSX}", XLSX)):  # fmt: skip
        answer = client.get(url, headers=headers | {"Accept": accepted})
        assert answer.mimetype == mimetype, accepted
        assert "Accept" in answer.headers["Vary"].split(", ")
    named = client.get(f"{url}&format=json", headers=headers | {"Accept": CSV})
    assert named.mimetype == "application/json"


def test_a_file_that_has_not_changed_is_not_sent_again(client, session, world):
    headers, url = operator(session), f"{REPORTS['trend']}&format=csv"
    first = client.get(url, headers=headers)
    again = client.get(url, headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_owner_who_is_called_like_a_formula_is_no_formula(client, session, world):
    rows = read_csv(client.get(f"{REPORTS['compliance']}&format=csv", headers=operator(session)).data)
    named = [cell for row in rows for cell in row if "calc" in cell]
    assert named
    assert all(cell.startswith("'=") for cell in named)


def test_the_notes_say_of_what_until_when_and_by_which_definition(client, session, world):
    url = f"/api/reports/compliance?{YEAR}&zone=420100&stage=confirm&format=xlsx"
    notes = dict(sheets(client.get(url, headers=operator(session)).data)["说明"])
    assert notes["期间 period"] == "2026-01-01 – 2026-12-31"
    assert notes["地区 zone"] == "420100"
    assert notes["截至时点（北京时间） as of, Asia/Shanghai"] == "2026-05-06 12:00:00"
    assert "按时率" in notes["口径 definition"]
    assert "compliance = met" in notes["口径 definition"]


def test_an_exported_list_holds_more_than_a_page(client, session, world):
    headers = operator(session)
    pages = client.get("/api/reports/at-risk?limit=2", headers=headers).json
    rows = read_csv(client.get("/api/reports/at-risk?limit=2&format=csv", headers=headers).data)
    assert pages["next_cursor"]
    assert len(rows) - 1 > len(pages["items"])


def test_no_file_holds_a_contact(client, session, world):
    a_need(
        session, contact_name="密联系人", contact_phone="027-13579246", submitted_at=NOW, state="submitted"
    )
    headers = operator(session)
    for url in REPORTS.values():
        for ending in ("json", "csv"):
            text = client.get(f"{url}{'&' if '?' in url else '?'}format={ending}", headers=headers).get_data(
                as_text=True
            )
            assert "密联系人" not in text
            assert "13579246" not in text


def test_the_sums_of_a_zone_are_those_of_the_zone_alone(client, session, world):
    """Trend and over-runs name no zone: an operator of one gets what the province gets when it asks for that zone."""
    own, province = bearer(session, *_operating("420100")), operator(session)
    for url in (REPORTS["trend"], REPORTS["overrun"]):
        assert client.get(url, headers=own).json == client.get(f"{url}&zone=420100", headers=province).json
        assert client.get(url, headers=own).json != client.get(url, headers=province).json


def _operating(code):
    from backbone.actor import Role

    return [(Role.OPERATOR, zone(code))]
