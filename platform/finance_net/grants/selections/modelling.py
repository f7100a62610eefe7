"""A round on record as the pure round that is solved, and back: ids are the numbers of applications. Canonical JSON both ways."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backbone.chain.content import canonical
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.models import GrantRound
from finance_net.rounds.explaining import beside
from finance_net.rounds.round import Application, Category, Round


def model_of(
    call: GrantRound, applications: Sequence[GrantApplication], left: "Left", standing: Mapping[str, int]
) -> Round:
    """The round: what each category may pay is bounded by what its envelope has left beside what stands (fen, by number)."""
    numbers = {each.id: each.number for each in applications}
    kept: dict[str, int] = {}
    for each in applications:
        kept[each.category] = kept.get(each.category, 0) + standing.get(each.number, 0)
    categories = {each["key"]: _category(each, left.of, kept.get(each["key"], 0)) for each in call.categories}
    requires = {(each.number, each.prerequisite_id) for each in applications if each.prerequisite_id}
    asked = Round(
        min(
            sum(category.max_fen or 0 for category in categories.values()),
            left.in_all + sum(standing.values()),
        ),
        call.step_fen,
        call.enterprise_cap_fen,
        categories,
        {each["key"]: each["max_selected"] for each in call.groups},
        frozenset((needy, numbers[needed]) for needy, needed in requires if needed in numbers),
        tuple(_application(each) for each in sorted(applications, key=lambda each: each.number)),
    )
    orphans = [needy for needy, needed in requires if needed not in numbers and needy not in standing]
    return beside(asked, standing, orphans)


@dataclass(frozen=True)
class Left:
    """What envelopes have left, in fen: each by its id, no more than any around it has, and those around all categories together."""

    of: Mapping[UUID, int]
    in_all: int


def _category(said: Mapping[str, Any], of: Mapping[UUID, int], kept_fen: int) -> Category:
    left = max(of[UUID(said["envelope_id"])], 0) + kept_fen
    most = left if said["max_fen"] is None else min(said["max_fen"], left)
    return Category(said["key"], said["min_fen"], most)


def _application(row: GrantApplication) -> Application:
    return Application(
        row.number,
        str(row.applicant_id),
        row.category,
        frozenset(row.groups),
        row.score or 0,
        row.least_fen,
        row.asked_fen,
        None if row.user_id is None else str(row.user_id),
        row.user_share or 0,
    )


def written(asked: Round) -> bytes:
    """The round as canonical JSON, in the shape of a round's file, with `must` and with the user of each application of two."""
    applications = [
        {"id": each.id, "enterprise": each.enterprise, "category": each.category, "groups": sorted(each.groups),
         "score": each.score, "min_fen": each.min_fen, "max_fen": each.max_fen}
        | ({} if each.user is None else {"user": each.user, "user_share": each.user_share})
        for each in asked.applications
    ]  # fmt: skip
    said = {
        "budget_fen": asked.budget_fen, "step_fen": asked.step_fen, "enterprise_cap_fen": asked.enterprise_cap_fen,
        "categories": [{"id": each.id, "min_fen": each.min_fen, "max_fen": each.max_fen} for _, each in sorted(asked.categories.items())],
        "groups": [{"id": key, "max_selected": most} for key, most in sorted(asked.groups.items())],
        "requires": sorted(map(list, asked.requires)), "applications": applications, "must": sorted(asked.must),
    }  # fmt: skip
    return canonical(said).encode()


def read(content: bytes) -> Round:
    """The round of `written`."""
    said = json.loads(content)
    return Round(
        said["budget_fen"],
        said["step_fen"],
        said["enterprise_cap_fen"],
        {each["id"]: Category(each["id"], each["min_fen"], each["max_fen"]) for each in said["categories"]},
        {each["id"]: each["max_selected"] for each in said["groups"]},
        frozenset((needy, needed) for needy, needed in said["requires"]),
        tuple(Application(**{**each, "groups": frozenset(each["groups"])}) for each in said["applications"]),
        frozenset(said["must"]),
    )
