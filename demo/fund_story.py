"""The scene of the finance net: a round of grants from its rules to the award, and the story of one case as anybody can check it."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from backbone.money import FEN_PER_WAN
from demo.catalogue import Entry
from demo.client import Caller

if TYPE_CHECKING:
    from demo.story import Stage

POOL = 12 * FEN_PER_WAN
POLICY, CATEGORY, LABEL = "P8", "T", "科技型中小企业"
MANAGERS, REVIEWERS = ("fund1", "fund2"), ("i05", "i06")
FIRST = 8 * FEN_PER_WAN
ANSWER = ("付款参考号", "状态", "银行流水号", "金额（元）", "到账日期")
PATIENCE_S = 60.0
CRITERIA = [
    {"key": "merit", "title": "技术水平（示例）", "weight": 3},
    {"key": "use", "title": "应用前景（示例）", "weight": 2},
]
POINTS = (88, 74)


def grant_and_account(stage: "Stage", entries: tuple[Entry, ...]) -> None:
    """OpenFund → draftRound → draftApplication → submitReview → selectGrants → announceGrants → decideGrants → importBankAnswer → showCase."""
    stage.scene(
        16,
        "金网：申报、盲评、遴选、公示、立项、付款，钱能自证",
        "The finance net: a round of grants that explains itself",
    )
    managers = [stage.enter(login) for login in MANAGERS]
    pool = _open_pool(stage, managers)
    now = _now(stage, managers[0])
    call = _open_round(stage, managers[0], pool, closes_at=now + timedelta(minutes=10))
    applications = [_apply(stage, managers[0], call, entry) for entry in entries]
    stage.clock.stand_at(now + timedelta(minutes=11))
    managers[0].post(f"/grant-rounds/{call['id']}/closing")
    _review(stage, managers[0], applications)
    selection = _select(stage, managers, call, applications)
    _decide(stage, managers, selection)
    _pay(stage, managers, entries[0])
    _tell_case(stage, managers[0], applications[0])


def _open_pool(stage: "Stage", managers: list[Caller]) -> dict[str, Any]:
    """A fund of grants with this year's pools; two managers set the limits."""
    fund = managers[0].post("/funds", {"key": "demo-grants", "title": "示例政策资金", "kind": "grants"})
    opened = managers[0].post(f"/funds/{fund['id']}/grant-pools", {"year": stage.loaded.days[0].year})[
        "items"
    ]
    pool = next(each for each in opened if each["key"] == CATEGORY)
    whole = managers[0].get(f"/funds/{fund['id']}")["envelope_id"]
    for envelope in (whole, opened[0]["id"], pool["id"]):
        said = {"limit_fen": POOL, "reason": "示例年度预算"}
        order = managers[0].post(f"/fund-envelopes/{envelope}/limit-changes", said)
        managers[1].post(f"/fund-orders/{order['id']}/approval")
    stage.screen.say(f"{pool['title']}：额度 limit {_wan(POOL)} 万元，两人办理 set by two people")
    return {"fund_id": fund["id"], "envelope_id": pool["id"]}


def _open_round(
    stage: "Stage", manager: Caller, pool: dict[str, Any], *, closes_at: datetime
) -> dict[str, Any]:
    call: dict[str, Any] = manager.post("/grant-rounds", {
        "fund_id": pool["fund_id"], "year": stage.loaded.days[0].year, "title": "示例创新券申报批次", "closes_at": closes_at.isoformat(),
        "step_fen": FEN_PER_WAN, "criteria": CRITERIA, "categories": [{"key": CATEGORY, "envelope_id": pool["envelope_id"]}],
        "reviews_wanted": 1, "pass_mark": 60_00, "announcement_days": 5,
    })  # fmt: skip
    return dict(manager.post(f"/grant-rounds/{call['id']}/opening"))


