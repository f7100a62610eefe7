"""One round over HTTP from its rules to the last decision: six applications, one of them of two, an objection that was right."""

from datetime import timedelta
from uuid import UUID

from backbone.actor import Role
from backbone.db import new_id
from backbone.identity.models import Account
from finance_net.grants.applications.models import GrantApplication
from finance_net.ledger.models import Envelope
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    AFTER,
    CRITERIA,
    KEYS,
    OPENED,
    SIGNER,
    a_season,
    application_entry,
    round_entry,
)
from tests.factories.identity import an_account, headers_of, of
from tests.factories.ledger import WAN

POINTS = {"A": 90, "B": 80, "C": 70, "D": 60, "E": 50, "F": 40}


class Wire:
    """Calls of accounts at the clock's instant; every answer but those asked to fail is a success."""

    def __init__(self, client, session, clock):
        self.client, self.session, self.clock = client, session, clock

    def __call__(self, who, path, body=None, *, get=False, status=None):
        headers = who | ({} if get else {"Idempotency-Key": str(new_id())})
        said = self.client.open(f"/api{path}", method="GET" if get else "POST", json=body, headers=headers)
        expected = {status} if status else {200, 201}
        assert said.status_code in expected, (path, said.status_code, said.text)
        return said.json

    def member(self, enterprise):
        return headers_of(self.session, an_account(self.session, (Role.ENTERPRISE_MEMBER, of(enterprise))))


def opened(wire, season, first):
    """A round with both categories, of which at most one of the group is funded; it takes applications."""
    said = round_entry(
        season.treasury, season.pools, groups=[{"key": "battery", "max_selected": 1}], reviews_wanted=2
    )
    said |= {"fund_id": str(said["fund_id"]), "closes_at": said["closes_at"].isoformat()}
    said["categories"] = [each | {"envelope_id": str(each["envelope_id"])} for each in said["categories"]]
    round_id = wire(first, "/grant-rounds", said)["id"]
    assert wire(first, f"/grant-rounds/{round_id}/opening")["state"] == "open"
    return round_id


def applied(wire, season, first, round_id, **values):
    """Drafted, handed in, confirmed where there is a user, and admitted; with the applicant's header."""
    enterprise = an_enterprise(wire.session)
    member = wire.member(enterprise)
    user = an_enterprise(wire.session) if values.get("category") == "F" else None
    said = application_entry(season, enterprise, **values) | {"summary": f"{enterprise.name}攻关"}
    if user:
        said |= {"user_id": user.id, "user_share": 3_333}
    said = {name: str(value) if isinstance(value, UUID) else value for name, value in said.items()}
    id_ = wire(member, f"/grant-rounds/{round_id}/applications", said)["id"]
    assert wire(member, f"/grant-applications/{id_}/submission")["state"] == "submitted"
    if user:
        wire(first, f"/grant-applications/{id_}/admission", status=409)
        wire(wire.member(user), f"/grant-applications/{id_}/confirmation")
    assert wire(first, f"/grant-applications/{id_}/admission")["state"] == "admitted"
    return id_, member, enterprise


def reviewed(wire, first, application_id, enterprise, reviewers, points):
    for account, header in reviewers:
        asked = wire(first, f"/grant-applications/{application_id}/reviews", {"reviewer_id": str(account.id)})
        shown = wire(header, f"/grant-reviews/{asked['id']}", get=True)
        assert enterprise.name not in shown["application"]["summary"]
        scores = [{"key": each["key"], "points": points} for each in CRITERIA]
        wire(header, f"/grant-reviews/{asked['id']}/scores", {"scores": scores, "comment": "可行"})


def selected(wire, first, second, round_id, run_jobs):
    """Solved by the job for the one, approved by the other, announced by the first."""
    wire(first, f"/grant-rounds/{round_id}/selections")
    ran = run_jobs()
    assert (ran.count("grants.select"), ran.count("grants.explain") > 0) == (1, True)
    latest = wire(first, f"/grant-selections?round_id={round_id}", get=True)["items"][0]
    wire(first, f"/grant-selections/{latest['id']}/approval", status=409)
    wire(second, f"/grant-selections/{latest['id']}/approval")
    return latest, wire(first, f"/grant-selections/{latest['id']}/announcement")


