"""Attachments for tests: `an_attachment(session, need, level="invited")`, `upload(client, need, headers, ...)`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.files.service import store_file
from sky_net.attachments.models import Attachment
from sky_net.needs.models import Need
from tests.factories.files import a_pdf

MADE_AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
BYTES = {"Content-Type": "application/octet-stream"}


def an_attachment(
    session: Session, need: Need, *, level: str = "public", name: str | None = None, content: bytes | None = None,
    created_at: datetime = MADE_AT,
) -> Attachment:  # fmt: skip
    """A stored PDF named after its level, unless said otherwise."""
    file = store_file(
        session, Actor(None, "test"), name=name or f"{level}.pdf", content=content or a_pdf(f"{need.id} {level}"), now=created_at,
    )  # fmt: skip
    attachment = Attachment(
        need_id=need.id, file_id=file.id, level=level, created_at=created_at, updated_at=created_at
    )
    session.add(attachment)
    session.flush()
    return attachment


def upload(
    client: Any, need: Need, headers: dict[str, str], content: bytes | None = None, **query: Any
) -> Any:
    """The answer to attachFile; a public PDF unless said otherwise, a query value of None is left out."""
    asked = {"name": "说明.pdf", "level": "public"} | query
    return client.post(
        f"/api/needs/{need.id}/attachments", data=a_pdf() if content is None else content, headers=headers | BYTES,
        query_string={name: value for name, value in asked.items() if value is not None},
    )  # fmt: skip
