"""Who has an enterprise evaluated and who reads its receipts, as tables: whoever states and reads its facts."""

from backbone.directory.permissions import auditor, operator_of_region
from policy_pack.subjects.permissions import (
    CAN_READ,
    CAN_STATE,
    Rule,
    allows,
    enterprise_for,
    policy_officer,
)

CAN_CHECK = CAN_STATE
CAN_READ_UNVERIFIED: tuple[Rule, ...] = (operator_of_region, policy_officer, auditor)
"""Amounts of versions that were not verified when the answer was given."""

__all__ = ["CAN_CHECK", "CAN_READ", "CAN_READ_UNVERIFIED", "allows", "enterprise_for"]
