"""One e-mail over SMTP, with the server and the sender of the settings."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.identity.models import Account
from backbone.notices.outcomes import Failed, Refused
from backbone.notices.wording import Wording
from backbone.settings import SettingUnusable, load_settings

TIMEOUT_S = 15.0
PERMANENT = range(500, 600)


@dataclass(frozen=True)
class Server:
    """Where mail is handed in: smtps:// speaks TLS from the first byte, `?starttls=true` after greeting."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool

    @classmethod
    def parse(cls, url: str) -> "Server":
        """The server of SMTP_URL; raises SettingUnusable."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SettingUnusable(
                "SMTP_URL 应为 smtp:// 或 smtps:// / SMTP_URL must be smtp://host:port or smtps://"
            )
        tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["false"])[0] == "true"
        return cls(
            parts.hostname, parts.port or (465 if tls else 587 if starttls else 25),
            parts.username and unquote(parts.username), parts.password and unquote(parts.password), tls, starttls,
        )  # fmt: skip


def is_configured() -> bool:
    """Whether this platform sends mail at all."""
    return load_settings().smtp_url is not None


def address_of(session: Session, account_id: UUID) -> str | None:
    """Where the account wants its mail, None for nowhere."""
    account = session.get(Account, account_id)
    return None if account is None else account.email


def send(delivery_id: UUID, address: str, wording: Wording, now: datetime) -> None:
    """Hand one message in; the same delivery has the same Message-ID, so that a second copy is known for one.

    Raises Refused where trying again is no use, Failed otherwise.
    """
    settings = load_settings()
    if settings.smtp_url is None or not settings.mail_from:
        raise Failed("not_configured", "SMTP_URL, MAIL_FROM")
    server, sender = Server.parse(settings.smtp_url), settings.mail_from
    message = compose(delivery_id, sender, address, wording, now)
    try:
        with _connected(server) as smtp:
            smtp.send_message(message, from_addr=parseaddr(sender)[1], to_addrs=[address])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, answer = next(iter(refusal.recipients.values()))
        raise _failure(code, answer) from refusal
    except smtplib.SMTPResponseException as refusal:
        raise _failure(refusal.smtp_code, refusal.smtp_error) from refusal
    except (smtplib.SMTPException, OSError) as trouble:
        raise Failed("smtp_unreachable", type(trouble).__name__) from trouble


def compose(delivery_id: UUID, sender: str, address: str, wording: Wording, now: datetime) -> EmailMessage:
    """The message: both languages, Chinese first, nothing but text."""
    message = EmailMessage()
    message["From"], message["To"] = sender, address
    message["Subject"] = f"{wording.subject.zh} / {wording.subject}"
    message["Message-ID"] = f"<{delivery_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{wording.text.zh}\n\n{wording.text}\n")
    return message


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.starttls:
            smtp.starttls(context=context)
        if server.user and server.password is not None:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _failure(code: int, answer: bytes | str) -> Failed:
    # The answer of a server may repeat the address it refuses: the code alone is kept.
    kind = Refused if code in PERMANENT else Failed
    return kind("smtp_refused", str(code))
