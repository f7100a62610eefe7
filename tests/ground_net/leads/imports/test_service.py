"""Files of leads: good rows are taken, each broken one comes back with what to do, and nothing is done twice."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import encryption
from backbone.actor import SYSTEM, Role
from backbone.audit import AuditEvent
from backbone.encryption import Keyring
from backbone.people.erasing import erase
from backbone.people.finding import Asked
from backbone.people.rotating import count_outdated, reseal_some
from backbone.table_files.reading import read_table
from ground_net.leads.imports import jobs, service
from ground_net.leads.imports.models import LeadImport, LeadImportFault
from ground_net.leads.models import Lead
from tests.conftest import PERSONAL_DATA_KEY
from tests.factories.identity import bearer, zone
from tests.factories.leads import Desk, a_desk
from tests.factories.table_files import a_csv, an_xlsx, with_part

HEADING = ["时间", "企业名称", "原话", "联系人", "联系电话"]
GOOD = [["2026-03-09 14:30", f"测试企业{n}", f"焊接太慢，第{n}条", None, None] for n in range(3)]
BAD = [
    ["上周", "测试甲", "原话", None, None],
    ["2026-03-09", None, "原话", None, None],
    ["2026-03-09", "测试乙", "原话", "王测试", "027-88880001"],
    ["2030-01-01", "测试丙", "将来的走访", None, None],
    ["2026-03-09", "测试丁", "请打 13800001234", None, None],
]
OCTETS = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch, clock):
    monkeypatch.setattr(jobs, "SystemClock", lambda: clock)


@pytest.fixture
def send(client, desk, run_jobs):
    def sent(content, name="线索.csv", *, actor=None, status=201, run=True, **query):
        told = {"node": desk.node.key, "name": name} | query
        headers = desk.headers(actor or desk.collector) | OCTETS
        answer = client.post("/api/lead-imports", query_string=told, data=content, headers=headers)
        assert answer.status_code == status, answer.text
        if status != 201:
            return answer.json
        if run:
            run_jobs()
        return client.get(f"/api/lead-imports/{answer.json['id']}", headers=desk.headers(desk.collector)).json

    return sent


def leads(session):
    return session.scalar(select(func.count()).select_from(Lead))


def counts(told):
    return [told[name] for name in ("total", "done", "taken", "known", "refused")]


@pytest.mark.parametrize(
    "make", [a_csv, an_xlsx, lambda rows: a_csv(rows, "gbk")], ids=["csv", "xlsx", "gbk"]
)
def test_good_rows_are_taken_and_broken_ones_are_named(client, session, desk, send, make):
    told = send(make([HEADING, *GOOD, *BAD]))
    assert counts(told) == [8, 8, 3, 0, 5]
    assert told["state"] == "done"
    assert leads(session) == 3
    faults = client.get(
        f"/api/lead-imports/{told['id']}/faults?limit=50", headers=desk.headers(desk.collector)
    ).json["items"]
    by_row = {}
    for fault in faults:
        by_row.setdefault(fault["row_number"], []).append(fault["column"])
    assert by_row == {5: ["时间"], 6: ["企业名称"], 7: ["联系人"], 8: ["时间"], 9: ["原话"]}
    assert "13800001234" not in str(faults)


def test_the_file_of_refused_rows_is_corrected_and_sent_again_as_it_is(client, session, desk, send):
    told = send(a_csv([HEADING, *GOOD, *BAD]))
    headers = desk.headers(desk.collector)
    for ending in ("csv", "xlsx"):
        back = client.get(f"/api/lead-imports/{told['id']}/refused?format={ending}", headers=headers)
        rows = [row.cells for row in read_table(back.get_data(), f"x.{ending}")]
        assert [row[0] for row in rows[1:]] == ["5", "6", "7", "8", "9"]
        assert "时间" in rows[1][1]
    corrected = [[*row[:2], "2026-03-09" if row[2] == "上周" else row[2], *row[3:]] for row in rows]
    again = send(an_xlsx(corrected), "改.xlsx")
    assert counts(again) == [5, 5, 1, 0, 4]


def test_what_stands_under_no_heading_is_never_dropped_and_comes_back(client, session, desk, send):
    cut = ["2026-03-09", "测试逗号", "震动大", None, None, "温度也高", "噪声大"]
    told = send(a_csv([HEADING, *GOOD, cut]))
    assert counts(told) == [4, 4, 3, 0, 1]
    where, headers = f"/api/lead-imports/{told['id']}", desk.headers(desk.collector)
    [fault] = client.get(f"{where}/faults", headers=headers).json["items"]
    assert (fault["row_number"], fault["field"], fault["problem_zh"][:9]) == (5, "(row)", "有 2 格没有列标")
    back = client.get(f"{where}/refused?format=csv", headers=headers).get_data()
    headings, row = [each.cells for each in read_table(back, "x.csv")]
    assert headings[2:4] == ("时间", "企业名称")
    assert row[-2:] == ("温度也高", "噪声大")
    assert counts(send(back, "还.csv")) == [1, 1, 0, 0, 1]


def test_the_same_file_twice_doubles_nothing(session, send):
    content = a_csv([HEADING, *GOOD, GOOD[0]])
    assert counts(send(content)) == [4, 4, 3, 1, 0]
    assert counts(send(content)) == [4, 4, 0, 4, 0]
    assert leads(session) == 3


def test_a_job_that_runs_again_after_its_worker_died_takes_no_row_twice(
    session, desk, send, clock, monkeypatch
):
    monkeypatch.setattr(service, "AT_ONCE", 2)
    told = send(a_csv([HEADING, *GOOD, *BAD]), run=False)
    started, content = service.content_of(session, told["id"])
    table = service.read_file(content, started.name)
    first = next(iter(service.parts_of(table)))
    service.take_part(session, desk.collector, started.id, table, first, now=clock.now())
    service.take_part(session, desk.collector, started.id, table, first, now=clock.now())
    assert (started.done, started.taken, started.state) == (2, 2, "running")
    jobs.carry_on(str(started.id))
    jobs.carry_on(str(started.id))
    session.refresh(started)
    assert (started.done, started.taken, started.refused, started.state) == (8, 3, 5, "done")


def test_only_a_check_says_the_same_and_takes_nothing(session, send):
    told = send(a_csv([HEADING, *GOOD, *BAD]), only_check="true")
    assert counts(told) == [8, 8, 3, 0, 5]
    assert leads(session) == 0


def test_a_node_that_closes_meanwhile_ends_the_import_and_the_rest_comes_back(
    client, session, desk, send, run_jobs, clock
):
    told = send(a_csv([HEADING, *GOOD]), run=False)
    desk.node.closed_at, desk.node.closing_reason = clock.now(), "测试"
    session.flush()
    run_jobs()
    headers = desk.headers(desk.collector)
    after = client.get(f"/api/lead-imports/{told['id']}", headers=headers).json
    assert (after["state"], after["taken"]) == ("failed", 0)
    assert "关闭" in after["failure_zh"]
    back = client.get(f"/api/lead-imports/{told['id']}/refused?format=csv", headers=headers)
    assert len(list(read_table(back.get_data()))) == 1 + len(GOOD)


def test_a_closed_node_takes_no_file_and_no_visit(client, session, desk, send, clock):
    desk.node.closed_at, desk.node.closing_reason = clock.now(), "测试"
    session.flush()
    assert send(a_csv([HEADING, *GOOD]), status=409)["code"] == "node_closed"
    visit = {
        "node_key": desk.node.key,
        "enterprise_name": "甲",
        "words": "乙",
        "happened_at": "2026-03-09T14:00:00+08:00",
    }
    answer = client.post("/api/leads", json=visit, headers=desk.headers(desk.collector))
    assert (answer.status_code, answer.json["code"]) == (409, "node_closed")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (lambda: with_part(an_xlsx([HEADING]), "xl/vbaProject.bin", b"x"), "线索.xlsx"), (lambda: an_xlsx([HEADING]), "线索.xlsm"),
        (lambda: b"", "线索.csv"), (lambda: a_csv([["随便"], ["一列"]]), "线索.csv"), (lambda: a_csv([HEADING, [1]])[:8], "线索.csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused_at_once(session, send, content, name):
    assert send(content(), name, status=422)["code"] in ("table_refused", "invalid")
    assert session.scalar(select(func.count()).select_from(LeadImport)) == 0


def test_a_file_that_turns_out_damaged_or_too_long_fails_with_a_sentence(session, send, monkeypatch):
    monkeypatch.setattr(service, "MOST_ROWS", 2)
    told = send(a_csv([HEADING, *GOOD]))
    assert told["state"] == "failed"
    assert "2" in told["failure_zh"]
    assert leads(session) == 0


def test_a_file_is_known_to_its_node_alone_and_forgotten_when_its_days_are_over(
    client, session, desk, send, clock
):
    told = send(a_csv([HEADING, *BAD]))
    stranger = bearer(session, (Role.COLLECTOR, zone("420200")))
    assert client.get(f"/api/lead-imports/{told['id']}", headers=stranger).status_code == 404
    clock.advance(days=15)
    jobs.forget_files(0)
    answer = client.get(f"/api/lead-imports/{told['id']}/refused", headers=desk.headers(desk.collector))
    assert (answer.status_code, answer.json["code"]) == (422, "file_forgotten")


def test_no_row_of_any_table_holds_what_the_file_says_of_people_in_clear(session, send):
    from tests.factories.people import everything, standing_in

    send(a_csv([HEADING, *BAD]))
    assert standing_in(everything(session), ("13800001234", "027-88880001", "王测试")) == []
    assert session.scalar(select(func.count()).select_from(LeadImportFault)) == 5


def test_an_import_leaves_two_events_and_a_manifest(session, send):
    told = send(a_csv([HEADING, *GOOD]))
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.subject_kind == "lead_imports").order_by(AuditEvent.id)
    ).all()
    assert [event.action for event in events] == ["start_lead_import", "end_lead_import"]
    assert events[1].after["taken"] == 3
    assert len(events[1].after["manifest"]) == 64
    assert events[0].after["sha256"] == told["sha256"]


def test_the_template_is_a_form_that_is_taken_once_it_has_a_row(client, desk, send):
    for ending in ("xlsx", "csv"):
        form = client.get(
            f"/api/lead-imports/template?format={ending}", headers=desk.headers(desk.collector)
        ).get_data()
        [heading] = list(read_table(form, f"a.{ending}"))
        assert heading.cells[0].startswith("时间*")
        refused = send(form, f"a.{ending}", status=422)
        assert refused["errors"][0]["problem"] == "只有列标题，没有数据"
        words = dict.fromkeys(range(len(heading.cells))) | {
            0: "2026-03-09",
            2: "测试企业",
            4: f"原话{ending}",
        }
        assert counts(send(a_csv([heading.cells, list(words.values())]))) == [1, 1, 1, 0, 0]


def test_a_file_goes_at_once_when_somebody_whose_lead_came_from_it_is_erased(session, desk, send, clock):
    consented = ["王测试", "口头", "2026-03-09", "保存联系方式"]
    heading = ["时间", "企业名称", "原话", "联系人", "联系电话", "同意人", "同意方式", "同意时间", "同意内容"]
    told = send(a_csv([heading, ["2026-03-09", "测试甲", "原话", "王测试", "13800001234", *consented]]))
    assert told["taken"] == 1
    started, content = service.content_of(session, told["id"])
    assert content is not None
    erase(session, SYSTEM, Asked("phone", "13800001234"), reason="本人申请", now=clock.now())
    session.refresh(started)
    assert started.content is None
    assert session.scalars(select(Lead)).one().contact_phone is None


def test_a_kept_file_is_sealed_anew_with_the_people_so_that_the_older_key_can_go(session, send, monkeypatch):
    told = send(a_csv([HEADING, *GOOD, *BAD]))
    newer = "2:the key that comes after"
    monkeypatch.setattr(encryption, "_keyring", [Keyring.parse(f"{newer},1:{PERSONAL_DATA_KEY}")])
    while reseal_some(session):
        pass
    assert count_outdated(session) == 0
    monkeypatch.setattr(encryption, "_keyring", [Keyring.parse(newer)])
    session.expire_all()
    _, content = service.content_of(session, told["id"])
    assert content == a_csv([HEADING, *GOOD, *BAD])
