"""Lists, counts, filters, sorts and search hits show each caller the declared rows, and tell nothing of the others."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from sky_net.needs.schemas import SORTS, NeedQuery
from sky_net.needs.views import NeedMaskedEntry
from sky_net.talks.questions.service import ask_question
from tests.factories.achievements import an_achievement
from tests.factories.attachments import an_attachment
from tests.factories.directory import a_fact, an_enterprise, an_expert
from tests.factories.ground import a_backing, a_mandate
from tests.factories.invitations import SUBMITTED_AT, an_invitation
from tests.factories.needs import a_need
from tests.factories.routing import a_handover
from tests.isolation.cases import Sent
from tests.isolation.people import (
    AUDITORS,
    BROKER,
    EVERYONE,
    FIRST_ZONE,
    HOME,
    INSTITUTES,
    INVITED,
    KNOWN,
    OPERATORS,
    POSTER,
    RIVAL,
    SECOND_ZONE,
    SPECIALIST,
    WHOLE,
)
from tests.isolation.planted import WORDS
from tests.isolation.reading import get, rows
from tests.isolation.stage import Stage
from tests.isolation.world import World

People = frozenset[str]
FULL_TO, OPEN_TO, MASKED_TO, INVITED_TO = "full", "open", "masked", "invited"


def seen_by(**groups: Iterable[str]) -> dict[str, People]:
    """Of a need: the view in which each group is shown it."""
    return {view: frozenset(people) for view, people in groups.items()}


TALKING = seen_by(full=WHOLE, invited=INVITED, masked=BROKER | RIVAL)
VIEWS: dict[str, dict[str, People]] = {
    "draft": seen_by(full=POSTER),
    "submitted": seen_by(full=WHOLE, masked=BROKER),
    "public": seen_by(full=WHOLE, open=BROKER | INSTITUTES),
    "masked": seen_by(full=WHOLE, masked=BROKER | INSTITUTES),
    "parked": seen_by(full=WHOLE, masked=BROKER | INSTITUTES),
    "invited": seen_by(full=WHOLE, masked=BROKER),
    "operators": seen_by(full=WHOLE),
    "guarded": seen_by(full=WHOLE, masked=BROKER | INVITED),
    "asked": TALKING, "talking": TALKING, "drafting": TALKING, "proposed": TALKING,
    "chosen": TALKING, "signed": TALKING, "disputed": TALKING, "filed": TALKING, "delivered": TALKING,
    "closing": seen_by(full=WHOLE, invited=INVITED, masked=BROKER),
}  # fmt: skip


def views_for(person: str, among: Iterable[str] = VIEWS) -> dict[str, str]:
    return {name: view for name in among for view, people in VIEWS[name].items() if person in people}


def named(stage: Stage, listed: Iterable[dict[str, Any]]) -> dict[str, str]:
    names = {str(need.id): name for name, need in stage.world.needs.items()}
    return {names[row["id"]]: row["view"] for row in listed}


@pytest.mark.parametrize("person", sorted(EVERYONE))
@pytest.mark.parametrize("sort", SORTS)
def test_needs_are_listed_in_the_declared_view_whatever_the_order(stage: Stage, person: str, sort: str):
    for order in (sort, f"-{sort}"):
        assert named(stage, rows(stage, person, "/needs", sort=order)) == views_for(person)


DIRECTORY: dict[str, People] = {
    "enterprise": FIRST_ZONE | POSTER, "neighbouring": FIRST_ZONE | {"neighbour"}, "far_enterprise": SECOND_ZONE | {"far_poster"},
}  # fmt: skip


@pytest.mark.parametrize("person", sorted(EVERYONE))
def test_everything_else_is_listed_for_whom_it_is_declared(stage: Stage, person: str):
    world = stage.world

    def listed(path: str, what: str = "id", **query: Any) -> set[str]:
        return {str(row[what]) for row in rows(stage, person, path, **query)}

    def those(table: dict[Any, People]) -> set[str]:
        return {str(thing.id) for thing, people in table.items() if person in people}

    assert listed("/enterprises") == those({getattr(world, name): who for name, who in DIRECTORY.items()})
    experts = {world.experts["listed"]: EVERYONE, world.experts["hidden"]: INVITED | SPECIALIST}
    assert listed("/experts") == those(experts)
    assert listed("/chains") == {str(world.chain.id)}
    if person in DIRECTORY["enterprise"]:
        assert listed(f"/enterprises/{world.enterprise.id}/facts") == {str(world.fact.id)}
    assert listed("/institutes") == {str(world.institute.id), str(world.rival.id)}
    offers = {world.offers["visible"]: EVERYONE, world.offers["hidden"]: INVITED | OPERATORS}
    assert listed("/achievements") == those(offers)
    contracts = {each: WHOLE | INVITED | BROKER for each in world.contracts.values()}
    contracts[world.contracts["filed"]] |= {"registrar"}
    assert listed("/contracts") == those(contracts)
    assert listed("/contract-registrations", "contract_id") == those(
        {world.contracts["filed"]: WHOLE | INVITED | {"registrar"}}
    )
    assert listed("/contract-follow-ups", "contract_id") == those(
        {each: who - BROKER for each, who in contracts.items()}
    )
    assert len(listed("/invitations")) == (11 if person in INVITED else 0)
    assert listed("/next-steps") == those({world.step: POSTER})
    ground = world.ground
    assert listed("/nodes") == {str(ground[name].id) for name in ("hub", "node", "leaf")}
    assert listed("/brokers") == {str(ground["broker"].id)}
    assert listed("/centres") == {str(ground["centre"].id)}
    assert listed("/providers") == {str(ground["provider"].id)}
    sides = POSTER | BROKER | OPERATORS | AUDITORS
    assert listed("/mandates") == those({ground["mandate"]: sides, ground["proposed"]: sides})
    assert listed("/need-handovers") == those({ground["handover"]: BROKER | OPERATORS | AUDITORS})
    asked = {ground["backing"]: frozenset({"far_poster"}), ground["backed"]: frozenset({"neighbour"})}
    assert listed("/need-backings") == those(asked)
    if person in FIRST_ZONE | {"collector"}:
        assert listed(f"/nodes/{ground['node'].id}/staff") == {str(ground["post"].id)}
    if person in FIRST_ZONE | SECOND_ZONE:
        assert listed("/figure-targets") == those({ground["target"]: FIRST_ZONE})
    mining = frozenset({"collector"}) | BROKER | OPERATORS
    assert listed("/leads") == those({world.lead: mining | AUDITORS})
    assert listed("/outreaches") == those({world.outreach: mining | AUDITORS})
    if person in mining:
        assert listed(f"/lead-imports/{world.lead_import.id}/faults", "column") == {"时间"}
    tokens = listed("/tokens")
    assert (len(tokens), str(world.spare_token.id) in tokens) == (
        (4, True) if person == "poster" else (3, False)
    )
    if person in KNOWN:
        of = {name: f"/needs/{world.needs[name].id}" for name in ("asked", "talking", "drafting", "proposed")}
        assert listed(f"{of['asked']}/invitations") == those({world.invitation: WHOLE | BROKER | INVITED})
        assert listed(f"{of['talking']}/contacts") == those({world.contact: WHOLE | INVITED})
        assert listed(f"{of['talking']}/questions") == those(
            {world.question: WHOLE | INVITED, world.answered: WHOLE | INVITED}
        )
        assert listed(f"{of['talking']}/next-steps") == those({world.step: WHOLE | INVITED})
        assert listed(f"{of['drafting']}/proposals") == those({world.drafted: INVITED | OPERATORS | AUDITORS})
        assert listed(f"{of['proposed']}/proposals") == those({world.released: WHOLE | INVITED})
        levels = {
            "public": WHOLE | INVITED, "masked": KNOWN, "invited": WHOLE | INVITED, "operators": POSTER | OPERATORS,
        }  # fmt: skip
        assert listed(f"{of['asked']}/attachments") == those(
            {world.files[name]: who for name, who in levels.items()}
        )
    if person in OPERATORS | AUDITORS:
        submitted = {str(need.id) for name, need in world.needs.items() if name != "draft"}
        assert listed("/clocks", "subject_id") == submitted
    if person in {"far_operator", "far_auditor"}:
        assert listed("/clocks", "subject_id") == set()


@pytest.mark.parametrize("person", ["fund_manager", "chief_auditor"])
def test_money_is_listed_for_the_managers_and_auditors_of_the_province(stage: Stage, person: str):
    world = stage.world

    def listed(path: str, **query: Any) -> set[str]:
        return {str(row["id"]) for row in rows(stage, person, path, **query)}

    funds = [world.fund, world.equity_fund, *(season.treasury.fund for season in world.grants["seasons"])]
    assert listed("/funds") == {str(fund.id) for fund in funds}
    assert listed("/fund-orders", fund_id=world.fund.id) == {str(world.fund_order.id)}
    holds = {str(getattr(world.fund_holds, name)) for name in ("reserved", "committed", "approved", "paid")}
    assert listed(f"/fund-envelopes/{world.fund_project.id}/holds") == holds
    assert str(world.fund_holds.recovery) in listed("/fund-transfers")


def test_grants_are_listed_for_who_applies_reviews_or_signs_and_for_the_province(stage: Stage):
    world, province = stage.world, {"fund_manager", "chief_auditor"}
    rounds = {str(season.round.id) for season in world.grants["seasons"]}
    own, first_use = str(world.grants["submitted"].id), str(world.grants["first_use"].id)
    review, objection = ({str(world.grants[name].id)} for name in ("review", "objection"))
    for person in EVERYONE:

        def listed(path: str, person: str = person) -> set[str]:
            return {str(row["id"]) for row in rows(stage, person, path)}

        drafts = set() if person in province else {str(world.grants["drafted"].id)}
        assert listed("/grant-rounds") == rounds - drafts, person
        applied = listed("/grant-applications")
        assert ({own} <= applied) == (person in province | {"poster"}), person
        assert ({first_use} <= applied) == (person in province | {"poster", "neighbour"}), person
        assert (review <= listed("/grant-reviews")) == (person in province | {"expert"}), person
        assert (objection <= listed("/objections")) == (person in province | {"researcher"}), person
        mine = {str(world.fund_case.id)}
        assert (mine <= listed("/fund-cases")) == (person in province | {"poster"}), person


def test_deals_are_listed_for_who_decides_about_them_and_hand_overs_for_whose_they_are(stage: Stage):
    deals = {str(deal.id) for deal in stage.world.deals.values()}
    credits = {str(row.id) for row in stage.world.credit_handovers.values()}
    for person in EVERYONE:
        seen = deals if person in {"fund_manager", "chief_auditor", "expert"} else set()
        assert {row["id"] for row in rows(stage, person, "/equity-deals")} == seen, person
        seen = credits if person in {"fund_manager", "chief_auditor", "poster"} else set()
        assert {row["id"] for row in rows(stage, person, "/credit-handovers")} == seen, person


def test_awards_payments_and_effects_are_listed_for_whose_they_are_and_the_province(stage: Stage):
    known = stage.world.awards
    lists: dict[str, set[str]] = {
        "/awards": {str(known[name].id) for name in ("fresh", "award")},
        "/payments": {str(each.id) for each in known["payments"]},
        "/award-effects": {str(known["effect"].id)},
    }
    for person in EVERYONE:
        sees = person in {"fund_manager", "chief_auditor", "poster"}
        for path, all_of_them in lists.items():
            assert {row["id"] for row in rows(stage, person, path)} == (all_of_them if sees else set()), (
                person,
                path,
            )
        clawbacks = {row["id"] for row in rows(stage, person, "/clawbacks")}
        decided = {str(known["expected"].id), str(known["recovery"].clawback_id)} if sees else set()
        assert clawbacks == decided | (
            {str(known["suggested"].id)} if sees and person != "poster" else set()
        ), person


# --- a row that one may not know of changes no byte of what one gets ---


def _again(session: Session, row: Any) -> Any:
    """The world's row in this session."""
    return session.get_one(type(row), row.id)


