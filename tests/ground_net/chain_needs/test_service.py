import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.directory.chains.errors import ChainClosed
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from backbone.notices.models import Notice
from ground_net.chain_needs import reading, service
from ground_net.chain_needs.errors import NeedOver, NotOfAChain
from sky_net.needs.service import submit_need
from tests.factories.directory import a_chain, a_credit_code, a_part, an_enterprise, an_institute
from tests.factories.ground import a_backing, a_chain_need
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import a_need

NEED = {
    "title": "外延片翘曲控制", "problem": "六英寸外延片翘曲超标，几家企业都受影响，需要共同攻关解决。", "industry": "opto",
    "contact_name": "联系人", "contact_phone": "027-1",
}  # fmt: skip
ASKED = {"sort": "-asked_at", "limit": 20, "address": "x"}


@pytest.fixture
def master(session):
    return an_enterprise(session, name="测试链主企业")


@pytest.fixture
def chain(session, master):
    chain = a_chain(session)
    a_part(session, chain, enterprise_id=master.id)
    return chain


@pytest.fixture
def member(session, master):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(master)))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()))


@pytest.fixture
def follower(session):
    return an_enterprise(session, name="测试跟随企业")


@pytest.fixture
def backer(session, follower):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(follower)))


def raised(session, actor, chain, clock, **values):
    return service.raise_chain_need(session, actor, chain.id, {"need": NEED, **values}, now=clock.now())


def test_the_master_raises_a_need_and_those_who_consent_stand_behind_it(
    session, chain, master, member, follower, backer, clock
):
    need = raised(session, member, chain, clock, credit_codes=[follower.credit_code, a_credit_code()])
    assert (need.enterprise_id, need.chain_id, need.state) == (master.id, chain.id, "draft")
    [request] = reading.list_requests(session, backer, ASKED).items
    assert (request.title, request.raised_by, request.row.state) == (NEED["title"], master.name, "asked")
    service.consent_to_back(session, backer, request.row.id, now=clock.now())
    shown = reading.show_backing(session, member, need.id, now=clock.now())
    assert (shown.consented, [each.name for each in shown.enterprises]) == (1, [follower.name])
    assert [row.state for row in shown.asked] == ["consented", "asked"]


def test_an_operator_drafts_on_behalf_and_the_master_hands_it_in(
    session, chain, master, member, operator, clock
):
    need = raised(session, operator, chain, clock, credit_codes=[a_credit_code()])
    assert reading.show_raised(session, need).consented == 0
    assert submit_need(session, member, need.id, now=clock.now()).state == "submitted"
    assert reading.show_backing(session, operator, need.id, now=clock.now()).enterprises == []
    elsewhere = an_actor(session, (Role.OPERATOR, zone("420200")))
    with pytest.raises(Forbidden):
        raised(session, elsewhere, chain, clock)


def test_only_a_chains_master_raises_its_needs(
    session, chain, master, member, follower, backer, operator, clock
):
    with pytest.raises(Forbidden):
        raised(session, backer, chain, clock)
    for actor in (member, operator):
        with pytest.raises(Invalid):
            raised(session, actor, chain, clock, enterprise_id=follower.id)
    a_part(session, chain, enterprise_id=follower.id)
    with pytest.raises(Invalid):
        raised(session, operator, chain, clock)
    assert raised(session, operator, chain, clock, enterprise_id=follower.id).enterprise_id == follower.id
    assert raised(session, backer, chain, clock).enterprise_id == follower.id
    chain.closed_at = clock.now()
    with pytest.raises(ChainClosed):
        raised(session, member, chain, clock)


def test_whoever_is_asked_is_told_so_once(session, chain, member, follower, backer, clock):
    need = raised(session, member, chain, clock, credit_codes=[a_credit_code(), follower.credit_code])
    service.ask_enterprises(session, member, need.id, [follower.credit_code], now=clock.now())
    [told] = session.scalars(select(Notice).where(Notice.kind == "backing_asked"))
    assert (told.recipient_id, told.subject_number) == (backer.account_id, need.number)


