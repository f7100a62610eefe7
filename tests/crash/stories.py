"""Random walks through the main job: which POST comes next, by whom, with what; drawn from a seed.

A story yields requests and is sent the bodies of their answers, as a client would see them. Every step it takes is
possible, so that each of them has to be answered with success in the end.
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Role
from sky_net.talks.terms.texts import in_force
from tests.factories.achievements import an_achievement
from tests.factories.contracts import contract_body
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import bearer, of, operator
from tests.factories.talks import BOTH_SIDES
from tests.journey.test_main_job import INDICATORS, NEED, OFFER

Body = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One POST; `leaves` are the audit events of a success."""

    who: str
    path: str
    body: Body
    leaves: tuple[str, ...]


Story = Generator[Step, Body, None]


@dataclass(frozen=True)
class Cast:
    """Who takes part: headers by name, the two institutes that propose, and one that never does."""

    headers: dict[str, dict[str, str]]
    institute: str
    rival: str
    third: str


def a_cast(session: Session) -> Cast:
    """One enterprise, three institutes, an operator and a supervisor, and something on offer that a search finds."""
    enterprise, institute, rival, third = an_enterprise(session), *(an_institute(session) for _ in range(3))
    an_achievement(session, institute=institute, title="蓝光复合激光焊接紫铜工艺")
    headers = {
        "poster": bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise))),
        "operator": operator(session),
        "supervisor": operator(session),
        "office": bearer(session, (Role.TRANSFER_OFFICE, of(institute))),
        "rival": bearer(session, (Role.TRANSFER_OFFICE, of(rival))),
        "third": bearer(session, (Role.TRANSFER_OFFICE, of(third))),
    }
    return Cast(headers, str(institute.id), str(rival.id), str(third.id))


def interleaved(rng: Random, cast: Cast) -> Story:
    """One need, or two at once with their steps shuffled."""
    lives = [a_life(rng, cast) for _ in range(rng.randint(1, 2))]
    waiting: dict[int, Step] = {number: next(life) for number, life in enumerate(lives)}
    while waiting:
        number = rng.choice(sorted(waiting))
        answer = yield waiting[number]
        try:
            waiting[number] = lives[number].send(answer)
        except StopIteration:
            del waiting[number]


def _words(rng: Random, count: int) -> str:
    return "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(count))


def a_life(rng: Random, cast: Cast) -> Story:
    """One need from its draft to where chance ends it."""
    # Its own text: a need that is nearly the same as one just withdrawn would continue that one's clocks.
    words = {"title": _words(rng, 20), "problem": _words(rng, 120)}
    draft = yield Step("poster", "/needs", NEED | words | {"indicators": INDICATORS}, ("draft_need",))
    need = f"/needs/{draft['id']}"
    yield Step("poster", f"{need}/submission", {}, ("submit_need", "start_clock"))
    if rng.random() < 0.4:
        lacking = {"missing": ["indicators"], "message": "请补充指标"}
        yield Step("operator", f"{need}/return", lacking, ("return_need", "pause_clock", "start_clock"))
        yield Step("poster", f"{need}/submission", {}, ("resubmit_need", "resume_clock", "stop_clock"))
    complexity = rng.choice(["simple", "ordinary", "hard"])
    yield Step("operator", f"{need}/confirmation", {"complexity": complexity}, ("confirm_need", "stop_clock"))
    if rng.random() < 0.3:
        yield Step("operator", f"{need}/parking", {"message": "暂缓"}, ("park_need", "pause_clock"))
        yield Step("operator", f"{need}/resumption", {}, ("resume_parked_need", "resume_clock"))
    if rng.random() < 0.15:
        yield Step("poster", f"{need}/withdrawal", {"message": "不再需要"}, ("withdraw_need", "cancel_clock"))
        return
    yield from _unsolved(cast, need) if rng.random() < 0.15 else _solved(rng, cast, need)


def _unsolved(cast: Cast, need: str) -> Story:
    """Every institute that was asked declines, an operator writes down why, and a supervisor signs it."""
    for number, (institute, who) in enumerate(
        ((cast.institute, "office"), (cast.rival, "rival"), (cast.third, "third"))
    ):
        yield from _invited(institute, who, need, first=number == 0, declined=True)
    why = {"why_not": "三家单位均不做该温度段", "what_would_help": "放宽到四百度"}
    finding = yield Step("operator", f"{need}/findings", why, ("draft_finding",))
    yield Step(
        "supervisor",
        f"/findings/{finding['id']}/signature",
        {},
        ("sign_finding", "conclude_need", "stop_clock", "cancel_clock"),
    )


