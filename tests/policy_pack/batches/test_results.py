"""What a batch answered, by page and as files that no name turns into a formula."""

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.spreadsheets import CSV, XLSX
from policy_pack.batches import results
from policy_pack.batches.models import PolicyBatch
from policy_pack.batches.service import carry_on
from tests.factories.directory import an_enterprise
from tests.factories.identity import bearer, operator
from tests.factories.policy_facts import a_batch, a_lasting_policy, a_policy_fact
from tests.factories.policy_office import an_office
from tests.factories.spreadsheets import read_csv, sheets

SME = [{"name": "科技型中小企业"}]


@pytest.fixture
def officer(session):
    return bearer(session, (Role.POLICY_OFFICER, PROVINCE))


@pytest.fixture
def batch(client, session, clock, officer):
    """Two policies, one of them unverified, and three enterprises of which one is called like a formula."""
    office = an_office(session)
    a_lasting_policy(session, "P801", office)
    a_lasting_policy(session, "P802", office, grade="C")
    for name in ("=cmd|' /C calc'!A0", "乙公司", "丙公司"):
        enterprise = an_enterprise(session, name=name, labels=SME)
        if name.startswith("="):
            a_policy_fact(session, enterprise)
    answer = client.post("/api/policy-batches", json={}, headers=officer)
    assert answer.status_code == 201
    while carry_on(session, session.scalars(select(PolicyBatch.id)).one(), now=clock.now()):
        pass
    return answer.json["id"]


def get(client, batch, headers, query=""):
    return client.get(f"/api/policy-batches/{batch}/results?{query}", headers=headers)


def test_the_batch_tells_its_progress_and_what_came_out(client, batch, officer):
    told = client.get(f"/api/policy-batches/{batch}", headers=officer).json
    assert (told["state"], told["done"], told["total"], told["policy_ids"]) == ("done", 3, 3, None)
    assert told["outcomes"] == [{"outcome": "eligible", "count": 2}, {"outcome": "missing_facts", "count": 4}]


def test_a_page_holds_enterprises_with_their_answers(client, batch, officer):
    first = get(client, batch, officer, "limit=2").json
    rest = get(client, batch, officer, f"limit=2&cursor={first['next_cursor']}").json
    assert [len(page["items"]) for page in (first, rest)] == [2, 1]
    answers = {each["key"]: each for each in first["items"][0]["answers"]}
    assert (answers["P801"]["outcome"], answers["P801"]["high_fen"], answers["P801"]["verified"]) == (
        "eligible",
        12_000_000,
        True,
    )
    assert answers["P802"]["verified"] is False


def test_answers_are_narrowed_by_outcome_and_policy(client, batch, officer):
    found = get(client, batch, officer, "outcome=eligible&policy=P802").json["items"]
    assert [[each["key"] for each in row["answers"]] for row in found] == [["P802"], [], []]
    rows = read_csv(get(client, batch, officer, "outcome=missing_facts&format=csv").data)
    assert len(rows) == 1 + 4


@pytest.mark.parametrize(("format_", "mimetype"), [("csv", CSV), ("xlsx", XLSX)])
def test_a_file_holds_every_answer_and_no_formula(client, batch, officer, format_, mimetype):
    answer = get(client, batch, officer, f"limit=1&format={format_}")
    assert answer.mimetype == mimetype
    rows = read_csv(answer.data) if format_ == "csv" else next(iter(sheets(answer.data).values()))
    assert len(rows) == 1 + 6
    names = {row[0] for row in rows[1:]}
    assert names == {"'=cmd|' /C calc'!A0", "乙公司", "丙公司"}
    assert {row[6] for row in rows[1:]} == {"已核实", "待核实"}


def test_the_accept_header_asks_for_a_file_as_well(client, batch, officer):
    answer = client.get(f"/api/policy-batches/{batch}/results", headers=officer | {"Accept": CSV})
    assert answer.mimetype == CSV


def test_a_batch_that_goes_on_is_read_by_page_and_is_no_file_yet(client, session, officer):
    running = a_batch(session, ended_at=None, total=9, done=3)
    assert get(client, running.id, officer).json["items"] == []
    answer = get(client, running.id, officer, "format=xlsx")
    assert (answer.status_code, answer.json["code"]) == (422, "not_as_file")
    assert "3/9" in answer.json["errors"][0]["problem"]


def test_a_file_of_too_many_rows_is_refused_with_a_way_out(client, batch, officer, monkeypatch):
    monkeypatch.setattr(results, "MOST_ROWS", 5)
    answer = get(client, batch, officer, "format=csv")
    assert (answer.status_code, answer.json["code"]) == (422, "not_as_file")
    assert get(client, batch, officer, "format=csv&policy=P801").status_code == 200


def test_an_operator_of_the_province_reads_it_and_an_enterprise_does_not(client, session, batch):
    assert get(client, batch, operator(session)).status_code == 200
    assert get(client, batch, bearer(session, (Role.ENTERPRISE_MEMBER, PROVINCE))).status_code == 403
