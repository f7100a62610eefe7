import pytest
from marshmallow import ValidationError

from ground_net.contracts.receipts.schemas import ReceiptEntry
from ground_net.contracts.registration.schemas import RegistrationRefusal, RegistrationReturn
from ground_net.contracts.rewards.schemas import RewardEntry
from ground_net.contracts.schemas import ContractEntry
from tests.factories.contracts import contract_body


def refused(schema, body):
    with pytest.raises(ValidationError) as problem:
        schema().load(body)
    return set(problem.value.messages)


def test_what_the_factory_signs_is_what_http_takes():
    assert ContractEntry().load(contract_body())["amount_fen"] == 60_000_000


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "gift"}, "kind"), ({"amount_fen": 0}, "amount_fen"), ({"amount_fen": 10**15 + 1}, "amount_fen"),
        ({"amount_fen": "60000000"}, "amount_fen"), ({"technology_fen": -1}, "technology_fen"),
        ({"payment_plan": [{"amount_fen": 1}]}, "payment_plan"), ({"valid_to": "31.12.2026"}, "valid_to"),
        ({"ip_clause": {"owner": "shared"}}, "ip_clause"), ({"licence_years": 0}, "licence_years"),
        ({"parties": [{"organisation": "甲", "duties": "乙", "share_basis_points": 10_001}]}, "parties"),
    ],
)  # fmt: skip
def test_a_contract_that_says_nonsense_is_refused_by_field(values, field):
    assert refused(ContractEntry, contract_body() | values) == {field}


def test_each_compulsory_part_of_a_contract_is_asked_for():
    compulsory = {
        "kind",
        "title",
        "signed_on",
        "valid_to",
        "amount_fen",
        "technology_fen",
        "ip_clause",
        "payment_plan",
    }
    assert refused(ContractEntry, {}) == compulsory


@pytest.mark.parametrize(
    ("schema", "body", "field"),
    [
        (ReceiptEntry, {"amount_fen": 0, "received_on": "2026-03-10", "voucher": "1"}, "amount_fen"),
        (ReceiptEntry, {"amount_fen": 1, "received_on": "2026-03-10", "voucher": " "}, "voucher"),
        (RegistrationReturn, {"missing_items": []}, "missing_items"),
        (RegistrationRefusal, {"reason_code": "other"}, "message"),
        (RegistrationRefusal, {"reason_code": "ugly"}, "reason_code"),
        (RewardEntry, {"income_fen": 1, "inventors_fen": 1, "inventors": []}, "inventors"),
    ],
)
def test_what_would_be_silence_or_nothing_is_refused(schema, body, field):
    assert refused(schema, body) == {field}