def test_a_round_walked_over_http(client, session, clock, run_jobs):
    clock.instant = OPENED
    wire, season = Wire(client, session, clock), a_season(session, pool_fen=80 * WAN)
    first, second = (
        headers_of(session, session.get_one(Account, each.account_id))
        for each in (season.first, season.second)
    )
    round_id = opened(wire, season, first)
    more = {"C": {"groups": ["battery"]}, "D": {"groups": ["battery"]}, "F": {"category": "F"}}
    applications = {
        name: applied(wire, season, first, round_id, least_fen=30 * WAN, **more.get(name, {}))
        for name in POINTS
    }
    wire(first, f"/grant-rounds/{round_id}/closing", status=409)  # still open

    clock.instant = AFTER
    assert wire(first, f"/grant-rounds/{round_id}/closing")["state"] == "reviewing"
    reviewers = [(each, headers_of(session, each)) for each in (an_account(session) for _ in range(2))]
    for name, points in POINTS.items():
        reviewed(wire, first, *applications[name][::2], reviewers[:1], points)
    partial, partly = an_account(session), applications["A"][0]
    asked = wire(first, f"/grant-applications/{partly}/reviews", {"reviewer_id": str(partial.id)})
    wire(headers_of(session, partial), f"/grant-reviews/{asked['id']}/conflict", {"reason": "曾合作"})
    wire(first, f"/grant-rounds/{round_id}/selections", status=409)  # one who stepped back gave no review
    for name, points in POINTS.items():
        reviewed(wire, first, *applications[name][::2], reviewers[1:], points)

    selection, announcement = selected(wire, first, second, round_id, run_jobs)
    numbers = {
        name: session.get_one(GrantApplication, UUID(id_)).number for name, (id_, *_) in applications.items()
    }
    assert {each["number"]: each["amount_fen"] for each in selection["selected"]} == {
        numbers["A"]: 40 * WAN, numbers["B"]: 40 * WAN, numbers["F"]: 40 * WAN,
    }  # fmt: skip
    shown = {each["number"]: each["beneficiaries"] for each in announcement["entries"]}
    maker, user = shown[numbers["F"]]  # the notice names whoever shall be paid, not the maker alone
    assert (maker["name"], maker["share_fen"], user["share_fen"]) == (
        applications["F"][2].name, 26_668_000, 13_332_000,
    )  # fmt: skip
    assert user["name"] != maker["name"]
    assert shown[numbers["A"]] == [{"name": applications["A"][2].name, "share_fen": 40 * WAN}]
    id_c, member_c, _ = applications["C"]
    asked = f"/grant-selections/{selection['id']}/why-not?application_id={id_c}"
    told = wire(member_c, asked, get=True)
    assert told.pop("explained_at")
    assert told == {
        "state": "explained", "model_sha256": selection["model_sha256"], "done": 3, "total": 3,
        "score_lost": 1_000, "displaced": [numbers["B"]], "joining": [], "cut": [], "conflict": [],
    }  # fmt: skip

    citizen = headers_of(session, an_account(session))
    objection = wire(
        citizen,
        f"/announcements/{announcement['id']}/objections",
        {"application_id": applications["A"][0], "grounds": "不实", "signer": SIGNER},
    )
    shown = wire(second, f"/objections/{objection['id']}", get=True)
    assert shown["signer"] == SIGNER
    wire(
        citizen,
        f"/announcements/{announcement['id']}/objections",
        {"application_id": applications["B"][0], "grounds": "不实", "signer": SIGNER | {"phone": None}},
        status=422,
    )
    clock.instant = ends = AFTER + timedelta(days=10)
    wire(second, f"/announcements/{announcement['id']}/decision", status=409)
    wire(second, f"/objections/{objection['id']}/ruling", {"upheld": True, "ruling": "属实"})
    wire(second, f"/announcements/{announcement['id']}/decision", status=409)
    _, again = selected(wire, first, second, round_id, run_jobs)
    assert [each["number"] for each in again["entries"]] == [numbers["C"]]
    assert wire(second, f"/announcements/{announcement['id']}/decision")["decided_at"]
    wire(second, f"/announcements/{again['id']}/decision", status=409)
    clock.instant = ends + timedelta(days=10)
    wire(second, f"/announcements/{again['id']}/decision")

    states = {
        name: wire(first, f"/grant-applications/{id_}", get=True)["state"]
        for name, (id_, *_) in applications.items()
    }
    assert states == dict.fromkeys("BCF", "awarded") | {"A": "excluded"} | dict.fromkeys("DE", "passed_over")
    assert wire(citizen, f"/grant-rounds/{round_id}", get=True)["state"] == "decided"
    committed = {
        key: session.get_one(Envelope, pool.id, populate_existing=True).committed_fen
        for key, pool in season.pools.items()
    }
    assert committed == dict(zip(KEYS, (80 * WAN, 40 * WAN), strict=True))
