"""Whatever is asked in whatever order, with duplicates, out of order and with a sweeper that comes when it likes: the ledger
answers as the sequential model does, shows the same, and proves.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from backbone.db import new_id
from backbone.errors import DomainError
from finance_net.ledger import service
from finance_net.ledger.errors import TransferIdReused
from finance_net.ledger.expiring import lock_fund, release_expired
from finance_net.ledger.limits import change_limit
from finance_net.ledger.models import Envelope
from finance_net.ledger.proving import prove
from finance_net.ledger.reading import standings
from finance_net.ledger.steps import Bucket
from tests.factories.ledger import AT, Treasury, a_treasury, an_envelope
from tests.factories.ledger_model import Model

AMOUNTS = st.integers(1, 60)
PLACES = ("fund", "year", "left", "right")


class Ledger(RuleBasedStateMachine):
    """Requests are written down first and delivered later, perhaps twice, perhaps never."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.now = AT
        self.letters: list[dict[str, Any]] = []
        self.delivered: dict[UUID, tuple[dict[str, Any], str | None]] = {}

    @initialize(limits=st.tuples(*[st.integers(30, 120)] * 4))
    def open(self, limits: tuple[int, ...]) -> None:
        self.treasury: Treasury = a_treasury(self.session, limit_fen=limits[0])
        year = an_envelope(self.treasury, self.treasury.root, "year", limit_fen=limits[1])
        left, right = (an_envelope(self.treasury, year, limit_fen=limit) for limit in limits[2:])
        self.envelopes: dict[str, Envelope] = dict(
            zip(PLACES, (self.treasury.root, year, left, right), strict=True)
        )
        self.model = Model(
            dict(zip(PLACES, (None, "fund", "year", "year"), strict=True)),
            dict(zip(PLACES, limits, strict=True)),
        )

    @rule(envelope=st.sampled_from(PLACES), amount=AMOUNTS, minutes=st.none() | st.integers(1, 40))
    def write_a_reservation(self, envelope: str, amount: int, minutes: int | None) -> None:
        expires_at = minutes and self.now + timedelta(minutes=minutes)
        self.letters.append(
            {
                "id": new_id(),
                "kind": "reserve",
                "on": envelope,
                "amount": amount,
                "expires_at": expires_at or None,
            }
        )

    @precondition(lambda self: self.letters)
    @rule(
        data=st.data(),
        kind=st.sampled_from(["commit", "commit", "approve_tranche", "pay", "void", "recover"]),
        amount=AMOUNTS,
        whole=st.booleans(),
    )
    def write_of_what_was_written(self, data: st.DataObject, kind: str, amount: int, whole: bool) -> None:
        """A commitment may so arrive before its reservation."""
        before = [letter["id"] for letter in self.letters if letter["kind"] not in ("void", "recover")]
        if before:
            none = (whole and kind in ("commit", "pay")) or kind == "void"
            self.letters.append(
                {
                    "id": new_id(),
                    "kind": kind,
                    "on": data.draw(st.sampled_from(before)),
                    "amount": None if none else amount,
                }
            )

    @precondition(lambda self: self.letters)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        letter = data.draw(st.sampled_from(self.letters))
        if letter["id"] in self.delivered and self.delivered[letter["id"]][1] is None:
            self.ask(letter, None)  # a duplicate of what was done is answered as it was, and does nothing
            return
        if letter["kind"] == "reserve":
            said = self.model.reserve(
                letter["id"], letter["on"], letter["amount"], letter["expires_at"], self.now
            )
        else:
            said = self.model.draw(letter["kind"], letter["id"], letter["on"], letter["amount"], self.now)
        self.ask(letter, said)
        self.delivered[letter["id"]] = letter, said

    @precondition(lambda self: any(said is None for _, said in self.delivered.values()))
    @rule(data=st.data())
    def deliver_another_body_under_the_same_id(self, data: st.DataObject) -> None:
        done = [letter for letter, said in self.delivered.values() if said is None]
        letter = data.draw(st.sampled_from(done))
        with pytest.raises(TransferIdReused):
            self.send(
                letter | {"amount": (letter["amount"] or 0) + 1}
                if letter["kind"] != "void"
                else letter | {"reason": "另一理由"}
            )

    @precondition(
        lambda self: any(
            letter["kind"] in ("pay", "recover") and said is None for letter, said in self.delivered.values()
        )
    )
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        done = [
            letter["id"]
            for letter, said in self.delivered.values()
            if said is None and letter["kind"] in ("pay", "recover")
        ]
        wrong = data.draw(st.sampled_from(done))
        is_again = wrong in getattr(self, "reversed", set())
        said = "reversed_already" if is_again else self.model.reverse(wrong, self.now)
        self.compare(
            said,
            lambda: service.reverse(
                self.session,
                self.treasury.first,
                wrong,
                approver=self.treasury.second,
                reason="冲正",
                now=self.now,
            ),
        )
        if said is None:
            self.reversed = getattr(self, "reversed", set()) | {wrong}

    @rule(envelope=st.sampled_from(PLACES), limit=st.integers(0, 150))
    def change_a_limit(self, envelope: str, limit: int) -> None:
        said = self.model.limit(envelope, limit, self.now)
        self.compare(said, lambda: change_limit(
            self.session, self.treasury.first, self.envelopes[envelope].id, limit, approver=self.treasury.second, reason="调整", now=self.now
        ))  # fmt: skip

    @rule(minutes=st.integers(1, 30))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        lock_fund(self.session, self.treasury.fund.id)
        release_expired(self.session, self.treasury.fund.id, now=self.now)

    @invariant()
    def shows_what_the_model_has(self) -> None:
        if not hasattr(self, "model"):
            return
        shown = {
            each.envelope.id: each.balances
            for each in standings(self.session, self.treasury.fund.id, now=self.now)
        }
        for name, envelope in self.envelopes.items():
            assert shown[envelope.id][Bucket.AVAILABLE] == self.model.available(name, self.now)
            assert shown[envelope.id][Bucket.LIMIT] == self.model.limits[name]
            assert min(shown[envelope.id].values()) >= 0

    def teardown(self) -> None:
        if hasattr(self, "model"):
            assert prove(self.session).differences == []

    def send(self, letter: dict[str, Any]) -> Any:
        common = {"reason": letter.get("reason", "测试"), "transfer_id": letter["id"], "now": self.now}
        first, two = self.treasury.first, {"approver": self.treasury.second}
        match letter["kind"]:
            case "reserve":
                return service.reserve(
                    self.session,
                    first,
                    self.envelopes[letter["on"]].id,
                    letter["amount"],
                    expires_at=letter["expires_at"],
                    **common,
                )
            case "void":
                return service.void(self.session, first, letter["on"], **common)
            case "approve_tranche":
                return service.approve_tranche(self.session, first, letter["on"], letter["amount"], **common)
            case kind:
                return getattr(service, kind)(
                    self.session, first, letter["on"], letter["amount"], **two, **common
                )

    def ask(self, letter: dict[str, Any], said: str | None) -> None:
        self.compare(said, lambda: self.send(letter))

    def compare(self, said: str | None, call: Any) -> None:
        """Refused or done as the model says; nothing is rolled back, so that a refusal shows that it kept nothing."""
        answered = None
        try:
            call()
        except DomainError as refusal:
            answered = refusal.code
        assert answered == said


def run(session: Session, examples: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it unannotated
        lambda: Ledger(session),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_ledger_answers_as_the_model(session: Session):
    run(session, 5, 25)


@pytest.mark.slow
def test_the_ledger_answers_as_the_model_for_long(session: Session):
    run(session, 60, 50)
