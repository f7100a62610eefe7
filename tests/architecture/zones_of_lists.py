"""Lists and counts that show the own zone and no other: rows of `test_zones`."""

from collections.abc import Callable

from sky_net.needs.models import Need
from sky_net.needs.service import draft_need, submit_need
from tests.architecture.zones import LONG_AGO
from tests.architecture.zones_of_sky_net import dispute
from tests.factories.ground import a_figure_target, a_mandate
from tests.factories.identity import an_account
from tests.factories.leads import an_outreach
from tests.factories.notices import a_duty
from tests.factories.routing import a_handover
from tests.factories.zones import ZoneUnderTest

YEAR = "from_on=2026-01-01&to_on=2026-12-31"


def owner_of_disputed(place: ZoneUnderTest) -> str:
    dispute(place)
    owner = an_account(place.session)
    place.session.get_one(Need, place.proposal.need_id).owner_id = owner.id
    place.session.flush()
    return str(owner.id)


def overdue(place: ZoneUnderTest) -> Need:
    """A need that should have been confirmed days ago."""
    values = {
        "title": "晶圆键合机对准精度不足",
        "problem": "两片晶圆键合后的对准误差超出工艺窗口，导致返工。",
        "industry": "opto",
        "contact_name": "联系人",
        "contact_phone": "027-00000000",
    }
    drafted = draft_need(place.session, place.poster, values, now=LONG_AGO)
    return submit_need(place.session, place.poster, drafted.id, now=LONG_AGO)


LISTS: dict[str, tuple[str, Callable[[ZoneUnderTest], str]]] = {
    "listLeads": ("/leads?limit=100", lambda place: place.lead.number),
    "exportLeads": ("/leads/file?format=csv", lambda place: place.lead.number),
    "listOutreaches": ("/outreaches", lambda place: an_outreach(place.desk).number),
    "listAccounts": ("/accounts", lambda place: str(place.member.id)),
    "listEnterprises": ("/enterprises", lambda place: str(place.enterprise.id)),
    "listContracts": ("/contracts", lambda place: str(place.contract.id)),
    "exportContracts": ("/contracts/export", lambda place: place.contract.number),
    "listRegistrations": ("/contract-registrations", lambda place: str(place.filing.id)),
    "listFollowUps": ("/contract-follow-ups", lambda place: str(place.contract.id)),
    "listNeeds": ("/needs", lambda place: str(place.submitted.id)),
    "listOwnNextSteps": ("/next-steps", lambda place: str(place.contact.steps[0].id)),
    "watchClocks": ("/clocks", lambda place: str(place.submitted.id)),
    "listAchievements": ("/achievements", lambda place: str(place.hidden.id)),
    "countOrganisations": (
        "/organisations/counts",
        lambda place: f'"code": "{place.enterprise.region_code}"',
    ),
    "reportCompliance": (
        f"/reports/compliance?by=zone&{YEAR}",
        lambda place: f'"key": "{place.submitted.zone_code}"',
    ),
    "reportFunnel": (
        f"/reports/funnel?by=zone&{YEAR}",
        lambda place: f'"key": "{place.submitted.zone_code}"',
    ),
    "reportGroundNet": (
        f"/reports/ground-net?by=zone&{YEAR}",
        lambda place: f'"key": "{place.lead.zone_code}"',
    ),
    "exportGroundNet": (
        f"/reports/ground-net/export?by=zone&{YEAR}",
        lambda place: f"\n{place.lead.zone_code},",
    ),
    "listFigureTargets": (
        "/figure-targets",
        lambda place: str(a_figure_target(place.session, place.code).id),
    ),
    "listAtRisk": ("/reports/at-risk?limit=100", lambda place: str(overdue(place).id)),
    "forecastBreaches": ("/reports/forecast", lambda place: str(place.submitted.id)),
    "listDisputes": ("/proposal-disputes", lambda place: str(dispute(place))),
    "countDisputes": ("/proposal-disputes/counts", lambda place: owner_of_disputed(place)),
    "listDuties": (
        "/duties",
        lambda place: str(a_duty(place.session, an_account(place.session), zone_code=place.code).id),
    ),
    "listHandovers": (
        "/need-handovers",
        lambda place: str(a_handover(place.session, place.confirmed, an_account(place.session).id).id),
    ),
    "listMandates": (
        "/mandates",
        lambda place: str(a_mandate(place.session, enterprise_id=place.enterprise.id).id),
    ),
    "countNeeds": ("/needs/counts", lambda place: f'"code": "{place.submitted.zone_code}"'),
}
