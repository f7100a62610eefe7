from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import update

from backbone.actor import PROVINCE, SYSTEM, Role, actor_with
from backbone.errors import NotFound
from sky_net.achievements import reading
from sky_net.achievements.models import Achievement
from sky_net.achievements.schemas import AchievementQuery
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.identity import of, zone
from tests.made_once import made_once

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
ANYBODY = actor_with()


def titles(session, actor=ANYBODY, **asked):
    page = reading.list_achievements(session, actor, AchievementQuery().load(asked), now=NOW)
    return [row.title for row in page.items]


@made_once
def catalogue(session):
    institute = an_institute(session)
    an_achievement(
        session,
        institute=institute,
        title="甲",
        industry="opto",
        region_code="420100-donghu",
        trl=3,
        transfer_modes=["licence"],
    )
    an_achievement(
        session,
        institute=institute,
        title="乙",
        industry="ai",
        region_code="420200",
        trl=6,
        transfer_modes=["equity", "service"],
    )
    an_achievement(
        session,
        title="丙",
        industry="opto",
        region_code="420100",
        trl=None,
        transfer_modes=[],
        kind="capability",
    )
    an_achievement(session, institute=institute, title="藏", state="hidden")
    an_achievement(session, institute=institute, title="撤", state="withdrawn")
    an_achievement(session, institute=institute, title="密", secrecy="internal")
    an_achievement(session, institute=institute, title="旧", last_confirmed_on=date(2025, 1, 1))
    return institute


@pytest.mark.parametrize(("asked", "found"), [
    ({}, "甲乙丙"), ({"industry": ["opto"]}, "甲丙"), ({"industry": ["opto", "ai"]}, "甲乙丙"), ({"region": ["420100"]}, "甲丙"),
    ({"region": ["420100-donghu"]}, "甲"), ({"region": ["420000"]}, "甲乙丙"), ({"region": ["420200", "420100-donghu"]}, "甲乙"),
    ({"region": ["optics-valley-corridor"]}, "甲乙丙"), ({"region": ["auto-corridor"]}, "甲丙"), ({"region": ["outside"]}, ""),
    ({"trl_min": "4"}, "乙"), ({"trl_min": "3"}, "甲乙"), ({"mode": ["service"]}, "乙"), ({"mode": ["licence", "equity"]}, "甲乙"),
    ({"mode": ["talent"]}, ""), ({"kind": "capability"}, "丙"), ({"industry": ["opto"], "trl_min": "1", "mode": ["licence"]}, "甲"),
    ({"state": "visible"}, "甲乙丙"), ({"state": "hidden"}, ""), ({"expired": "true"}, ""), ({"expired": "false"}, "甲乙丙"),
])  # fmt: skip
def test_filters_find_what_is_on_offer(session, catalogue, asked, found):
    assert sorted(titles(session, **asked)) == sorted(found)


@pytest.mark.parametrize(("asked", "found"), [
    ({}, "甲乙丙藏密旧"), ({"state": "hidden"}, "藏"), ({"state": "withdrawn"}, "撤"), ({"state": "visible"}, "甲乙丙密旧"),
    ({"expired": "true"}, "旧"), ({"expired": "false"}, "甲乙丙藏密"),
])  # fmt: skip
def test_the_institute_and_its_operators_see_the_rest_of_their_own_too(session, catalogue, asked, found):
    office = actor_with((Role.TRANSFER_OFFICE, of(catalogue)))
    for actor in (office, actor_with((Role.OPERATOR, zone("420100"))), actor_with((Role.OPERATOR, PROVINCE))):
        assert sorted(titles(session, actor, **asked)) == sorted(found)


def test_another_institute_sees_only_what_is_on_offer(session, catalogue):
    other = actor_with((Role.TRANSFER_OFFICE, of(an_institute(session))))
    assert sorted(titles(session, other)) == sorted("甲乙丙")
    assert titles(session, other, state="withdrawn") == []


def test_the_offers_of_one_institute(session, catalogue):
    assert sorted(titles(session, institute_id=str(catalogue.id))) == sorted("甲乙")
    assert titles(session, institute_id=str(uuid4())) == []


