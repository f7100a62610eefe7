from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as some

from sky_net.achievements.text import achievement_facets, achievement_text, searchable_text

NOTHING = dict.fromkeys(("problem_solved", "gain", "tech_field", "keywords", "indicators", "use_cases"))
NAMES = {
    "number": "CG-2026-000001",
    "registration_number": None,
    "lab": None,
    "team": None,
    "keywords": [],
    "tech_field": None,
}


def offer(**values):
    return SimpleNamespace(**NOTHING | {"title": "题", "summary": "摘要"} | values)


@given(some.text(min_size=1), some.text(min_size=1).filter(str.strip))
def test_title_and_summary_alone_stay_exactly_as_they_are(title, summary):
    assert achievement_text(offer(title=title, summary=summary)) == (title, summary)
    assert achievement_text(
        offer(title=title, summary=summary, keywords=[], indicators=[], use_cases=[])
    ) == (title, summary)


def test_everything_that_was_said_is_in_the_body_once():
    _, body = achievement_text(offer(
        problem_solved="吸收率低", gain="减少86%", tech_field="激光加工", keywords=["紫铜", "焊接"],
        indicators=[{"name": "飞溅", "value": "≤6", "unit": "粒/m"}, {"name": "熔深", "value": "2", "unit": None}],
        use_cases=["导电排"],
    ))  # fmt: skip
    assert body.split("\n") == [
        "摘要",
        "吸收率低",
        "减少86%",
        "激光加工",
        "紫铜 焊接",
        "飞溅 ≤6 粒/m",
        "熔深 2",
        "导电排",
    ]


def test_blank_texts_leave_no_blank_lines():
    assert achievement_text(offer(gain="  ", tech_field=""))[1] == "摘要"


def test_facets_name_what_filters_ask_for():
    found = achievement_facets(
        SimpleNamespace(
            kind="capability",
            industry="opto",
            region_code="420100",
            trl=6,
            transfer_modes=["licence", "equity"],
        )
    )
    assert found == {
        "kind:capability",
        "industry:opto",
        "group:strong",
        "region:420100",
        "trl:6",
        "mode:licence",
        "mode:equity",
    }


def test_what_is_not_known_has_no_facet():
    found = achievement_facets(
        SimpleNamespace(
            kind="achievement", industry="alchemy", region_code="420100", trl=None, transfer_modes=None
        )
    )
    assert found == {"kind:achievement", "industry:alchemy", "region:420100"}


def test_lists_search_folded_names_not_the_summary():
    folded = searchable_text(
        offer(**NAMES | {"title": "鐳射 ＡＢＣ Welding", "summary": "不查摘要", "keywords": ["紫銅"]})
    )
    assert "镭射 abc welding" in folded
    assert "cg-2026-000001" in folded
    assert "紫铜" in folded
    assert "摘要" not in folded
