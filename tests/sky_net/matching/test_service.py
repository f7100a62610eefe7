"""Browsing the matches of a need: who may, what comes back, and that it is true at this moment."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Role, Scope
from backbone.db import Database
from backbone.directory.industries import industry_label
from backbone.directory.models import Institute
from backbone.errors import NotFound
from sky_net.achievements.models import Achievement
from sky_net.matching import runs, saying, service
from sky_net.matching.answers import Matches
from sky_net.matching.building import build
from sky_net.matching.engine import Engine
from sky_net.matching.features import Record
from sky_net.matching.fitting import browse_fitting_needs
from sky_net.matching.pooling import pool
from sky_net.matching.service import browse_matches, submit_need
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs import service as needs
from sky_net.needs.models import Need
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.invitations import an_invitation
from tests.factories.needs import SPATTER, a_need

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


def a_submitted_need(session: Session, **values: Any) -> tuple[Actor, Need]:
    enterprise = an_enterprise(session)
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    said = {"title": LASER, "problem": "飞溅污染绝缘件", "indicators": [SPATTER]} | values
    need = a_need(session, enterprise, **said)
    needs.submit_need(session, poster, need.id, now=NOW)
    return poster, need


def browse(session: Session, actor: Actor, need: Need, **asked: Any) -> Matches:
    return browse_matches(session, actor, need.id, {"top": 10} | asked, now=NOW)


def titles(matches: Matches) -> list[str]:
    return [match.achievement.title for match in matches.achievements]


def test_the_poster_sees_achievements_institutes_and_reasons(session: Session, engine: Engine):
    strong, weak = an_institute(session), an_institute(session)
    for number in range(2):
        an_achievement(session, institute=strong, title=f"{LASER}工艺{number}", summary="抑制紫铜焊接飞溅")
    an_achievement(session, institute=weak, title="水稻稻瘟病抗性育种", summary="抗病新品种")
    poster, need = a_submitted_need(session)
    matches = browse(session, poster, need)
    assert [match.rank for match in matches.achievements] == [1, 2, 3]
    assert matches.achievements[0].achievement.title.startswith(LASER)
    assert matches.achievements[0].institute.id == strong.id
    assert "激光" in matches.achievements[0].reasons.sentence.zh
    assert not matches.nothing_suitable
    assert matches.advice is None
    assert matches.searched.size == 3
    assert matches.institutes[0].institute.id == strong.id
    assert len(matches.institutes[0].achievements) == 2
    assert matches.institutes[0].reason.zh.startswith("其 2 项成果排在第 1、2 位，最相近的是《")
    assert matches.institutes[0].score > matches.achievements[0].hit.score


def a_draft(session: Session) -> tuple[Actor, Need]:
    enterprise = an_enterprise(session)
    need = a_need(session, enterprise, title=LASER, problem="飞溅污染绝缘件")
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise))), need


@pytest.mark.parametrize("matches", [1, 3, 50])
def test_a_list_that_comes_along_is_the_one_that_is_browsed(session: Session, engine: Engine, matches: int):
    for number in range(4):
        an_achievement(session, title=f"{LASER}工艺{number}", summary="抑制紫铜焊接飞溅")
    poster, need = a_draft(session)
    submitted = submit_need(session, poster, need.id, matches=matches, now=NOW)
    browsed = browse_matches(session, poster, need.id, {"top": matches}, now=NOW)
    assert submitted.matches is not None
    assert titles(submitted.matches) == titles(browsed)
    assert submitted.matches.institutes == browsed.institutes


def test_a_search_that_fails_keeps_no_need_from_being_submitted_nor_brings_a_list(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> Any:
        raise RuntimeError("the index is broken")

    monkeypatch.setattr(runs, "find", broken)
    poster, need = a_draft(session)
    submitted = submit_need(session, poster, need.id, matches=10, now=NOW)
    assert (submitted.need.state, submitted.matches) == ("submitted", None)


def test_what_a_search_found_is_told_once_and_of_its_need_alone(session: Session, engine: Engine):
    _, need = a_submitted_need(session)
    other = a_need(session)
    assert runs.just_found(session, other) is None
    assert runs.just_found(session, need) is None, "it was taken away with the first question"


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        (Role.OPERATOR, zone("420100"), True),
        (Role.OPERATOR, PROVINCE, True),
        (Role.OPERATOR, zone("420500"), False),
        (Role.BROKER, zone("420100"), False),
        (Role.AUDITOR, PROVINCE, False),
        (Role.ADMINISTRATOR, PROVINCE, False),
    ],
)
def test_only_the_poster_and_the_operators_of_the_zone_know_of_matches(
    session: Session, engine: Engine, role: Role, scope: Scope, may: bool
):
    _, need = a_submitted_need(session, visibility="public")
    actor = an_actor(session, (role, scope))
    if may:
        assert browse(session, actor, need).need_id == need.id
    else:
        with pytest.raises(NotFound):
            browse(session, actor, need)


def test_institutes_do_not_see_each_others_ranks(session: Session, engine: Engine):
    institute = an_institute(session)
    an_achievement(session, institute=institute, title=LASER)
    _, need = a_submitted_need(session, visibility="public")
    need.state, need.confirmed_at = "confirmed", NOW
    session.flush()
    with pytest.raises(NotFound):
        browse(session, an_actor(session, (Role.TRANSFER_OFFICE, of(institute))), need)


def test_another_enterprise_does_not_see_them(session: Session, engine: Engine):
    _, need = a_submitted_need(session)
    stranger = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    with pytest.raises(NotFound):
        browse(session, stranger, need)


def test_the_poster_may_look_before_submitting_and_operators_may_not(session: Session, engine: Engine):
    enterprise = an_enterprise(session)
    need = a_need(session, enterprise, title=LASER)
    an_achievement(session, title=LASER)
    assert titles(browse(session, an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise))), need)) == [
        LASER
    ]
    with pytest.raises(NotFound):
        browse(session, an_actor(session, (Role.OPERATOR, PROVINCE)), need)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"industry": ["opto"]}, {"甲"}),
        ({"industry": ["opto", "nev"]}, {"甲", "乙"}),
        ({"region": ["420500"]}, {"乙"}),
        ({"region": ["420000"]}, {"甲", "乙", "丙"}),
        ({"trl_min": 7}, {"乙"}),
        ({"mode": ["equity"]}, {"丙"}),
        ({"mode": ["licence", "equity"], "trl_min": 5}, {"甲"}),
        ({"industry": ["6g"]}, set()),
    ],
)
def test_filters_narrow_what_is_shown(
    session: Session, engine: Engine, asked: dict[str, Any], found: set[str]
):
    an_achievement(session, title=f"{LASER}甲", industry="opto", trl=6, transfer_modes=["licence"])
    an_achievement(
        session, title=f"{LASER}乙", industry="nev", trl=8, transfer_modes=["transfer"], region_code="420500"
    )
    an_achievement(session, title=f"{LASER}丙", industry="health", trl=2, transfer_modes=["equity"])
    poster, need = a_submitted_need(session)
    matches = browse(session, poster, need, **asked)
    assert {title[-1] for title in titles(matches)} == found
    assert {match.achievement.institute_id for match in matches.achievements} == {
        each.institute.id for each in matches.institutes
    }


def test_fewer_may_be_asked_for_and_the_institutes_score_stays(session: Session, engine: Engine):
    institute = an_institute(session)
    for number in range(4):
        an_achievement(session, institute=institute, title=f"{LASER}{number}")
    poster, need = a_submitted_need(session)
    few, many = browse(session, poster, need, top=1), browse(session, poster, need, top=4)
    assert len(few.achievements) == 1
    assert len(many.achievements) == 4
    assert few.institutes == many.institutes


def test_a_need_without_an_answer_gets_advice(session: Session, engine: Engine):
    an_achievement(session, title="稻瘟病飞行喷洒", summary="防止喷洒飞溅的抗病育种", industry="synbio")
    poster, need = a_submitted_need(session)
    for name in ("scene", "tried", "present_state", "tech_field", "chain_segment"):
        setattr(need, name, None)
    need.indicators, need.deliverables = [], []
    session.flush()
    matches = browse(session, poster, need)
    assert matches.nothing_suitable
    assert matches.advice is not None
    assert industry_label("synbio").zh in matches.advice.zh
    assert "指标" in matches.advice.zh
    assert "技术经纪人" in matches.advice.zh
    assert len(matches.achievements) == 1, "the nearest are shown nevertheless"


def test_an_empty_catalogue_answers_too(session: Session, engine: Engine):
    poster, need = a_submitted_need(session)
    matches = browse(session, poster, need)
    assert (matches.achievements, matches.institutes, matches.nothing_suitable) == ([], [], True)


def test_the_kept_list_and_a_new_search_show_the_same(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    for number in range(6):
        an_achievement(session, title=f"{LASER}{number}", summary=f"第{number}种激光焊接方法")
    poster, need = a_submitted_need(session)

    def never(*_: object) -> None:
        raise AssertionError("the submission has searched already")

    with monkeypatch.context() as patch:
        patch.setattr(service, "find", never)
        kept = browse(session, poster, need)
    monkeypatch.setattr(service, "kept_hits", lambda *_: None)
    assert browse(session, poster, need) == kept


def test_what_the_kept_list_names_is_read_anew(session: Session, engine: Engine):
    """Expiry is a matter of the date: nothing is written when it happens."""
    rows = [an_achievement(session, title=f"{LASER}{number}") for number in range(3)]
    rows[1].valid_until_on = date(2026, 3, 31)
    session.flush()
    poster, need = a_submitted_need(session)
    assert len(browse(session, poster, need).achievements) == 3
    later = browse_matches(session, poster, need.id, {"top": 10}, now=NOW + timedelta(days=30))
    assert sorted(titles(later)) == [rows[0].title, rows[2].title]


def test_a_generation_never_shows_what_has_gone_since(committed_database: Database, engine: Engine):
    with committed_database.transaction() as session:
        ids = [an_achievement(session, title=f"{LASER}{number}").id for number in range(5)]
    with committed_database.transaction() as session:
        build(session, engine, ACHIEVEMENTS, NOW.date(), now=NOW)
    with committed_database.transaction() as session:
        poster, need = a_submitted_need(session)
    with committed_database.transaction() as session:
        assert len(browse(session, poster, need).achievements) == 5
        session.execute(update(Achievement).where(Achievement.id == ids[0]).values(state="hidden"))
        session.execute(update(Achievement).where(Achievement.id == ids[1]).values(state="withdrawn"))
        session.delete(session.get_one(Achievement, ids[2]))
    with committed_database.transaction() as session:
        matches = browse(session, poster, need)
        assert matches.searched.generation is not None
        assert sorted(match.achievement.id for match in matches.achievements) == sorted(ids[3:])
        assert {each for one in matches.institutes for each in one.achievements} == set(map(str, ids[3:]))


def test_institutes_are_pooled_from_more_than_is_shown(session: Session, engine: Engine):
    institutes = [an_institute(session) for _ in range(3)]
    for number in range(9):
        an_achievement(session, institute=institutes[number % 3], title=f"{LASER}{number}")
    poster, need = a_submitted_need(session)
    matches = browse(session, poster, need, top=3)
    everything = browse(session, poster, need, top=9)
    pooled = pool([match.hit for match in everything.achievements])
    assert [(each.institute.id, each.score) for each in matches.institutes] == [
        (type(institutes[0].id)(each.institute_id), each.score) for each in pooled
    ]


def told_of(matches: Matches, institute: Institute) -> str:
    """Everything that is said of the institute's offers, in both languages."""
    reasons = [match.reasons for match in matches.achievements if match.institute.id == institute.id]
    assert reasons
    return " ".join(f"{each.sentence.zh} {each.sentence} {each.gaps}" for each in reasons)