def _secret_need(world: World, session: Session, **values: Any) -> Any:
    return a_need(session, _again(session, world.enterprise), title=f"{WORDS}再一项", **values)


def _asked(world: World, session: Session) -> Any:
    return _again(session, world.needs["asked"])


def _question(world: World, session: Session) -> Any:
    said = {"asked_side": "enterprise", "text": f"{WORDS}何时寄样？"}
    need_id = world.needs["asked"].id
    return ask_question(
        session, world.actors["operator"], need_id, said, now=SUBMITTED_AT + timedelta(minutes=7)
    )


ADDED: dict[str, tuple[Callable[[World, Session], Any], People]] = {
    "a draft": (lambda world, session: _secret_need(world, session, state="draft"), POSTER),
    "a need for operators alone": (
        lambda world, session: _secret_need(world, session, state="confirmed", visibility="operators"), WHOLE),
    "a need for the invited": (
        lambda world, session: _secret_need(world, session, state="confirmed", visibility="invited"), WHOLE | BROKER),
    "a hidden offer": (
        lambda world, session: an_achievement(session, institute=_again(session, world.institute), state="hidden",
                                              hidden_by="institute", title=f"{WORDS}键合对准"), INVITED | OPERATORS),
    "an enterprise": (lambda world, session: an_enterprise(session, name=f"{WORDS}新厂", region_code=HOME), FIRST_ZONE),
    "an expert without consent": (
        lambda world, session: an_expert(session, _again(session, world.institute), name=f"{WORDS}专家", consents=False),
        INVITED),
    "a fact": (lambda world, session: a_fact(session, _again(session, world.enterprise), kind="total_assets"),
               FIRST_ZONE | POSTER),
    "a file for operators": (
        lambda world, session: an_attachment(session, _asked(world, session), level="operators"), POSTER | OPERATORS),
    "an invitation of the rival": (
        lambda world, session: an_invitation(session, _asked(world, session), _again(session, world.rival)),
        WHOLE | BROKER | RIVAL),
    "a mandate of another enterprise": (
        lambda world, session: a_mandate(session, _again(session, world.ground["broker"]),
                                         enterprise_id=world.far_enterprise.id, scope_of_work=WORDS), BROKER | {"far_operator"}),
    "a hand-over to somebody else": (
        lambda world, session: a_handover(session, _again(session, world.needs["public"]), world.accounts["supervisor"].id),
        OPERATORS | AUDITORS),
    "an enterprise asked to back a need": (
        lambda world, session: a_backing(session, _again(session, world.needs["masked"]), _again(session, world.neighbouring)),
        frozenset({"neighbour"})),
    "a need of the chain for operators alone": (
        lambda world, session: _secret_need(world, session, state="confirmed", visibility="operators",
                                            chain_id=world.chain.id, chain_segment=f"{WORDS}环节"), WHOLE),
    "a question of the operator": (lambda world, session: _question(world, session), WHOLE),
}  # fmt: skip
PATHS = (
    "/needs",
    "/enterprises",
    "/institutes",
    "/achievements",
    "/invitations",
    "/tokens",
    "/clocks",
    "/experts",
    "/chains",
    "/next-steps",
    "/nodes",
    "/brokers",
    "/mandates",
    "/centres",
    "/providers",
    "/need-backings",
    "/need-handovers",
    "/contracts",
    "/contract-registrations",
    "/contract-follow-ups",
    "/figure-targets",
    "/equity-deals",
    "/credit-handovers",
    "/awards",
    "/payments",
    "/clawbacks",
    "/award-effects",
)
COUNTS = (
    "/organisations/counts", "/needs/counts", "/reports/compliance", "/reports/trend", "/reports/funnel", "/reports/overrun",
    "/reports/at-risk", "/reports/forecast", "/network", "/reports/ground-net",
)  # fmt: skip
OF_THE_NEED = (
    "/invitations", "/contacts", "/proposals", "/attachments", "", "/messages", "/questions", "/next-steps", "/terms",
    "/terms/acceptances",
)  # fmt: skip


