"""Slips in a module's source: one thing each, and never a word."""

import ast

import pytest

from tests.policy_pack.mutation.source_mutants import mutated, slips

WORDED = '''
@cache(maxsize=3)
def worded(n: int = 1) -> "int | None":
    """Says 3 < 4."""
    if n > 2:
        raise Fault(f"{n + 1} is over {2 * 1}", 7)
    return zip(n, n, strict=True)
'''


def variants(source):
    return {ast.unparse(mutated(source, slip)) for slip in slips(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a >= b", {"a > b", "a < b"}),
        ("a == b", {"a != b"}),
        ("a is not b", {"a is b"}),
        ("a in b", {"a not in b"}),
        ("a and b", {"a or b"}),
        ("not a", {"a"}),
        ("a + b * c", {"a - b * c", "a + b / c"}),
        ("f(True, 3)", {"f(False, 3)", "f(True, 4)"}),
        ("x = a if b else c", {"x = a if not b else c"}),
        ("if a:\n    b", {"if not a:\n    b"}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("def f():\n    return None", set()),
        ("a < b < c", set()),
        ("'a' 'b'", set()),
    ],
)
def test_each_decision_can_be_taken_otherwise(source, expected):
    assert variants(source) == expected


def test_words_annotations_and_decorators_are_left_alone():
    assert [(slip.line, slip.what) for slip in slips(WORDED)] == [
        (3, "2 instead of 1"),
        (5, "the other way if"),
        (5, "GtE instead of Gt"),
        (5, "LtE instead of Gt"),
        (5, "3 instead of 2"),
        (7, "returns None"),
    ]


def test_a_slip_changes_one_thing_and_the_rest_stays():
    source = "def f(a):\n    return a > 1 and a < 9\n"
    for slip in slips(source):
        changed = ast.unparse(mutated(source, slip))
        assert changed != ast.unparse(ast.parse(source))
        compile(mutated(source, slip), "f.py", "exec")