def test_whoever_invites_is_told_how_an_institute_answers_and_nobody_else(session: Session, engine: Engine):
    institute = an_institute(session)
    offer = an_achievement(session, institute=institute, title=LASER, summary="抑制紫铜焊接飞溅")
    an_invitation(session, a_need(session, state="matched"), institute)
    poster, need = a_submitted_need(session)
    operator = an_actor(session, (Role.OPERATOR, zone()))
    words = "该院所近一年没有到期的邀请，在办需求 1 项，可同时承接 10 项"
    assert words in told_of(browse(session, operator, need), institute)
    assert "works on 1 needs where it takes 10" in told_of(browse(session, operator, need), institute)
    seen = told_of(browse(session, poster, need), institute)
    assert "该院所" not in seen
    assert "the institute" not in seen
    need.state, need.confirmed_at = "confirmed", NOW
    session.flush()
    for owner in (institute, an_institute(session)):
        office = an_actor(session, (Role.TRANSFER_OFFICE, of(owner)))
        with pytest.raises(NotFound):
            browse(session, office, need)
        own = an_achievement(session, institute=owner, title=LASER, summary="抑制紫铜焊接飞溅")
        fitting = browse_fitting_needs(session, office, own.id, {"top": 10}, now=NOW)
        assert fitting.needs
        assert "该院所" not in " ".join(each.sentence_zh for each in fitting.needs)
    assert offer.institute_id == institute.id


def test_a_reply_in_time_is_said_with_its_number(session: Session, engine: Engine):
    said = saying.sentence_of((), saying.Facts(record=Record(in_time=11, due=12, taken=4, quota=10)))
    assert "该院所近一年到期的 12 次邀请按时答复 11 次，在办需求 4 项，可同时承接 10 项" in said.zh
    assert "the institute answered 11 of 12 invitations of the last year in time" in str(said)
