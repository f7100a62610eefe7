"""The isolation table of leads, their events and imports, and of where needs came from."""

from typing import Any

from tests.factories.table_files import a_csv
from tests.isolation.cases import ANY_VERSION, Case, Factory, Sent, about, all_may, need, plain
from tests.isolation.people import AUDITORS, BROKER, EVERYONE, INSTITUTES, OPERATORS, WHOLE
from tests.isolation.planted import CONTACT, WORDS
from tests.isolation.world import World

STAFF = frozenset({"collector"}) | BROKER | OPERATORS
READS = STAFF | AUDITORS
AS_TEXT = {"format": "csv"}
BYTES = {"Content-Type": "application/octet-stream"}
FILE = a_csv([["时间", "企业名称", "原话"], ["2026-03-09", "测试精工", "焊接太慢"]])
VISIT = {"enterprise_name": "测试精工", "words": "焊接太慢", "happened_at": "2026-03-02T14:00:00+08:00"}


def lead(body: Any = None, **more: Any) -> Factory:
    return about("lead_id", "lead", body, **more)


def lead_import(**more: Any) -> Factory:
    return about("import_id", "lead_import", **more)


def at_the_station(**body: Any) -> Factory:
    return lambda world: Sent({}, body | {"node_key": world.station.key})


def _file(world: World) -> Sent:
    return Sent({}, None, {"node": world.station.key, "name": "线索.csv"}, BYTES, FILE)


CASES = [
    Case("recordVisit", "at the first zone's station", at_the_station(**VISIT), may=STAFF, otherwise=403),
    all_may("listLeads", "all", plain()),
    all_may("exportLeads", "all", plain(query=AS_TEXT), hides={WORDS: EVERYONE - READS}),
    Case("showLead", "one with people", lead(), may=READS, hides={CONTACT: AUDITORS}),
    Case(
        "amendLead", "one with people", lead({"words": "改"}, headers=ANY_VERSION), may=STAFF, knows=AUDITORS
    ),
    Case("claimLead", "one that nobody has", lead(), may=STAFF, knows=AUDITORS),
    Case("nextQuestions", "one with people", lead(), may=READS),
    Case(
        "answerInterview", "one with people", lead({"answers": {"scene": "产线"}}), may=STAFF, knows=AUDITORS
    ),
    Case("findLeadDuplicates", "one with people", lead(), may=READS),
    Case("promoteLead", "one with people", lead({"despite_duplicates": True}), may=STAFF, knows=AUDITORS),
    Case("closeLead", "one with people", lead({"reason_code": "no_need"}), may=STAFF, knows=AUDITORS),
    Case("showProvenance", "a public need", need("public"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("showProvenance", "a draft", need("draft"), may=frozenset({"poster"})),
    Case(
        "recordOutreach",
        "at the first zone's station",
        at_the_station(title="测试沙龙", held_on="2026-03-02"),
        may=STAFF,
        otherwise=403,
    ),
    all_may("listOutreaches", "all", plain()),
    Case("importLeads", "for the first zone's station", _file, may=STAFF, otherwise=403),
    all_may("downloadLeadTemplate", "the form", plain(query=AS_TEXT)),
    Case("showLeadImport", "of the first zone's station", lead_import(), may=STAFF),
    Case("listLeadImportFaults", "of the first zone's station", lead_import(), may=STAFF),
    Case("downloadRefusedLeads", "of the first zone's station", lead_import(query=AS_TEXT), may=STAFF),
]
