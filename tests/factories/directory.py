"""Organisations for tests: `an_enterprise(session, name=..., region_code=...)`, `an_institute(session, ...)`."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backbone.directory.credit_code import check_character
from backbone.directory.models import Enterprise, Institute

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_numbers = count(1)


def a_credit_code(n: int | None = None) -> str:
    """The n-th valid credit code of tests (another one at every call without n)."""
    first_17 = f"91420100MA4K{next(_numbers) + 50_000 if n is None else n:05d}"
    return first_17 + check_character(first_17)


def an_enterprise(session: Session, **values: Any) -> Enterprise:
    """A stored enterprise in Wuhan."""
    defaults: dict[str, Any] = {
        "name": f"测试企业{next(_numbers)}", "credit_code": a_credit_code(), "region_code": "420100", "industry": "opto",
        "contact_name": "测试联系人", "contact_phone": "027-00000000", "labels": [],
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, Enterprise(**defaults | values))


def an_institute(session: Session, **values: Any) -> Institute:
    """A stored university in Wuhan."""
    defaults: dict[str, Any] = {
        "name": f"测试院所{next(_numbers)}", "credit_code": a_credit_code(), "region_code": "420100",
        "type": "university", "contact_name": "转化办", "contact_phone": "027-00000001",
        "labs": [], "pilot_lines": [], "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, Institute(**defaults | values))


def _stored(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
