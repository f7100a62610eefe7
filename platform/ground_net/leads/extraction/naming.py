"""What a figure measures: the words in front of it without what only leads up to a number, or the subject that still holds."""

import re
from functools import cache, lru_cache

from ground_net.leads.extraction.tables import any_of, cues, table

LONGEST_NAME = 12
_AT_THE_END = 10

# Between these lie the pieces that may be a name.
_PARTS = re.compile(
    r"现在|目前|当前|眼下|如今|现有|现状|上个?月|去年|今年|明年|原来|以前|客户|甲方|主机厂|整车厂|用户|业主|要求|希望|想要|想把|目标|期望|需要|必须|争取|力争"
    r"|大概|大约|差不多|基本|左右|平均|最多|至少|最少|最好|最差|最高|最低|起码|还是|只有|只能|才|仅|已经|能不能|能够|可以|做到|达到|提高|提升|降低|缩短|减少|增加|控制"
    r"|(?:提|(?<![电气液油水血耐承高低中负正内外])压|缩|(?<!衰)减|降|升|控|掉|做|拉|改|跌|涨)(?:到|至|在|成|了|回|$)|达(?!到)|(?<![性功智产节储动热机])能(?![耗量效级源谱])|(?<!获)得(?!率)|(?<![响反供效感适])应(?![力变用急答])"
    r"|(?<!含)有(?![效机])|(?<![通超透])过(?![滤程载热电冲钢流])|在(?!线)|到|至|要|想|须|不要|不能|不得|不可|(?<![识区鉴辨类级性特分个])别|不(?![良确锈均稳匀合圆平])|超过?|低于|高于|大于|小于|少于|多于"
    r"|为|是|(?<!目)的|了|把|将|让|使(?!用)|从|(?<!自)由|(?<![饱中])和|与|跟(?!踪)|及|都|也|就|又|再(?!生)|还(?!原)|太|很|他们|我们|你们|人家|咱们|他|她|它|老板|说|讲|反映|另外|然后|后来|主要|问题|将来|以后|实验室|(?<!领)先(?!进)"
    r"|指标|其中|同时|一个|一条|一台|一次性|那个|这个|那种|这种|那|这|嘛|吧|呢|啊|呀|哦|嗯|(?<!节)约|每[一-鿿]|一天|保持(?!率)|稳定(?!性)|维持|着(?![色力])"
    r"|标准|国标|行标|企标|时候|比(?=现在|目前|原来|现有)|[一二两三四五六七八九十百千万]{1,5}个?(?:分钟|小时|秒|天|个月|次|微米|毫米|度|吨|米|公斤)|一(?:[块台个根张片套吨平方米炉件次批卷盘副亩年]|公斤|小时|平方)|(?<![A-Za-z\d.])\d[\d.]*[A-Za-z%℃°Ωμ]*|[≥≤<>=→:~\s/+±,，.。;!?()\[\]{}'\"“”、|—–-]|\d+[).、]"
)
_LETTERS = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KIND_OF_NUMBER = re.compile(r"^[\d.]+[A-Za-z%℃°]{0,6}$")
_LEADS = re.compile(
    r"(?:现在|目前|大概|大约|差不多|需要|要求|希望|至少|只能|只有|最多|起码|目标|每次|每天|就|得|要|想|才|也|都|还|在|到|有|是|为|约|用|花|缩|降|压|提|减|别|不|超过?|过|[:,，、 ])+$"
)
_ONE = re.compile("[一每]")
_JUDGED = re.compile(
    r"(?:偏|过|老|特别|比较|有点|一直)?(?:大|小|高|低|短|长|差|慢|快|多|少|重|散|上|下|受|乱|好|坏|够|行|稳)+$"
)
_SHORT = 3
_BEHIND = re.compile(r"的([\u4e00-\u9fff]{2,8})")


@cache
def _heads() -> re.Pattern[str]:
    words = [each for name in ("better_low", "better_high", "neutral") for each in table("quantities")[name]]
    return re.compile(f"(?:{any_of(words)})(?:[A-Z][A-Za-z]{{1,3}}|年|月)?$")


@cache
def _ways() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((way, re.compile(any_of(table("quantities")[f"better_{way}"]))) for way in ("low", "high"))


@cache
def _no_names() -> re.Pattern[str]:
    return re.compile(any_of(table("quantities")["no_names"]))


def is_quantity(name: str) -> bool:
    """Whether a name ends as those of quantities do."""
    return _heads().search(name) is not None


def is_no_quantity(words: str) -> bool:
    """Whether the words speak of money, people or places instead."""
    return _no_names().search(words) is not None


def better(name: str) -> str:
    """`low`, `high`, or nothing where neither way is plainly better; the longest word of the table decides."""
    found: list[tuple[int, str]] = []
    for way, pattern in _ways():
        found += [
            (len(each.group()) + _AT_THE_END * (each.end() == len(name)), way)
            for each in pattern.finditer(name)
        ]
    return max(found)[1] if found else ""


@lru_cache(maxsize=512)
def quantity_in(words: str) -> str | None:
    """The last piece of the words that ends like a quantity, with what it is of where the head alone says little."""
    pieces = _pieces(words)
    named = next((name for each in reversed(pieces) if (name := _as_quantity(each))), None)
    if named is None:
        return None
    whole = re.search(rf"[\u4e00-\u9fff]{{2,5}}的{re.escape(named)}", words) if len(named) < _SHORT else None
    return whole.group() if whole else named[-LONGEST_NAME:]


def _as_quantity(piece: str) -> str | None:
    """The piece where it ends like a quantity, also with what is said of it behind (噪音大, 寿命短)."""
    if is_quantity(piece):
        return piece
    bare = _JUDGED.sub("", piece)
    return bare if bare != piece and len(bare) > 1 and is_quantity(bare) else None


@lru_cache(maxsize=512)
def noun_in(words: str) -> str | None:
    """The last piece that might name anything at all."""
    pieces = [each for each in _pieces(words) if _HAN.search(each) or len(each) > 2]
    return pieces[-1][-LONGEST_NAME:] if pieces else None


def doing_in(words: str) -> str | None:
    """Where no noun stands, the words that stand for one: 磨一根, 一天能裁."""
    bare = _LEADS.sub("", words.strip())[-LONGEST_NAME:]
    return bare if len(_HAN.findall(bare)) > 1 and _ONE.search(bare) else None


def _pieces(words: str) -> list[str]:
    parts = (each.strip() for each in _PARTS.split(words))
    return [
        each for each in parts if len(each) > 1 and _LETTERS.search(each) and not _KIND_OF_NUMBER.match(each)
    ]


def name_behind(words: str) -> str | None:
    """98%的良率: the noun that follows a figure where it ends like a quantity."""
    found = _BEHIND.match(words)
    if found is None:
        return None
    name = cues("name_ends").split(found.group(1))[0]
    return name if is_quantity(name) else None
