from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select, text

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.needs import clocks, reading, review, service
from sky_net.needs.errors import NotOffered
from sky_net.needs.models import Need, NeedReader
from sky_net.needs.schemas import NeedQuery
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import MADE_AT, a_need

NOW = MADE_AT


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def poster(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, PROVINCE))


@pytest.fixture
def institute(session):
    return an_institute(session)


@pytest.fixture
def researcher(session, institute):
    return an_actor(session, (Role.INSTITUTE_MEMBER, of(institute)))


def listed(session, actor, **asked):
    return [
        entry.need for entry in reading.list_needs(session, actor, NeedQuery().load(asked), now=NOW).items
    ]


def test_a_need_is_read_with_its_view_and_without_telling_a_masked_enterprise(
    session, enterprise, poster, researcher
):
    need = a_need(session, enterprise, state="confirmed", visibility="masked")
    shown = reading.show_need(session, poster, need.id, now=NOW)
    assert (shown.need, shown.view, shown.enterprise.name) == (need, "full", enterprise.name)
    shown = reading.show_need(session, researcher, need.id, now=NOW)
    assert (shown.need, shown.view, shown.enterprise) == (need, "masked", None)


def test_what_one_may_not_see_is_not_found(session, enterprise, researcher):
    need = a_need(session, enterprise, state="submitted", visibility="public")
    for unknown in (need.id, enterprise.id):
        with pytest.raises(NotFound):
            reading.show_need(session, researcher, unknown, now=NOW)


def test_lists_mix_views_and_hide_what_is_not_for_the_reader(session, enterprise, researcher, institute):
    public = a_need(session, enterprise, state="confirmed", visibility="public")
    masked = a_need(session, enterprise, state="confirmed", visibility="masked")
    invited = a_need(session, enterprise, state="confirmed", visibility="invited")
    a_need(session, enterprise, state="confirmed", visibility="operators")
    a_need(session, enterprise, state="submitted", visibility="public")
    session.add(NeedReader(need_id=invited.id, organisation_id=institute.id, granted_at=MADE_AT))
    session.flush()
    page = reading.list_needs(session, researcher, NeedQuery().load({"sort": "created_at"}), now=NOW)
    assert {entry.need.id: entry.view for entry in page.items} == {
        public.id: "open", masked.id: "masked", invited.id: "invited",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "abcd"),
        ({"state": ["draft"]}, "d"),
        ({"state": ["submitted", "confirmed"]}, "abc"),
        ({"industry": ["nev"]}, "b"),
        ({"industry": ["nev", "opto"]}, "abcd"),
        ({"zone": "420500"}, "c"),
        ({"zone": "420000"}, "abcd"),
        ({"zone": "new-materials-corridor"}, "c"),
        ({"zone": "outside"}, ""),
        ({"visibility": "invited"}, "b"),
        ({"urgency": "critical"}, "a"),
        ({"q": "激光"}, "ad"),
        ({"q": "雷達"}, "ad"),
        ({"q": "Ｂ型"}, "b"),
        ({"q": "%"}, ""),
        ({"q": "_"}, ""),
        ({"q": "\\"}, ""),
        ({"submitted_from": "2026-03-09"}, "ab"),
        ({"submitted_to": "2026-03-08"}, "c"),
        ({"submitted_from": "2026-03-08", "submitted_to": "2026-03-08"}, "c"),
        ({"state": ["draft"], "industry": ["nev"]}, ""),
    ],
)
def test_filters_find_what_they_name(session, asked, found):
    yichang = an_enterprise(session, region_code="420500")
    wuhan = an_enterprise(session)
    midnight = datetime(2026, 3, 8, 16, tzinfo=UTC)  # 00:00 on the 9th in Wuhan
    needs = {
        "a": a_need(
            session, wuhan, state="submitted", title="激光雷达测距", urgency="critical", submitted_at=midnight
        ),
        "b": a_need(session, wuhan, state="confirmed", title="b型电池", industry="nev", visibility="invited"),
        "c": a_need(
            session, yichang, state="confirmed", title="换热器", submitted_at=midnight - timedelta(seconds=1)
        ),
        "d": a_need(session, wuhan, state="draft", title="激光雷達標定"),
    }
    members = ((Role.ENTERPRISE_MEMBER, of(wuhan)), (Role.ENTERPRISE_MEMBER, of(yichang)))
    names = {need.id: name for name, need in needs.items()}
    assert {names[need.id] for need in listed(session, an_actor(session, *members), **asked)} == set(found)


