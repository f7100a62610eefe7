"""What HTTP may say of contracts."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.directory.fields import AreaCode
from backbone.errors import Bilingual
from backbone.fields import (
    Choice,
    Day,
    DayText,
    Fen,
    Flag,
    Identifier,
    Instant,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.money import BASIS_POINTS
from backbone.pages import PageQuery, sort_field
from ground_net.contracts.states import STATES
from ground_net.contracts.vocabulary import (
    CREDITED_AS,
    END_REASONS,
    IP_OWNERS,
    KINDS,
    PARTY_NAMES,
    REGISTRATION_STATES,
    SIDE_NAMES,
    TECHNOLOGY_KINDS,
)

LARGEST_FEN = 10**15
"""As much as a fact of policies may say."""
WHEN = Bilingual("写明付款日期或付款节点", "Say on which day, or upon what, it is paid")
SELLS_THROUGH = (
    "院所通过其在册企业（如技术转移公司）签约的，填该企业：卖方政策以该企业评估；缺省为与院所同一统一社会信用代码的企业 / the enterprise "
    "through which the institute sells, such as its own transfer company: policies for the seller are asked of it; by default "
    "the one with the institute's own credit code"
)


class IpClause(Schema):
    """Whose the results are, in words of the contract, and who may use them."""

    owner = Choice(IP_OWNERS, required=True)
    words = Text(4000, required=True)
    use_rights = Text(2000, allow_none=True)


class Installment(Schema):
    """One payment of the plan: on a day, or upon something that the contract names."""

    amount_fen = Fen(1, LARGEST_FEN, required=True)
    due_on = DayText(allow_none=True)
    upon = Text(
        200,
        allow_none=True,
        metadata={"description": "付款节点 / a milestone, as acceptance of the prototype"},
    )

    @validates_schema(skip_on_field_errors=True)
    def say_when(self, values: dict[str, Any], **_: object) -> None:
        """A payment without day and milestone would never be due."""
        if not values.get("due_on") and not values.get("upon"):
            raise ValidationError({"due_on": [WHEN]})


class FurtherParty(Schema):
    """A party beside buyer and seller: what it does, and its share of the income."""

    organisation = Text(200, required=True)
    duties = Text(1000, required=True)
    share_basis_points = Whole(0, BASIS_POINTS, allow_none=True)


class ContractAmendment(Schema):
    """What can be changed by a supplement; the payments always add up to the amount. What policies were told is never unsaid."""

    kind = Choice(KINDS)
    title = Text(200)
    valid_from = Day(metadata={"description": "缺省为签订日 / the day of signing by default"})
    valid_to = Day(metadata={"description": "有效期止：认定登记须在有效期内 / registered while in force"})
    amount_fen = Fen(
        1, LARGEST_FEN, metadata={"description": "合同成交额，单位分 / price of the contract, in fen"}
    )
    technology_fen = Fen(
        0,
        LARGEST_FEN,
        metadata={"description": "技术交易额：扣除设备、材料 / without equipment and material"},
    )
    ip_clause = Record(IpClause)
    payment_plan = Several(Record(Installment), 100)
    parties = Several(Record(FurtherParty), 20)
    related_to_transfer = Flag()
    technology_kind = Choice(TECHNOLOGY_KINDS)
    ownership_transferred = Flag()
    licence_years = Whole(1, 200)


class ContractEntry(ContractAmendment):
    """What was signed for an accepted proposal."""

    kind = Choice(KINDS, required=True)
    title = Text(200, required=True)
    signed_on = Day(required=True)
    valid_to = Day(required=True)
    amount_fen = Fen(
        1,
        LARGEST_FEN,
        required=True,
        metadata={"description": "合同成交额，单位分 / price of the contract, in fen"},
    )
    technology_fen = Fen(
        0,
        LARGEST_FEN,
        required=True,
        metadata={"description": "技术交易额：扣除设备、材料 / without equipment and material"},
    )
    ip_clause = Record(IpClause, required=True)
    payment_plan = Several(Record(Installment), 100, required=True)
    seller_enterprise_id = Identifier(allow_none=True, metadata={"description": SELLS_THROUGH})


class PolicyMatterOfContract(Schema):
    """Under which matter an enterprise's policies know the contract: checkPolicies takes both ids."""

    enterprise_id = Identifier()
    side = Choice(("buyer", "seller"))
    matter_id = Identifier()