def _apply(stage: "Stage", manager: Caller, call: dict[str, Any], entry: Entry) -> dict[str, Any]:
    """With a receipt that says yes, for the enterprise's own need."""
    member, enterprise = stage.enter(entry.owner.lower()), str(stage.loaded.organisations[entry.owner])
    label = {"name": LABEL, "granted_on": f"{stage.loaded.days[0].year}-01-01"}
    stage.enter("province").amend(f"/enterprises/{enterprise}", {"labels": [label]})
    facts = {
        "facts": {"service_spend": 40},
        "as_of_on": stage.loaded.days[0].isoformat(),
        "source": "企业自述（示例）",
    }
    member.post(f"/enterprises/{enterprise}/policy-facts", facts)
    (receipt,) = member.post(f"/enterprises/{enterprise}/policy-checks", {"policy_ids": [POLICY]})["items"]
    need = next(each for each in member.get("/needs", limit=100)["items"] if each["submitted_at"])
    row = member.post(f"/grant-rounds/{call['id']}/applications", {
        "applicant_id": enterprise, "category": CATEGORY, "receipt_id": receipt["id"], "need_id": need["id"], "title": need["title"],
        "summary": "使用创新券采购检测与试验服务（示例）。", "least_fen": 8 * FEN_PER_WAN, "asked_fen": POOL,
    })  # fmt: skip
    member.post(f"/grant-applications/{row['id']}/submission")
    return dict(manager.post(f"/grant-applications/{row['id']}/admission"))


def _review(stage: "Stage", manager: Caller, applications: list[dict[str, Any]]) -> None:
    """Blind: a reviewer sees the text and no names."""
    for row, login, points in zip(applications, REVIEWERS, POINTS, strict=True):
        reviewer = stage.enter(login)
        said = {"reviewer_id": reviewer.get("/me")["id"]}
        task = manager.post(f"/grant-applications/{row['id']}/reviews", said)
        scores = [{"key": each["key"], "points": points} for each in CRITERIA]
        reviewer.post(f"/grant-reviews/{task['id']}/scores", {"scores": scores, "comment": "可行（示例）"})


def _select(
    stage: "Stage", managers: list[Caller], call: dict[str, Any], applications: list[dict[str, Any]]
) -> dict[str, Any]:
    """Solved by a job, approved by the second manager, and explained to who is not funded."""
    managers[0].post(f"/grant-rounds/{call['id']}/selections")
    selection = _certificate(managers[0], call)
    managers[1].post(f"/grant-selections/{selection['id']}/approval")
    funded = {each["number"]: each["amount_fen"] for each in selection["selected"]}
    scores = {row["id"]: managers[0].get(f"/grant-applications/{row['id']}")["score"] for row in applications}
    rows = [
        (row["number"], row["title"], f"{scores[row['id']] / 100:.2f}", _wan(funded[row["number"]]) if row["number"] in funded else "—")
        for row in applications
    ]  # fmt: skip
    columns = ("编号", "项目 application", "得分 score", "万元 amount")
    stage.screen.table(
        f"遴选证书 certificate {selection['model_sha256'][:16]} · {selection['solver']}", columns, rows
    )
    left = next(row for row in applications if row["number"] not in funded)
    why = _explained(managers[0], selection, left)
    stage.screen.say(
        f"为何未入选 why not {left['number']}: 若资助则总分少 {why['score_lost'] / 100:.2f}，挤出 {'、'.join(why['displaced']) or '无'}"
    )
    return selection


