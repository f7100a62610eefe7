"""What HTTP may say of cash received."""

from backbone.fields import Choice, Day, Fen, Identifier, Instant, Schema, Text, Whole
from backbone.pages import PageQuery, sort_field
from ground_net.contracts.receipts.models import REVERSALS
from ground_net.contracts.schemas import LARGEST_FEN

OF_TECHNOLOGY = (
    "其中技术交易额（不含设备、材料）；合同不含设备、材料的可不填 / the part that pays for technology; may be left out where the "
    "contract holds nothing else"
)
VOUCHER = "银行回单或发票号，不得含个人信息 / number of the bank voucher or invoice; names nobody"


class ReceiptEntry(Schema):
    """Money that came in."""

    amount_fen = Fen(1, LARGEST_FEN, required=True)
    technology_fen = Fen(0, LARGEST_FEN, allow_none=True, metadata={"description": OF_TECHNOLOGY})
    received_on = Day(required=True)
    voucher = Text(64, required=True, metadata={"description": VOUCHER})


class ReceiptReversal(Schema):
    """Why it does not count."""

    reason_code = Choice(REVERSALS, required=True)


class CashReceiptView(Schema):
    """A receipt, or the reversal of one."""

    id = Identifier()
    contract_id = Identifier()
    amount_fen = Fen()
    technology_fen = Fen()
    received_on = Day()
    voucher = Text()
    reverses_id = Identifier()
    reversal = Choice(REVERSALS)
    recorded_at = Instant()


class CashReceiptQuery(PageQuery):
    """Filters of a contract's receipts."""

    sort = sort_field(["received_on"], "received_on")
    year = Whole(1990, 2200, spelled=True)
