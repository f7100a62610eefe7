"""Who may sign a finding hears that it waits; once it is signed, the parties hear of the need's end."""

from backbone.actor import PROVINCE, Role
from sky_net.findings.service import draft_finding
from tests.factories.endings import FINDING
from tests.factories.identity import an_actor
from tests.factories.invitations import SUBMITTED_AT, an_exchange
from tests.factories.notices import accounts, heard


def test_supervisors_but_who_wrote_it_are_asked_to_sign(session):
    writer, other = (an_actor(session, (Role.OPERATOR, PROVINCE)) for _ in range(2))
    exchange = an_exchange(session)
    draft_finding(session, writer, exchange.need.id, FINDING, now=SUBMITTED_AT)
    assert heard(session, "finding_drafted") == accounts(other)