def everything(stage: Stage, person: str) -> list[tuple[str, int, bytes]]:
    """All that this person can list, count or search, byte by byte."""
    need, offer = stage.world.needs["asked"].id, stage.world.offers["visible"].id
    paths = [*PATHS, *COUNTS, f"/chains/{stage.world.chain.id}", f"/chains/{stage.world.chain.id}/board", f"/enterprises/{stage.world.enterprise.id}/facts",
             f"/institutes/{stage.world.institute.id}/response-record", *(f"/needs/{need}{path}" for path in OF_THE_NEED), f"/achievements/{offer}/fitting-needs",
             f"/needs/{need}/matches", f"/needs/{need}/near-duplicates", f"/needs/{need}/completeness"]  # fmt: skip
    headers = {"Authorization": f"Bearer {stage.world.token(person)}"}
    answers = []
    for path in paths:
        answer = stage.client.get(f"/api{path}", headers=headers)
        del answer.headers["Date"]
        answers.append((path, answer.status_code, answer.data + str(answer.headers).encode()))
    return answers


@pytest.mark.slow  # every list under every filter and sort, twice
@pytest.mark.parametrize("added", ADDED)
def test_what_one_may_not_know_of_changes_no_byte(stage: Stage, added: str):
    make, known_to = ADDED[added]
    people = sorted(
        {"poster", "neighbour", "researcher", "rival_office", "broker", "operator", "far_operator", "nobody"}
        - known_to
    )
    before = {person: everything(stage, person) for person in people}
    known = {person: everything(stage, person) for person in sorted(known_to)[:1]}
    make(stage.world, stage.world.session)
    stage.world.session.flush()
    for person in people:
        for (path, *was), (_, *now) in zip(before[person], everything(stage, person), strict=True):
            assert now == was, f"{person} is told by {path}"
    changed = {person: everything(stage, person) for person in known}
    assert changed != known, "else the comparison proves nothing"


