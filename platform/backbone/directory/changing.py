"""What is told to those above when an enterprise is registered, or its record or one of its figures changes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class EnterpriseChanged:
    """Something that is known of the enterprise is otherwise than before."""

    enterprise_id: UUID
    now: datetime
