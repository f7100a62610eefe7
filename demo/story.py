"""The main job, told through the HTTP API by the people who do it. Every number shown was read back from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backbone.money import FEN_PER_WAN
from demo import catalogue
from demo.accounts import PASSWORD
from demo.catalogue import Entry
from demo.client import Caller, Timings
from demo.clock_story import account_for, explain
from demo.fund_story import grant_and_account
from demo.ground_story import mine_and_contract
from demo.load import HOPELESS, MAIN, Loaded, need_body
from demo.policy_story import ask_for_policies
from demo.screen import Screen, moment, state
from demo.story_time import StoryClock

WAYS = {
    "opened": "打开 opened", "listed": "列表 in a list", "found": "检索 found", "downloaded": "下载 downloaded",
}  # fmt: skip
LOG_IN = "POST /api/tokens"
VERDICTS = {"met": "[green]满足 met[/]", "partly": "[yellow]部分 partly[/]", "no": "[red]不满足 no[/]"}


@dataclass
class Stage:
    """What every scene needs: the API's address, who plays, where to print and what was measured."""

    base_url: str
    loaded: Loaded
    clock: StoryClock
    screen: Screen
    timings: Timings
    audit: Callable[..., str]
    step: str = ""

    def scene(self, number: int, zh: str, en: str) -> None:
        """Begin a scene: its heading, and the name under which its calls are timed."""
        self.step = f"{number}. {zh}"
        self.screen.step(number, zh, en)

    def enter(self, login: str) -> Caller:
        """A player who logs in with name and password."""
        caller = Caller(self.base_url, self.timings)
        caller.step = self.step
        return caller.log_in(login, PASSWORD)


def tell(stage: Stage) -> None:
    """All scenes in order."""
    entries = {entry.key: entry for entry in catalogue.needs()}
    need = draft_and_submit(stage, entries[MAIN])
    matches = browse(stage, need, entries[MAIN])
    confirm(stage, need)
    institutes = invite(stage, need, matches)
    talk(stage, need, institutes, entries[MAIN])
    propose(stage, need, institutes, matches)
    choose(stage, need, entries[MAIN])
    find_nothing(stage, entries[HOPELESS])
    watch(stage)
    look_back(stage, need, entries[MAIN])
    explain(stage, need)
    account_for(stage)
    ask_for_policies(stage, entries[MAIN])
    mine_and_contract(stage)
    grant_and_account(stage, (entries[MAIN], entries[HOPELESS]))


def draft_and_submit(stage: Stage, entry: Entry) -> str:
    """The enterprise drafts, is told what is missing, completes and submits; three clocks open."""
    stage.scene(
        1,
        "企业起草需求，质量门提示缺项",
        "An enterprise drafts a need; the quality gate says what is missing",
    )
    poster = stage.enter(entry.owner.lower())
    whole = need_body(stage.loaded, entry, stage.loaded.days[0])
    first = {name: whole[name] for name in ("enterprise_id", "title", "industry", "problem", "contact")}
    need = poster.post("/needs", first)
    path = f"/needs/{need['id']}"
    stage.screen.note(f"{need['number']} {need['title']}", need["problem"])
    _show_completeness(stage, poster.get(f"{path}/completeness"))
    poster.amend(path, {name: value for name, value in whole.items() if name not in first})
    _show_completeness(stage, poster.get(f"{path}/completeness"))
    near = poster.get(f"{path}/near-duplicates")["items"]
    stage.screen.say(f"相近需求 near duplicates: {len(near)}")
    stage.scene(2, "提交，三段时限同时起算", "Submitted: three promise clocks open")
    poster.step = stage.step
    submitted = poster.post(f"{path}/submission")
    stage.screen.clocks(
        f"{submitted['number']} 首次提交 first submitted {moment(submitted['submitted_at'])}",
        poster.get(f"{path}/clocks")["items"],
    )
    return str(need["id"])


def _show_completeness(stage: Stage, gate: dict[str, Any]) -> None:
    missing = "、".join(item["label"] for item in gate["missing"]) or "无 nothing"
    stage.screen.say(f"完整度 completeness [bold]{gate['score']}[/]/100  缺 missing: [yellow]{missing}[/]")


