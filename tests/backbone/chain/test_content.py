import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from backbone.chain.content import canonical, content_hash

ID = UUID("01a20830-6a35-7290-9892-ce11616c8308")
AT = datetime(2026, 3, 10, 1, 30, 0, 5, tzinfo=UTC)

# What jsonb can hold: no NUL, no lone surrogates, numbers within a double or within 64 bits.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def test_the_form_is_a_promise():
    """Changing this hash makes every chain of every installation look rewritten."""
    row = {
        "id": ID, "occurred_at": AT, "action": "amend_need", "actor_id": None,
        "after": {"title": "激光\n", "budget_min_fen": 80_000_000, "parts": [1.5, True, None, {}], "note": None},
    }  # fmt: skip
    assert canonical(row["after"]) == (
        '{"budget_min_fen":80000000,"note":null,"parts":[15e-1,true,null,{}],"title":"激光\\n"}'
    )
    assert content_hash("audit_events", row).hex() == (
        "7f72558da98f3420422c8eb3eb2927c5fbc1c01b2789b0746386f6b25ccad315"
    )


def test_columns_that_are_null_are_left_out_so_that_a_table_may_grow():
    assert content_hash("t", {"a": 1}) == content_hash("t", {"a": 1, "added_later": None})
    assert content_hash("t", {"a": 1}) != content_hash("t", {"a": 1, "added_later": ""})


def test_null_inside_a_structure_is_not_the_same_as_nothing():
    assert canonical({"a": None}) != canonical({})


def test_rows_of_different_tables_are_never_the_same():
    assert content_hash("one", {"a": 1}) != content_hash("two", {"a": 1})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0), (100, Decimal("1E+2")), (10**23, 1e23), (0, -0.0), (Decimal("0.10"), 0.1), (1e-7, Decimal("0.0000001")),
        (AT, AT.astimezone(timezone(timedelta(hours=8)))), ((1, 2), [1, 2]),
    ],
)  # fmt: skip
def test_what_postgresql_takes_for_the_same_is_spelled_the_same(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True), (1, "1"), (None, "null"), (0.1, Decimal("0.1000000000000000000001")), ([1, 2], [2, 1]), (["ab"], ["a", "b"]),
        (AT, AT + timedelta(microseconds=1)), (date(2026, 3, 10), date(2026, 3, 11)), (b"\x01", b"\x02"), (1, -1), (10, 1),
        ({"a": {"b": 1}}, {"a": {}, "b": 1}),
    ],
)  # fmt: skip
def test_what_differs_is_spelled_differently(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), datetime(2026, 3, 10)])  # noqa: DTZ001 (a naive one is the point)
def test_what_has_no_one_meaning_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_what_jsonb_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="no canonical form"):
        canonical({"a": object()})


def in_other_order(value):
    """The same value with every mapping filled the other way round."""
    if isinstance(value, dict):
        return {name: in_other_order(value[name]) for name in reversed(value)}
    return [in_other_order(each) for each in value] if isinstance(value, list) else value


@given(VALUES)
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(value) == canonical(in_other_order(value))


@given(VALUES)
def test_the_spelling_is_json_that_reads_as_the_value(value):
    assert canonical(json.loads(canonical(value), parse_float=Decimal)) == canonical(value)


def test_values_keep_their_spelling_through_jsonb(session):
    through = text("SELECT CAST(CAST(:said AS jsonb) AS text)")

    @given(VALUES)
    def round_trip(value):
        kept = session.scalar(through, {"said": json.dumps(value, ensure_ascii=False)})
        assert canonical(json.loads(kept, parse_float=Decimal)) == canonical(value)
        assert canonical(json.loads(kept)) == canonical(value)

    round_trip()


def test_instants_keep_their_spelling_through_timestamptz(session):
    @given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 (bounds)
    def round_trip(instant):
        kept = session.scalar(text("SELECT CAST(:said AS timestamptz)"), {"said": instant})
        assert canonical(kept) == canonical(instant)

    round_trip()


def test_ids_keep_their_spelling_through_uuid(session):
    @given(st.uuids())
    def round_trip(identifier):
        kept = session.scalar(text("SELECT CAST(:said AS uuid)"), {"said": identifier})
        assert canonical(kept) == canonical(identifier)

    round_trip()
