"""What an operator does with leads and outreaches of the own zone: rows of `test_zones`."""

from backbone.db import new_id
from tests.architecture.zones import Call, get, patch, post
from tests.factories.attachments import BYTES
from tests.factories.ground import a_broker
from tests.factories.table_files import a_csv
from tests.factories.zones import ZoneUnderTest


def _routable(place: ZoneUnderTest) -> str:
    """A need that nothing answers, and a broker of its zone."""
    a_broker(place.session, zones=[place.confirmed.zone_code])
    return f"/needs/{place.confirmed.id}/routing"


ACTS: dict[str, Call] = {
    "recordVisit": post(
        lambda place: "/leads",
        lambda place: {
            "node_key": place.desk.node.key,
            "enterprise_name": "测试精工",
            "words": "太慢",
            "happened_at": "2026-03-09T06:00:00Z",
        },
    ),
    "showLead": get(lambda place: f"/leads/{place.lead.id}"),
    "amendLead": patch(lambda place: f"/leads/{place.lead.id}", {"words": "改"}),
    "claimLead": post(lambda place: f"/leads/{place.lead.id}/claim"),
    "nextQuestions": get(lambda place: f"/leads/{place.lead.id}/questions"),
    "answerInterview": post(
        lambda place: f"/leads/{place.lead.id}/answers", lambda place: {"answers": {"scene": "产线"}}
    ),
    "routeNeed": post(lambda place: _routable(place)),
    "findLeadDuplicates": get(lambda place: f"/leads/{place.lead.id}/near-duplicates"),
    "promoteLead": post(
        lambda place: f"/leads/{place.lead.id}/promotion", lambda place: {"despite_duplicates": True}
    ),
    "closeLead": post(
        lambda place: f"/leads/{place.lead.id}/closing", lambda place: {"reason_code": "no_need"}
    ),
    "showProvenance": get(lambda place: f"/needs/{place.submitted.id}/provenance"),
    "recordOutreach": post(
        lambda place: "/outreaches",
        lambda place: {
            "node_key": place.desk.node.key,
            "title": f"对接会{new_id()}",
            "held_on": "2026-03-09",
        },
    ),
    "importLeads": lambda client, place, headers: client.post(
        f"/api/lead-imports?node={place.desk.node.key}&name=a.csv",
        data=a_csv([["时间", "企业名称", "原话"], ["2026-03-09", "测试", "太慢"]]),
        headers=headers | BYTES,
    ),
    "showLeadImport": get(lambda place: f"/lead-imports/{place.lead_import.id}"),
    "listLeadImportFaults": get(lambda place: f"/lead-imports/{place.lead_import.id}/faults"),
    "downloadRefusedLeads": get(lambda place: f"/lead-imports/{place.lead_import.id}/refused?format=csv"),
}
