"""Files hold what the table holds, and no text becomes a formula."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import Bilingual
from backbone.spreadsheets import CSV, as_csv, as_xlsx, export, neutral
from backbone.tables import Column, Table
from tests.factories.spreadsheets import read_csv, sheets

FORMULAE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]
NOW = datetime(2026, 5, 6, 4, 0, tzinfo=UTC)


def a_table(rows, name="plain"):
    columns = [Column("a", Bilingual("甲", "a")), Column("b", Bilingual("乙", "b"))]
    return Table(
        name, NOW, Bilingual("表", "table"), columns, rows, [(Bilingual("口径", "definition"), "=said")]
    )


@pytest.mark.parametrize("text", FORMULAE)
def test_what_a_spreadsheet_would_take_for_a_formula_is_told_to_be_text(text):
    assert neutral(text) == f"'{text}"
    assert read_csv(as_csv(a_table([[text, 1]])))[1][0] == f"'{text}"
    cells = sheets(as_xlsx(a_table([[text, 1]])))["表"]
    assert str(cells[1][0]).startswith("'")


@pytest.mark.parametrize("cell", [-5, 0.25, None, "武汉", "a=b", ""])
def test_numbers_and_ordinary_text_stay_as_they_are(cell):
    assert neutral(cell) == cell


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(-(2**31), 2**31)))
)
def test_csv_is_read_back_as_it_was_written(rows):
    """RFC 4180: quotes, commas and line breaks within a cell survive."""
    read = read_csv(as_csv(a_table(rows)))
    assert read[0] == ["甲 a", "乙 b"]
    assert read[1:] == [[str(neutral(text)), str(number)] for text, number in rows]


def test_csv_lines_end_as_the_standard_says_and_a_line_break_within_stays():
    content = as_csv(a_table([['say "x",\nthen', 1]]))
    assert content.decode("utf-8-sig").endswith('"say ""x"",\nthen",1\r\n')


def test_the_workbook_says_what_it_is_about():
    found = sheets(as_xlsx(a_table([["x", 1]])))
    assert list(found) == ["表", "说明"]
    assert found["说明"][1] == ["口径 definition", "'=said"]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
            st.integers(-9, 9),
        ),
        max_size=5,
    )
)
def test_no_cell_of_a_workbook_is_a_formula(rows):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(a_table(rows))))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_same_table_is_the_same_file_byte_by_byte(write):
    assert write(a_table([["x", 1]])) == write(a_table([["x", 1]]))


def test_the_tag_is_that_of_the_content():
    one, other = export(a_table([["x", 1]]), "csv"), export(a_table([["x", 2]]), "csv")
    assert one.etag == export(a_table([["x", 1]]), "csv").etag != other.etag
    assert (one.name, one.media_type) == ("plain.csv", CSV)
