"""The sentence that a broker reads out: the shared terms, the indicators with their numbers, then the facts beyond."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backbone.errors import Bilingual
from backbone.word_lists import enumerated
from sky_net.matching.evidence import MatchedTerm
from sky_net.matching.features import Record
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.judging import VERDICTS


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beyond the texts; None wherever one side is silent, and then nothing is said.

    `trl_gap` is the document's TRL minus the one that the need requires; `modes` are the names of the cooperation
    modes that both sides accept, an empty tuple when none is common. `price` is the lowest price asked over the
    highest budget, `days_left` how long the institute still vouches for the offer, `record` the institute's own.
    """

    same_industry: bool | None = None
    same_region: bool | None = None
    trl_gap: int | None = None
    modes: tuple[Bilingual, ...] | None = None
    indicators: tuple[IndicatorVerdict, ...] = ()
    price: float | None = None
    days_left: int | None = None
    record: Record | None = None


ALOUD: Mapping[str, Bilingual] = {
    "≥": Bilingual("不低于 ", "at least "),
    "≤": Bilingual("不高于 ", "at most "),
    ">": Bilingual("高于 ", "above "),
    "<": Bilingual("低于 ", "below "),
    "±": Bilingual("正负 ", "plus or minus "),
}
"""Signs that nobody reads out as they stand."""


def sentence_of(terms: Sequence[MatchedTerm], facts: Facts, *, is_near: bool = True) -> Bilingual:
    """All of it as one sentence in each language."""
    parts = [
        _terms_sentence(terms, is_near),
        *_indicators_sentence(facts.indicators),
        *_facts_sentences(facts),
    ]
    said = enumerated(parts, zh="；", en="; ")
    return Bilingual(f"{said.zh}。", f"{said[0].upper()}{said[1:]}.")


def aloud(said: str) -> Bilingual:
    """A quantity with its sign in words."""
    sign = ALOUD.get(said[:1])
    rest = said[1:].lstrip()
    return Bilingual(sign.zh + rest, str(sign) + rest) if sign else Bilingual(said, said)


def beside(indicator: IndicatorVerdict) -> Bilingual:
    """Both numbers of an indicator."""
    required = aloud(indicator.required)
    if indicator.stated is None:
        return Bilingual(f"{indicator.name}要求{required.zh}", f"{indicator.name}: {required} required")
    stated = aloud(indicator.stated.split(" = ")[-1])
    return Bilingual(
        f"{indicator.name}要求{required.zh}，成果为{stated.zh}",
        f"{indicator.name}: {required} required, {stated} stated",
    )


def _indicators_sentence(indicators: Sequence[IndicatorVerdict]) -> Iterable[Bilingual]:
    """How many are met, missed and not stated, the first of the met and of the missed with its numbers."""
    if not indicators:
        return
    met, missed, unknown = ([each for each in indicators if each.verdict == verdict] for verdict in VERDICTS)
    count = len(indicators)
    if len(unknown) == count:
        yield Bilingual(
            f"{count} 项指标成果均未说明", f"none of {count} indicator{'s' * (count > 1)} is stated"
        )
        return
    zh, en = [], []
    for those, words, term in ((met, "达到", "met"), (missed, "未达到", "missed")):
        if those:
            example = beside(those[0])
            zh.append(f"{words} {len(those)} 项（{example.zh}）")
            en.append(f"{len(those)} {term} ({example})")
    if unknown:
        zh.append(f"{len(unknown)} 项未说明")
        en.append(f"{len(unknown)} not stated")
    yield Bilingual(
        f"{count} 项指标中{'，'.join(zh)}", f"of {count} indicator{'s' * (count > 1)} {', '.join(en)}"
    )


def _terms_sentence(terms: Sequence[MatchedTerm], is_near: bool) -> Bilingual:
    if not terms and not is_near:
        return Bilingual(
            "没有共同的专门术语，语义也不相近", "no technical term is shared, and the meanings are apart"
        )
    if not terms:
        return Bilingual(
            "没有共同的专门术语，仅语义相近", "no technical term is shared, only the meaning is near"
        )
    where = {field: [each.term for each in terms if each.field == field] for field in ("title", "body")}
    names = (("title", "标题中", "title"), ("body", "正文中", "text"))
    zh = [f"{name}{_quoted(where[field])}" for field, name, _ in names if where[field]]
    en = [f"{_quoted(where[field])} in the {name}" for field, _, name in names if where[field]]
    return Bilingual(f"双方共有的术语：{'，'.join(zh)}", f"terms that both sides use: {', '.join(en)}")


def _facts_sentences(facts: Facts) -> Iterable[Bilingual]:
    if facts.same_industry is not None:
        yield (
            Bilingual("产业相同", "the industry is the same")
            if facts.same_industry
            else Bilingual("产业不同", "the industry differs")
        )
    if facts.same_region is not None:
        yield (
            Bilingual("同一地区", "the region is the same")
            if facts.same_region
            else Bilingual("不在同一地区", "the region differs")
        )
    if facts.trl_gap is not None:
        yield _maturity(facts.trl_gap)
    if facts.modes is not None:
        yield _modes(facts.modes)
    if facts.price is not None and facts.price > 1:
        yield OVER_BUDGET.format(percent=round(100 * (facts.price - 1)) or 1)
    if facts.record is not None:
        yield _record(facts.record)


OVER_BUDGET = Bilingual(
    "起价高于预算上限 {percent}%", "its lowest price is {percent}% over the highest budget"
)


def _maturity(gap: int) -> Bilingual:
    if gap >= 0:
        return Bilingual("成熟度达到要求", "it is as mature as required")
    levels = "level" if gap == -1 else "levels"
    return Bilingual(f"成熟度比要求低 {-gap} 级", f"it is {-gap} TRL {levels} short of what is required")


def _modes(modes: Sequence[Bilingual]) -> Bilingual:
    if not modes:
        return Bilingual("没有共同的合作方式", "no mode of cooperation suits both")
    return Bilingual("双方都接受{modes}", "both accept {modes}").format(modes=enumerated(modes))


def _record(record: Record) -> Bilingual:
    """How the institute has answered within `records.WINDOW`, and what it works on."""
    answered = (
        Bilingual(
            f"该院所近一年到期的 {record.due} 次邀请按时答复 {record.in_time} 次",
            f"the institute answered {record.in_time} of {record.due} invitations of the last year in time",
        )
        if record.due
        else Bilingual(
            "该院所近一年没有到期的邀请", "no invitation of the institute fell due within the last year"
        )
    )
    return Bilingual(
        f"{answered.zh}，在办需求 {record.taken} 项，可同时承接 {record.quota} 项",
        f"{answered}, and works on {record.taken} needs where it takes {record.quota}",
    )


def _quoted(terms: Sequence[str]) -> str:
    return "".join(f"“{term}”" for term in terms)
