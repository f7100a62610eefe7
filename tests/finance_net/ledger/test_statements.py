"""The booking as psycopg is sent it."""

from sqlalchemy.dialects.postgresql import psycopg

from finance_net.ledger.statements import BOOK

LONGEST, MOST = 4096, 50
"""psycopg's limits on what it keeps translated, in characters and parameters: beyond, each sending costs a millisecond."""


def test_the_booking_is_short_enough_to_be_translated_once():
    made = BOOK.compile(dialect=psycopg.dialect())
    assert len(str(made)) <= LONGEST
    assert len(made.params) <= MOST
