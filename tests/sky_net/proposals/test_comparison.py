"""Proposals side by side: pure."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from sky_net.proposals.comparison import compared
from tests.factories.invitations import INDICATORS


def proposal(n, answers, **values):
    return SimpleNamespace(
        id=n, institute_id=n * 10, institute=SimpleNamespace(name=f"院所{n}"), title=f"方案{n}", state="released",
        trl=5, duration_days=90 + n, price={"kind": "fixed", "min_fen": n, "max_fen": n}, ip_terms="共有",
        released_at=None, answers=answers, **values,
    )  # fmt: skip


def answer(indicator, verdict, how="实测"):
    return {"indicator": indicator, "verdict": verdict, "how": how}


def test_one_row_per_indicator_in_the_order_of_the_need_and_one_cell_per_proposal():
    first = proposal(1, [answer("单片节拍", "partly", "现为20秒"), answer("键合良率", "met")])
    second = proposal(2, [answer("键合良率", "no", "尚无数据"), answer("单位能耗", "met")])

    table = compared("need", INDICATORS, [first, second])

    assert [row["name"] for row in table["indicators"]] == ["键合良率", "单片节拍", "单位能耗"]
    assert table["indicators"][0]["answers"] == [
        {"proposal_id": 1, "verdict": "met", "how": "实测"},
        {"proposal_id": 2, "verdict": "no", "how": "尚无数据"},
    ]
    assert table["indicators"][1]["answers"][1] == {"proposal_id": 2, "verdict": None, "how": None}
    assert table["indicators"][0]["target"] == "≥99.5"


def test_a_column_says_maturity_time_price_and_terms_and_counts_the_musts_alone():
    said = [answer("键合良率", "met"), answer("单片节拍", "no"), answer("单位能耗", "met")]

    column = compared("need", INDICATORS, [proposal(3, said)])["proposals"][0]

    assert (column["musts_met"], column["musts_partly"], column["musts_not_met"]) == (1, 0, 1)
    assert (column["trl"], column["duration_days"], column["ip_terms"]) == (5, 93, "共有")
    assert column["price"] == {"kind": "fixed", "min_fen": 3, "max_fen": 3}
    assert column["institute_name"] == "院所3"


def test_without_proposals_the_rows_stand_empty():
    table = compared("need", INDICATORS, [])

    assert table["proposals"] == []
    assert [row["answers"] for row in table["indicators"]] == [[], [], []]


@given(
    verdicts=st.lists(
        st.dictionaries(
            st.sampled_from([row["name"] for row in INDICATORS]), st.sampled_from(["met", "partly", "no"])
        ),
        max_size=6,
    )
)
def test_every_cell_belongs_to_the_column_above_it(verdicts):
    rows = [proposal(n, [answer(*pair) for pair in said.items()]) for n, said in enumerate(verdicts)]

    table = compared("need", INDICATORS, rows)

    columns = [column["id"] for column in table["proposals"]]
    for row in table["indicators"]:
        assert [cell["proposal_id"] for cell in row["answers"]] == columns
        assert [cell["verdict"] for cell in row["answers"]] == [said.get(row["name"]) for said in verdicts]
