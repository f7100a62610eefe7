"""An objection bears a name: sealed, shown to who decides on it alone, each time on record, erased and sealed anew like any person's."""

from sqlalchemy import text

from backbone import encryption
from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.encryption import Keyring
from backbone.people.erasing import erase
from backbone.people.finding import Asked
from backbone.people.normal import ERASED
from backbone.people.rotating import count_outdated, reseal_some
from finance_net.grants.announcements import deciding, service
from finance_net.grants.announcements.reading import show_objection
from finance_net.grants.applications.models import GrantApplication
from tests.conftest import PERSONAL_DATA_KEY
from tests.factories.grants import AFTER, SIGNER, a_season, announced, objected, scored_all
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN
from tests.made_once import made_once


@made_once
def season(session):
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, least_fen=30 * WAN)
    return season


@made_once
def signed(season):
    """By somebody without a role, against the only application there is."""
    row, citizen = announced(season), an_actor(season.session)
    return objected(season.session, citizen, row.id, _application(season).id, "数据不实", now=AFTER), citizen


def _application(season):
    return season.session.query(GrantApplication).filter_by(round_id=season.round.id).one()


def shown_to(session, actor, objection):
    return show_objection(session, actor, objection.id, now=AFTER)["signer"]


def test_who_signed_is_shown_to_who_may_rule_on_it_alone_and_each_time_on_record(season, signed):
    session, (objection, citizen) = season.session, signed
    auditor = an_actor(session, (Role.AUDITOR, PROVINCE))
    assert shown_to(session, season.second, objection) == SIGNER
    assert [shown_to(session, each, objection) for each in (citizen, auditor)] == [None, None]
    session.flush()
    read = session.query(AuditEvent).filter_by(action="read_objection_signer").all()
    assert [each.actor_id for each in read] == [season.second.account_id]
    own = objected(
        session, season.first, objection.announcement_id, objection.application_id, "亦不实", now=AFTER
    )
    assert shown_to(session, season.first, own) is None  # nobody decides on what they signed themselves


def test_no_table_holds_it_in_clear(season, signed):
    session = season.session
    session.flush()
    for table in ("objections", "people", "audit_events", "fund_case_steps"):
        rows = " ".join(session.scalars(text(f"SELECT row_to_json({table})::text FROM {table}")))
        assert SIGNER["name"] not in rows, table
        assert SIGNER["phone"] not in rows, table


def test_an_erasure_takes_the_person_and_leaves_the_objection_to_be_ruled_on(season, signed):
    session, (objection, _) = season.session, signed
    done = erase(session, season.first, Asked("phone", "139 5555 0001"), reason="本人申请", now=AFTER)
    assert (done.erased, shown_to(session, season.second, objection)) == (
        1,
        {"name": ERASED, "phone": None, "email": None},
    )
    ruled = service.rule_on_objection(
        session, season.second, objection.id, upheld=False, ruling="查无实据", now=AFTER
    )
    assert ruled.state == "rejected"
    announcement = service.announcement_of(session, objection.announcement_id)
    assert deciding.decide_grants(
        session, season.second, announcement.id, now=announcement.ends_at
    ).decided_at


def test_a_new_key_seals_it_anew(season, signed):
    session, (objection, _) = season.session, signed
    session.flush()
    try:
        encryption.configure(Keyring.parse(f"2:a newer key for tests,1:{PERSONAL_DATA_KEY}"))
        while reseal_some(session):
            pass
        encryption.configure(Keyring.parse("2:a newer key for tests"))
        session.expire_all()
        assert (count_outdated(session), shown_to(session, season.second, objection)) == (0, SIGNER)
    finally:
        encryption.configure(Keyring.parse(PERSONAL_DATA_KEY))


def test_one_of_before_names_were_asked_for_says_that_it_has_none(season, signed):
    session, (objection, _) = season.session, signed
    session.execute(text("DELETE FROM people WHERE holder = 'objections'"))
    session.expire_all()
    assert shown_to(session, season.second, objection) is None
