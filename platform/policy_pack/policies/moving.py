"""What is told when another text counts from now on, or counts for more: whoever was told something may be told anew."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PolicyMoved:
    """A version of the policy was published, superseded, repealed or verified."""

    key: str
    now: datetime
