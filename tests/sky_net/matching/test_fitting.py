"""An institute starts from its own achievement and finds open needs, each only as far as it may read it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Role
from backbone.db import Database
from backbone.errors import Forbidden, NotFound
from sky_net.achievements.models import Achievement
from sky_net.matching.answers import FittingNeeds
from sky_net.matching.building import build
from sky_net.matching.engine import Engine
from sky_net.matching.fitting import browse_fitting_needs
from sky_net.matching.sources import NEEDS
from sky_net.needs.models import Need
from sky_net.needs.reading import grant_reading
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, of
from tests.factories.matching import TODAY
from tests.factories.needs import a_need

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


@pytest.fixture
def own(session: Session, engine: Engine) -> tuple[Actor, Achievement]:
    """The transfer office of an institute and its achievement."""
    institute = an_institute(session)
    row = an_achievement(session, institute=institute, title=f"{LASER}工艺", summary="激光焊接紫铜时抑制飞溅")
    return an_actor(session, (Role.TRANSFER_OFFICE, of(institute))), row


def a_public_need(session: Session, **values: Any) -> Need:
    plain = {"scene": None, "present_state": None, "tried": None, "tech_field": None, "chain_segment": None}
    defaults = {"state": "confirmed", "visibility": "public", "title": LASER, "problem": "激光焊接紫铜飞溅多"}
    return a_need(session, **plain | {"indicators": [], "deliverables": []} | defaults | values)


def browse(session: Session, own: tuple[Actor, Achievement], **asked: Any) -> FittingNeeds:
    return browse_fitting_needs(session, own[0], own[1].id, {"top": 10} | asked, now=NOW)


def test_the_need_that_fits_comes_first_with_its_reasons(session: Session, own: tuple[Actor, Achievement]):
    other = a_public_need(session, title="水稻抗病育种", problem="稻瘟病减产")
    fitting = a_public_need(session)
    found = browse(session, own)
    assert [(each.rank, each.need.need.id) for each in found.needs] == [(1, fitting.id), (2, other.id)]
    assert "激光" in found.needs[0].reasons.sentence.zh
    assert not found.nothing_suitable
    assert found.searched.size == 2


def test_a_masked_need_is_shown_masked_and_its_secrets_rank_nothing(
    session: Session, own: tuple[Actor, Achievement]
):
    secret = a_public_need(
        session, visibility="masked", masked_title="某行业性能提升", masked_summary="寻求方案"
    )
    found = browse(session, own)
    (only,) = found.needs
    assert only.need.need.id == secret.id
    assert only.need.view == "masked"
    assert only.need.enterprise is None
    assert only.reasons.terms == (), "a matched term would tell what the secret text says"
    assert found.nothing_suitable


def test_an_invited_institute_reads_it_whole_but_finds_it_by_its_masked_words(
    session: Session, own: tuple[Actor, Achievement]
):
    secret = a_public_need(
        session, visibility="masked", masked_title="某行业性能提升", masked_summary="寻求方案"
    )
    grant_reading(session, own[0], secret, own[1].institute_id, now=NOW)
    session.flush()
    (only,) = browse(session, own).needs
    assert only.need.view == "invited"
    assert only.reasons.terms == ()


@pytest.mark.parametrize(("visibility", "told"), [("public", ["met"]), ("masked", [])])
def test_the_indicators_of_a_need_are_told_where_its_own_words_are_open(
    session: Session, own: tuple[Actor, Achievement], visibility: str, told: list[str]
):
    asked = {"name": "飞溅颗粒", "target": "≤10", "unit": "粒/m", "weight": "must"}
    own[1].indicators = [{"name": "飞溅颗粒数", "value": "≤6", "unit": "粒/m"}]
    masked = {"masked_title": "激光焊接", "masked_summary": "寻求激光焊接方案"}
    a_public_need(session, visibility=visibility, indicators=[asked], **masked)
    (only,) = browse(session, own).needs
    assert [each.verdict for each in only.reasons.indicators] == told
    assert ("飞溅颗粒" in str(only.reasons)) == (visibility == "public")


@pytest.mark.parametrize(
    "values",
    [{"visibility": "invited"}, {"visibility": "operators"}, {"state": "selected"}, {"state": "submitted"}],
)
def test_needs_that_are_not_open_to_institutes_are_not_found(
    session: Session, own: tuple[Actor, Achievement], values: dict[str, str]
):
    a_public_need(session, **values)
    assert browse(session, own).needs == []


def test_filters_narrow_what_is_shown(session: Session, own: tuple[Actor, Achievement]):
    wanted = a_public_need(session, industry="nev", cooperation_modes=["equity"])
    a_public_need(session, industry="opto", cooperation_modes=["equity"])
    a_public_need(session, industry="nev", cooperation_modes=["service"])
    found = browse(session, own, industry=["nev"], mode=["equity"])
    assert [each.need.need.id for each in found.needs] == [wanted.id]


def test_only_its_own_institute_asks_for_an_achievement(session: Session, own: tuple[Actor, Achievement]):
    for role, scope in ((Role.TRANSFER_OFFICE, of(an_institute(session))), (Role.OPERATOR, PROVINCE)):
        with pytest.raises(Forbidden):
            browse(session, (an_actor(session, (role, scope)), own[1]))


def test_a_hidden_achievement_of_others_does_not_exist(session: Session, own: tuple[Actor, Achievement]):
    own[1].state = "hidden"
    session.flush()
    with pytest.raises(NotFound):
        browse(session, (an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session)))), own[1]))


def test_an_institute_may_ask_for_an_achievement_that_it_has_hidden(
    session: Session, own: tuple[Actor, Achievement]
):
    need = a_public_need(session)
    own[1].state = "hidden"
    session.flush()
    assert [each.need.need.id for each in browse(session, own).needs] == [need.id]


def test_a_need_that_was_withdrawn_or_masked_since_the_build_is_not_shown_as_it_was(
    committed_database: Database, engine: Engine
):
    with committed_database.transaction() as session:
        institute = an_institute(session)
        offer = an_achievement(session, institute=institute, title=LASER)
        actor = an_actor(session, (Role.TRANSFER_OFFICE, of(institute)))
        withdrawn, masked, stays = (
            a_public_need(session, masked_title="某问题", masked_summary="寻求") for _ in range(3)
        )
    with committed_database.transaction() as session:
        build(session, engine, NEEDS, TODAY, now=NOW)
    with committed_database.transaction() as session:
        session.get_one(Need, withdrawn.id).state = "withdrawn"
        session.get_one(Need, masked.id).visibility = "masked"
    with committed_database.transaction() as session:
        found = browse(session, (actor, offer))
        assert found.searched.generation is not None
        assert [(each.need.need.id, each.need.view) for each in found.needs] == [
            (stays.id, "open"),
            (masked.id, "masked"),
        ]
        assert found.needs[1].hit.score < found.needs[0].hit.score / 2, "the old text no longer counts"
