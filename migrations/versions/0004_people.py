"""personal values move from the records' own columns into sealed rows of people, and kept answers are sealed.

What is there already is carried over, in both directions, with the keys of the settings. Without rows no key is asked
for; with rows and without keys nothing is changed.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from backbone.db import new_id
from backbone.digests import configure_digests, digest
from backbone.people.models import digest_for, place_of
from backbone.people.normal import ERASED
from backbone.encryption import Keyring, UnusableKeys
from backbone.settings import load_settings
from migrations.grants import grant_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

VALUES = ("name", "phone", "email", "login")
CONTACT = {"name": "contact_name", "phone": "contact_phone", "email": "contact_email"}
# Record, which of its people, and in which columns their values stood.
MOVED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("accounts", "account", {"login": "login", "name": "name"}),
    ("enterprises", "contact", CONTACT),
    ("institutes", "contact", CONTACT),
    ("achievements", "contact", CONTACT),
    ("needs", "contact", CONTACT),
    ("needs", "decision_owner", {"name": "decision_owner"}),
    ("needs", "collector", {"name": "collector"}),
)
BATCH = 1000
SHORTEST_KEY = 16


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        *(sa.Column(f"{value}_sealed", sa.LargeBinary(), nullable=True) for value in VALUES),
        *(sa.Column(f"{value}_digest", sa.Text(), nullable=True) for value in VALUES),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "erased_at is null or num_nonnulls(name_sealed, phone_sealed, email_sealed, login_sealed, name_digest,"
            " phone_digest, email_digest, login_digest) = 0",
            name=op.f("ck_people_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("login_digest", name=op.f("uq_people_login_digest")),
    )
    op.create_index(op.f("ix_people_holder_id_part"), "people", ["holder_id", "part"])
    grant_table("people")
    for value in ("name", "phone", "email"):
        op.create_index(op.f(f"ix_people_{value}_digest"), "people", [f"{value}_digest"])
    if not context.is_offline_mode():
        _carry_over()
    op.drop_constraint(op.f("uq_accounts_login"), "accounts", type_="unique")
    for table, column in _columns():
        op.drop_column(table, column)
    op.drop_column("contacts", "people")


def downgrade() -> None:
    for table, column in _columns():
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("people", postgresql.JSONB(), nullable=True))
    if not context.is_offline_mode():
        _carry_back()
    for table, column in (("accounts", "login"), ("accounts", "name"), ("contacts", "people")):
        op.alter_column(table, column, nullable=False)
    op.create_unique_constraint(op.f("uq_accounts_login"), "accounts", ["login"])
    op.drop_table("people")


def _columns() -> list[tuple[str, str]]:
    return [(table, column) for table, _, columns in MOVED for column in columns.values()]


class _Keys:
    """The settings' keys, asked for when the first value is met."""

    def __init__(self) -> None:
        self._ring: Keyring | None = None

    @property
    def ring(self) -> Keyring:
        if self._ring is None:
            known = load_settings()
            shortest = 0 if known.demo_mode else SHORTEST_KEY
            try:
                self._ring = Keyring.parse(known.personal_data_key, shortest)
            except UnusableKeys as problem:
                raise SystemExit(_keys_wanted(problem)) from None
            if len(known.digest_key) < shortest:
                raise SystemExit(_keys_wanted("DIGEST_KEY"))
            configure_digests(known.digest_key)
        return self._ring


def _keys_wanted(problem: object) -> str:
    return (
        "库中已有个人信息：请先设置 PERSONAL_DATA_KEY 与 DIGEST_KEY 再更新结构，未作任何改动 / There is personal data: set "
        f"PERSONAL_DATA_KEY and DIGEST_KEY before migrating; nothing was changed ({problem})"
    )


def _carry_over() -> None:
    keys, connection = _Keys(), op.get_bind()
    for table, part, columns in MOVED:
        listed = ", ".join(columns.values())
        given = " or ".join(f"{column} is not null" for column in columns.values())
        for row in _rows(connection, f"select id, {listed} from {table} where ({given}) and id > :after"):
            values = {value: row[column] for value, column in columns.items()}
            _insert(connection, keys.ring, table, row["id"], part, values)
    for row in _rows(connection, "select id, people from contacts where id > :after"):
        for number, person in enumerate(row["people"]):
            part = f"{person['side']}/{number}"
            _insert(connection, keys.ring, "contacts", row["id"], part, {"name": person["name"]})
    for row in connection.execute(sa.text("select account_id, key, request_hash, body from idempotency_keys")).all():
        place, ring = f"idempotency_keys {row.account_id} {row.key}", keys.ring
        connection.execute(
            sa.text("update idempotency_keys set body = :body, request_hash = :hash where account_id = :id and key = :key"),
            {
                "body": None if row.body is None else ring.seal(bytes(row.body), place),
                "hash": digest(row.request_hash), "id": row.account_id, "key": row.key,
            },
        )  # fmt: skip


def _carry_back() -> None:
    keys, connection = _Keys(), op.get_bind()
    told: dict[Any, dict[int, dict[str, str]]] = {}
    for row in _rows(connection, "select * from people where id > :after"):
        values = _opened(keys, row)
        if row["holder"] == "contacts":
            side, _, number = row["part"].partition("/")
            told.setdefault(row["holder_id"], {})[int(number)] = {"name": values["name"] or "", "side": side}
        for table, part, columns in MOVED:
            if (table, part) == (row["holder"], row["part"]):
                assigned = ", ".join(f"{column} = :{value}" for value, column in columns.items())
                given = {value: values[value] for value in columns}
                if row["erased_at"] is not None and "login" in columns:
                    given["login"] = f"{ERASED} {row['holder_id']}"
                connection.execute(
                    sa.text(f"update {table} set {assigned} where id = :id"), given | {"id": row["holder_id"]}
                )
    connection.execute(sa.text("update contacts set people = '[]'"))
    for contact_id, people in told.items():
        connection.execute(
            sa.text("update contacts set people = :people where id = :id").bindparams(
                sa.bindparam("people", type_=postgresql.JSONB())
            ),
            {"people": [people[number] for number in sorted(people)], "id": contact_id},
        )
    # What was kept for retries is sealed, and its hashes are keyed: an older program can read neither.
    connection.execute(sa.text("delete from idempotency_keys"))


def _opened(keys: _Keys, row: Any) -> dict[str, str | None]:
    if row["erased_at"] is not None:
        return {"name": ERASED, "phone": None, "email": None, "login": None}
    sealed = {value: row[f"{value}_sealed"] for value in VALUES}
    return {
        value: None if content is None else keys.ring.open(bytes(content), place_of(row["id"], value)).decode()
        for value, content in sealed.items()
    }


def _insert(
    connection: sa.Connection, ring: Keyring, holder: str, holder_id: Any, part: str, values: dict[str, str | None]
) -> None:
    person_id = new_id()
    row: dict[str, Any] = {"id": person_id, "holder": holder, "holder_id": holder_id, "part": part}
    for value, given in values.items():
        if given is not None:
            row[f"{value}_sealed"] = ring.seal(given.encode(), place_of(person_id, value))
            row[f"{value}_digest"] = digest_for(value, given)
    listed, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"insert into people ({listed}) values ({marks})"), row)


def _rows(connection: sa.Connection, query: str) -> Iterator[Any]:
    """The rows in the order of their ids, some at a time: there may be a million."""
    after = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(sa.text(f"{query} order by id limit {BATCH}"), {"after": after}).mappings().all():
        yield from rows
        after = rows[-1]["id"]