def browse(stage: Stage, need: str, entry: Entry) -> dict[str, Any]:
    """The poster sees ranked achievements and institutes with reasons."""
    stage.scene(3, "排序后的成果与院所，附理由", "Ranked achievements and institutes, with reasons")
    matches: dict[str, Any] = stage.enter(entry.owner.lower()).get(f"/needs/{need}/matches", top=6)
    rows = [
        (
            hit["rank"],
            f"{hit['score']:.3f}",
            hit["title"],
            hit["institute"]["name"],
            f"TRL {hit['trl']}",
            hit["sentence_zh"],
        )
        for hit in matches["achievements"]
    ]
    columns = ("#", "得分 score", "成果 achievement", "院所 institute", "成熟度", "理由 reason")
    stage.screen.table(f"在 {matches['searched']} 项成果中检索 searched", columns, rows)
    pooled = [
        (at_, f"{each['score']:.3f}", each["institute"]["name"], each["sentence_zh"])
        for at_, each in enumerate(matches["institutes"][:5], start=1)
    ]
    stage.screen.table(
        "院所综合 institutes pooled", ("#", "得分 score", "院所 institute", "理由 reason"), pooled
    )
    return matches


def confirm(stage: Stage, need: str) -> None:
    """The zone's operator confirms: the first clock stops."""
    stage.scene(4, "运营确认，第一段时限停表", "An operator confirms: the first clock stops")
    operator = stage.enter("operator")
    confirmed = operator.post(f"/needs/{need}/confirmation", {"complexity": "ordinary"})
    stage.screen.clocks(f"状态 state: {confirmed['state']}", operator.get(f"/needs/{need}/clocks")["items"])


def invite(stage: Stage, need: str, matches: dict[str, Any]) -> list[str]:
    """Two institutes see the masked need, are invited, then see it whole; one more declines with a reason."""
    stage.scene(
        5, "院所先看脱敏需求，受邀后看全文", "Institutes see the masked need; once invited, all of it"
    )
    operator = stage.enter("operator")
    keys = {str(identity): key for key, identity in stage.loaded.organisations.items()}
    chosen = [keys[each["institute"]["id"]] for each in matches["institutes"][:3]]
    rows = []
    for key in chosen:
        member = stage.enter(key.lower())
        before = member.get(f"/needs/{need}")
        body = {"institute_id": str(stage.loaded.organisations[key]), "message": "请评估可行性"}
        invitation = operator.post(f"/needs/{need}/invitations", body)
        after = member.get(f"/needs/{need}")
        answer = _answer(member, invitation, declines=key == chosen[-1])
        rows.append((invitation["institute_name"], before["view"], before["title"], after["view"], answer))
    columns = ("院所 institute", "邀请前 before", "所见标题 title seen", "邀请后 after", "答复 answer")
    stage.screen.table("", columns, rows)
    stage.screen.say(f"需求状态 state: [bold]{operator.get(f'/needs/{need}')['state']}[/]")
    return chosen[:-1]


def _answer(member: Caller, invitation: dict[str, Any], *, declines: bool) -> str:
    path = f"/invitations/{invitation['id']}"
    if declines:
        declined = member.post(f"{path}/refusal", {"reason_code": "capacity", "message": "本季度团队已排满"})
        return f"[red]{declined['state']}[/] ({declined['reason_code']})"
    return f"[green]{member.post(f'{path}/acceptance')['state']}[/]"


def talk(stage: Stage, need: str, institutes: list[str], entry: Entry) -> None:
    """A meeting of both sides is put on record; the enterprise agrees: the second clock stops."""
    stage.scene(
        6, "双方对接留痕，企业认可，第二段停表", "A two-sided talk on record, agreed by the enterprise"
    )
    operator, poster = stage.enter("operator"), stage.enter(entry.owner.lower())
    people = [
        {"name": stage.loaded.players[entry.owner.lower()].name, "side": "enterprise"},
        {"name": stage.loaded.players[institutes[0].lower()].name, "side": "institute"},
    ]
    body = {
        "kind": "meeting", "happened_on": stage.loaded.days[0].isoformat(), "people": people,
        "institute_id": str(stage.loaded.organisations[institutes[0]]),
        "result": "双方确认指标可测，院所先用企业样片打样", "next_step": "院所两周内提交方案与报价",
    }  # fmt: skip
    contact = operator.post(f"/needs/{need}/contacts", body)
    agreed = poster.post(f"/contacts/{contact['id']}/agreement")
    stage.screen.say(
        f"记录 contact: {agreed['kind']} · {agreed['institute_name']} · [green]{agreed['state']}[/]"
    )
    stage.screen.clocks("", poster.get(f"/needs/{need}/clocks")["items"])


