"""The API as one person of the demo uses it: a token, readable refusals, and how long each call took."""

import ssl
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

# One for all callers: reading the machine's certificates anew for each costs more than a request.
CERTIFICATES = ssl.create_default_context()


class Refused(Exception):
    """The API said no where the demo expected yes: its problem document."""


@dataclass
class Timings:
    """Milliseconds of every call, under the name of the step that made it."""

    steps: list[tuple[str, str, float]] = field(default_factory=list)

    def add(self, step: str, operation: str, seconds: float) -> None:
        """Note one call."""
        self.steps.append((step, operation, seconds * 1000))


class Caller:
    """One person with a token."""

    def __init__(self, base_url: str, timings: Timings | None = None, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=f"{base_url}/api", headers=headers, timeout=30.0, trust_env=False, verify=CERTIFICATES
        )
        self._timings = timings
        self.step = ""

    def log_in(self, login: str, password: str) -> "Caller":
        """Get a token by issueToken and use it from now on."""
        issued = self.post("/tokens", {"login": login, "password": password})
        self._http.headers["Authorization"] = f"Bearer {issued['token']}"
        return self

    def get(self, path: str, **query: Any) -> Any:
        """GET, as JSON."""
        return self._read(self._http.get(path, params=query)).json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST with a fresh idempotency key, as JSON."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return self._read(
            self._http.post(path, json=body if body is not None else {}, headers=headers)
        ).json()

    def send(self, path: str, content: bytes) -> Any:
        """POST bytes with a fresh idempotency key, as JSON."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/octet-stream"}
        return self._read(self._http.post(path, content=content, headers=headers)).json()

    def amend(self, path: str, body: dict[str, Any]) -> Any:
        """Read, then PATCH the version that was read."""
        etag = self._read(self._http.get(path)).headers["ETag"]
        return self._read(self._http.patch(path, json=body, headers={"If-Match": etag})).json()

    def refusal(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The problem document of a call that must be refused."""
        response = self._http.request(method, path, json=body)
        if response.is_success:
            raise Refused(f"{method} {path} should have been refused and was not")
        problem: dict[str, Any] = response.json()
        return problem

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _read(self, response: httpx.Response) -> httpx.Response:
        if self._timings is not None:
            request = response.request
            self._timings.add(
                self.step, f"{request.method} {request.url.path}", response.elapsed.total_seconds()
            )
        if not response.is_success:
            raise Refused(
                f"{response.request.method} {response.request.url.path}: {response.status_code} {response.text}"
            )
        return response
