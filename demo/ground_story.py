"""The scene of the ground network: a visit becomes a need, the need a contract, its cash a subsidy."""

from typing import TYPE_CHECKING, Any

from backbone.money import FEN_PER_WAN
from demo.screen import Screen

if TYPE_CHECKING:
    from demo.story import Stage

HUB, STATION = "DEMO-HUB", "DEMO-YZ-01"
VISITED, SELLER, INSTITUTE = "E01", "S01", "I01"
NOTE = (
    "示例企业的车间主任说，电池托盘薄壁铝件焊接飞溅多，每班要两个人打磨。现在焊缝气孔率3%，要做到0.5%以下，"
    "试过换焊丝没效果。样机在现场试用，预算三五十万，年底前要定下来，老板点头就行。"
)
ANSWERS = {
    "title": "电池托盘薄壁铝件焊接气孔与飞溅控制", "industry": "equipment",
    "problem": "电池托盘薄壁铝件焊接飞溅多、焊缝气孔率偏高，喷涂前需人工打磨，影响节拍与密封性能。",
    "indicators": [{"name": "焊缝气孔率", "now": "3", "target": "≤0.5", "unit": "%", "test_method": "X 射线探伤", "weight": "must"}],
}  # fmt: skip
PRICE, EQUIPMENT = 80 * FEN_PER_WAN, 20 * FEN_PER_WAN
"""合同成交额, and the equipment in it that is no 技术交易额 (fen)."""


def mine_and_contract(stage: "Stage") -> None:
    """RecordVisit → promoteLead → confirmNeed → … → signContract → recordReceipt → registerContract → checkPolicies."""
    stage.scene(15, "地网：走访、签约、到账、登记、兑现", "The ground network: from a visit to a subsidy")
    seller = _set_up(stage)
    need = _promote(stage, _visit(stage))
    contract = _sign(stage, need, seller)
    _ask(stage, seller, "到账与登记之前 before cash and registration")
    _pay_and_register(stage, contract)
    _ask(stage, seller, "登记之后 once registered")


def _set_up(stage: "Stage") -> str:
    """A hub with a station under it, and the company through which the institute sells: its id."""
    operator, admin = stage.enter("province"), stage.enter("admin")
    shared = {"region_code": "420100"}
    nodes = [
        {"key": HUB, "kind": "hub", "name": "示例服务联盟", **shared},
        {"key": STATION, "kind": "station", "name": "示例企业创新需求服务驿站", "parent": HUB, **shared},
    ]
    operator.post("/network", {"nodes": nodes})
    body = {
        "name": "示例技术转移公司", "credit_code": stage.loaded.names.credit_code(SELLER), "region_code": "420100",
    }  # fmt: skip
    return str(admin.post("/enterprises", body)["id"])


def _visit(stage: "Stage") -> dict[str, Any]:
    """The visit in a minute; what its words propose is shown, and the collector confirms by answering."""
    collector = stage.enter("collector")
    today = stage.loaded.days[0].isoformat()
    person = stage.loaded.players[VISITED.lower()].name
    lead: dict[str, Any] = collector.post("/leads", {
        "node_key": STATION, "enterprise_id": str(stage.loaded.organisations[VISITED]), "words": NOTE,
        "happened_at": f"{today}T14:00:00+08:00", "contact": {"name": person, "phone": "000-0000-0000"},
        "consent": {"by": person, "how": "spoken", "at": f"{today}T14:20:00+08:00", "covers": ["keep_contact", "pass_on"]},
    })  # fmt: skip
    stage.screen.note(f"{lead['number']} 走访 a visit", NOTE)
    columns = ("字段 field", "读出 proposed", "原话 words")
    rows = ((each["field"], each["value"], each["read_from"]) for each in lead["proposed"])
    stage.screen.table("从原话中读出，由人确认 proposed, a person confirms", columns, rows)
    stage.screen.say(f"下一问 next question: {lead['interview']['questions'][0]['ask']}")
    return dict(collector.post(f"/leads/{lead['id']}/answers", {"answers": ANSWERS}))


def _promote(stage: "Stage", lead: dict[str, Any]) -> str:
    """A need of the sky net, whose three clocks run."""
    promoted = stage.enter("collector").post(f"/leads/{lead['id']}/promotion", {"despite_duplicates": True})
    operator = stage.enter("province")
    operator.post(f"/needs/{promoted['need_id']}/confirmation", {"complexity": "ordinary"})
    stage.screen.clocks(
        f"{promoted['number']} → 天网需求 need", operator.get(f"/needs/{promoted['need_id']}/clocks")["items"]
    )
    return str(promoted["need_id"])


