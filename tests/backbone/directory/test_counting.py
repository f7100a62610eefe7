import pytest

from backbone.actor import PROVINCE, Role, actor_with
from backbone.directory.counting import count_organisations
from backbone.directory.regions import REGION_GROUPS, REGIONS
from backbone.errors import Forbidden
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import of, zone

PLACES = ("420100", "420100-donghu", "420200", "420300", "outside-gba")


@pytest.fixture
def everywhere(session):
    for code in PLACES:
        an_enterprise(session, region_code=code)
        an_institute(session, region_code=code)
    an_enterprise(session, region_code="420100-donghu")
    return session


def lines(session, *held):
    return {line["area"].code: (line["enterprises"], line["institutes"])
            for line in count_organisations(session, actor_with(*held))}  # fmt: skip


@pytest.mark.parametrize(
    "who", [(Role.OPERATOR, PROVINCE), (Role.AUDITOR, PROVINCE), (Role.ADMINISTRATOR, PROVINCE)]
)
def test_the_province_sees_every_area_and_the_corridors(everywhere, who):
    found = lines(everywhere, who)
    assert list(found) == [*REGIONS, *REGION_GROUPS]
    assert found["420000"] == (5, 4)
    assert found["420100"] == (3, 2)
    assert found["outside"] == (1, 1)
    assert found["auto-corridor"] == (4, 3)
    assert found["new-materials-corridor"] == (0, 0)


def test_a_zone_sees_its_own_lines_and_no_corridor_of_which_it_knows_a_part(everywhere):
    assert lines(everywhere, (Role.OPERATOR, zone("420100"))) == {"420100": (3, 2), "420100-donghu": (2, 1)}
    assert lines(everywhere, (Role.OPERATOR, zone("420100-donghu"))) == {"420100-donghu": (2, 1)}
    assert set(lines(everywhere, (Role.AUDITOR, zone("outside")))) == {
        "outside", "outside-gba", "outside-domestic", "outside-overseas",
    }  # fmt: skip


def test_the_reports_of_the_zones_add_up_to_that_of_the_province(everywhere):
    whole = lines(everywhere, (Role.OPERATOR, PROVINCE))
    tops = [code for code, region in REGIONS.items() if region.within in ("420000", "outside")]
    parts = [lines(everywhere, (Role.OPERATOR, zone(code)))[code] for code in tops]
    roots = [whole["420000"], whole["outside"]]
    assert [sum(column) for column in zip(*parts, strict=True)] == [
        sum(column) for column in zip(*roots, strict=True)
    ]


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR)]
)
def test_nobody_else_gets_a_report(everywhere, role):
    with pytest.raises(Forbidden):
        lines(everywhere, (role, PROVINCE))
    with pytest.raises(Forbidden):
        lines(everywhere, (role, zone()))


def test_an_operator_within_an_organisation_reports_on_nothing(everywhere, session):
    assert lines(everywhere, (Role.AUDITOR, of(an_institute(session)))) == {}
