"""Nothing unmasked before both sides accepted, everything afterwards; whoever comes first, and both at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from backbone.actor import Actor
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.invitations.errors import TermsNotAccepted
from sky_net.invitations.service import decline_invitation
from sky_net.needs.models import Need, NeedReader
from sky_net.needs.reading import list_needs, read_need
from sky_net.proposals.drafting import draft_proposal
from sky_net.talks.service import record_contact
from sky_net.talks.terms import service
from sky_net.talks.terms.errors import OtherTermsInForce
from sky_net.talks.terms.models import TermsAcceptance
from sky_net.talks.terms.texts import in_force
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import proposal_entry
from tests.factories.talks import accepted_by, contact_entry
from tests.made_once import made_once

VERSION = in_force(SUBMITTED_AT.date()).version
LIST = {"sort": "accepted_at", "limit": 20}
NEEDS = {"sort": "-submitted_at", "limit": 20}


@made_once
def exchange(session):
    """An institute invited to a need that asks for terms."""
    made = an_exchange(session, nda_required=True, visibility="invited")
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


def view(exchange, actor: Actor) -> str:
    return read_need(exchange.session, actor, exchange.need.id).view


def accept(exchange, actor: Actor, **said):
    given = {"version": VERSION} | said
    return service.accept_terms(exchange.session, actor, exchange.need.id, given, now=SUBMITTED_AT)


def test_an_invited_institute_sees_the_masked_view_until_both_sides_accepted(exchange):
    assert view(exchange, exchange.office) == "masked"
    accept(exchange, exchange.office)
    assert view(exchange, exchange.office) == "masked"
    accept(exchange, exchange.poster)
    assert view(exchange, exchange.office) == view(exchange, exchange.researcher) == "invited"
    page = list_needs(exchange.session, exchange.office, NEEDS, now=SUBMITTED_AT)
    assert [each.view for each in page.items] == ["invited"]


def test_the_enterprise_may_accept_first_and_for_all(exchange):
    accept(exchange, exchange.poster)
    assert view(exchange, exchange.office) == "masked"
    accept(exchange, exchange.office)
    assert view(exchange, exchange.office) == "invited"
    an_invitation(exchange.session, exchange.need, exchange.rival)
    assert view(exchange, exchange.rival_office) == "masked"
    accept(exchange, exchange.rival_office)
    assert view(exchange, exchange.rival_office) == "invited"


def test_a_word_to_one_institute_is_none_to_another(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival)
    accept(exchange, exchange.poster, institute_id=exchange.rival.id)
    accept(exchange, exchange.office)
    assert view(exchange, exchange.office) == "masked"
    accept(exchange, exchange.rival_office)
    assert view(exchange, exchange.rival_office) == "invited"
    assert view(exchange, exchange.office) == "masked"


def test_a_need_without_terms_is_opened_by_the_invitation_alone(session):
    made = an_exchange(session, nda_required=False)
    an_invitation(session, made.need, made.institute)
    assert view(made, made.office) == "invited"
    shown = service.show_terms(session, made.office, made.need.id, now=SUBMITTED_AT)
    assert (shown.required, shown.is_open, shown.version) == (False, True, VERSION)


def test_asking_for_terms_later_masks_whoever_is_not_bound(session):
    made = an_exchange(session, nda_required=False, visibility="invited")
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute)
    accepted_by(made, made.poster, made.office)
    session.execute(update(Need).where(Need.id == made.need.id).values(nda_required=True))
    session.expire_all()
    assert view(made, made.office) == "invited"
    assert view(made, made.rival_office) == "masked"


def test_accepting_twice_is_accepting_once(exchange):
    first, again = accept(exchange, exchange.office), accept(exchange, exchange.researcher)
    assert first is again
    counted = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "accept_terms")
    assert exchange.session.scalar(counted) == 1


def test_a_renewed_acceptance_moves_no_binding(exchange):
    accepted_by(exchange, exchange.poster, exchange.office)
    bound = exchange.session.scalar(select(NeedReader.bound_at))
    accepted_by(exchange, exchange.office, now=SUBMITTED_AT + timedelta(days=1))
    assert exchange.session.scalar(select(NeedReader.bound_at)) == bound == SUBMITTED_AT


def test_only_the_version_of_today_is_accepted(exchange):
    with pytest.raises(OtherTermsInForce):
        accept(exchange, exchange.office, version="1999-1")


def test_two_versions_do_not_bind_each_other(exchange):
    accept(exchange, exchange.poster)
    exchange.session.add(
        TermsAcceptance(
            need_id=exchange.need.id, institute_id=exchange.institute.id, side="institute", version="0",
            accepted_by=None, accepted_at=SUBMITTED_AT,
        )
    )  # fmt: skip
    exchange.session.flush()
    accept(exchange, exchange.poster, institute_id=exchange.institute.id)
    assert view(exchange, exchange.office) == "masked"


def test_nobody_accepts_for_others(exchange):
    for actor in (exchange.operator, exchange.auditor, exchange.broker):
        with pytest.raises(Forbidden):
            accept(exchange, actor)
    with pytest.raises(NotFound):
        accept(exchange, exchange.rival_office)
    with pytest.raises(Invalid):
        accept(exchange, exchange.poster, institute_id=exchange.rival.id)
    with pytest.raises(Forbidden):
        accept(exchange, exchange.office, institute_id=exchange.rival.id)


def test_an_unbound_institute_neither_talks_on_record_nor_offers(exchange):
    session, need_id = exchange.session, exchange.need.id
    with pytest.raises(TermsNotAccepted):
        record_contact(session, exchange.office, need_id, contact_entry(exchange.institute), now=SUBMITTED_AT)
    with pytest.raises(TermsNotAccepted):
        draft_proposal(session, exchange.office, need_id, proposal_entry(), now=SUBMITTED_AT)
    accepted_by(exchange, exchange.poster, exchange.office)
    assert draft_proposal(session, exchange.office, need_id, proposal_entry(), now=SUBMITTED_AT)


def test_declining_ends_what_the_terms_had_opened(session):
    made = an_exchange(session, nda_required=True, visibility="invited")
    invitation = an_invitation(session, made.need, made.institute)
    accepted_by(made, made.poster, made.office)
    decline_invitation(session, made.office, invitation.id, {"reason_code": "price"}, now=SUBMITTED_AT)
    with pytest.raises(NotFound):
        view(made, made.office)


def test_an_institute_lists_its_own_word_and_the_enterprises_to_all(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival)
    accept(exchange, exchange.poster)
    accept(exchange, exchange.poster, institute_id=exchange.rival.id)
    accept(exchange, exchange.office)

    def listed(actor: Actor) -> set[tuple]:
        page = service.list_acceptances(exchange.session, actor, exchange.need.id, LIST)
        return {(row.side, row.institute_id) for row in page.items}

    own, to_all = ("institute", exchange.institute.id), ("enterprise", None)
    to_rival = ("enterprise", exchange.rival.id)
    assert listed(exchange.office) == {own, to_all}
    assert listed(exchange.rival_office) == {to_all, to_rival}
    assert listed(exchange.broker) == set()
    for actor in (exchange.poster, exchange.operator, exchange.auditor):
        assert listed(actor) == {own, to_all, to_rival}


def test_two_sides_that_accept_at_once_are_bound(committed_database):
    for _ in range(4):
        with committed_database.transaction() as session:
            made = an_exchange(session, nda_required=True, visibility="invited")
            an_invitation(session, made.need, made.institute)
            need_id, sides = made.need.id, (made.poster, made.office)
        start, failed = threading.Barrier(2), []

        def side(actor: Actor, need_id=need_id, start=start, failed=failed) -> None:
            try:
                with committed_database.transaction() as session:
                    start.wait()
                    service.accept_terms(session, actor, need_id, {"version": VERSION}, now=SUBMITTED_AT)
            except Exception as wrong:  # told by the assertion below
                failed.append(wrong)

        threads = [threading.Thread(target=side, args=(actor,)) for actor in sides]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        with committed_database.transaction() as session:
            assert read_need(session, sides[1], need_id).view == "invited"


def test_one_side_that_accepts_twice_at_once_leaves_one_word(committed_database):
    with committed_database.transaction() as session:
        made = an_exchange(session, nda_required=True)
        an_invitation(session, made.need, made.institute)
        need_id, office = made.need.id, made.office
    start = threading.Barrier(2)

    def twice() -> None:
        with committed_database.transaction() as session:
            start.wait()
            service.accept_terms(session, office, need_id, {"version": VERSION}, now=SUBMITTED_AT)

    threads = [threading.Thread(target=twice) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed_database.transaction() as session:
        said = select(func.count()).select_from(TermsAcceptance).where(TermsAcceptance.need_id == need_id)
        assert session.scalar(said) == 1
