"""What people are told besides calls: a deadline that came nearer, a need that nothing suits."""

from sqlalchemy.orm import Session

from backbone.events import on
from backbone.notices.service import Notice, notify_each, the_same_to
from sky_net.matching.runs import NothingSuits
from sky_net.reminders.recipients import brokers_or_operators, roster_for
from sky_net.sla.calls import standing_of
from sky_net.sla.revisions import ClocksRevised


@on(ClocksRevised)
def tell_who_has_less_time(session: Session, event: ClocksRevised) -> None:
    """Whose clock it is learns of a deadline that came nearer; one that moved away leaves all the time there was."""
    nearer = {
        (move.subject_id, move.stage): move.due_after
        for move in event.moves
        if move.due_after is not None and (move.due_before is None or move.due_after < move.due_before)
    }
    concerned = standing_of(session, {subject_id for subject_id, _ in nearer})
    clocks = [one for one in concerned if (one.subject_id, one.reading.stage) in nearer]
    roster = roster_for(session, clocks)
    notices: list[Notice] = []
    for clock in clocks:
        stage, due_at = clock.reading.stage, nearer[clock.subject_id, clock.reading.stage].isoformat()
        about = (clock.about_id or clock.subject_id, clock.subject_number, clock.zone_code)
        told = {"stage": stage, "party": clock.party, "due_at": due_at}
        key = f"moved:{clock.clock_id}:{due_at}"
        notices += the_same_to(roster.responsible(clock), key, "clock_due_moved", about, told)
    notify_each(session, notices, now=event.now)


@on(NothingSuits)
def hand_over_to_a_broker(session: Session, event: NothingSuits) -> None:
    """Brokers learn of a need that the catalogue has no answer to, once; where they may not know of it, operators do."""
    need = event.need
    told = brokers_or_operators(session, need.zone_code, for_brokers=need.visibility != "operators")
    about = (need.id, need.number, need.zone_code)
    notices = the_same_to(told, f"nothing-suits:{need.id}", "nothing_suits", about)
    notify_each(session, notices, now=event.now)