# --- filters and sorts ---

SHOWN_BY = {
    "state": "state", "industry": "industry", "visibility": "visibility", "urgency": "urgency", "q": "title",
    "submitted_from": "submitted_at", "submitted_to": "submitted_at", "sort": None, "limit": None, "cursor": None,
    "zone": None, "chain_id": None, "mine": None,
}  # fmt: skip
"""The field that a filter asks about; `zone`, `chain_id` and `mine` find no masked need by what it hides, as tested below."""
SORTED_BY = {"submitted_at": ("submitted_at", "created_at"), "created_at": ("created_at",), "wanted_on": ("wanted_on",),
             "number": ("number",)}  # fmt: skip


def test_every_filter_and_sort_asks_about_what_a_masked_need_shows():
    """A new one that asks about a hidden field would let it be guessed: think, then add it here."""
    shown = NeedMaskedEntry().fields.keys()
    assert NeedQuery().fields.keys() == SHOWN_BY.keys()
    assert {field for field in SHOWN_BY.values() if field} <= shown
    assert {field for fields in SORTED_BY.values() for field in fields} <= shown
    assert tuple(SORTED_BY) == tuple(SORTS)


@pytest.mark.parametrize("person", ["broker", "rival_office"])
def test_no_word_of_a_masked_title_is_found(stage: Stage, person: str):
    for words in (WORDS, "键合机", "精度不足", f"{WORDS}键合机对准精度不足"):
        assert set(named(stage, rows(stage, person, "/needs", q=words))) == {"public"}
    assert set(named(stage, rows(stage, person, "/needs", q="半导体装备"))) == {
        name for name, view in views_for(person).items() if view == MASKED_TO
    }


