"""The bank's answer as a file: whatever is wrong is told with its line and column, and what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.table_files.rows import TableRefused
from finance_net.awards.answers.answer_file import read_answer
from finance_net.awards.errors import LinesRefused
from finance_net.awards.lines import yuan
from tests.factories.table_files import a_csv, an_xlsx

HEADINGS = ["reference", "status", "bank_ref", "amount", "settled_on"]
GOOD = ["FK-2026-000001", "settled", "YH1", "1234.50", "2026-03-09"]


def problems_of(*rows, headings=HEADINGS):
    with pytest.raises(LinesRefused) as refusal:
        read_answer(a_csv([headings, *rows]))
    return {each["field"]: str(each["problem"]) for each in refusal.value.data["errors"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_whatever_encoding_a_bank_writes(encoding):
    headings = ["付款参考号", "状态", "银行流水号", "金额（元）", "到账日期"]
    (line,) = read_answer(a_csv([headings, ["FK-1", "成功", "流水1", "0.01", "2026-03-09"]], encoding))
    assert (line.number, line.values["status"], line.values["amount"], line.values["bank_ref"]) == (
        2,
        "settle",
        1,
        "流水1",
    )


def test_a_spreadsheet_is_read_as_well():
    assert read_answer(an_xlsx([HEADINGS, GOOD]))[0].values["amount"] == 123_450


def test_a_reference_whose_last_digits_a_spreadsheet_dropped_is_no_reference():
    """Banks' references have twenty digits; kept as a number, fifteen of them are left."""
    for whole in (1234567890123456789, 12345678901234567890123):
        with pytest.raises(LinesRefused) as refusal:
            read_answer(an_xlsx([HEADINGS, [*GOOD[:2], whole, *GOOD[3:]]]))
        assert "fifteen digits" in refusal.value.data["errors"][0]["problem"]
    for shortened in ("1.23457E+18", "1E+20"):
        assert "last digits are gone" in problems_of([*GOOD[:2], shortened, *GOOD[3:]])["line 2: bank_ref"]
    assert (
        read_answer(an_xlsx([HEADINGS, [*GOOD[:2], 202611300001, *GOOD[3:]]]))[0].values["bank_ref"]
        == "202611300001"
    )


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("-5.00", "no amount"), ("1,234.50", "no amount"), ("0.005", "no amount"), ("1e3", "no amount"), ("１２", "no amount"),
        ("0", "beyond"), ("92233720368547758.08", "beyond"), ("", "May not be blank"),
    ],
)  # fmt: skip
def test_an_amount_that_is_none_is_named_with_what_to_write(amount, why):
    found = problems_of([*GOOD[:3], amount, GOOD[4]])
    assert list(found) == ["line 2: amount"]
    assert why in found["line 2: amount"]


def test_every_problem_of_every_line_is_told_at_once():
    found = problems_of(GOOD, [GOOD[0], "done", "YH1", "x", "2026-02-30"], ["FK-3", "settled", "", "1", ""])
    assert set(found) == {"line 3: status", "line 3: amount", "line 3: settled_on"}
    found = problems_of(GOOD, [GOOD[0], "refused", "", "1", "2026-03-09"], ["FK-3", "settled", "", "1", ""])
    assert found["line 3: reference"] == "“FK-2026-000001” stands in line 2 already"
    assert set(found) == {"line 3: reference", "line 3: settled_on", "line 4: bank_ref", "line 4: settled_on"}
    found = problems_of(GOOD, ["FK-2", "settled", "YH1", "1", "2026-03-09"])
    assert list(found) == ["line 3: bank_ref"]
    assert list(problems_of([*GOOD, "more"])) == ["line 2: (row)"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"), (a_csv([HEADINGS]), "no lines"), (a_csv([HEADINGS[:3], GOOD[:3]]), "lacks the columns"),
        (a_csv([[*HEADINGS, "名称"], GOOD]), "unknown headings: 名称"), (a_csv([[*HEADINGS, "status"], GOOD]), "comes twice"),
        (b"%PDF-1.7\n", "unknown headings"), (b"\0\1\2", "neither text nor an xlsx"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_as_a_whole_with_what_was_expected(content, why):
    with pytest.raises(TableRefused) as refusal:
        read_answer(content)
    assert why in str(refusal.value.data["errors"][0]["problem"])


@given(st.integers(1, 2**63 - 1))
def test_every_amount_that_can_be_booked_is_read_exactly(fen):
    assert yuan(f"{fen // 100}.{fen % 100:02d}") == fen


@given(st.text(max_size=20))
def test_whatever_else_is_no_amount_and_no_error(text):
    read = yuan(text)
    assert isinstance(read, str) or 1 <= read < 2**63
