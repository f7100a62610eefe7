"""What is told when something is known of an enterprise that was not known before, or no longer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class FactsChanged:
    """Facts of the enterprise, or of one matter of it, changed; `keys` names them."""

    enterprise_id: UUID
    matter_id: UUID | None
    keys: Collection[str]
    now: datetime
