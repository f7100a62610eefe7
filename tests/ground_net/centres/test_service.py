from datetime import date

import pytest
from sqlalchemy import func, select

from backbone.actor import PROVINCE, Role
from backbone.directory.models import Institute
from backbone.errors import Forbidden, Invalid, NotFound
from ground_net.centres import linking, reading, service
from ground_net.centres.errors import CentreClosed, CentreNameTaken, InstituteLinked
from ground_net.centres.models import CentreInstitute
from tests.factories.directory import an_institute
from tests.factories.ground import a_centre, a_figure, a_link, a_project
from tests.factories.identity import an_actor, zone
from tests.factories.needs import a_need

XIANNING, WUHAN = "421200", "420100"
ENTRY = {"name": "咸宁离岸中心", "kind": "offshore", "home_region": XIANNING, "host_region": WUHAN}
ASKED = {"sort": "name", "limit": 20, "address": "x"}


@pytest.fixture
def operator(session):
    """Of the home city: 研发在武汉、生产在咸宁."""
    return an_actor(session, (Role.OPERATOR, zone(XIANNING)))


@pytest.fixture
def stranger(session):
    return an_actor(session, (Role.OPERATOR, zone("420200")))


def test_an_offshore_centre_is_another_citys_in_wuhan_and_both_run_it(session, operator, stranger, clock):
    centre = service.open_centre(session, operator, ENTRY, now=clock.now())
    assert (centre.home_region, centre.host_region) == (XIANNING, WUHAN)
    host = an_actor(session, (Role.OPERATOR, zone(WUHAN)))
    service.amend_centre(session, host, centre, {"operator": "某运营公司"}, now=clock.now())
    with pytest.raises(Forbidden):
        service.amend_centre(session, stranger, centre, {"operator": "x"}, now=clock.now())
    with pytest.raises(Forbidden):
        service.open_centre(session, stranger, {**ENTRY, "name": "又一个"}, now=clock.now())


def test_an_offshore_centre_at_home_is_none(session, operator, clock):
    for values in ({"host_region": XIANNING}, {"opened_on": date(2027, 1, 1)}):
        with pytest.raises(Invalid):
            service.open_centre(session, operator, ENTRY | values, now=clock.now())
    onshore = ENTRY | {"kind": "onshore", "host_region": XIANNING}
    centre = service.open_centre(session, operator, onshore, now=clock.now())
    with pytest.raises(Invalid):
        service.amend_centre(session, operator, centre, {"kind": "offshore"}, now=clock.now())


def test_nobody_gives_a_centre_away(session, operator, clock):
    centre = service.open_centre(session, operator, ENTRY, now=clock.now())
    with pytest.raises(Forbidden):
        service.amend_centre(session, operator, centre, {"home_region": "420200"}, now=clock.now())


def test_a_name_is_one_open_centres_and_a_closed_one_is_history(session, operator, clock):
    centre = service.open_centre(session, operator, ENTRY, now=clock.now())
    with pytest.raises(CentreNameTaken):
        service.open_centre(session, operator, ENTRY, now=clock.now())
    service.close_centre(session, operator, centre.id, now=clock.now())
    assert service.close_centre(session, operator, centre.id, now=clock.now()).closed_at == clock.now()
    service.open_centre(session, operator, ENTRY, now=clock.now())
    for act in (
        lambda: service.amend_centre(session, operator, centre, {"summary": "x"}, now=clock.now()),
        lambda: linking.link_institute(
            session, operator, centre.id, an_institute(session).id, now=clock.now()
        ),
        lambda: linking.add_project(
            session, operator, centre.id, {"title": "x", "stage": "lab"}, now=clock.now()
        ),
    ):
        with pytest.raises(CentreClosed):
            act()


