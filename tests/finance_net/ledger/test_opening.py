"""Funds and envelopes begin with nothing in them."""

import pytest
from sqlalchemy.orm import Session

from backbone.db import new_id
from backbone.errors import Forbidden, NotFound
from finance_net.ledger.errors import KeyTaken, WrongLevel
from finance_net.ledger.opening import open_envelope, open_fund
from tests.factories.identity import an_actor
from tests.factories.ledger import AT, a_treasury, an_envelope


def test_a_fund_and_its_envelopes_begin_with_a_limit_of_nothing(session: Session):
    treasury = a_treasury(session, limit_fen=0)
    year = an_envelope(treasury, treasury.root, "year", limit_fen=0)
    assert (treasury.root.limit_fen, year.limit_fen, year.depth) == (0, 0, 1)
    assert year.path == [treasury.root.id, year.id]


def test_keys_are_taken_once_and_levels_go_down(session: Session):
    treasury = a_treasury(session)
    year = an_envelope(treasury, treasury.root, "year", key="2026")
    with pytest.raises(KeyTaken):
        an_envelope(treasury, treasury.root, "year", key="2026")
    with pytest.raises(KeyTaken):
        open_fund(session, treasury.first, key=treasury.fund.key, title="又一个", kind="grants", now=AT)
    with pytest.raises(WrongLevel):
        an_envelope(treasury, year, "year")
    with pytest.raises(NotFound):
        open_envelope(session, treasury.first, new_id(), level="year", key="x", title="x", now=AT)
    with pytest.raises(Forbidden):
        open_fund(session, an_actor(session), key="mine", title="我的", kind="grants", now=AT)
