import pytest

from finance_net.rounds.round_file import round_of
from finance_net.rounds.verifying import broken_by
from tests.factories.rounds import a_round, an_application, category

ROUND = round_of(
    a_round(
        [
            an_application("a", enterprise="x", groups=["g"], min_fen=100, max_fen=300),
            an_application("b", enterprise="x", groups=["g"], min_fen=100, max_fen=300),
            an_application("c", enterprise="y", min_fen=100, max_fen=300),
        ],
        budget_fen=500,
        step_fen=100,
        enterprise_cap_fen=300,
        categories=[category("A", 200, 400)],
        groups=[{"id": "g", "max_selected": 1}],
        requires=[["c", "a"]],
    )
)


def test_what_keeps_every_limit_breaks_none():
    assert broken_by(ROUND, {"a": 300, "c": 100}) == ()


@pytest.mark.parametrize(
    ("amounts", "broken"),
    [
        ({"a": 300, "c": 300}, ("budget", "category:A:max")),
        ({}, ("category:A:min",)),
        ({"a": 100, "b": 100}, ("group:g",)),
        ({"a": 200, "b": 200}, ("group:g", "enterprise:x")),
        ({"c": 200}, ("requires:c:a",)),
        ({"a": 50, "c": 300}, ("application:a",)),
        ({"a": 310}, ("application:a",)),
        ({"a": 250}, ("application:a",)),
        ({"a": 300, "stranger": 100}, ("application:stranger",)),
    ],
)
def test_every_broken_limit_is_named(amounts, broken):
    assert broken_by(ROUND, amounts) == broken
