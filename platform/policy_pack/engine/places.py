"""Whether a place lies in a region, both as people write them: 武汉, 湖北省/武汉市, 湖北省武汉市东湖高新区, 420100.

A place is read from its largest part on, as far as the parts are regions of the directory; what follows (a district, a
street) is taken to lie in the last of them. Where either is no region of ours, the parts of the written path decide.
Nothing that a person can write is refused: it lies in no region then.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from backbone.directory.regions import AREAS, REGION_GROUPS, REGIONS, regions_of, regions_within

_CUTS = re.compile(r"[\s/／\\>＞,，、;；·|｜]+")
_COUNTRY = re.compile(r"^(中华人民共和国|中国)(?=.)")
_RANKS = re.compile(r"(土家族苗族自治州|省|市|林区)$")
_SMALLER = ("区", "县", "市", "州", "乡", "镇", "村")
_ALSO = {
    "恩施州": "422800",
    "东湖新技术开发区": "420100-donghu",
    "武汉东湖新技术开发区": "420100-donghu",
    "武汉东湖高新区": "420100-donghu",
    "东湖高新技术开发区": "420100-donghu",
    "东湖高新": "420100-donghu",
    "光谷": "420100-donghu",
}


@lru_cache(maxsize=65_536)
def lies_within(place: str, region: str) -> bool:
    """Whether the place is the region or lies in it; an unknown region contains what names it in its path."""
    parts = [place.strip()] if place.strip() in _areas() else _parts(place)
    wanted = _areas().get(_COUNTRY.sub("", region.strip()))
    if wanted is not None:
        inside = regions_of([wanted])
        return any(found in inside for found in _regions(parts))
    return _same_path(_parts(region), parts)


def _same_path(region: list[str], parts: list[str]) -> bool:
    """Whether the parts of the region's path follow each other in the place's, glued together or apart."""
    if not region:
        return False
    width = len(region)
    apart = any(parts[at : at + width] == region for at in range(len(parts) - width + 1))
    return apart or "".join(parts).startswith("".join(region))


def _parts(place: str) -> list[str]:
    parts = [part for part in _CUTS.split(place.strip()) if part]
    return [_COUNTRY.sub("", part) for part in parts]


def _regions(parts: list[str]) -> Iterator[str]:
    """The regions that the parts name, from left to right, each within the one before."""
    around: str | None = None
    for part in parts:
        while part:
            name, code = _leading(part, around)
            if code is None:
                break
            yield code
            part, around = part[len(name) :], code


def _leading(part: str, around: str | None) -> tuple[str, str | None]:
    """The longest name that the part begins with, of a region inside the one around it.

    A name without its rank (武汉) is read alone, within its larger region, or before a smaller place (武汉洪山区,
    湖北武汉): 武汉大学 and 武汉路 are no places in Wuhan.
    """
    known = _areas()
    if part in known and known[part] in REGIONS and _is_inside(known[part], around):
        return part, known[part]
    for name in _names():
        if not part.startswith(name) or not _is_inside(known[name], around):
            continue
        code = known[name]
        if name in _ranked() or around or part.endswith(_SMALLER) or _leading(part[len(name) :], code)[1]:
            return name, code
    return "", None


def _is_inside(code: str, around: str | None) -> bool:
    return around is None or code in regions_within(around)


@cache
def _ranked() -> frozenset[str]:
    return frozenset(region.label.zh for region in REGIONS.values())


@cache
def _names() -> tuple[str, ...]:
    """The Chinese names of regions that a longer text may begin with, the longest first."""
    names = (name for name, code in _areas().items() if code in REGIONS and not name[0].isascii())
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


@cache
def _areas() -> dict[str, str]:
    """Every spelling of a region or of a group of regions, and its code."""
    found = {code: code for code in AREAS}
    labels = {code: group.label for code, group in REGION_GROUPS.items()}
    labels |= {code: region.label for code, region in REGIONS.items()}
    for code, label in labels.items():
        found |= {label.zh: code, _RANKS.sub("", label.zh): code, str(label): code}
    return found | _ALSO