@pytest.mark.parametrize("person", ["broker", "rival_office"])
def test_no_zone_finds_a_masked_need(stage: Stage, person: str):
    for zone in ("420000", HOME, "420500"):
        found = set(named(stage, rows(stage, person, "/needs", zone=zone)).values())
        assert found <= {OPEN_TO}


@pytest.mark.parametrize("person", sorted(EVERYONE))
def test_no_chain_finds_a_masked_need(stage: Stage, person: str):
    """All needs of the world belong to one chain."""
    found = named(stage, rows(stage, person, "/needs", chain_id=str(stage.world.chain.id)))
    assert found == {name: view for name, view in views_for(person).items() if view != MASKED_TO}


def test_mine_finds_nothing_of_others(stage: Stage):
    for person in ("neighbour", "broker", "rival_office", "far_operator", "removed", "nobody"):
        assert rows(stage, person, "/needs", mine="true") == []


# --- search ---


@pytest.mark.parametrize("person", sorted(INVITED))
def test_a_masked_need_is_found_and_explained_by_its_masked_words_alone(stage: Stage, person: str):
    world, session = stage.world, stage.world.session
    other = _secret_need(
        world, session, state="confirmed", visibility="masked", problem="别的难题" * 20, scene=None,
        masked_title="半导体装备对准问题", masked_summary="一种装备的对准误差过大", tech_field=None, industry="opto",
        created_at=SUBMITTED_AT + timedelta(minutes=1), cooperation_modes=[], indicators=[], trl_required=None,
    )  # fmt: skip
    session.flush()
    path = f"/achievements/{world.offers['visible'].id}/fitting-needs"
    hits = {hit["need"]["id"]: hit for hit in get(stage, person, path, top=50).json["needs"]}
    masked = hits[str(world.needs["masked"].id)]
    assert masked["matched_terms"], "the masked words do match"
    text = "半导体装备对准问题 一种装备的对准误差过大"
    for hit in hits.values():
        if hit["need"]["view"] == MASKED_TO:
            assert all(term["term"] in text for term in hit["matched_terms"])
            assert "键合" not in hit["sentence_zh"]
    for part in ("score", "signals", "matched_terms"):
        assert hits[str(other.id)][part] == masked[part]


