"""The bank's file: the same bytes whatever the order, and read back as it was written."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from backbone.table_files.reading import read_table
from finance_net.awards.payments.bank_file import HEADINGS, Instruction, bank_file

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]),
    min_size=1,
    max_size=20,
)
DIGITS = st.from_regex("[1-9][0-9]{7,29}", fullmatch=True)
INSTRUCTIONS = st.builds(
    Instruction, reference=st.from_regex("FK-2026-[0-9]{6}", fullmatch=True), holder=WORDS.filter(lambda text: text[0] != "'"), number=DIGITS,
    bank=WORDS.filter(lambda text: text[0] != "'"), branch_code=st.from_regex("[0-9]{12}", fullmatch=True), amount_fen=st.integers(1, 2**63 - 1),
    memo=st.from_regex("LX-2026-[0-9]{6}", fullmatch=True),
)  # fmt: skip
LISTS = st.lists(INSTRUCTIONS, min_size=1, max_size=8, unique_by=lambda each: each.reference)


@given(LISTS, st.randoms())
def test_the_same_instructions_are_the_same_bytes_in_whatever_order_they_come(instructions, random):
    turned = list(instructions)
    random.shuffle(turned)
    assert bank_file(turned) == bank_file(instructions)


@given(LISTS)
def test_what_is_written_is_read_back_by_reference(instructions):
    heading, *rows = read_table(bank_file(instructions))
    assert heading.cells == HEADINGS
    assert [
        Instruction(*row.cells[:5], int(Decimal(row.cells[5]) * 100), row.cells[6]) for row in rows
    ] == sorted(instructions)


def test_a_name_that_a_spreadsheet_would_run_is_told_to_be_text():
    content = bank_file(
        [Instruction("FK-1", "=cmd()", "12345678", "行", "104521000011", 123_405, "LX-1")]
    ).decode("utf-8-sig")
    assert content.splitlines()[1] == "FK-1,'=cmd(),12345678,行,104521000011,1234.05,LX-1"