def _solved(rng: Random, cast: Cast, need: str) -> Story:
    yield from _invited(cast.institute, "office", need, first=True)
    call = {
        "kind": "call", "happened_on": "2026-03-10", "institute_id": cast.institute, "people": BOTH_SIDES,
        "result": "工艺窗口可行，需要来料样件", "next_step": "企业寄样二十件",
    }  # fmt: skip
    if rng.random() < 0.5:
        yield from _asked_and_answered(cast, need)
    contact = yield Step(
        "office", f"{need}/contacts", call, ("record_contact", "communicate_need", "stop_clock")
    )
    if rng.random() < 0.2:
        against = {"message": "没有开过这个会"}
        yield Step(
            "poster", f"/contacts/{contact['id']}/dispute", against, ("dispute_contact", "reopen_clock")
        )
        return
    yield Step("poster", f"/contacts/{contact['id']}/agreement", {}, ("agree_contact", "stop_clock"))
    chosen = yield from _proposed("office", need, first=True)
    if rng.random() < 0.3:
        upheld = rng.random() < 0.5
        yield from _disputed(need, chosen, upheld=upheld)
        if upheld:
            chosen = yield from _proposed("office", need, first=True)
    leaves: tuple[str, ...] = ("accept_proposal", "select_need")
    if rng.random() < 0.5:
        yield from _invited(cast.rival, "rival", need, first=False)
        yield from _proposed("rival", need, first=False)
        leaves = (*leaves, "pass_over_proposal")
    yield Step("poster", f"/proposals/{chosen}/acceptance", {}, leaves)
    if rng.random() < 0.5:
        yield from _contracted(chosen)


def _contracted(proposal: str) -> Story:
    """Signed, partly paid, registered outside of the platform, delivered and accepted."""
    terms = ("sign_contract", "contract_need", "open_policy_matter", *("record_policy_fact",) * 7)
    signed = yield Step("office", f"/proposals/{proposal}/contract", contract_body(), terms)
    path = f"/contracts/{signed['id']}"
    money = {
        "amount_fen": 10_000_000,
        "technology_fen": 10_000_000,
        "received_on": "2026-03-10",
        "voucher": "回单",
    }
    yield Step("poster", f"{path}/receipts", money, ("record_receipt",))
    number = {"register_number": f"HB-{signed['number']}"}
    registered = ("file_registration", "register_contract", *("record_policy_fact",) * 2)
    yield Step("operator", f"{path}/registration/approval", number, registered)
    yield Step("office", f"{path}/delivery", {}, ("deliver_contract", "deliver_need"))
    yield Step("poster", f"{path}/delivery/acceptance", {}, ("accept_contract", "accept_delivery_need"))


def _asked_and_answered(cast: Cast, need: str) -> Story:
    """Terms of both sides, a message, a question that the enterprise answers and shows to all."""
    for who in ("poster", "office"):
        terms = {"version": in_force(date(2026, 3, 9)).version}
        bound = ("bind_need_reader",) if who == "office" else ()
        yield Step(who, f"{need}/terms/acceptances", terms, ("accept_terms", *bound))
    said = yield Step("office", f"{need}/messages", {"text": "先问一个问题"}, ("send_message",))
    read = {"institute_id": cast.institute, "message_id": said["id"]}
    yield Step("poster", f"{need}/messages/reading", read, ("mark_messages_read",))
    asked = {"asked_side": "enterprise", "text": "来料厚度多少？"}
    question = yield Step("office", f"{need}/questions", asked, ("ask_question", "start_clock"))
    path = f"/questions/{question['id']}"
    yield Step("poster", f"{path}/answers", {"text": "零点八毫米"}, ("answer_question", "stop_clock"))
    yield Step("poster", f"{path}/sharing", {}, ("share_question",))


def _disputed(need: str, proposal: str, *, upheld: bool) -> Story:
    """The enterprise says that a proposal is no answer, and somebody else than the operator rules on it."""
    against = {"reason_code": "not_a_solution", "message": "只写了请来电"}
    dispute = yield Step("poster", f"/proposals/{proposal}/dispute", against, ("dispute_proposal",))
    leaves = ("rule_on_dispute", *(("strike_proposal", "reopen_clock", "fall_back_need") if upheld else ()))
    ruling = {"upheld": upheld, "message": "已核对方案正文"}
    yield Step("supervisor", f"/proposal-disputes/{dispute['id']}/ruling", ruling, leaves)


def _invited(institute: str, who: str, need: str, *, first: bool, declined: bool = False) -> Story:
    leaves = ("invite_institute", "grant_need_reading", "start_clock", *(("match_need",) if first else ()))
    invitation = yield Step("operator", f"{need}/invitations", {"institute_id": institute}, leaves)
    answered = ("answer_invitation", "stop_clock")
    if declined:
        why, left = {"reason_code": "too_early"}, (*answered, "revoke_need_reading")
        yield Step(who, f"/invitations/{invitation['id']}/refusal", why, left)
    else:
        yield Step(who, f"/invitations/{invitation['id']}/acceptance", {}, answered)


def _proposed(who: str, need: str, *, first: bool) -> Generator[Step, Body, str]:
    drafted = yield Step(who, f"{need}/proposals", OFFER | {"title": "蓝光复合焊接导入"}, ("draft_proposal",))
    leaves = ("release_proposal", "propose_need", "stop_clock") if first else ("release_proposal",)
    yield Step(who, f"/proposals/{drafted['id']}/release", {}, leaves)
    return str(drafted["id"])


def left_by(steps: list[Step]) -> Counter[str]:
    """How many audit events of each kind these steps leave."""
    return Counter(action for step in steps for action in step.leaves)