# --- cursors ---


def cursor_of(stage: Stage, person: str, path: str, **query: Any) -> str:
    made = get(stage, person, path, limit=1, **query).json["next_cursor"]
    assert made
    return str(made)


def refused(stage: Stage, person: str, path: str, **query: Any) -> bool:
    headers = {"Authorization": f"Bearer {stage.world.token(person)}"}
    answer = stage.client.get(f"/api{path}", headers=headers, query_string=query)
    return answer.status_code == 422 and [each["field"] for each in answer.json["errors"]] == ["cursor"]


def test_a_cursor_of_another_query_or_another_list_is_refused(stage: Stage):
    needs = stage.world.needs
    made = cursor_of(stage, "poster", "/needs")
    assert refused(stage, "poster", "/needs", cursor=made, state="confirmed")
    assert refused(stage, "poster", "/needs", cursor=made, sort="submitted_at")
    for path in ("/achievements", "/invitations", "/tokens"):
        assert refused(stage, "poster", path, cursor=made)
    made = cursor_of(stage, "poster", f"/needs/{needs['asked'].id}/attachments")
    assert refused(stage, "poster", f"/needs/{needs['talking'].id}/attachments", cursor=made)
    assert not refused(stage, "poster", f"/needs/{needs['asked'].id}/attachments", cursor=made)


@pytest.mark.parametrize("person", sorted(EVERYONE - WHOLE))
def test_the_cursor_of_somebody_who_sees_more_shows_no_more(stage: Stage, person: str):
    for order in ("-submitted_at", "submitted_at"):
        made = cursor_of(stage, "supervisor", "/needs", sort=order)
        listed = named(stage, get(stage, person, "/needs", cursor=made, limit=100, sort=order).json["items"])
        assert listed.items() <= views_for(person).items()


@pytest.mark.parametrize("made", ["x", "W10=", "bnVsbA==", "%", "é", "A" * 2000])
def test_a_forged_cursor_is_refused_on_every_list(stage: Stage, made: str):
    for operation in stage.operations.values():
        if operation.path in {f"/api{path}" for path in PATHS}:
            answer = stage.open(
                operation, Sent(query={"cursor": made}), stage.headers_of("supervisor", "supervisor")
            )
            if not operation.writes:
                assert answer.status_code == 422, operation
                assert answer.json["errors"][0]["field"] == "cursor"
