"""The way in: a text and the day it was written go in, proposed fields come out."""

from datetime import date

from ground_net.leads.extraction.budgets import budget_in, sums_of_money
from ground_net.leads.extraction.dates import dates_in, deadline_in
from ground_net.leads.extraction.fields import ProposedFields
from ground_net.leads.extraction.indicators import indicators
from ground_net.leads.extraction.industries import industry_in
from ground_net.leads.extraction.levels import level_in
from ground_net.leads.extraction.reading import read_note
from ground_net.leads.extraction.said import attempt_in, decider_in


def proposed_fields(text: str, visited_on: date) -> ProposedFields:
    """All fields that the words fix. Never raises; the same text and day always give the same."""
    note = read_note(text)
    budget, deadline = budget_in(note), deadline_in(note, visited_on)
    wanted_on = deadline and deadline[0]
    # “三个月内” may say how long a step takes; where it is the deadline it measures nothing.
    said = dates_in(note.plain, visited_on)
    dates = [(each.start, each.end) for each in said if not each.is_span or each.on == wanted_on]
    taken = [*dates, *sums_of_money(note), *([budget[2]] if budget else [])]
    industry, level = industry_in(note), level_in(note)
    decider, attempt = decider_in(note), attempt_in(note)
    return ProposedFields(
        industry=industry[0] if industry else None,
        industry_evidence=industry[1] if industry else (),
        indicators=indicators(note, taken),
        trl=level[0] if level else None,
        trl_evidence=level[1] if level else None,
        budget_fen=budget[0] if budget else None,
        budget_evidence=budget[1] if budget else None,
        deadline=deadline[0] if deadline else None,
        deadline_evidence=deadline[1] if deadline else None,
        decision_owner_said=decider is not None,
        decision_owner_evidence=decider,
        tried=attempt.words if attempt else None,
        tried_evidence=attempt,
    )
