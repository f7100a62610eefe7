"""The row of a person, as one record names it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backbone import encryption
from backbone.db import Base, Identified, new_id
from backbone.digests import digest
from backbone.people.normal import ERASED, normal_email, normal_name, normal_phone

NORMAL: Mapping[str, Callable[[str], str]] = {
    "name": normal_name,
    "phone": normal_phone,
    "email": normal_email,
    "login": str,
}
VALUES = tuple(NORMAL)
MARKED = frozenset({"name", "login"})
"""What reads as `ERASED` once it is: a phone or an address that says so would be rung or written to."""


class Value:
    """A personal value of a row: sealed in `<name>_sealed`, found by `<name>_digest`, in clear only in between."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, person: "Person | None", owner: type) -> Any:
        """The value in clear, None for none; raises encryption.Unopened."""
        if person is None:
            return self
        if person.erased_at is not None:
            return ERASED if self.name in MARKED else None
        sealed = getattr(person, f"{self.name}_sealed")
        if sealed is None:
            return None
        return encryption.keyring().open(sealed, place_of(person.id, self.name)).decode()

    def __set__(self, person: "Person", value: str | None) -> None:
        """Seal it, or forget it with None."""
        sealed = digested = None
        if value is not None:
            sealed = encryption.keyring().seal(value.encode(), place_of(person.id, self.name))
            digested = digest_for(self.name, value)
        setattr(person, f"{self.name}_sealed", sealed)
        setattr(person, f"{self.name}_digest", digested)


class Person(Identified, Base):
    """Somebody as one record names them: the values can be erased, the row and its id stay.

    `holder` and `holder_id` are table and id of the record, `part` which of its people this is (contact, account).
    The same person in two records is two rows, found together by digest.
    """

    __tablename__ = "people"
    __table_args__ = (
        Index(None, "holder_id", "part"),
        CheckConstraint(
            "erased_at is null or num_nonnulls(name_sealed, phone_sealed, email_sealed, login_sealed, name_digest,"
            " phone_digest, email_digest, login_digest) = 0",
            name="erased",
        ),
    )

    holder: Mapped[str]
    holder_id: Mapped[UUID]
    part: Mapped[str]
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    login_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_digest: Mapped[str | None] = mapped_column(index=True)
    phone_digest: Mapped[str | None] = mapped_column(index=True)
    email_digest: Mapped[str | None] = mapped_column(index=True)
    login_digest: Mapped[str | None] = mapped_column(unique=True)
    erased_at: Mapped[datetime | None]

    name: ClassVar[Any] = Value("name")
    phone: ClassVar[Any] = Value("phone")
    email: ClassVar[Any] = Value("email")
    login: ClassVar[Any] = Value("login")

    def __init__(self, **values: Any) -> None:
        """The id comes first: what is sealed is bound to it."""
        self.id = values.pop("id", None) or new_id()
        super().__init__(**values)


def place_of(person_id: UUID, name: str) -> str:
    """What a sealed value is bound to: it opens in no other row and no other column."""
    return f"people {person_id} {name}"


def digest_for(name: str, value: str) -> str:
    """The keyed digest by which all rows with this value are found, however it is spelled."""
    return digest(f"{name}:{NORMAL[name](value)}")