def test_whether_a_code_is_registered_shows_nowhere_until_it_answers(session, chain, member, follower, clock):
    need = raised(session, member, chain, clock, credit_codes=[follower.credit_code, a_credit_code()])
    known, unknown = reading.show_backing(session, member, need.id, now=clock.now()).asked
    assert (known.state, known.enterprise_id, known.answered_at) == (
        unknown.state,
        unknown.enterprise_id,
        unknown.answered_at,
    )


def test_one_is_asked_once_and_the_raising_enterprise_never(session, chain, master, member, follower, clock):
    need = raised(session, member, chain, clock, credit_codes=[follower.credit_code])
    more = [follower.credit_code, a_credit_code()]
    service.ask_enterprises(session, member, need.id, more, now=clock.now())
    assert [
        row.credit_code for row in reading.show_backing(session, member, need.id, now=clock.now()).asked
    ] == more
    with pytest.raises(Invalid):
        service.ask_enterprises(session, member, need.id, [master.credit_code], now=clock.now())


def test_only_who_posts_or_operates_asks_and_only_about_an_open_need_of_a_chain(
    session, chain, master, member, backer, operator, clock
):
    need = a_chain_need(session, chain, master, state="confirmed")
    service.ask_enterprises(session, operator, need.id, [a_credit_code()], now=clock.now())
    auditor = an_actor(session, (Role.AUDITOR, zone()))
    for actor, refusal in ((auditor, Forbidden), (backer, NotFound)):
        with pytest.raises(refusal):
            service.ask_enterprises(session, actor, need.id, [a_credit_code()], now=clock.now())
    with pytest.raises(NotOfAChain):
        service.ask_enterprises(
            session, member, a_need(session, master).id, [a_credit_code()], now=clock.now()
        )
    over = a_chain_need(session, chain, master, state="withdrawn")
    with pytest.raises(NeedOver):
        service.ask_enterprises(session, member, over.id, [a_credit_code()], now=clock.now())


def test_an_answer_is_the_enterprises_own_and_may_be_taken_back(
    session, chain, master, member, follower, backer, clock
):
    backing = a_backing(session, a_chain_need(session, chain, master, state="confirmed"), follower)
    for stranger in (member, an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))):
        with pytest.raises(NotFound):
            service.consent_to_back(session, stranger, backing.id, now=clock.now())
    assert service.consent_to_back(session, backer, backing.id, now=clock.now()).enterprise_id == follower.id
    with pytest.raises(StateConflict):
        service.consent_to_back(session, backer, backing.id, now=clock.now())
    assert service.decline_to_back(session, backer, backing.id, now=clock.now()).state == "declined"
    assert service.consent_to_back(session, backer, backing.id, now=clock.now()).state == "consented"


def test_nobody_answers_about_a_need_that_is_over(session, chain, master, follower, backer, clock):
    backing = a_backing(session, a_chain_need(session, chain, master, state="withdrawn"), follower)
    with pytest.raises(NeedOver):
        service.consent_to_back(session, backer, backing.id, now=clock.now())


def test_names_are_for_who_reads_the_need_in_full(session, chain, master, member, follower, operator, clock):
    office = an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))
    public = a_chain_need(session, chain, master, state="confirmed", visibility="public")
    masked = a_chain_need(session, chain, master, state="confirmed", visibility="masked")
    for need in (public, masked):
        a_backing(session, need, follower, state="consented")
        shown = reading.show_backing(session, operator, need.id, now=clock.now())
        assert [each.name for each in shown.enterprises] == [follower.name]
    shown = reading.show_backing(session, office, public.id, now=clock.now())
    assert (shown.consented, shown.enterprises, shown.asked) == (1, None, None)
    with pytest.raises(NotFound):
        reading.show_backing(session, office, masked.id, now=clock.now())
    with pytest.raises(NotFound):
        reading.show_backing(session, operator, a_need(session, state="confirmed").id, now=clock.now())


def test_requests_are_listed_by_what_was_answered(session, chain, master, follower, backer):
    asked = a_backing(session, a_chain_need(session, chain, master), follower)
    a_backing(session, a_chain_need(session, chain, master), follower, state="declined")
    assert len(reading.list_requests(session, backer, ASKED).items) == 2
    assert [
        each.row.id for each in reading.list_requests(session, backer, {**ASKED, "state": "asked"}).items
    ] == [asked.id]
