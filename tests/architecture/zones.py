"""How a row of `test_zones` calls: as an operator of some zone, for a subject of the place."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.factories.zones import ZoneUnderTest

LONG_AGO = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Headers = dict[str, str]
Call = Callable[[Any, ZoneUnderTest, Headers], Any]
Of = Callable[[ZoneUnderTest], Any]
"""Of a place: a path, or a body."""


def get(path: Of) -> Call:
    return lambda client, place, headers: client.get(f"/api{path(place)}", headers=headers)


def post(path: Of, body: Of = lambda place: {}) -> Call:
    return lambda client, place, headers: client.post(f"/api{path(place)}", json=body(place), headers=headers)


def patch(path: Of, body: dict[str, Any]) -> Call:
    return lambda client, place, headers: client.patch(
        f"/api{path(place)}", json=body, headers=headers | {"If-Match": "*"}
    )


def of_enterprise(what: str) -> Of:
    return lambda place: f"/enterprises/{place.enterprise.id}/{what}"
