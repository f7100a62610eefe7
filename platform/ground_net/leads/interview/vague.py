"""Words that sound like a target and name no number: “快一点”, “便宜些”, “更耐用”. Each asks to be measured.

A phrase counts as answered when a quantity stands in its own clause (“从 42 秒快到 18 秒”), or when an indicator of its
kind has a number for its target.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backbone.errors import Bilingual
from sky_net.matching.quantities import find_quantities, read_quantity
from sky_net.matching.units import plain

MOST_READ = 10_000
_CLAUSES = re.compile(r"[，。；！？,;!?\n]|\. ")
_BIT = r"(?:一?些|一?点儿?|不少|很多)"


@dataclass(frozen=True)
class Kind:
    """A property that people speak of without measuring it: how they say it, what an indicator of it is called, how to ask."""

    key: str
    name: Bilingual
    said: re.Pattern[str]
    called: re.Pattern[str]
    units: Bilingual
    measured: Bilingual


@dataclass(frozen=True)
class Vague:
    """A phrase of the text, as it was said."""

    kind: Kind
    phrase: str


def _kind(
    key: str, name: tuple[str, str], said: str, called: str, units: tuple[str, str], measured: tuple[str, str]
) -> Kind:
    return Kind(
        key, Bilingual(*name), re.compile(said, re.I), re.compile(called, re.I), Bilingual(*units), Bilingual(*measured)
    )  # fmt: skip


KINDS: tuple[Kind, ...] = (
    _kind("speed", ("节拍或速度", "cycle time or speed"),
          rf"(?:更|再|太|快|加)?(?:快|慢){_BIT}|[更再太]快|太慢|比较慢|提速|提高效率|效率(?:太|不|比较)?[低高]|faster|too slow|speed up",
          r"节拍|速度|效率|时间|周期|产能|用时|speed|time|rate", ("秒/件、件/小时、米/分", "s per piece, pieces per hour, m/min"),
          ("连续一个班次计时", "timed over a whole shift")),
    _kind("precision", ("精度", "precision"),
          rf"精度(?:不够|太?低|再?高|差|不高)|更?精确{_BIT}|[更再]准|准{_BIT}|误差(?:太?大|小{_BIT})|more precise|more accurate|inaccurate",
          r"精度|误差|偏差|公差|precision|accuracy|error", ("μm、mm、°", "μm, mm, degrees"),
          ("三坐标或量具抽检", "sampled with a gauge or a coordinate machine")),
    _kind("yield", ("良率或合格率", "yield"),
          r"(?:良率|合格率|成品率)(?:不|太|偏|比较)?(?:高|低|上不去|提高)|次品(?:太|比较)?多|废品(?:太|率)?[多高]|不良(?:率)?[多高]|too many rejects",
          r"良率|合格率|成品率|不良|废品|yield|reject", ("%", "%"), ("按批抽检", "sampled by batch")),
    _kind("cost", ("成本", "cost"),
          rf"便宜{_BIT}|更便宜|太贵|成本(?:太?高|降低?{_BIT}?|低{_BIT})|降本|省钱|cheaper|too expensive|cut costs?",
          r"成本|价格|费用|单价|cost|price", ("元/件、万元/年", "yuan per piece, 10,000 yuan a year"),
          ("按年产量核算单件成本", "unit cost at the yearly output")),
    _kind("energy", ("能耗", "energy use"),
          rf"能耗(?:太?高|降低?{_BIT}?|低{_BIT})|太?费电|太?耗电|更?节能|省电{_BIT}?|less energy|energy saving",
          r"能耗|功耗|电耗|energy|power", ("kWh/件、kW", "kWh per piece, kW"), ("电表计量", "read from the meter")),
    _kind("life", ("寿命", "service life"),
          rf"更?耐用{_BIT}?|寿命(?:太?短|更?长|长{_BIT}|延长)|容易坏|老(?:是|出)?坏|不耐用|longer life|wears? out|more durable",
          r"寿命|耐久|更换周期|life|durab", ("小时、次、年", "hours, cycles, years"), ("台架寿命试验", "a bench life test")),
    _kind("strength", ("强度或硬度", "strength or hardness"),
          rf"更?(?:结实|坚固|硬){_BIT}|强度(?:不够|太?低|差|更高)|太脆|容易断|stronger|too brittle|too weak",
          r"强度|硬度|韧性|模量|strength|hardness|tough", ("MPa、HRC", "MPa, HRC"), ("按国标拉伸或硬度试验", "a tensile or hardness test by its standard")),
    _kind("stability", ("稳定性", "stability"),
          rf"更?稳定{_BIT}|不(?:太|够)?稳定|波动(?:太?大|小{_BIT})|时好时坏|一致性(?:差|不好|太差)|unstable|more stable|inconsistent",
          r"稳定|波动|一致性|标准差|CPK|stab|variation", ("%、σ、Cpk", "%, σ, Cpk"), ("连续三十件的波动", "variation over thirty pieces in a row")),
    _kind("weight", ("重量", "weight"),
          rf"轻{_BIT}|[更太]重|减重|轻量化|lighter|too heavy", r"重量|质量|密度|weight|mass", ("g、kg、g/cm³", "g, kg, g/cm³"),
          ("称重", "weighed")),
    _kind("temperature", ("温度", "temperature"),
          r"(?:更)?耐高温|不耐热|太[热烫冷]|温度(?:太|降|更)[高低不]|怕(?:热|冷)|too hot|heat resistant",
          r"温度|温升|耐热|耐温|temperature|heat", ("℃", "℃"), ("热电偶或热像仪", "thermocouple or thermal camera")),
    _kind("noise", ("噪声", "noise"),
          rf"太吵|噪[声音](?:太?大|小{_BIT})|安静{_BIT}|too noisy|quieter", r"噪|振动|noise|vibration", ("dB(A)", "dB(A)"),
          ("距一米处声级计", "a sound level meter one metre away")),
    _kind("emission", ("排放", "emissions"),
          rf"更?环保{_BIT}?|污染(?:太?大|太?重|小{_BIT})|排放(?:超标|太?高|降低)|味道太大|too much pollution|cleaner",
          r"排放|浓度|VOC|COD|废水|废气|emission", ("mg/m³、mg/L", "mg/m³, mg/L"), ("第三方检测", "a third-party test")),
    _kind("capacity", ("产量", "output"),
          r"产[量能](?:不够|太?低|上不去|提高)|做不出来这么多|供不上|not enough capacity",
          r"产量|产能|日产|年产|output|capacity", ("件/天、吨/年", "pieces a day, tonnes a year"), ("月度产量统计", "monthly output")),
)  # fmt: skip


def vague_in(text: str, indicators: Iterable[Mapping[str, Any]] = ()) -> list[Vague]:
    """The phrases of the text that still lack a number, one for each kind, in the order in which they were said."""
    measured = [indicator for indicator in indicators if is_measured(indicator)]
    found: dict[str, Vague] = {}
    for clause in _CLAUSES.split(text[:MOST_READ]):
        for vague in _in_clause(clause):
            if not any(vague.kind.called.search(str(each.get("name", ""))) for each in measured):
                found.setdefault(vague.kind.key, vague)
    return list(found.values())


LOOSE: Mapping[str, re.Pattern[str]] = {
    "wanted_on": re.compile(
        r"尽快|越快越好|抓紧|下个?月|(?:今年|明年)?(?:上半年|下半年|年[底内中]|月底|季度末|春节|五一|国庆)(?:之?前|以前)?"
        r"|asap|as soon as possible",
        re.I,
    ),
    "budget": re.compile(
        r"[几数上][十百千]?万|十几万|预算(?:有限|不多|不高)|花不了多少|价格好商量|a few hundred thousand",
        re.I,
    ),
}
"""How days and money are said without saying which: the field that is asked back for."""


def loosely_said(field: str, text: str) -> str | None:
    """The phrase by which somebody spoke loosely of this field, None for none."""
    found = LOOSE[field].search(text[:MOST_READ]) if field in LOOSE else None
    return found.group() if found else None


def is_measured(indicator: Mapping[str, Any]) -> bool:
    """Whether its target is a quantity that can be held against another; a bare number counts where the unit is named apart."""
    quantity = read_quantity(str(indicator.get("target") or ""), indicator.get("unit") or None)
    return quantity is not None and (quantity.unit is not None or bool(quantity.written))


def has_number(text: str | None) -> bool:
    """Whether a number stands in it at all, whatever its unit."""
    return bool(text and re.search(r"\d", plain(text))) or read_quantity(text or "") is not None


def _in_clause(clause: str) -> Iterator[Vague]:
    hits = [(match.start(), kind, match.group()) for kind in KINDS if (match := kind.said.search(clause))]
    if not hits or next(find_quantities(plain(clause)), None) is not None:
        return
    for _, kind, phrase in sorted(hits, key=lambda hit: hit[0]):
        yield Vague(kind, phrase)
