"""The lines of an amount's trace, in both languages: sums in 万元 and, at the end, in yuan to the fen."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from backbone.errors import Bilingual
from backbone.word_lists import enumerated
from policy_pack.engine.definition import Definition, label_of
from policy_pack.engine.policy import Amount, Floor, Per, Tier
from policy_pack.engine.span import CapSpan, Span
from policy_pack.engine.tree import Mean, Term, keys_of, keys_of_term

CEILING = Bilingual(
    "以上为公布的上限，实际金额可能更低", "this is the published ceiling: less may be granted"
)
WHO = {"maker": Bilingual("研制单位", "the maker"), "user": Bilingual("用户单位", "the user")}
"""How the sides of a split are called; others go by their own name."""
PER = {
    Per.ITEM: Bilingual("", ""),
    Per.APPLICANT: Bilingual("（每个申请人合计）", " for all of an applicant together"),
    Per.YEAR: Bilingual("（每个申请人每年合计）", " for all of an applicant in a year together"),
}
_NO_END = Bilingual("不限", "without end")


def plain(number: Decimal) -> str:
    """A number without exponent and without zeros at its end."""
    return f"{number.normalize():f}" if number else "0"


def formula(amount: Amount) -> Bilingual:
    """The published words; of a ceiling they say that it is one."""
    zh, en = amount.words.zh, str(amount.words)
    if not amount.at_most:
        return amount.words
    return Bilingual(
        zh if "上限" in zh else f"{zh}（上限）", en if "at most" in en.lower() else f"{en} (at most)"
    )


def _shown(span: Span) -> Bilingual:
    low = plain(span.low)
    if span.low == span.high:
        return Bilingual(low, low)
    if span.high is None:
        return Bilingual(f"{low} 起", f"{low} or more")
    high = plain(span.high)
    return Bilingual(f"{low} 至 {high}", f"{low} to {high}")


def base(term: Term, span: Span, *, is_absent: bool, dictionary: Mapping[str, Definition]) -> Bilingual:
    """Which facts the base is made of, and what they come to."""
    names = enumerated((label_of(key, dictionary) for key in keys_of_term(term)), zh="＋", en=" + ")
    zh, en = names.zh, str(names)
    if isinstance(term, Mean):
        zh, en = f"（{zh}）的平均", f"the mean of ({en})"
    if is_absent:
        return Bilingual(f"基数 {zh}：没有，金额为 0", f"base, {en}: there is none, which earns nothing")
    if span.high == 0:
        return Bilingual(f"基数 {zh}：为 0，金额为 0", f"base, {en}: nothing, which earns nothing")
    shown = _shown(span)
    return Bilingual(f"基数 {zh}：{shown.zh} 万元", f"base, {en}: {shown} (10,000 yuan)")


def tier(each: Tier, part: Span) -> Bilingual:
    """One tier: the part of the base, its rate and what that earns."""
    (zh, en), rate = _tier(each)
    shown, earned = _shown(part), _shown(part.times(each.rate))
    return Bilingual(f"{zh}：{shown.zh} × {rate}% = {earned.zh} 万元", f"{en}: {shown} × {rate} % = {earned}")


@lru_cache
def _tier(each: Tier) -> tuple[tuple[str, str], str]:
    above, rate = plain(each.above), plain(each.rate * 100)
    if each.to is None and not each.above:
        return ("全额", "the whole of it"), rate
    if each.to is None:
        return (f"超过 {above} 的部分", f"the part above {above}"), rate
    to = plain(each.to)
    return (f"{above} 以上至 {to} 的部分", f"the part above {above} up to {to}"), rate


def total(earned: Span) -> Bilingual:
    """The tiers added up."""
    shown = _shown(earned)
    return Bilingual(f"各档合计：{shown.zh} 万元", f"the tiers together: {shown}")


def floor(each: Floor, *, undecided: bool) -> Bilingual:
    """The least, and whether it is open if it holds."""
    least = plain(each.least)
    if undecided:
        return Bilingual(
            f"最低 {least} 万元：是否适用未定", f"at least {least}: not known yet whether it holds"
        )
    return Bilingual(f"最低 {least} 万元", f"at least {least}")


def cap(span: CapSpan, per: Per = Per.ITEM) -> Bilingual:
    """The most, of what it is, or the most that it may be and on which facts that depends."""
    of = PER[per]
    most = _NO_END if span.most is None else Bilingual(plain(span.most), plain(span.most))
    if not span.undecided:
        if span.most is None:
            return Bilingual("没有适用的上限", "no cap holds")
        return Bilingual(f"最高 {most.zh} 万元{of.zh}", f"at most {most}{of}")
    read = (key for each in span.undecided if each.when is not None for key in keys_of(each.when))
    keys, least = ", ".join(dict.fromkeys(read)), plain(span.least or Decimal(0))
    return Bilingual(
        f"最高 {least} 至 {most.zh} 万元{of.zh}，取决于 {keys}",
        f"at most {least} to {most}{of}, which depends on {keys}",
    )


def up_to(span: CapSpan, per: Per = Per.ITEM) -> Bilingual:
    """No formula but a cap: anything from nothing to it."""
    said = cap(span, per)
    return Bilingual(
        f"只公布了上限，金额在 0 与上限之间；{said.zh}",
        f"only a cap was published: from nothing to it; {said}",
    )


def rounded(low: int, high: int | None) -> Bilingual:
    """The one rounding."""
    shown = _yuan(low, high)
    return Bilingual(f"四舍五入到分：{shown.zh} 元", f"rounded half up to the fen: {shown} yuan")


def part(who: str, share: Decimal, low: int, high: int | None) -> Bilingual:
    """One side of a split."""
    side, rate, shown = WHO.get(who, Bilingual(who, who)), plain(share * 100), _yuan(low, high)
    return Bilingual(f"其中{side.zh} {rate}%：{shown.zh} 元", f"of which {side}, {rate} %: {shown} yuan")


def _yuan(low: int, high: int | None) -> Bilingual:
    least = f"{low // 100:,}.{low % 100:02}"
    if low == high:
        return Bilingual(least, least)
    most = None if high is None else f"{high // 100:,}.{high % 100:02}"
    return Bilingual(f"{least} 至 {most or _NO_END.zh}", f"{least} to {most or _NO_END}")
