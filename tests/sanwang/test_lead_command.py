"""`sanwang lead`, as whoever runs a platform calls it."""

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backbone.table_files.reading import read_table
from ground_net.leads.models import Lead
from sanwang.cli import app
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.network import a_node
from tests.factories.table_files import a_csv, an_xlsx

ROWS = [["时间", "企业名称", "原话"], ["2026-03-09", "测试甲", "焊接太慢"], ["上周", "测试乙", "漏水"]]


@pytest.fixture
def platform(committed_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)
    with committed_database.transaction() as session:
        a_node(session, key="T-CLI")
    return committed_database


def run(*words):
    return CliRunner().invoke(app, ["lead", *map(str, words)])


def leads(database):
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(Lead))


def test_a_file_is_checked_then_imported_and_its_broken_rows_come_back(platform, tmp_path):
    file, back = tmp_path / "线索.xlsx", tmp_path / "改.xlsx"
    file.write_bytes(an_xlsx(ROWS))
    checked = run("import", file, "--node", "T-CLI", "--check")
    assert (checked.exit_code, leads(platform)) == (1, 0)
    assert "could be taken 1" in checked.output
    taken = run("import", file, "--node", "T-CLI", "--refused", back)
    assert (taken.exit_code, leads(platform)) == (1, 1)
    assert "2026-03-09 09:30" in taken.output
    rows = [row.cells for row in read_table(back.read_bytes(), back.name)]
    assert rows[1][0] == "3"
    file.write_bytes(a_csv(ROWS[:2]))
    again = run("import", file, "--node", "T-CLI")
    assert (again.exit_code, leads(platform)) == (0, 1)
    assert "known 1" in again.output


def test_a_file_or_a_node_that_cannot_be_used_is_a_sentence_and_2(platform, tmp_path):
    file = tmp_path / "线索.csv"
    file.write_bytes(b"a,b\n1,2")
    for answer in (
        run("import", file, "--node", "T-CLI"), run("import", tmp_path / "none.csv", "--node", "T-CLI"),
        run("template", tmp_path / "x.pdf"), run("template", file),
    ):  # fmt: skip
        assert answer.exit_code == 2
        assert answer.stderr.strip()
    file.write_bytes(a_csv(ROWS))
    assert run("import", file, "--node", "nowhere").exit_code == 2
    assert leads(platform) == 0


def test_the_template_needs_no_database(tmp_path):
    assert run("template", tmp_path / "x.xlsx").exit_code == 0
    assert len(list(read_table((tmp_path / "x.xlsx").read_bytes()))) == 1
