"""The figures of a note that measure a product or process, each with its name: not dates, people, money, conditions."""

import re
from itertools import zip_longest

from ground_net.leads.extraction import kinds, naming
from ground_net.leads.extraction.placing import Measure, Taken, placed
from ground_net.leads.extraction.prices import is_price
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.subjects import LOOSE, OWN, are_a_pair, name
from ground_net.leads.extraction.tables import cues, table
from ground_net.leads.extraction.unit_words import DURATIONS

_FIRST_YEAR = 100


def measures(note: Note, taken: Taken) -> list[Measure]:
    """Those that can be told to measure something, in order."""
    found: list[Measure] = []
    searched = 0
    all_placed = list(placed(note, taken))
    for each, following in zip_longest(all_placed, all_placed[1:]):
        each.is_paired = following is not None and are_a_pair(each, following)
        if each.kind in (kinds.PAST, kinds.OTHERS):
            searched = each.figure.end
            continue
        name(note, each, found, searched)
        if each.name and _is_one(note, each):
            found.append(each)
            searched = each.figure.end
    return found


def _is_one(note: Note, each: Measure) -> bool:
    behind = note.plain[each.figure.end :]
    if naming.is_no_quantity(each.words + each.behind[:4]) or _counts_something_else(each, behind):
        return False
    if not each.is_told and not _stands_for_itself(each, behind):
        return False
    if each.is_change and each.words.endswith("了"):
        return False
    if each.figure.unit == "元" or is_price(each.name):
        return is_price(each.name)
    return _may_lack_a_unit(each) if each.figure.unit is None else _may_be_counted(each, behind)


def _counts_something_else(each: Measure, behind: str) -> bool:
    """People, floors, years, ordinals."""
    figure = each.figure
    if (figure.unit is None or figure.unit in table("units")["counted"]) and cues("never_behind").match(
        behind
    ):
        return True
    return (
        each.words.endswith("第") or figure.unit == "人" or (figure.unit == "年" and figure.low > _FIRST_YEAR)
    )


def _stands_for_itself(each: Measure, behind: str) -> bool:
    """Whether a figure that nothing is said of is neither a condition (保温3分钟) nor part of a noun (5L罐)."""
    if cues("condition_before").search(each.words) or cues("condition_behind").match(each.behind):
        return False
    return _is_right_behind_its_name(each) or cues("may_follow").match(behind) is not None


def _may_be_counted(each: Measure, behind: str) -> bool:
    """Pieces and days are often those of attempts: 换过三种, 跑了两个月."""
    figure = each.figure
    is_attempt = cues("attempts_before").search(each.words) is not None
    if not each.is_told and (is_attempt or (each.source == LOOSE and not each.is_paired)):
        return False
    if figure.unit in table("units")["counted"] or figure.written == "个点":
        return not is_attempt and cues("may_follow").match(behind) is not None
    return not (figure.unit in DURATIONS and is_attempt)


def _may_lack_a_unit(each: Measure) -> bool:
    """A bare number counts right behind its name, or where words say what it is."""
    if each.source == LOOSE and not each.is_paired:
        return False
    if re.match(r"[A-Za-z\u4e00-\u9fff]", each.behind) and not cues("may_follow").match(each.behind):
        return each.is_told and each.behind.startswith(("的", "乱", "就"))
    return each.is_told or each.is_paired or _is_right_behind_its_name(each)


def _is_right_behind_its_name(each: Measure) -> bool:
    return each.source == OWN and each.words.rstrip().endswith(each.name)
