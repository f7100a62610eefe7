"""What becomes searchable of a row: all that may be said of it, and nothing of a masked need's secrets."""

import dataclasses
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS, OPEN_STATES, SOURCES
from sky_net.needs import states
from sky_net.needs.models import Need
from sky_net.needs.permissions import readable
from sky_net.needs.states import STATES
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, of
from tests.factories.matching import TODAY
from tests.factories.needs import SECRETS, a_need

pytestmark = pytest.mark.postgres


def needs_in(session: Session) -> list[str]:
    rows = session.execute(NEEDS.snapshot, {"today": TODAY})
    return [str(row.id) for row in rows if row.id]


def texts_of(secrets: dict[str, object]) -> list[str]:
    """Every word of the default need's secret texts, however deep it stands."""
    flat: list[str] = []
    for value in secrets.values():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            flat += [str(inner) for inner in entry.values()] if isinstance(entry, dict) else [str(entry)]
    return [text for text in flat if len(text) > 3]


def test_a_masked_need_is_found_by_its_masked_words_alone(session: Session):
    need = a_need(session, state="confirmed", visibility="masked")
    document = NEEDS.document(need)
    assert (document.title, document.body) == (need.masked_title, need.masked_summary)
    said = json.dumps(dataclasses.asdict(document), default=sorted, ensure_ascii=False)
    assert not [secret for secret in texts_of(SECRETS) if secret in said]
    assert need.zone_code not in said, "a masked need shows no zone"
    assert str(need.enterprise_id) not in said


def test_a_masked_need_without_masked_words_says_nothing(session: Session):
    need = a_need(session, state="confirmed", visibility="masked", masked_title=None, masked_summary=None)
    document = NEEDS.document(need)
    assert (document.title, document.body) == ("", "")


def test_a_public_need_is_found_by_its_own_words(session: Session):
    need = a_need(session, state="confirmed", visibility="public")
    document = NEEDS.document(need)
    assert document.title == need.title
    assert need.problem in document.body
    assert document.facets == {"industry:opto", "group:strong", "mode:development", "mode:service"}


@pytest.mark.parametrize("visibility", ["public", "masked", "invited", "operators"])
def test_only_public_and_masked_needs_are_searched(session: Session, visibility: str):
    need = a_need(session, state="confirmed", visibility=visibility)
    assert needs_in(session) == ([str(need.id)] if visibility in {"public", "masked"} else [])


@pytest.mark.parametrize("state", STATES)
def test_a_need_is_searched_while_it_looks_for_somebody(session: Session, state: str):
    need = a_need(session, state=state, visibility="public")
    wanted = state in {"confirmed", "matched", "communicating", "proposed", "parked"}
    assert needs_in(session) == ([str(need.id)] if wanted else [])
    assert (state in OPEN_STATES) == wanted


def test_whatever_is_searched_may_be_seen_by_any_institute(session: Session):
    institute = an_institute(session)
    actor = an_actor(session, (Role.INSTITUTE_MEMBER, of(institute)))
    for state in STATES:
        for visibility in ("public", "masked", "invited", "operators"):
            a_need(session, state=state, visibility=visibility)
    visible = {str(each) for each in session.scalars(select(Need.id).where(readable(actor)))}
    assert set(needs_in(session)) <= visible
    assert needs_in(session)


def test_a_need_that_was_never_confirmed_is_not_searched(session: Session):
    a_need(session, state="confirmed", visibility="public", confirmed_at=None)
    assert needs_in(session) == []


def test_an_achievement_belongs_to_its_institute_and_carries_its_facets(session: Session):
    row = an_achievement(
        session, industry="nev", trl=7, transfer_modes=["licence", "equity"], region_code="420500"
    )
    document = ACHIEVEMENTS.document(row)
    assert document.owner == str(row.institute_id)
    assert document.facets == {
        "kind:achievement", "industry:nev", "group:strong", "region:420500", "trl:7", "mode:licence", "mode:equity",
    }  # fmt: skip
    assert (document.title, document.body) == (row.title, row.summary)


def test_a_row_of_the_statement_and_the_row_itself_give_the_same_document(session: Session):
    row, need = an_achievement(session, keywords=["焊接"]), a_need(session, state="confirmed")
    for source, whole in ((ACHIEVEMENTS, row), (NEEDS, need)):
        (read,) = session.execute(source.documents, {"ids": [whole.id]}).all()
        assert source.document(read) == source.document(whole)


def test_the_snapshot_says_its_horizon_even_of_an_empty_table(session: Session):
    for source in SOURCES.values():
        (row,) = session.execute(source.snapshot, {"today": TODAY}).all()
        assert row.id is None
        assert row.horizon > 0


def test_open_states_are_states():
    assert set(states.STATES) >= OPEN_STATES