def _certificate(manager: Caller, call: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = manager.get("/grant-selections", round_id=call["id"])["items"]
        if found:
            return dict(found[0])
        time.sleep(0.2)
    raise TimeoutError("no worker has solved the round")


def _explained(manager: Caller, selection: dict[str, Any], application: dict[str, Any]) -> dict[str, Any]:
    """Worked out by a job after the certificate; until then the answer says how far that is."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        said = manager.get(f"/grant-selections/{selection['id']}/why-not", application_id=application["id"])
        if said["state"] == "explained":
            return dict(said)
        time.sleep(0.2)
    raise TimeoutError("no worker has explained the selection")


def _decide(stage: "Stage", managers: list[Caller], selection: dict[str, Any]) -> None:
    """Announced for five working days; before their end even two managers promise nothing."""
    shown = managers[0].post(f"/grant-selections/{selection['id']}/announcement")
    early = managers[1].refusal("POST", f"/announcements/{shown['id']}/decision", {})
    stage.screen.say(
        f"公示 announced 至 {shown['ends_at'][:10]}；提前决定 decided early: [red]{early['title']}[/]"
    )
    stage.clock.stand_at(datetime.fromisoformat(shown["ends_at"]) + timedelta(minutes=1))
    managers[1].post(f"/announcements/{shown['id']}/decision")


def _pay(stage: "Stage", managers: list[Caller], entry: Entry) -> None:
    """In two tranches; the first goes to the bank as a file, and is booked once the bank says so."""
    member, enterprise = stage.enter(entry.owner.lower()), stage.loaded.organisations[entry.owner]
    (award,) = managers[0].get("/awards")["items"]
    later = {"kind": "document", "title": "成效说明（示例）"}
    plan = [{"amount_fen": FIRST}, {"amount_fen": award["amount_fen"] - FIRST, "conditions": [later]}]
    tranche = managers[0].post(f"/awards/{award['id']}/plan", {"tranches": plan})["tranches"][0]["id"]
    member.post(f"/award-tranches/{tranche}/claim")
    managers[0].post(f"/award-tranches/{tranche}/decision", {"is_approved": True})
    account = {
        "holder": "示例企业",
        "number": "6200000000009012",
        "bank": "示例银行",
        "branch_code": "102521000000",
    }
    shown = member.post(f"/enterprises/{enterprise}/bank-account", account)
    batch = managers[0].post("/payment-batches", {"fund_id": award["fund_id"], "tranche_ids": [tranche]})
    sent = managers[1].post(f"/payment-batches/{batch['id']}/decision", {"is_approved": True})
    (payment,) = managers[0].get("/payments", batch_id=batch["id"])["items"]
    line = [payment["reference"], "成功", "SL0001", f"{FIRST / 100:.2f}", sent["exported_at"][:10]]
    answer = "\r\n".join([",".join(ANSWER), ",".join(line)])
    taken = managers[0].send("/payment-answers", answer.encode())
    stage.screen.say(
        f"银行文件 to the bank {sent['sha256'][:16]}，收款账户 account {shown['number']}；回盘入账 settled {taken['settled']} 笔"
    )


def _tell_case(stage: "Stage", manager: Caller, application: dict[str, Any]) -> None:
    """Every step with its digest, and what the public is told."""
    case = manager.get(f"/fund-cases/{application['id']}")
    columns = ("#", "事项 step", "日期 on", "万元 amount", "摘要 digest", "核对 check")
    rows = [
        (
            step["ordinal"], step["title"], step["happened_on"], _wan(step["amount_fen"]) if step["amount_fen"] else "",
            step["sha256"][:16], "[green]完好 whole[/]" if step["is_whole"] else "[red]被改动 changed[/]",
        )
        for step in case["steps"]
    ]  # fmt: skip
    stage.screen.table(f"{case['case']['number']} 个案全程 the story of one case", columns, rows)
    told = manager.get("/reports/funding")
    stage.screen.say(
        f"公开汇总 as of {told['as_of_on']}: {told['projects']} 个项目，立项 {_wan(told['awarded_fen'])} 万元 awarded，已付 {_wan(told['paid_fen'])} 万元 paid"
    )


def _now(stage: "Stage", manager: Caller) -> datetime:
    """The story's time, as the server tells it."""
    answered = manager.get("/reports/funding")["as_of_on"]
    day = datetime.fromisoformat(f"{answered}T16:45:00+08:00")
    stage.clock.stand_at(day)
    return day


def _wan(fen: int) -> str:
    return f"{fen / FEN_PER_WAN:g}"