def test_mine_are_those_of_my_enterprise_and_those_given_to_me(session, enterprise, poster, operator):
    own = a_need(session, enterprise, state="confirmed", owner_id=operator.account_id)
    other = a_need(session, state="confirmed")
    assert set(listed(session, operator)) == {own, other}
    assert listed(session, operator, mine="true") == [own]
    assert listed(session, poster, mine="true") == [own]


def test_searching_and_filtering_never_tell_what_a_masked_need_hides(session, enterprise, researcher):
    need = a_need(session, enterprise, state="confirmed", visibility="masked", masked_title="某光電需求")
    assert listed(session, researcher, q="某光电") == [need]
    assert listed(session, researcher, q=need.title[:4]) == []
    assert listed(session, researcher, zone=need.zone_code) == []
    need.visibility = "public"
    session.flush()
    assert listed(session, researcher, q=need.title[:4]) == [need]
    assert listed(session, researcher, zone=need.zone_code) == [need]


@pytest.mark.parametrize("sort", ["submitted_at", "created_at", "wanted_on", "number"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_sort_walks_all_pages_once_and_in_order(session, enterprise, poster, sort, sign):
    for n in range(7):
        late = MADE_AT + timedelta(hours=n // 2)
        wanted = None if n % 3 == 0 else date(2026, 5, 1 + n // 2)
        a_need(session, enterprise, state="draft" if n % 2 else "submitted", created_at=late, wanted_on=wanted,
               submitted_at=None if n % 2 else late)  # fmt: skip
    seen, cursor = [], {}
    for _ in range(10):
        page = reading.list_needs(
            session, poster, NeedQuery().load({"sort": sign + sort, "limit": "2", **cursor}), now=NOW
        )
        seen += [entry.need for entry in page.items]
        if page.next_cursor is None:
            break
        cursor = {"cursor": page.next_cursor}
    assert len(seen) == len(set(seen)) == 7

    def key(need):
        values = {
            "submitted_at": need.submitted_at or need.created_at,
            "wanted_on": need.wanted_on or date(2200, 12, 31),
        }
        return values.get(sort) or getattr(need, sort), need.id

    assert seen == sorted(seen, key=key, reverse=bool(sign))


def test_a_cursor_belongs_to_its_query(session, enterprise, poster):
    for _ in range(3):
        a_need(session, enterprise)
    page = reading.list_needs(session, poster, NeedQuery().load({"limit": "1"}), now=NOW)
    with pytest.raises(Invalid) as refused:
        reading.list_needs(
            session,
            poster,
            NeedQuery().load({"limit": "1", "cursor": page.next_cursor, "urgency": "normal"}),
            now=NOW,
        )
    assert refused.value.data["errors"][0]["field"] == "cursor"


def test_a_list_takes_two_queries_however_long_it_is(session, operator):
    for _ in range(10):
        a_need(session, state="confirmed")
    asked = NeedQuery().load({})
    count = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *arguments: count.append(arguments[2]))
    session.expire_all()
    page = reading.list_needs(session, operator, asked, now=NOW)
    assert len({entry.enterprise.name for entry in page.items}) == 10
    assert len(count) == 2


def test_near_duplicates_are_found_most_similar_first(session, enterprise, poster):
    text = (
        "高炉煤气余热回收换热器在含尘气流中磨损严重，需要寿命两年以上的耐磨涂层与在线监测方法，年改造十台。"
    )
    need = a_need(session, enterprise, title="耐磨换热器", problem=text)
    same = a_need(session, enterprise, state="withdrawn", title="耐磨換熱器", problem=text)
    near = a_need(
        session,
        enterprise,
        title="耐磨换热器",
        problem=text.replace("两年", "三年").replace("十台", "二十台"),
    )
    a_need(session, enterprise)
    found = reading.near_duplicates(session, poster, need.id, now=NOW)
    assert [entry.need.need for entry in found] == [same, near]
    assert found[0].similarity_percent == 100
    assert 50 <= found[1].similarity_percent < 100
    assert found[0].need.enterprise == (enterprise.id, enterprise.name)


def test_foreign_needs_are_compared_only_for_those_who_read_them_in_full(
    session, enterprise, poster, operator
):
    need = a_need(session, enterprise, state="submitted")
    foreign = a_need(session, state="submitted")
    assert reading.near_duplicates(session, poster, need.id, now=NOW) == []
    assert [entry.need.need for entry in reading.near_duplicates(session, operator, need.id, now=NOW)] == [
        foreign
    ]


def test_only_the_poster_its_operators_and_auditors_assess_and_compare(session, enterprise, researcher):
    need = a_need(session, enterprise, state="confirmed", visibility="public")
    for verb in (reading.assess_need, partial(reading.near_duplicates, now=NOW)):
        with pytest.raises(Forbidden):
            verb(session, researcher, need.id)
        verb(session, an_actor(session, (Role.AUDITOR, zone())), need.id)


def test_the_advice_counts_near_duplicates_too(session, enterprise, poster):
    need = a_need(session, enterprise, tried=None)
    a_need(session, enterprise)
    advice = reading.assess_need(session, poster, need.id)
    assert [criterion.field for criterion in advice.missing] == ["tried"]
    assert (advice.score, advice.compulsory_missing, advice.near_duplicates) == (96, (), 1)


def test_a_need_without_characters_to_compare_is_near_to_nothing(session, enterprise, poster):
    need = a_need(session, enterprise, title="\u3000x", problem=None)
    need.signature = []
    session.flush()
    assert reading.near_duplicates(session, poster, need.id, now=NOW) == []


def test_the_history_tells_capacities_and_instants_in_order(session, enterprise, poster, operator, clock):
    values = {
        "title": "题",
        "problem": "问题",
        "industry": "opto",
        "contact_name": "甲",
        "contact_phone": "1",
    }
    need = service.draft_need(session, poster, values, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    review.return_need(session, operator, need.id, missing=["scene"], message="补", now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    review.confirm_need(session, operator, need.id, complexity="simple", now=clock.now())
    steps = reading.history(session, poster, need.id)
    assert [(step.action, step.actor_role) for step in steps] == [
        ("submit", "poster"), ("return", "operator"), ("resubmit", "poster"), ("confirm", "operator"),
    ]  # fmt: skip
    assert [step.to_state for step in steps] == ["submitted", "returned", "submitted", "confirmed"]


def test_history_and_clocks_are_for_those_who_read_everything(session, enterprise, researcher, clock):
    need = a_need(session, enterprise, state="confirmed", visibility="public")
    with pytest.raises(Forbidden):
        reading.history(session, researcher, need.id)
    with pytest.raises(Forbidden):
        clocks.clocks(session, researcher, need.id, now=clock.now())


def test_reading_is_granted_once_and_leaves_one_trace(session, enterprise, operator, institute, clock):
    need = a_need(session, enterprise, state="confirmed", visibility="invited")
    for _ in range(2):
        reading.grant_reading(session, operator, need, institute.id, now=clock.now())
    assert session.scalar(select(func.count()).select_from(NeedReader)) == 1
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == need.id)).all()
    assert [(entry.action, entry.after) for entry in events] == [
        ("grant_need_reading", {"organisation_id": str(institute.id)})
    ]


def test_a_need_for_operators_is_opened_to_nobody(session, enterprise, operator, institute, clock):
    need = a_need(session, enterprise, state="confirmed", visibility="operators")
    with pytest.raises(NotOffered):
        reading.grant_reading(session, operator, need, institute.id, now=clock.now())


def test_candidates_are_looked_up_in_the_index_however_many_needs_there_are(owner):
    """As the tables' owner, for nobody else may ANALYZE."""
    copied = [
        column.key for column in Need.__table__.columns if column.key not in {"id", "number", "signature"}
    ]
    with owner.transaction() as session:
        need = a_need(session, an_enterprise(session))
        session.execute(
            text(
                f"INSERT INTO needs (id, number, signature, {', '.join(copied)})"
                f" SELECT gen_random_uuid(), 'X' || g, array[g * 2, g * 2 + 1], {', '.join(copied)}"
                " FROM needs, generate_series(1, 5000) g"
            )
        )
        session.execute(text("ANALYZE needs"))
        query = reading.candidates_of(need).compile(
            dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True}
        )
        plan = "\n".join(line for (line,) in session.execute(text(f"EXPLAIN {query}".replace(":", "\\:"))))
        session.rollback()
    assert "ix_needs_signature" in plan
    assert "Seq Scan on needs" not in plan