def test_an_institute_is_linked_once_at_a_time(session, operator, stranger, clock):
    centre, institute = a_centre(session), an_institute(session, name="测试院所甲")
    link = linking.link_institute(session, operator, centre.id, institute.id, now=clock.now())
    with pytest.raises(InstituteLinked):
        linking.link_institute(session, operator, centre.id, institute.id, now=clock.now())
    with pytest.raises(Forbidden):
        linking.unlink_institute(session, stranger, link.id, now=clock.now())
    with pytest.raises(NotFound):
        linking.unlink_institute(session, stranger, centre.id, now=clock.now())
    assert [each.name for each in reading.show_centre(session, stranger, centre.id).institutes] == [
        "测试院所甲"
    ]
    assert linking.unlink_institute(session, operator, link.id, now=clock.now()).ended_at == clock.now()
    assert reading.show_centre(session, stranger, centre.id).institutes == []
    linking.link_institute(session, operator, centre.id, institute.id, now=clock.now())


def test_a_project_shows_its_needs_to_whoever_may_know_of_them(session, operator, stranger, clock):
    centre = a_centre(session)
    hidden = a_need(session, zone_code=XIANNING, state="confirmed", visibility="operators")
    values = {
        "title": "某项目",
        "stage": "pilot",
        "need_ids": [hidden.id],
        "institute_id": an_institute(session).id,
    }
    project = linking.add_project(session, operator, centre.id, values, now=clock.now())
    shown = [reading.show_centre(session, actor, centre.id).projects[0] for actor in (operator, stranger)]
    assert [list(each.need_ids) for each in shown] == [[hidden.id], []]
    foreign = a_need(session, zone_code="420200", state="confirmed", visibility="operators")
    for wrong in ({"need_ids": [hidden.id, foreign.id]}, {"institute_id": centre.id}):
        with pytest.raises(Invalid):
            linking.amend_project(session, operator, project, wrong, now=clock.now())
    linking.amend_project(
        session, operator, project, {"stage": "production", "need_ids": []}, now=clock.now()
    )
    assert (project.stage, project.need_ids) == ("production", [])


def test_who_does_not_run_the_centre_amends_none_of_its_projects(session, operator, stranger, clock):
    centre = a_centre(session)
    project = a_project(session, centre)
    assert linking.project_to_amend(session, operator, project.id) is project
    with pytest.raises(Forbidden):
        linking.project_to_amend(session, stranger, project.id)
    with pytest.raises(NotFound):
        linking.project_to_amend(session, operator, centre.id)


def test_a_published_figure_is_shown_with_source_and_day_and_makes_no_rows(session, operator, clock):
    centre = a_centre(session)
    said = {
        "label": "链接院所",
        "value": 12,
        "unit": "家",
        "source": "某报 2025-12-31",
        "as_of_on": date(2025, 12, 31),
    }
    linking.record_figure(session, operator, centre.id, said, now=clock.now())
    a_figure(session, centre, as_of_on=date(2024, 12, 31))
    shown = reading.show_centre(session, operator, centre.id)
    latest = shown.figures[0]
    assert (latest.value, latest.source, latest.as_of_on) == (12, said["source"], said["as_of_on"])
    assert [each.as_of_on.year for each in shown.figures] == [2025, 2024]
    for kind in (CentreInstitute, Institute):
        assert session.scalar(select(func.count()).select_from(kind)) == 0
    with pytest.raises(Invalid):
        linking.record_figure(
            session, operator, centre.id, said | {"as_of_on": date(2026, 3, 11)}, now=clock.now()
        )


def test_centres_are_found_by_city_kind_institute_and_name(session, clock):
    offshore = a_centre(session, name="咸宁离岸中心", operator="长江某公司")
    onshore = a_centre(session, kind="onshore", home_region=WUHAN, host_region=WUHAN)
    closed = a_centre(session, closed_at=clock.now())
    link = a_link(session, onshore)

    def found(**asked):
        return {centre.id for centre in reading.list_centres(session, {**ASKED, **asked}).items}

    assert found() == {offshore.id, onshore.id}
    assert (
        found(kind="offshore")
        == found(home=[XIANNING])
        == found(q="咸宁")
        == found(q="长江某")
        == {offshore.id}
    )
    assert found(host=[WUHAN]) == {offshore.id, onshore.id}, "东湖 lies in 武汉"
    assert found(institute_id=link.institute_id) == {onshore.id}
    assert found(closed=True) == {closed.id}


def test_the_province_runs_every_centre(session, clock):
    chief = an_actor(session, (Role.OPERATOR, PROVINCE))
    assert service.close_centre(session, chief, a_centre(session).id, now=clock.now()).closed_at
