"""The words of the interview, in both languages: what is asked, and what a good answer looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from backbone.errors import Bilingual


@dataclass(frozen=True)
class Wording:
    """A question and an example; `why` and `label` where the quality gate has none of its own."""

    ask: Bilingual
    example: Bilingual
    why: Bilingual | None = None
    label: Bilingual | None = None


def _say(ask: tuple[str, str], example: tuple[str, str]) -> Wording:
    return Wording(Bilingual(*ask), Bilingual(*example))


QUESTIONS: Mapping[str, Wording] = MappingProxyType({
    "consent": Wording(
        Bilingual("对方同意我们保存联系方式、把需求提交平台吗？谁同意的，口头还是书面？",
                  "Do they agree that we keep their contact and pass the need on to the platform? Who said so, orally or in writing?"),
        Bilingual("生产部经理口头同意，两项都同意", "the production manager agreed orally, to both"),
        Bilingual("没有同意，不能保存个人信息，也不能转为需求",
                  "Without consent nothing personal may be kept, and the lead cannot become a need"),
        Bilingual("同意", "consent"),
    ),
    "title": _say(("用一句话说，要解决什么？", "In one sentence: what is to be solved?"),
                  ("薄壁铝件焊接飞溅过多", "too much spatter in welding thin aluminium")),
    "problem": _say(("卡在哪里？什么时候出现、影响了什么？", "Where is it stuck? When does it happen, and what does it spoil?"),
                    ("焊缝两侧每米二十多颗飞溅，喷涂前要人工打磨，每班多用两个人",
                     "over twenty spatters a metre beside the seam; two people a shift grind them off before coating")),
    "contact": _say(("以后找谁？姓名、电话或邮箱", "Whom do we call? Name, and phone or e-mail"),
                    ("张工，027-88880000", "Engineer Zhang, 027-88880000")),
    "industry": _say(("属于哪个产业？", "Which industry is it?"), ("智能网联新能源汽车", "intelligent connected new-energy vehicles")),
    "indicators": Wording(
        Bilingual("做到什么数字算解决？现在是多少、要多少、单位是什么、怎么测？",
                  "Which number counts as solved? What is it today, what should it be, in which unit, how is it measured?"),
        Bilingual("焊接飞溅：现在 22 个/米，要求 ≤5 个/米，高速摄像统计",
                  "spatter: 22 per metre today, at most 5 wanted, counted on high-speed video"),
    ),
    "scene": _say(("用在什么场合？工况、环境、用量", "Where is it used? Conditions, surroundings, volume"),
                  ("电池托盘产线，年产二十万件，室温", "a battery tray line, 200,000 a year, room temperature")),
    "present_state": _say(("现在是怎么做的，做到什么水平？", "How is it done today, and how well?"),
                          ("单脉冲 MIG，节拍四十二秒", "single-pulse MIG, 42 seconds a piece")),
    "tried": _say(("试过什么办法，为什么没成？", "What was tried, and why did it fail?"),
                  ("换过两种焊丝，飞溅少了，气孔多了", "two other wires: less spatter, more pores")),
    "need_type": _say(("是要新产品、新工艺、提质、降本、装备、材料、软件还是国产替代？",
                       "A new product, a new process, quality, cost, equipment, material, software or import substitution?"),
                      ("提质", "quality")),
    "budget": _say(("准备投入多少钱？给个数或范围，确实没定就说面议",
                    "How much is set aside? A figure or a range; “negotiable” if it is open"), ("50 万到 80 万元", "500,000 to 800,000 yuan")),
    "wanted_on": _say(("最晚什么时候要用上？具体到哪一天", "By which day must it be in use?"), ("2026-12-31", "2026-12-31")),
    "decision_owner": _say(("这件事谁拍板？", "Who decides on it?"), ("分管生产的副总", "the vice president for production")),
    "trl_required": _say(("要成熟到什么程度才敢用？1 是原理，4 是实验室验证，6 是样机，9 是批量应用过",
                          "How ready must it be? 1 a principle, 4 shown in a laboratory, 6 a prototype, 9 proven in use"), ("7", "7")),
    "trl_now": _say(("自己手里的进展到第几级？", "How far is your own work, on the same scale?"), ("3", "3")),
    "deliverables": _say(("最后要拿到什么？样机、工艺包、软件还是报告", "What must be handed over: a prototype, a process, software, a report?"),
                         ("工艺参数包一套、样件二十件", "one set of process parameters, twenty samples")),
    "acceptance_method": _say(("怎么算验收通过？谁在哪里按什么标准", "When is it accepted? By whom, where, by which standard"),
                              ("甲方产线连续生产三天，按企业标准", "three days in a row on our line, by our own standard")),
    "cooperation_modes": _say(("愿意怎么合作？委托开发、转让、许可、咨询、服务、入股、共建",
                               "How would you work together: development, transfer, licence, consulting, service, equity, a joint laboratory?"),
                              ("委托开发", "development")),
    "tech_field": _say(("技术上属于哪一块？", "Which technical field is it?"), ("激光焊接", "laser welding")),
    "ip_ownership": _say(("成果归谁？甲方、研发方、共有还是再谈", "Who will own the result: you, the solver, both, or to be negotiated?"), ("共有", "both")),
    "respond_by_on": _say(("希望院所最晚哪天答复？", "By which day should institutes answer?"), ("2026-05-31", "2026-05-31")),
})  # fmt: skip

_PARTS: Mapping[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "target": (("“{name}”要做到多少？请给一个数", "What must “{name}” come to? Give a number"), ("≤5", "at most 5"),
               ("没有数字的指标，方案无法逐项回答", "No proposal can answer an indicator without a number")),
    "unit": (("“{name}”的单位是什么？", "In which unit is “{name}”?"), ("个/米", "per metre"),
             ("没有单位的数字无法比较", "A number without a unit cannot be compared")),
    "now": (("“{name}”现在是多少？", "What is “{name}” today?"), ("22", "22"),
            ("现有水平是改进的起点", "Today's level is where improvement starts")),
    "test_method": (("“{name}”怎么测？用什么仪器、测多少次", "How is “{name}” measured: with what, how often?"), ("高速摄像，每件十处", "high-speed video, ten places a piece"),
                    ("写明怎么测，验收才不起争议", "Say how it is tested, or acceptance is disputed")),
}  # fmt: skip
_ASKED_BACK = Bilingual("您说“{phrase}”。{ask}", "You said “{phrase}”. {ask}")
_VAGUE = Bilingual(
    "您说“{phrase}”：{name}现在是多少，要做到多少，怎么测？",
    "You said “{phrase}”: what is the {name} today, what should it be, and how is it measured?",
)
_VAGUE_EXAMPLE = Bilingual(
    "单位如 {units}；测法如 {measured}", "units such as {units}; measured such as {measured}"
)
_VAGUE_WHY = Bilingual(
    "形容词没法验收，一个数字才能让院所判断能不能做",
    "Nobody can deliver an adjective: a number tells institutes whether they can do it",
)


def asked_back(phrase: str, wording: Wording) -> Wording:
    """The same question, going back to what was said loosely."""
    return replace(wording, ask=_ASKED_BACK.format(phrase=phrase, ask=wording.ask))


def indicator_part(part: str, name: str) -> Wording:
    """The question after one thing that an indicator lacks."""
    ask, example, why = _PARTS[part]
    return Wording(Bilingual(*ask).format(name=name), Bilingual(*example), Bilingual(*why))


def measure(phrase: str, name: Bilingual, units: Bilingual, measured: Bilingual) -> Wording:
    """The question that turns a vague phrase into an indicator."""
    example = _VAGUE_EXAMPLE.format(units=units, measured=measured)
    return Wording(_VAGUE.format(phrase=phrase, name=name), example, _VAGUE_WHY)
