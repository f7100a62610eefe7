"""The row of a service provider."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backbone.chinese import fold
from backbone.db import Base, Versioned
from backbone.directory.named import Named
from backbone.people.holding import HasContact

KINDS = ("pilot_line", "proof_of_concept", "testing", "incubator")
"""中试熟化, 概念验证, 检验检测, 孵化: the functions by which public maps of service platforms sort them."""
PRICE_KINDS = ("published", "on_request")
PERSONAL = frozenset({"contact_name", "contact_phone", "contact_email"})


class ServiceProvider(Named, HasContact, Versioned, Base):
    """Who offers services that lie between a result and a product. `folded` is what lists search. Closed for good."""

    __tablename__ = "service_providers"
    speaks_for = "id"
    __table_args__ = (
        CheckConstraint(f"kinds <@ ARRAY{list(KINDS)}::varchar[] and cardinality(kinds) > 0", name="kinds"),
    )

    kinds: Mapped[list[str]]
    region_code: Mapped[str] = mapped_column(index=True)
    industries: Mapped[list[str]] = mapped_column(default=list)
    services: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    capacity: Mapped[str | None]
    qualifications: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    summary: Mapped[str | None]
    folded: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]

    def fold(self) -> None:
        """Bring what lists search in line with the texts."""
        named = [each["name"] for each in (*(self.services or ()), *(self.qualifications or ()))]
        self.folded = fold("\n".join([self.name, *named, self.capacity or "", self.summary or ""]))
