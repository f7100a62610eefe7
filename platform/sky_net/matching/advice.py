"""What a poster is told when the catalogue has no answer: how near it comes, what would help, and who takes over."""

from collections.abc import Sequence
from itertools import islice

from backbone.errors import Bilingual
from backbone.word_lists import enumerated

MOST_FIELDS = 3
MOST_MISSING = 3

NOTHING_RELATED = Bilingual(
    "目录中没有与本需求相关的成果", "Nothing in the catalogue is related to this need"
)
NOTHING_PASSES = Bilingual(
    "符合筛选条件的成果与本需求无关", "Nothing that passes the filters is related to this need"
)
HANDED_OVER = Bilingual(
    "本需求转由技术经纪人在目录之外寻找，不影响三段响应时限",
    "A broker will look beyond the catalogue; the three response deadlines stand",
)


def advise(fields: Sequence[Bilingual], missing: Sequence[Bilingual], *, is_filtered: bool) -> Bilingual:
    """The advice, as sentences in both languages.

    `fields` are the fields of the nearest hits, nearest first, repetitions allowed; `missing` names what the need
    leaves open, weightiest first; `is_filtered` says that the caller narrowed the search.
    """
    parts = [_nearest(fields, is_filtered), *_helps(missing), *_wider(is_filtered), HANDED_OVER]
    return Bilingual(
        "。".join(part.zh for part in parts) + "。", ". ".join(str(part) for part in parts) + "."
    )


def _nearest(fields: Sequence[Bilingual], is_filtered: bool) -> Bilingual:
    if not fields:
        return NOTHING_PASSES if is_filtered else NOTHING_RELATED
    nearest = list(islice({str(field): field for field in fields}.values(), MOST_FIELDS))
    return Bilingual(
        "目录中暂无合适成果，最接近的领域是{fields}",
        "The catalogue has no suitable answer; the nearest fields are {fields}",
    ).format(fields=enumerated(nearest))


def _helps(missing: Sequence[Bilingual]) -> list[Bilingual]:
    if not missing:
        return []
    named = enumerated(missing[:MOST_MISSING])
    return [Bilingual("补充{named}有助于匹配", "It would help to add: {named}").format(named=named)]


def _wider(is_filtered: bool) -> list[Bilingual]:
    return [Bilingual("放宽筛选条件可看到更多成果", "Wider filters show more")] if is_filtered else []
