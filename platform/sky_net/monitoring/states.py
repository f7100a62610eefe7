"""How reports count the states of a clock: one table, and every state is in exactly one of its columns.

Compliance is met / (met + breached + running past due). A clock runs past its deadline without being breached only
while an answer that came in time waits for agreement. What the core comes to know besides (a waiver, a finding of no
solution) gets a column of its own and changes no share.
"""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual
from sky_net.sla.phases import AT_RISK
from sky_net.sla.state_words import STATE_WORDS

COLUMNS: Mapping[str, Bilingual] = MappingProxyType({
    state: word for state, word in STATE_WORDS.items() if state != AT_RISK
})  # fmt: skip
"""Every state as a column of the reports, with its name."""

MET, MISSED, RUNNING = "met", "breached", "running"


def column_of(shown: str) -> str:
    """The column that a shown state counts in: at risk is a way of running."""
    return RUNNING if shown == AT_RISK else shown
