"""The lines of an amount's trace, in both languages: sums in 万元 and, at the end, in yuan to the fen."""

from collections.abc import Mapping
from decimal import Decimal

from backbone.errors import Bilingual
from policy_pack.engine.definition import Definition
from policy_pack.engine.policy import Amount, Floor, Tier
from policy_pack.engine.reach import Reach
from policy_pack.engine.span import CapSpan, Span
from policy_pack.engine.tree import Mean, Term, keys_of, keys_of_term

CEILING = Bilingual(
    "以上为公布的上限，实际金额可能更低", "this is the published ceiling: less may be granted"
)
WHO = {"maker": Bilingual("研制单位", "the maker"), "user": Bilingual("用户单位", "the user")}
"""How the sides of a split are called; others go by their own name."""
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
    if span.low == span.high:
        return Bilingual(plain(span.low), plain(span.low))
    if span.high is None:
        return Bilingual(f"{plain(span.low)} 起", f"{plain(span.low)} or more")
    return Bilingual(f"{plain(span.low)} 至 {plain(span.high)}", f"{plain(span.low)} to {plain(span.high)}")


def base(term: Term, span: Span, reach: Reach, dictionary: Mapping[str, Definition]) -> Bilingual:
    """Which facts the base is made of, and what they come to."""
    names = [
        dictionary[key].label if key in dictionary else Bilingual(key, key) for key in keys_of_term(term)
    ]
    joined = Bilingual("＋".join(name.zh for name in names), " + ".join(names))
    if isinstance(term, Mean):
        joined = Bilingual("（{it}）的平均", "the mean of ({it})").format(it=joined)
    if reach.numbers.is_empty:
        return Bilingual(
            "基数 {it}：没有，金额为 0", "base, {it}: there is none, which earns nothing"
        ).format(it=joined)
    if span.high == 0:
        return Bilingual("基数 {it}：为 0，金额为 0", "base, {it}: nothing, which earns nothing").format(
            it=joined
        )
    return Bilingual("基数 {it}：{sum} 万元", "base, {it}: {sum} (10,000 yuan)").format(
        it=joined, sum=_shown(span)
    )


def tier(each: Tier, part: Span) -> Bilingual:
    """One tier: the part of the base, its rate and what that earns."""
    to = _NO_END if each.to is None else Bilingual(plain(each.to), plain(each.to))
    return Bilingual(
        "{above} 以上至 {to} 的部分：{part} × {rate}% = {earned} 万元",
        "the part above {above} up to {to}: {part} × {rate} % = {earned}",
    ).format(
        above=plain(each.above),
        to=to,
        part=_shown(part),
        rate=plain(each.rate * 100),
        earned=_shown(part.times(each.rate)),
    )


def total(earned: Span) -> Bilingual:
    """The tiers added up."""
    return Bilingual("各档合计：{sum} 万元", "the tiers together: {sum}").format(sum=_shown(earned))


def floor(each: Floor, *, undecided: bool) -> Bilingual:
    """The least, and whether it is open if it holds."""
    if undecided:
        said = Bilingual(
            "最低 {least} 万元：是否适用未定", "at least {least}: not known yet whether it holds"
        )
    else:
        said = Bilingual("最低 {least} 万元", "at least {least}")
    return said.format(least=plain(each.least))


def cap(span: CapSpan) -> Bilingual:
    """The most, or the most that it may be and on which facts that depends."""
    if span.most is None and not span.undecided:
        return Bilingual("没有适用的上限", "no cap holds")
    most = _NO_END if span.most is None else Bilingual(plain(span.most), plain(span.most))
    if not span.undecided:
        return Bilingual("最高 {most} 万元", "at most {most}").format(most=most)
    keys = dict.fromkeys(
        key for each in span.undecided for key in (() if each.when is None else keys_of(each.when))
    )
    return Bilingual(
        "最高 {least} 至 {most} 万元，取决于 {keys}", "at most {least} to {most}, which depends on {keys}"
    ).format(least=plain(span.least or Decimal(0)), most=most, keys=", ".join(keys))


def up_to(span: CapSpan) -> Bilingual:
    """No formula but a cap: anything from nothing to it."""
    return Bilingual(
        "只公布了上限，金额在 0 与上限之间；{cap}", "only a cap was published: from nothing to it; {cap}"
    ).format(cap=cap(span))


def yuan(fen: int | None) -> Bilingual:
    """Fen as yuan."""
    return (
        _NO_END
        if fen is None
        else Bilingual(f"{fen // 100:,}.{fen % 100:02}", f"{fen // 100:,}.{fen % 100:02}")
    )


def _yuan_between(low: int, high: int | None) -> Bilingual:
    if low == high:
        return yuan(low)
    return Bilingual("{low} 至 {high}", "{low} to {high}").format(low=yuan(low), high=yuan(high))


def rounded(low: int, high: int | None) -> Bilingual:
    """The one rounding."""
    return Bilingual("四舍五入到分：{sum} 元", "rounded half up to the fen: {sum} yuan").format(
        sum=_yuan_between(low, high)
    )


def part(who: str, share: Decimal, low: int, high: int | None) -> Bilingual:
    """One side of a split."""
    return Bilingual("其中{who} {share}%：{sum} 元", "of which {who}, {share} %: {sum} yuan").format(
        who=WHO.get(who, Bilingual(who, who)), share=plain(share * 100), sum=_yuan_between(low, high)
    )
