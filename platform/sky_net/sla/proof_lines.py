"""One line of a proof card."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backbone.errors import Bilingual
from sky_net.sla.prefix import SHANGHAI
from sky_net.sla.proof_words import minutes_of

CIVIL_CODE = "《中华人民共和国民法典》"
"""第二百零一条: the start day does not count. 第二百零三条: a last day off is extended, and a day ends with business."""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """What was counted or not, and by which authority.

    `on` is the instant a line speaks of, `starts` and `ends` the half-open stretch of time. `worked` is working time:
    counted by `working_days`, taken out by `pause` and `reopened`; a card's counted time less what is taken out is the
    budget.
    """

    code: str
    said: Bilingual
    on: datetime | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    worked: timedelta | None = None
    source: str = ""

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self.said.zh

    @property
    def en(self) -> str:
        """The sentence in English."""
        return str(self.said)

    @property
    def minutes(self) -> int | float | None:
        """Working time in minutes."""
        return None if self.worked is None else minutes_of(self.worked)

    def as_json(self) -> dict[str, Any]:
        """The line as the command and the API write it; what it does not speak of is left out."""
        instants = {"on": self.on, "from": self.starts, "to": self.ends}
        said = {name: at.astimezone(SHANGHAI).isoformat() for name, at in instants.items() if at is not None}
        line: dict[str, Any] = {"code": self.code, "zh": self.zh, "en": self.en, **said}
        if self.worked is not None:
            line["minutes"] = self.minutes
        if self.source:
            line["source"] = self.source
        return line
