import pytest

from backbone.actor import PROVINCE, Role, actor_with
from backbone.directory.experts.reading import list_experts, show_expert
from backbone.errors import NotFound
from tests.factories.directory import an_expert, an_institute
from tests.factories.identity import of

LISTED = {"sort": "institute", "limit": 100}
STRANGER = actor_with((Role.BROKER, PROVINCE))


@pytest.fixture
def institutes(session):
    return {name: an_institute(session, name=name) for name in ("丙所", "甲所", "乙所")}


@pytest.fixture
def experts(session, institutes):
    an_expert(
        session,
        institutes["乙所"],
        name="王一",
        tech_fields=["光纤傳感"],
        trl_from=1,
        trl_to=3,
        languages=["zh"],
    )
    an_expert(
        session,
        institutes["丙所"],
        name="李二",
        industries=["ai"],
        availability="limited",
        region_code="420300",
    )
    an_expert(
        session,
        institutes["甲所"],
        name="赵三",
        industries=["opto", "nev"],
        keywords=["100%国产"],
        languages=["zh", "de"],
    )
    an_expert(session, institutes["甲所"], name="钱四", consents=False)
    return session


def names(session, actor=STRANGER, **asked):
    return [expert.name for expert in list_experts(session, actor, LISTED | asked).items]


def test_experts_are_listed_by_how_their_institutes_sound(experts):
    assert names(experts) == ["李二", "赵三", "王一"]


def test_the_own_institute_sees_those_without_consent_among_them(experts, institutes):
    member = actor_with((Role.INSTITUTE_MEMBER, of(institutes["甲所"])))
    assert set(names(experts, member)) == {"李二", "赵三", "王一", "钱四"}
    assert set(names(experts, member, institute_id=institutes["甲所"].id)) == {"赵三", "钱四"}


@pytest.mark.parametrize(("asked", "found"), [
    ({"industry": ["ai"]}, {"李二"}), ({"industry": ["ai", "nev"]}, {"李二", "赵三"}), ({"availability": ["limited"]}, {"李二"}),
    ({"trl": 2}, {"王一"}), ({"trl": 3}, {"王一", "李二", "赵三"}), ({"trl": 9}, set()), ({"language": ["de", "ja"]}, {"赵三"}),
    ({"region": ["420300"]}, {"李二"}), ({"region": ["auto-corridor"]}, {"王一", "李二", "赵三"}), ({"region": ["new-materials-corridor"]}, set()),
    ({"q": "传感"}, {"王一"}), ({"q": "光纖"}, {"王一"}), ({"q": "100%"}, {"赵三"}), ({"q": "%"}, {"赵三"}), ({"q": "_"}, set()),
    ({"q": "赵三"}, {"赵三"}), ({"q": "赵 三"}, {"赵三"}), ({"q": "赵"}, set()), ({"q": "钱四"}, set()),
    ({"q": "测专家"}, set()), ({"industry": ["ai"], "trl": 9}, set()),
])  # fmt: skip
def test_filters_must_all_hold_and_names_are_found_whole_or_not_at_all(experts, asked, found):
    assert set(names(experts, **asked)) == found


def test_pages_follow_each_other_without_gap_or_repetition(session):
    institute = an_institute(session)
    wanted = {an_expert(session, institute).id for _ in range(5)}
    asked, seen = LISTED | {"limit": 2}, []
    while True:
        page = list_experts(session, STRANGER, asked)
        seen += [expert.id for expert in page.items]
        if page.next_cursor is None:
            break
        asked = asked | {"cursor": page.next_cursor}
    assert len(seen) == 5
    assert set(seen) == wanted


def test_what_one_may_not_know_of_and_what_is_not_there_look_alike(session):
    hidden = an_expert(session, consents=False)
    for expert_id in (hidden.id, hidden.institute_id):
        with pytest.raises(NotFound) as refused:
            show_expert(session, STRANGER, expert_id)
        assert refused.value.data == {}