def propose(stage: Stage, need: str, institutes: list[str], matches: dict[str, Any]) -> None:
    """Members draft, the gate of the transfer office refuses what is incomplete, then releases: the third clock stops."""
    stage.scene(7, "院所拟方案，转化办放行，第三段停表", "Institutes draft; the transfer office releases")
    for number, key in enumerate(institutes):
        member, office = stage.enter(key.lower()), stage.enter("t" + key[1:])
        whole = member.get(f"/needs/{need}")
        offer = _offer(whole, _own_achievement(stage, key, matches), number)
        draft = member.post(f"/needs/{need}/proposals", {"title": offer["title"]})
        if number == 0:
            problem = office.refusal("POST", f"/proposals/{draft['id']}/release")
            stage.screen.note(f"{problem['status']} {problem['title']}", problem["detail"], "yellow")
        member.amend(f"/proposals/{draft['id']}", offer)
        released = office.post(f"/proposals/{draft['id']}/release")
        stage.screen.say(
            f"{released['institute_name']} · {released['title']} · "
            f"[green]{released['state']}[/] {moment(released['released_at'])}"
        )
    stage.screen.clocks("", stage.enter("operator").get(f"/needs/{need}/clocks")["items"])


def _own_achievement(stage: Stage, key: str, matches: dict[str, Any]) -> dict[str, Any]:
    """The institute's best hit."""
    own = str(stage.loaded.organisations[key])
    hit: dict[str, Any] = next(hit for hit in matches["achievements"] if hit["institute"]["id"] == own)
    return hit


def _offer(need: dict[str, Any], achievement: dict[str, Any], number: int) -> dict[str, Any]:
    """A proposal out of the institute's achievement; the second one is cheaper and meets less."""
    answers = [
        {
            "indicator": indicator["name"],
            "verdict": "partly" if number and position == 1 else "met",
            "how": f"打样后按“{indicator['test_method']}”复测"
            if indicator.get("test_method")
            else "打样后第三方复测",
        }
        for position, indicator in enumerate(need["indicators"])
    ]
    amount = (120 - 30 * number) * FEN_PER_WAN
    return {
        "title": f"以“{achievement['title'][:40]}”为基础的方案",
        "solution_options": ["先打样验证，再转中试", "按现有中试线参数直接试制"],
        "hypothesis": "现有成果的工艺窗口覆盖该需求的指标区间，差距在封装适配。",
        "rationale": achievement["summary"],
        "trl": achievement["trl"],
        "validation": "企业样片盲测两批，第三方出具报告。",
        "plan": "第一阶段六周打样，第二阶段八周小批，第三阶段六周导入产线并培训。",
        "duration_days": 140 + 30 * number,
        "price": {"kind": "range", "min_fen": amount, "max_fen": amount + 20 * FEN_PER_WAN},
        "ip_terms": "背景专利许可使用，新产生的知识产权共有，企业在本领域优先实施。",
        "answers": answers,
        "proofs": [{"title": "中试批检测记录（演示数据）"}],
        "no_confidential_content": True,
    }


def choose(stage: Stage, need: str, entry: Entry) -> None:
    """The enterprise compares the proposals side by side and accepts one."""
    stage.scene(8, "企业比较方案并选定", "The enterprise compares and accepts")
    poster = stage.enter(entry.owner.lower())
    compared = poster.get(f"/needs/{need}/proposal-comparison")
    proposals = compared["proposals"]
    rows = [
        (row["name"], row["target"], *(VERDICTS.get(answer["verdict"], "-") for answer in row["answers"]))
        for row in compared["indicators"]
    ]
    for label, cell in (
        ("必达满足 musts met", lambda each: each["musts_met"]),
        ("周期 days", lambda each: each["duration_days"]),
        ("报价 万元 price", lambda each: _wan(each["price"])),
        ("知识产权 IP", lambda each: each["ip_terms"]),
    ):
        rows.append((label, "", *(cell(each) for each in proposals)))
    columns = ("指标 indicator", "目标 target", *(each["institute_name"] for each in proposals))
    stage.screen.table("方案比较 comparison", columns, rows)
    best = max(proposals, key=lambda each: (each["musts_met"], -each["duration_days"]))
    accepted = poster.post(f"/proposals/{best['id']}/acceptance")
    others = poster.get(f"/needs/{need}/proposals")["items"]
    stage.screen.say(f"选定 accepted: [bold green]{accepted['institute_name']}[/]")
    for other in others:
        stage.screen.say(f"  {other['institute_name']}: {other['state']} {other.get('reason_code') or ''}")
    stage.screen.say(f"需求状态 state: [bold]{poster.get(f'/needs/{need}')['state']}[/]")