class ContractOutline(Schema):
    """That there is a contract: all that the broker to whom it is credited is told of it."""

    id = Identifier()
    number = Text()
    need_id = Identifier()
    need_number = Text(attribute="need.number")
    kind = Choice(KINDS)
    state = Choice(STATES)
    signed_on = Day()
    registration = Choice(REGISTRATION_STATES, attribute="registration_state")
    credited_to = Identifier()
    credited_as = Choice(CREDITED_AS)


class ContractView(ContractOutline):
    """A contract as its parties, the zone's operators and auditors, and the registrar see it."""

    proposal_id = Identifier()
    title = Text()
    buyer_id = Identifier()
    buyer_name = Text(attribute="buyer.name")
    institute_id = Identifier()
    institute_name = Text(attribute="institute.name")
    seller_enterprise_id = Identifier()
    seller_enterprise_name = Text(attribute="seller_enterprise.name")
    valid_from = Day()
    valid_to = Day()
    amount_fen = Fen()
    technology_fen = Fen()
    equipment_fen = Fen()
    received_fen = Fen()
    received_technology_fen = Fen()
    ip_clause = Record(IpClause)
    payment_plan = Several(Record(Installment))
    parties = Several(Record(FurtherParty))
    related_to_transfer = Flag()
    technology_kind = Choice(TECHNOLOGY_KINDS)
    ownership_transferred = Flag()
    licence_years = Whole()
    recorded_side = Choice(SIDE_NAMES)
    disputable_until = Instant()
    confirmed_parties = Several(Choice(PARTY_NAMES), len(PARTY_NAMES))
    confirmed_at = Instant()
    disputed_at = Instant()
    dispute = Text()
    filed_at = Instant()
    register_number = Text()
    registered_on = Day()
    registered_kind = Choice(KINDS)
    technology_income_fen = Fen()
    delivered_at = Instant()
    accepted_at = Instant()
    follow_up_on = Day()
    ended_on = Day()
    end_reason = Choice(END_REASONS)
    end_message = Text()
    policy_matters = Several(Record(PolicyMatterOfContract))
    created_at = Instant()
    updated_at = Instant()


class ContractQuery(PageQuery):
    """Filters of the list of contracts."""

    sort = sort_field(["signed_on", "number"], "-signed_on")
    state = Several(Choice(STATES), len(STATES), distinct=True)
    kind = Several(Choice(KINDS), len(KINDS), distinct=True)
    registration = Several(Choice(REGISTRATION_STATES), len(REGISTRATION_STATES), distinct=True)
    need_id = Identifier()
    credited_to = Identifier()
    zone = AreaCode()
    signed_from = Day()
    signed_to = Day()


class ContractExportQuery(ContractQuery):
    """As the list; the file holds all of it."""

    format = Choice(("csv", "xlsx"), load_default="csv")


class DisputeOfContract(Schema):
    """What is not as it was signed."""

    reason = Text(1000, required=True)


class SettlementOfContract(Schema):
    """Whether it was signed as it stands on record."""

    stands = Flag(required=True)


class Termination(Schema):
    """Since when, and why, it is not performed any more."""

    reason_code = Choice(END_REASONS, required=True)
    ended_on = Day(allow_none=True)
    message = Text(2000, allow_none=True)


class Closing(Schema):
    """Why it is closed although money is outstanding, where it is."""

    message = Text(2000, allow_none=True, load_default=None)