@pytest.mark.parametrize(("q", "found"), [
    ("镭射", True), ("鐳射", True), ("ＡＢＣ", True), ("abc", True), ("焊接", True), ("cg-2026-777777", True), ("測試團隊", True),
    ("100%", True), ("%", True), ("_", False), ("\\", False), ("0%x", False), ("摘要", False), ("镭%射", False), ("' or 1=1 --", False),
])  # fmt: skip
def test_words_are_found_folded_and_wildcards_mean_themselves(session, q, found):
    an_achievement(
        session,
        title="鐳射 Abc 100%",
        keywords=["焊接"],
        number="CG-2026-777777",
        team="测试团队",
        summary="摘要",
    )
    assert bool(titles(session, q=q)) is found


@pytest.mark.parametrize(
    ("sort", "order"), [("trl", "丙甲乙"), ("-trl", "乙甲丙"), ("number", "甲乙丙"), ("-number", "丙乙甲")]
)
def test_sorting(session, catalogue, sort, order):
    assert "".join(titles(session, sort=sort)) == order


@pytest.mark.parametrize("sort", sorted(reading.SORTS))
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_meet_every_offer_once_in_every_order(session, sort, sign):
    made = {an_achievement(session, title="同名", trl=n % 3 + 1).id for n in range(7)}
    seen, cursor = [], None
    while True:
        asked = {"sort": sign + sort, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = reading.list_achievements(session, ANYBODY, AchievementQuery().load(asked), now=NOW)
        seen += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


def test_an_offer_is_current_through_its_last_day_in_wuhan(session):
    row = an_achievement(session, valid_until_on=date(2026, 3, 10))
    last_minute, midnight = (
        datetime(2026, 3, 10, 15, 59, tzinfo=UTC),
        datetime(2026, 3, 10, 16, 0, tzinfo=UTC),
    )
    assert reading.achievement_named(session, ANYBODY, row.id, now=last_minute) is row
    with pytest.raises(NotFound):
        reading.achievement_named(session, ANYBODY, row.id, now=midnight)


def test_the_view_is_full_for_those_responsible_and_open_for_the_rest(session, catalogue):
    row = an_achievement(session, institute=catalogue)
    assert reading.view_for(actor_with((Role.INSTITUTE_MEMBER, of(catalogue))), row) == "full"
    assert reading.view_for(actor_with((Role.OPERATOR, zone("420100"))), row) == "full"
    assert reading.view_for(actor_with((Role.OPERATOR, zone("420200"))), row) == "open"
    assert reading.view_for(ANYBODY, row) == "open"


def test_hits_are_read_again_and_only_what_may_be_matched_comes_back(session):
    good = an_achievement(session)
    rest = [
        an_achievement(session, state="hidden"), an_achievement(session, state="withdrawn"),
        an_achievement(session, secrecy="internal"), an_achievement(session, last_confirmed_on=date(2025, 1, 1)),
    ]  # fmt: skip
    ids = [good.id, uuid4(), *(row.id for row in rest)]
    for actor in (ANYBODY, SYSTEM, actor_with((Role.OPERATOR, PROVINCE))):
        assert reading.achievements_by_id(session, actor, ids, now=NOW) == {good.id: good}
    assert reading.achievements_by_id(session, ANYBODY, [], now=NOW) == {}


def test_hits_are_read_from_the_database_not_from_memory(session):
    row = an_achievement(session)
    quietly = update(Achievement).where(Achievement.id == row.id).values(title="新题")
    session.execute(quietly.execution_options(synchronize_session=False))
    assert reading.achievements_by_id(session, ANYBODY, [row.id], now=NOW)[row.id].title == "新题"


def test_selects_for_others_can_be_narrowed(session, catalogue):
    offered = session.scalars(reading.offered_achievements(now=NOW).where(Achievement.trl >= 6)).all()
    assert [row.title for row in offered] == ["乙"]
    visible = reading.visible_achievements(actor_with((Role.OPERATOR, PROVINCE)), now=NOW)
    assert len(session.scalars(visible).all()) == 7