def _wan(price: dict[str, Any]) -> str:
    return f"{price['min_fen'] / FEN_PER_WAN:g}–{price['max_fen'] / FEN_PER_WAN:g}"


def find_nothing(stage: Stage, entry: Entry) -> None:
    """A need that no achievement answers is told so."""
    stage.scene(9, "第二个需求：没有合适成果，如实相告", "A second need: nothing suitable, and it says so")
    poster = stage.enter(entry.owner.lower())
    need = poster.post("/needs", need_body(stage.loaded, entry, stage.loaded.days[0]))
    poster.post(f"/needs/{need['id']}/submission")
    matches = poster.get(f"/needs/{need['id']}/matches", top=3)
    verdict = "暂无合适成果 nothing suitable" if matches["nothing_suitable"] else "有合适成果 suitable"
    best = matches["achievements"][0]
    stage.screen.note(
        f"{need['number']} {need['title']}",
        f"[bold]{verdict}[/]\n最接近 nearest: {best['title']} ({best['score']:.3f})\n{matches['advice']}",
        "yellow" if matches["nothing_suitable"] else "red",
    )


def watch(stage: Stage) -> None:
    """The province's operator sees what is met, running, at risk and breached."""
    stage.scene(10, "运营看板：按时、进行中、临近超时、超时", "What operators watch")
    province = stage.enter("province")
    counts = {}
    for name in ("met", "running", "at_risk", "breached"):
        found = province.get("/clocks", state=name, limit=100)["items"]
        counts[name] = (len(found), found[:4])
    rows = [
        (
            row["subject_number"],
            row["clock"]["stage"],
            moment(row["clock"]["due_at"]),
            state(row["clock"]),
            row["zone_code"],
        )
        for _, watched in counts.values()
        for row in watched
    ]
    summary = "  ".join(f"{name} [bold]{count}[/]" for name, (count, _) in counts.items())
    stage.screen.say(f"时限 clocks: {summary}")
    columns = ("需求 need", "阶段 stage", "应于 due", "状态 state", "辖区 zone")
    stage.screen.table("每种状态取前几条 the first of each state", columns, rows)


def look_back(stage: Stage, need: str, entry: Entry) -> None:
    """The enterprise sees who has seen its need; the audit is signed and verified."""
    stage.scene(11, "谁看过我的需求；审计链签名与验证", "Who saw my need; the audit signed and verified")
    readers = stage.enter(entry.owner.lower()).get(f"/needs/{need}/readers", sort="read_at", limit=8)["items"]
    rows = [
        (
            moment(row["read_at"]),
            row["organisation_name"] or row["reader_name"],
            row["role"],
            WAYS[row["way"]],
            row["view"],
        )
        for row in readers
    ]
    columns = ("时间 at", "谁 who", "身份 role", "方式 way", "所见 view")
    stage.screen.table("谁看过我的需求 who was shown this need unmasked, the first of them", columns, rows)
    stage.audit("new-key", str(stage.clock.file.parent / "audit.key"))
    for line in stage.audit("sign-heads").splitlines():
        stage.screen.say(f"[dim]{line.rsplit('/', 1)[-1]}[/]")
    stage.screen.say(stage.audit("verify"))


def show_timings(screen: Screen, timings: Timings) -> None:
    """How long each step's calls took, as measured at the client."""
    steps: dict[str, list[float]] = {}
    for step, operation, milliseconds in timings.steps:
        name = "登录（argon2 密码校验）log in" if operation == LOG_IN else step
        steps.setdefault(name, []).append(milliseconds)
    rows = [
        (step, len(calls), f"{sum(calls):.0f}", f"{max(calls):.0f}")
        for step, calls in sorted(steps.items(), key=_order)
    ]
    columns = ("步骤 step", "请求 calls", "合计 ms", "最长 ms")
    screen.table("各步耗时 time per step, as measured by the clients", columns, rows)


def _order(step: tuple[str, list[float]]) -> int:
    number = step[0].split(".")[0]
    return int(number) if number.isdigit() else 0
