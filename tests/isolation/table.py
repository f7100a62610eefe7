"""The whole isolation table. A feature adds its rows to the module of its package, or a module of its own here."""

from tests.isolation import (
    assignment_cases,
    award_cases,
    backbone_cases,
    contract_cases,
    directory_cases,
    equity_cases,
    fund_cases,
    grant_cases,
    ground_cases,
    lead_cases,
    policy_cases,
    policy_fact_cases,
    routing_cases,
    sky_cases,
    talks_cases,
)

CASES = [
    *backbone_cases.CASES,
    *directory_cases.CASES,
    *sky_cases.CASES,
    *talks_cases.CASES,
    *assignment_cases.CASES,
    *policy_cases.CASES,
    *policy_fact_cases.CASES,
    *ground_cases.CASES,
    *lead_cases.CASES,
    *contract_cases.CASES,
    *routing_cases.CASES,
    *fund_cases.CASES,
    *grant_cases.CASES,
    *equity_cases.CASES,
    *award_cases.CASES,
]
