"""People in every place the platform has for them: nowhere in clear, and after an erasure nowhere at all.

What refers to them stands as before: no row of the history changes, and every clock says what it said.
"""

import re
from typing import Any

import pytest
from sqlalchemy import text

from backbone.actor import SYSTEM
from backbone.people import erasing, exporting
from backbone.people.erasing import erase
from backbone.people.finding import Asked
from backbone.people.normal import ERASED
from sky_net.sla import projection
from tests.factories.people import COLLECTOR, DECIDER, WANG, ZHOU, Cast, a_cast, everything, standing_in

HISTORY = ("audit_events", "sla_events", "need_transitions")


@pytest.fixture
def cast(client: Any, session: Any, clock: Any) -> Cast:
    return a_cast(client, session, clock)


def read_everything(app: Any, cast: Cast) -> dict[tuple[str, str], str]:
    """(reader, path) -> what every GET operation answers to everybody, with the ids of the scenario."""
    answers = {}
    paths = {
        re.sub(r"<(?:\w+:)?(\w+)>", lambda found: cast.ids.get(found[1], cast.ids["need_id"]), rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.rule.startswith("/api/")
    }
    paths |= {
        f"/api/accounts/{cast.ids['account_id_wang']}",
        "/api/enterprises?q=测试",
        "/api/needs?mine=true",
    }
    for who, headers in cast.readers.items():
        for path in sorted(paths):
            answers[who, path] = cast.client.get(path, headers=headers).get_data().decode(errors="replace")
    return answers


def test_no_table_shows_anybody_in_clear(session: Any, cast: Cast):
    planted = (*ZHOU.values, *WANG.values, DECIDER, COLLECTOR)
    dump = everything(session)
    assert {"people", "idempotency_keys", "audit_events", "sla_events", "procrastinate_jobs"} <= set(dump)
    assert sum(map(len, dump.values())) > 40
    assert standing_in(dump, planted) == []


def test_the_scan_would_find_a_value_in_clear_and_as_bytes(session: Any, cast: Cast):
    session.execute(text("update needs set tried = :name"), {"name": f"问{ZHOU.name}"})
    session.execute(text("update idempotency_keys set body = :body"), {"body": WANG.phone.encode()})
    found = standing_in(everything(session), (ZHOU.name, WANG.phone))
    assert found == [("idempotency_keys", WANG.phone), ("needs", ZHOU.name)]


def test_lists_show_masks_and_who_may_reads_the_rest(app: Any, cast: Cast):
    answers = read_everything(app, cast)
    need, institute = f"/api/needs/{cast.ids['need_id']}", f"/api/institutes/{cast.ids['institute_id']}"
    assert ZHOU.phone in answers["zhou", need]
    assert ZHOU.phone in answers["wang", need]  # invited: it is whom they ring
    assert WANG.phone in answers["zhou", institute]
    listed = [path for (_, path), answer in answers.items() if '"next_cursor"' in answer]
    assert {"/api/enterprises", "/api/institutes", "/api/needs", "/api/achievements"} <= set(listed)
    for (who, path), answer in answers.items():
        if path in listed:
            assert not any(value in answer for value in (ZHOU.phone, ZHOU.email, WANG.phone, WANG.email)), (
                who,
                path,
            )
    assert "138****0001" in answers["operator", "/api/enterprises"]
    assert "w***@example.test" in answers["zhou", "/api/institutes"]


def test_after_an_erasure_no_operation_shows_the_person_and_every_other_reads_on(
    app: Any, session: Any, clock: Any, cast: Cast
):
    before = read_everything(app, cast)
    assert any(ZHOU.phone in answer for answer in before.values())
    done = erase(session, SYSTEM, Asked("phone", ZHOU.phone), reason="本人申请 1", now=clock.now())
    assert (done.erased, done.erased_before) == (
        6,
        0,
    )  # enterprise, need, account, talk, lead and its consent
    assert done.answers > 3

    after = read_everything(app, cast)
    for (who, path), answer in after.items():
        assert not any(value in answer for value in ZHOU.values), (who, path)
        assert "/problems/internal" not in answer
    assert after["zhou", "/api/me"] != before["zhou", "/api/me"]
    assert ERASED in after["operator", f"/api/needs/{cast.ids['need_id']}"]
    assert WANG.name in after["operator", f"/api/contacts/{cast.ids['contact_id']}"]
    assert standing_in(everything(session), ZHOU.values) == []


def test_an_erasure_changes_no_row_of_the_history_and_no_verdict(session: Any, clock: Any, cast: Cast):
    def derived() -> tuple[Any, ...]:
        need = f"/needs/{cast.ids['need_id']}"
        paths = (f"{need}/clocks", f"{need}/history", "/clocks")
        return tuple(cast.ask("GET", path, by="operator")["items"] for path in paths)

    before, verdicts = everything(session), derived()
    for person in (ZHOU, WANG):
        erase(session, SYSTEM, Asked("email", person.email), reason="本人申请 2", now=clock.now())
    after = everything(session)
    for table in HISTORY:
        assert before[table] == after[table][: len(before[table])] or set(before[table]) <= set(after[table])
        assert before[table]
    assert before["sla_clocks"] == after["sla_clocks"]
    assert before["match_runs"] == after["match_runs"]
    assert derived() == verdicts
    projection.rebuild(session)
    session.expire_all()
    assert derived() == verdicts


def test_an_export_lists_every_place_and_each_value(session: Any, clock: Any, cast: Cast):
    found = exporting.export(session, Asked("login", ZHOU.login), now=clock.now())
    places = {(record["record"], record["part"], record["record_id"]) for record in found["records"]}
    assert places == {
        ("enterprises", "contact", cast.ids["enterprise_id"]),
        ("accounts", "account", cast.ids["account_id_zhou"]),
        ("needs", "contact", cast.ids["need_id"]),
        ("contacts", "enterprise/0", cast.ids["contact_id"]),
        ("leads", "contact", cast.ids["lead_id"]),
        ("leads", "consent", cast.ids["lead_id"]),
    }
    assert {value for record in found["records"] for value in record["values"].values()} == set(ZHOU.values)
    assert all(record["since"] for record in found["records"])
    [account] = [record for record in found["records"] if record["record"] == "accounts"]
    assert [role["role"] for role in account["besides"]["roles"]] == ["enterprise_member"]
    assert len(account["besides"]["tokens"]) == 1
    assert {act["action"] for act in found["acts"]} >= {"draft_need", "submit_need", "agree_contact"}


def test_a_retry_of_what_showed_the_person_does_no_work_twice(session: Any, clock: Any, cast: Cast):
    path = f"/api/needs/{cast.ids['need_id']}/contacts"
    people = [{"name": ZHOU.name, "side": "enterprise"}, {"name": WANG.name, "side": "institute"}]
    call = {"kind": "call", "happened_on": "2026-03-10", "people": people, "result": "可行", "next_step": "寄样",
            "institute_id": cast.ids["institute_id"]}  # fmt: skip
    headers = cast.readers["wang"] | {"Idempotency-Key": "once more"}
    made = cast.client.post(path, json=call, headers=headers)
    assert cast.client.post(path, json=call, headers=headers).json == made.json
    erase(session, SYSTEM, Asked("phone", ZHOU.phone), reason="本人申请 3", now=clock.now())
    again = cast.client.post(path, json=call, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "answer_erased")
    listed = cast.client.get(path, headers=headers).json["items"]
    assert len(listed) == 2
    assert erasing.ERASING == "erase_person"
