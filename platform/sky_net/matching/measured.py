"""What a text says of measured quantities: “头端外径做到2.0毫米以内” is a name, a quantity, and whether it was reached or left.

For needs that give no indicators of their own, and for offers whose summary says what their indicators leave out.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from sky_net.matching.quantities import Quantity, find_quantities
from sky_net.matching.units import plain

LONGEST_NAME = 16
"""Characters in front of a number that may name what it measures."""

LONGEST_TEXT = 2000
"""Characters in which quantities are looked for: a requirement does not stand on the tenth page."""

_ENDS = re.compile(r"[;。!?\n,、:()《》“”\"]")
_LEFT_BEHIND = re.compile(r"(?:由|从|原|原来|原先|过去|现有|目前|以前|以往|相比|from)[^到至]{0,8}$")
_CHANGE = re.compile(r"(?:提高|提升|增加|上升|升高|增长|降低|下降|减少|缩短|节省|节约|下调)(?:了|约)?$")
_CUES = re.compile(
    r"(?:要求|希望|需要|需|应|要|能|可|使|将|把|且|并|而|即|的|在|是|为|有|做|做到|控制|控制在|压到|压至|降|降低|下降|升|提升|提高|缩|缩小|缩短|减少|增加|达|达到|到|至|了|由|从|is|of|to|be|must|should|shall)+$"
)
_OPENINGS = re.compile(
    r"^(?:要求|希望|需要|使|将|把|且|并且|并|而|即|其中|其|同时|以及|和|与|the|a|an|with|and)+"
)
_SENTENCES = re.compile(r"[。；;\n]")
_ASKS = re.compile(
    r"希望|要求|需要|想要|想把|目标|必须|力争|期望|应当|不得|required?|must|shall|should|want|need"
)
_NAMED = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Measured:
    """A named quantity and its words; `directs` says that the text gives a bound, and no mere number."""

    name: str
    quantity: Quantity
    said: str

    @property
    def directs(self) -> bool:
        """Whether it reads as a requirement."""
        return not self.quantity.is_single


def required_in(text: str) -> list[Measured]:
    """What a text asks for: bounds in sentences that say so. A problem's own bad numbers (停机超过两次) are none."""
    sentences = [each for each in _SENTENCES.split(text[:LONGEST_TEXT]) if _ASKS.search(each)]
    return [each for sentence in sentences for each in measured_in(sentence) if each.directs]


@lru_cache(maxsize=1024)
def measured_in(text: str) -> tuple[Measured, ...]:
    """The named quantities of a text in order; not those that something was before, nor mere changes (提高12%)."""
    read = plain(text[:LONGEST_TEXT])
    named: list[Measured] = []
    behind, subject = 0, ""
    for found in find_quantities(read):
        between = _ENDS.split(read[behind : found.start])
        words, behind = between[-1][-2 * LONGEST_NAME :], found.end
        left = _LEFT_BEHIND.search(words)
        carried = subject if len(between) == 1 else ""
        subject = _named(words[: left.start()] if left else words) or carried
        said = read[found.start : found.end]
        if subject and not left and not _is_a_change(words, said, found.quantity):
            named.append(Measured(subject, found.quantity, said.strip("到至为 ")))
    return tuple(named)


def _named(words: str) -> str:
    name = _OPENINGS.sub("", _CUES.sub("", words.strip()).strip())[-LONGEST_NAME:]
    return name if _NAMED.search(name) else ""


def _is_a_change(words: str, said: str, quantity: Quantity) -> bool:
    """降低2% is one; 降低到2% and 降低到2%以下 are levels."""
    return quantity.is_single and said[0] not in "到至" and _CHANGE.search(words) is not None
