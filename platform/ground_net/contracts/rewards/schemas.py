"""What HTTP may say of rewards."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.errors import Bilingual
from backbone.fields import Fen, Identifier, Instant, Record, Schema, Several, Text, Whole
from ground_net.contracts.schemas import LARGEST_FEN

MOST = 100
NOBODY = Bilingual("至少一位完成人", "At least one inventor is needed")


class InventorEntry(Schema):
    """Who is paid, and by which weight."""

    inventor = Text(60, required=True)
    weight = Whole(1, 1_000_000, load_default=1, metadata={"description": "分配权重 / in proportion to it"})


class RewardEntry(Schema):
    """Income that is divided: net of its costs, at least the rule's share of it to the inventors."""

    income_fen = Fen(
        1,
        LARGEST_FEN,
        required=True,
        metadata={"description": "到账的技术交易额 / out of the cash received of technology"},
    )
    costs_fen = Fen(0, LARGEST_FEN, load_default=0)
    inventors_fen = Fen(0, LARGEST_FEN, required=True)
    inventors = Several(Record(InventorEntry), MOST, required=True)

    @validates_schema(skip_on_field_errors=True)
    def name_somebody(self, values: dict[str, Any], **_: object) -> None:
        """A share for nobody is none."""
        if not values["inventors"]:
            raise ValidationError({"inventors": [NOBODY]})


class InventorView(Schema):
    """What one inventor is paid."""

    id = Identifier()
    inventor = Text()
    weight = Whole()
    amount_fen = Fen()


class RewardView(Schema):
    """A reward, and the rule that it was held to."""

    id = Identifier()
    contract_id = Identifier()
    income_fen = Fen()
    costs_fen = Fen()
    net_fen = Fen()
    inventors_fen = Fen()
    least_percent = Whole()
    rule_source = Text()
    inventors = Several(Record(InventorView), attribute="shares")
    created_at = Instant()


class RewardsView(Schema):
    """The rewards of a contract."""

    items = Several(Record(RewardView), 1000)
