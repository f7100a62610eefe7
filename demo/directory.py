"""The demo's chains and experts, set up over HTTP by the people who would: the province and the transfer offices."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from demo import catalogue
from demo.client import Caller
from demo.names import Names

SOURCE = "演示目录（示例）"
NOT_THE_API = {"key", "institute", "lead", "masters", "innovators", "members"}


def open_chains(
    province: Caller, members: Mapping[str, Caller], organisations: Mapping[str, UUID], today: date
) -> dict[str, str]:
    """The chains with who leads, steers and joins; `members` name theirs. Returns their ids by key."""
    since = {"since_on": today.isoformat(), "source": SOURCE}
    ids = {}
    for row in catalogue.directory()["chains"]:
        ids[row["key"]] = province.post("/chains", chain_body(row, today))["id"]
        path = f"/chains/{ids[row['key']]}"
        province.post(f"{path}/leads", row["lead"] | since)
        for key in row["masters"]:
            province.post(f"{path}/masters", {"enterprise_id": str(organisations[key]), **since})
        for key in row["innovators"]:
            province.post(f"{path}/innovators", {"institute_id": str(organisations[key]), **since})
        for key in row["members"]:
            members[key].amend(f"/enterprises/{organisations[key]}", {"chain_id": ids[row["key"]]})
    return ids


def enter_experts(
    offices: Mapping[str, Caller], organisations: Mapping[str, UUID], names: Names, today: date
) -> None:
    """The experts, each with a consent on record, by the transfer offices of their institutes."""
    for row in catalogue.directory()["experts"]:
        office = offices[row["institute"]]
        body = expert_body(row, names) | {"institute_id": str(organisations[row["institute"]])}
        expert = office.post("/experts", body)
        consent = {"given_on": today.isoformat(), "evidence": SOURCE}
        office.post(f"/experts/{expert['id']}/consents", consent)


def chain_body(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The request body of opening this chain."""
    return _given(row) | {"source": SOURCE, "as_of_on": today.isoformat()}


def expert_body(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The request body of entering this expert, with an invented person."""
    return _given(row) | names.person(row["key"]).as_contact()


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in NOT_THE_API}
