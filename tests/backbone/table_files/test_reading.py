"""Whatever Excel and its users make of a table is read, or refused with a sentence that says what to do."""

from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backbone.spreadsheets import neutral
from backbone.table_files.reading import read_table
from backbone.table_files.rows import WHOLE_ROW, TableRefused, plain
from backbone.table_files.xlsx_rows import MOST_UNPACKED
from tests.factories.table_files import a_csv, an_xlsx, with_part

ROWS = [["企业名称", "原话"], ["测试精工", "焊接太慢，\n“快一点”"], ["测试二厂", 'a "b" c']]
READ = [("企业名称", "原话"), ("测试精工", "焊接太慢，\n“快一点”"), ("测试二厂", 'a "b" c')]

AFTERNOON = datetime(2026, 3, 9, 14, 30)  # noqa: DTZ001  # a sheet knows no zones


def cells(content, name=""):
    return [row.cells for row in read_table(content, name)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_text_table_is_read_in_every_encoding_that_excel_writes(encoding, separator):
    assert cells(a_csv(ROWS, encoding, separator)) == READ


def test_a_gbk_file_with_an_english_heading_is_read_too():
    assert cells(a_csv([["words"], ["焊接"]], "gbk")) == [("words",), ("焊接",)]


def test_an_xlsx_reads_like_the_csv_of_the_same_rows():
    assert cells(an_xlsx(ROWS)) == READ


def test_numbers_and_days_come_as_people_type_them():
    rows = [["时间", "电话", "数", "有"], [AFTERNOON, 13800001234, 12.5, True]]
    assert cells(an_xlsx(rows))[1] == ("2026-03-09 14:30", "13800001234", "12.5", "是")


def test_a_row_whose_quotes_do_not_close_harms_no_other():
    text = '企业,原话\n甲,"没有关上\n乙,"好"\n丙,x"y"z\n丁,"好了"x\n戊,完'
    read = list(read_table(text.encode()))
    assert [row.number for row in read] == [1, 2, 3, 4, 5, 6]
    broken = [row.number for row in read if WHOLE_ROW in row.faults]
    assert broken == [2, 5]
    assert [row.cells for row in read if not row.faults] == [
        ("企业", "原话"),
        ("乙", "好"),
        ("丙", 'x"y"z'),
        ("戊", "完"),
    ]


def test_a_damaged_byte_in_a_utf8_file_breaks_its_own_row_alone():
    content = "企业,原话\n甲,好\n乙,焊接\n丙,好".encode().replace("焊".encode(), b"\xe7\x84")
    faults = {row.number: list(row.faults) for row in read_table(content)}
    assert faults == {1: [], 2: [], 3: [1], 4: []}


def test_row_numbers_are_those_of_the_sheet_with_blank_rows_and_lines_within_cells():
    assert [row.number for row in read_table('企业,原话\n\n甲,"一\n二"\n\n乙,三'.encode())] == [1, 3, 6]
    assert [row.number for row in read_table(an_xlsx([["企业"], [None], ["甲"]]))] == [1, 3]


def test_a_formula_and_an_error_value_are_named_and_never_taken_for_a_value():
    row = list(read_table(an_xlsx([["企业", "数"], ["甲"]], B2="=1+1")))[1]
    assert list(row.faults) == [1]
    assert row.cells[0] == "甲"


@pytest.mark.parametrize("text", ["=1+1", "-x", "@a", "＝1", "+86"])
def test_what_an_export_disarms_comes_back_as_it_was(text):
    disarmed = neutral(text)
    assert disarmed == f"'{text}"
    assert plain(disarmed) == text


def macro_types(xlsx):
    import io
    import zipfile

    types = zipfile.ZipFile(io.BytesIO(xlsx)).read("[Content_Types].xml")
    plain_type, macro_type = b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    return with_part(xlsx, "[Content_Types].xml", types.replace(plain_type, macro_type))


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
REFUSED = {
    "macros by name": (lambda: an_xlsx(ROWS), "线索.xlsm", "宏"),
    "macros as a part": (lambda: with_part(an_xlsx(ROWS), "xl/vbaProject.bin", b"x"), "线索.xlsx", "宏"),
    "macros by declaration": (lambda: macro_types(an_xlsx(ROWS)), "线索.xlsx", "宏"),
    "old macro sheets": (lambda: with_part(an_xlsx(ROWS), "xl/macrosheets/sheet1.xml", b"<x/>"), "a.xlsx", "宏"),
    "entities": (lambda: with_part(an_xlsx(ROWS), "xl/sharedStrings.xml", BOMB), "a.xlsx", "实体"),
    "entities in UTF-16": (
        lambda: with_part(an_xlsx(ROWS), "xl/sharedStrings.xml", BOMB.decode().encode("utf-16")), "a.xlsx", "实体"
    ),
    "old or encrypted Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.xls", "旧版"),
    "half a file": (lambda: an_xlsx(ROWS)[:2000], "a.xlsx", "损坏"),
    "a broken sheet": (lambda: with_part(an_xlsx(ROWS), "xl/worksheets/sheet1.xml", b"<worksheet>"), "a.xlsx", "损坏"),
    "an archive": (lambda: with_part(an_xlsx(ROWS), "[Content_Types].xml", b"")[:30] + b"x" * 50, "a.zip", ""),
    "nothing": (lambda: b"", "a.csv", "空"),
    "no text": (lambda: b"\x00\x01\x02" * 30, "a.csv", "文本"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_is_no_table_is_refused_with_a_sentence_in_both_languages(case):
    make, name, said = REFUSED[case]
    with pytest.raises(TableRefused) as refused:
        list(read_table(make(), name))
    problem = refused.value.data["errors"][0]["problem"]
    assert said in problem.zh
    assert str(problem) != problem.zh


def test_a_file_that_unpacks_to_far_more_than_a_table_is_refused_unread(monkeypatch):
    monkeypatch.setattr("backbone.table_files.xlsx_rows.MOST_UNPACKED", 1000)
    assert MOST_UNPACKED > 1000
    with pytest.raises(TableRefused):
        list(read_table(an_xlsx(ROWS)))


def test_the_first_visible_sheet_is_read_and_notes_are_not():
    from backbone.errors import Bilingual
    from backbone.spreadsheets import as_xlsx
    from backbone.tables import Column, Table

    both = Bilingual("企业", "enterprise")
    table = Table("x", AFTERNOON, both, [Column("a", both)], [["甲"]], [(both, "=说明")])
    assert cells(as_xlsx(table)) == [("企业 enterprise",), ("甲",)]


@settings(max_examples=300)
@given(st.binary(max_size=400))
@example(b"PK")
@example(b"PK\x03\x04")
def test_no_bytes_make_the_reading_fail_in_another_way(content):
    try:
        rows = list(read_table(content))
    except TableRefused:
        return
    assert [row.number for row in rows] == sorted({row.number for row in rows})


PRINTABLE = st.text(st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)
# UTF-8 is tried first: a short GBK text can be UTF-8 by chance, which a heading in Chinese rules out.
HEADING = ["企业名称", "原话", "时间"]


@given(
    st.lists(st.lists(PRINTABLE, min_size=3, max_size=3), max_size=6),
    st.sampled_from(["utf-8-sig", "gb18030"]),
)
def test_what_is_written_as_csv_is_read_back_cell_by_cell(rows, encoding):
    read = cells(a_csv([HEADING, *rows], encoding))[1:]
    expected = [tuple(plain(cell) for cell in row) for row in rows]
    assert [row for row in read if any(row)] == [row for row in expected if any(row)]