def _sign(stage: "Stage", need: str, seller: str) -> dict[str, Any]:
    """The institute is invited by the broker, talked with, chosen, and signs."""
    institute = str(stage.loaded.organisations[INSTITUTE])
    broker, office, poster = (
        stage.enter(login) for login in ("broker", f"t{INSTITUTE[1:]}", VISITED.lower())
    )
    asked = broker.post(f"/needs/{need}/invitations", {"institute_id": institute})
    office.post(f"/invitations/{asked['id']}/acceptance")
    today = stage.loaded.days[0].isoformat()
    people = [{"name": "企业代表", "side": "enterprise"}, {"name": "院所代表", "side": "institute"}]
    office.post(f"/needs/{need}/contacts", {
        "kind": "call", "happened_on": today, "institute_id": institute, "people": people,
        "result": "工艺窗口可行", "next_step": "提交方案",
    })  # fmt: skip
    offer = office.post(f"/needs/{need}/proposals", _offer(office.get(f"/needs/{need}")))
    office.post(f"/proposals/{offer['id']}/release")
    poster.post(f"/proposals/{offer['id']}/acceptance")
    year = stage.loaded.days[0].year
    contract: dict[str, Any] = office.post(f"/proposals/{offer['id']}/contract", {
        "kind": "development", "title": "焊接气孔控制技术开发（示例）", "signed_on": today, "valid_to": f"{year + 1}-12-31",
        "amount_fen": PRICE, "technology_fen": PRICE - EQUIPMENT, "seller_enterprise_id": seller,
        "ip_clause": {"owner": "shared", "words": "见合同第七条"},
        "payment_plan": [{"amount_fen": PRICE // 2, "due_on": today}, {"amount_fen": PRICE - PRICE // 2, "upon": "验收"}],
    })  # fmt: skip
    stage.screen.say(
        f"{contract['number']} 合同成交额 {_wan(PRICE)} 万元，其中技术交易额 {_wan(PRICE - EQUIPMENT)} 万元 signed"
    )
    return contract


def _offer(need: dict[str, Any]) -> dict[str, Any]:
    answers = [
        {"indicator": each["name"], "verdict": "met", "how": "X 射线探伤复测（示例）"}
        for each in need["indicators"]
    ]
    return {
        "title": "蓝光复合焊接导入（示例）", "solution_options": ["复合热源焊接"],
        "hypothesis": "复合热源的工艺窗口覆盖所需气孔率。", "rationale": "已在同类铝件上验证。", "trl": 7,
        "validation": "企业样片盲测两批。", "plan": "工艺试验六周，样件两批，产线导入四周。", "duration_days": 140,
        "price": {"kind": "fixed", "min_fen": PRICE, "max_fen": PRICE}, "ip_terms": "shared", "answers": answers,
        "no_confidential_content": True,
    }  # fmt: skip


def _pay_and_register(stage: "Stage", contract: dict[str, Any]) -> None:
    """Half of the price arrives, equipment kept apart; the registrar files and decides."""
    path, today = f"/contracts/{contract['id']}", stage.loaded.days[0].isoformat()
    office, registrar = stage.enter(f"t{INSTITUTE[1:]}"), stage.enter("registrar")
    paid = {"amount_fen": PRICE // 2, "technology_fen": (PRICE - EQUIPMENT) // 2}
    office.post(f"{path}/receipts", {**paid, "received_on": today, "voucher": "示例回单"})
    number = f"DEMO{today.replace('-', '')}0001"
    registrar.post(f"{path}/registration/approval", {"register_number": number})
    stage.screen.say(
        f"到账 received {_wan(PRICE // 2)} 万元（技术 {_wan(paid['technology_fen'])}），认定登记 registered {number}"
    )


def _ask(stage: "Stage", seller: str, when: str) -> None:
    """P3 of the selling company, as checkPolicies answers it."""
    checked = stage.enter("province").post(f"/enterprises/{seller}/policy-checks", {"policy_ids": ["P3"]})
    (answer,) = checked["items"]
    money = answer["amount"]
    amount = f"，{_wan(money['low_fen'])} 万元" if money and answer["outcome"] == "eligible" else ""
    _tell(stage.screen, when, answer["outcome"], amount)


def _tell(screen: Screen, when: str, outcome: str, amount: str) -> None:
    colour = "green" if outcome == "eligible" else "yellow"
    screen.say(f"P3 {when}: [{colour}]{outcome}{amount}[/]")


def _wan(fen: int) -> str:
    return f"{fen / FEN_PER_WAN:g}"
