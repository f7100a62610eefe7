"""The ledger: funds, envelopes, holds, transfers with their legs

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_sequence, grant_table

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MARK_WRITTEN = (
    "CREATE TRIGGER mark_written BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION mark_written()"
)
BUCKETS = ("limit", "reserved", "committed", "approved", "paid", "recovered")
KINDS = (
    "adjust", "approve_tranche", "commit", "expire", "lower_limit", "pay", "raise_limit", "recover", "reserve",
    "reverse_payment", "reverse_recovery", "void",
)  # fmt: skip
TWO_PEOPLE = (
    "adjust", "commit", "lower_limit", "pay", "raise_limit", "recover", "reverse_payment", "reverse_recovery",
)  # fmt: skip
HELD = ("approved", "committed", "paid", "reserved")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE fund_transfer_number_seq")
    grant_sequence("fund_transfer_number_seq")
    _funds()
    _envelopes()
    _transfers()
    _legs()
    _holds()
    _orders()
    _capital()


def _among(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return _check(table, column, f"{column} IN {words}")


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns
    ]


def _ids(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=nullable) for name in names]


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _numbers(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _funds() -> None:
    op.create_table(
        "funds",
        *_texts("key", "title", "kind", "currency"),
        _instant("opened_at"),
        *_ids("opened_by", "id"),
        _among("funds", "kind", ("grants", "equity")),
        *_references("funds", ("opened_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funds")),
        sa.UniqueConstraint("key", name=op.f("uq_funds_key")),
    )
    op.create_index(op.f("ix_funds_opened_by"), "funds", ["opened_by"])
    grant_table("funds")


def _envelopes() -> None:
    table = "fund_envelopes"
    op.create_table(
        table,
        *_ids("fund_id"),
        *_ids("parent_id", nullable=True),
        sa.Column("path", postgresql.ARRAY(sa.Uuid()), nullable=False),
        *_numbers("depth"),
        *_texts("level", "key", "title"),
        sa.Column("is_partitioned", sa.Boolean(), nullable=False),
        *_numbers(*(f"{bucket}_fen" for bucket in BUCKETS), "version"),
        _instant("opened_at"),
        *_ids("opened_by", "id"),
        _among(table, "level", ("category", "fund", "project", "year", "zone")),
        _check(
            table, "not_negative",
            "limit_fen >= 0 AND reserved_fen >= 0 AND committed_fen >= 0 AND approved_fen >= 0"
            " AND recovered_fen >= 0 AND recovered_fen <= paid_fen",
        ),
        _check(
            table, "within_limit",
            "reserved_fen + committed_fen + approved_fen + (paid_fen - recovered_fen) <= limit_fen",
        ),
        _check(table, "path", "path[depth + 1] = id AND cardinality(path) = depth + 1"),
        _check(table, "root", "(depth = 0) = (parent_id IS NULL) AND (depth = 0) = (level = 'fund')"),
        *_references(table, ("fund_id", "funds"), ("parent_id", "fund_envelopes"), ("opened_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_envelopes")),
        postgresql_with={"fillfactor": "50"},
    )  # fmt: skip
    op.create_index("uq_fund_envelopes_parent_id_key", table, ["parent_id", "key"], unique=True)
    op.create_index("uq_fund_envelopes_root", table, ["fund_id"], unique=True, postgresql_where=sa.text("depth = 0"))
    op.create_index(op.f("ix_fund_envelopes_fund_id_depth_id"), table, ["fund_id", "depth", "id"])
    op.create_index(op.f("ix_fund_envelopes_opened_by"), table, ["opened_by"])
    grant_table(table)


def _transfers() -> None:
    table = "fund_transfers"
    op.create_table(
        table,
        *_numbers("number"),
        *_ids("fund_id", "envelope_id"),
        *_texts("kind"),
        *_numbers("amount_fen", "rest_fen"),
        *_ids("hold_id", nullable=True),
        *_texts("bucket", nullable=True),
        *_ids("reverses_id", nullable=True),
        sa.Column("touches", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("signs", postgresql.ARRAY(sa.Integer()), nullable=False),
        _instant("expires_at", nullable=True),
        *_ids("actor_id", "approver_id", nullable=True),
        *_texts("request_hash"),
        sa.Column("effective_on", sa.Date(), nullable=False),
        _instant("recorded_at"),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        *_ids("id"),
        _among(table, "kind", KINDS),
        _among(table, "bucket", HELD),
        _check(table, "amounts", "amount_fen > 0 AND rest_fen >= 0"),
        _check(table, "another_person", "approver_id <> actor_id"),
        _check(table, "two_people", f"approver_id IS NOT NULL OR kind NOT IN {TWO_PEOPLE}"),
        _check(table, "somebody", "actor_id IS NOT NULL OR kind = 'expire'"),
        _check(table, "expires", "(kind = 'reserve') OR expires_at IS NULL"),
        _check(table, "hold", "(bucket IS NULL) = (hold_id IS NULL)"),
        _check(table, "reverses", "(reverses_id IS NOT NULL) = (kind IN ('reverse_payment', 'reverse_recovery'))"),
        _check(table, "touches", "cardinality(touches) = cardinality(signs) AND cardinality(touches) > 0"),
        *_references(
            table, ("fund_id", "funds"), ("envelope_id", "fund_envelopes"), ("hold_id", "fund_transfers"),
            ("reverses_id", "fund_transfers"), ("actor_id", "accounts"), ("approver_id", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_transfers")),
        sa.UniqueConstraint("number", name=op.f("uq_fund_transfers_number")),
    )  # fmt: skip
    resolution = "kind IN ('commit', 'pay', 'expire') OR (kind = 'void' AND bucket <> 'committed')"
    op.create_index(
        "uq_fund_transfers_resolution", table, ["hold_id"], unique=True, postgresql_where=sa.text(resolution)
    )
    op.create_index(
        "uq_fund_transfers_reversal", table, ["reverses_id"], unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_fund_transfers_hold_id", table, ["hold_id"], postgresql_where=sa.text("hold_id IS NOT NULL")
    )
    for columns in (("fund_id", "recorded_at", "id"), ("envelope_id", "recorded_at", "id"), ("written_xid", "id"),
                    ("actor_id",), ("approver_id",)):  # fmt: skip
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    op.execute(MARK_WRITTEN.format(table=table))
    grant_history(table)
    words = "fund_transfer_reasons"
    op.create_table(
        words,
        *_ids("transfer_id"),
        *_texts("reason"),
        *_references(words, ("transfer_id", table)),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f(f"pk_{words}")),
    )
    grant_table(words)


def _legs() -> None:
    table = "fund_transfer_legs"
    op.create_table(
        table,
        *_ids("transfer_id", "envelope_id"),
        *_numbers("ordinal", *(f"{bucket}_fen" for bucket in ("limit", "available", *BUCKETS[1:]))),
        _check(
            table, "adds_up",
            "limit_fen = available_fen + reserved_fen + committed_fen + approved_fen + (paid_fen - recovered_fen)",
        ),
        *_references(table, ("transfer_id", "fund_transfers"), ("envelope_id", "fund_envelopes")),
        sa.PrimaryKeyConstraint("transfer_id", "envelope_id", name=op.f("pk_fund_transfer_legs")),
    )  # fmt: skip
    op.create_index(
        "uq_fund_transfer_legs_envelope_id_ordinal", table, ["envelope_id", "ordinal"], unique=True
    )
    grant_history(table)


def _holds() -> None:
    table = "fund_holds"
    op.create_table(
        table,
        *_ids("id", "fund_id", "envelope_id"),
        *_texts("bucket"),
        *_numbers("amount_fen", "open_fen"),
        *_ids("home_id", nullable=True),
        _instant("expires_at", nullable=True),
        _instant("opened_at"),
        _among(table, "bucket", HELD),
        _check(table, "open", "amount_fen > 0 AND open_fen BETWEEN 0 AND amount_fen"),
        _check(table, "home", "(bucket IN ('approved', 'paid')) = (home_id IS NOT NULL)"),
        _check(table, "expires", "bucket = 'reserved' OR expires_at IS NULL"),
        *_references(
            table, ("id", "fund_transfers"), ("fund_id", "funds"), ("envelope_id", "fund_envelopes"),
            ("home_id", "fund_holds"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_holds")),
        postgresql_with={"fillfactor": "80"},
    )  # fmt: skip
    op.create_index(
        op.f("ix_fund_holds_envelope_id_bucket"), table, ["envelope_id", "bucket"],
        postgresql_where=sa.text("open_fen > 0"),
    )  # fmt: skip
    op.create_index(
        op.f("ix_fund_holds_fund_id_expires_at_id"), table, ["fund_id", "expires_at", "id"],
        postgresql_where=sa.text("open_fen > 0 AND expires_at IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_fund_holds_home_id", table, ["home_id"], postgresql_where=sa.text("home_id IS NOT NULL")
    )
    grant_table(table)


def _orders() -> None:
    table = "fund_orders"
    op.create_table(
        table,
        *_ids("fund_id"),
        *_texts("action"),
        *_ids("envelope_id", "giver_id", "hold_id", "reverses_id", nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("amount_fen", "limit_fen")),
        *_texts("reason"),
        sa.Column("effective_on", sa.Date(), nullable=True),
        *_texts("state"),
        *_ids("proposed_by"),
        *_ids("decided_by", nullable=True),
        _instant("decided_at", nullable=True),
        *_texts("note", nullable=True),
        *_numbers("version"),
        _instant("created_at"),
        _instant("updated_at"),
        *_ids("id"),
        _among(table, "action", ("adjust", "change_limit", "commit", "pay", "recover", "reverse")),
        _among(table, "state", ("carried_out", "declined", "proposed", "withdrawn")),
        _check(table, "decided", "(decided_by IS NULL) = (state = 'proposed')"),
        _check(table, "decided_at", "(decided_by IS NULL) = (decided_at IS NULL)"),
        _check(table, "two_people", "(decided_by = proposed_by) = (state = 'withdrawn')"),
        _check(table, "amounts", "amount_fen > 0 AND limit_fen >= 0"),
        *_references(
            table, ("fund_id", "funds"), ("envelope_id", "fund_envelopes"), ("giver_id", "fund_envelopes"),
            ("hold_id", "fund_holds"), ("reverses_id", "fund_transfers"), ("proposed_by", "accounts"),
            ("decided_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_orders")),
    )  # fmt: skip
    for columns in (("envelope_id",), ("hold_id",), ("proposed_by",), ("decided_by",), ("fund_id", "created_at", "id")):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    grant_table(table)


def _capital() -> None:
    table = "fund_capital_statements"
    op.create_table(
        table,
        *_ids("fund_id"),
        *_texts("measure"),
        *_numbers("amount_fen"),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        *_texts("source"),
        _instant("recorded_at"),
        *_ids("recorded_by", "id"),
        _among(table, "measure", ("called", "invested", "subscribed", "target")),
        _check(table, "amount", "amount_fen >= 0"),
        *_references(table, ("fund_id", "funds"), ("recorded_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_capital_statements")),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{table}_fund_id_measure_as_of_on_id"), table, ["fund_id", "measure", "as_of_on", "id"])
    op.create_index(op.f(f"ix_{table}_recorded_by"), table, ["recorded_by"])
    grant_history(table)


def downgrade() -> None:
    for table in ("fund_capital_statements", "fund_orders", "fund_holds", "fund_transfer_legs", "fund_transfer_reasons", "fund_transfers", "fund_envelopes", "funds"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE fund_transfer_number_seq")
