"""The isolation table of the day's batches and of saved searches."""

from tests.isolation.cases import ANY_VERSION, Case, about, all_may, except_for, plain
from tests.isolation.people import ADMINISTRATOR, ANY_OPERATOR, AUDITORS, INSTITUTES, INVITED, POSTER
from tests.isolation.planted import OFFER

OFFICE = ANY_OPERATOR | AUDITORS | {"far_auditor"}
PROVINCE = frozenset({"supervisor"}) | ADMINISTRATOR
ENTERPRISES = POSTER | {"neighbour", "far_poster"}
FOR_NEEDS = {"source": "needs", "title": "新检索", "text": "激光焊接"}

CASES = [
    Case("listAssignmentRuns", "all", plain(), may=OFFICE | ADMINISTRATOR, otherwise=403),
    Case("showAssignmentRun", "one", about("run_id", "run"), may=OFFICE | ADMINISTRATOR, otherwise=403),
    Case("listAssignments", "of a run", about("run_id", "run"), may=OFFICE, otherwise=403),
    Case("listSuggestedNeeds", "all", plain(), may=INSTITUTES, otherwise=403),
    Case("showQuota", "of an institute", about("institute_id", "institute"), may=OFFICE | ADMINISTRATOR | INVITED, otherwise=403),
    Case("setQuota", "of an institute", about("institute_id", "institute", {"needs": 5}), may=PROVINCE, otherwise=403),
    Case("saveSearch", "for needs", plain(FOR_NEEDS), may=INSTITUTES, otherwise=403),
    Case("saveSearch", "for achievements", plain(FOR_NEEDS | {"source": "achievements"}), may=ENTERPRISES, otherwise=403),
    all_may("listSavedSearches", "all", plain(), hides={OFFER: except_for({"office"})}, by_account=True),
    Case("listSearchFinds", "of one's own", about("search_id", "saved_search"), may=frozenset({"office"}), by_account=True),
    Case("deleteSavedSearch", "one's own", about("search_id", "saved_search", headers=ANY_VERSION), may=frozenset({"office"}), by_account=True),
]  # fmt: skip
