"""The dictionary of facts: what may be asked for at all, in which unit, and how. Its entries are in dictionary.yaml.

A key that is not in it cannot be known by anybody, so that no policy may read it and no answer may give it.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from policy_pack.engine.definition import MOST_OF_ALL, NUMERIC, Change, Definition, Kind
from policy_pack.engine.problems import Fault, Faults, PackRefused
from policy_pack.engine.written import Fields
from policy_pack.engine.yaml_text import Written, compose, text_of

SHIPPED = Path(__file__).with_name("dictionary.yaml")
_FIELDS = (
    "type", "unit", "per", "least", "most", "values", "also", "change", "cost", "step", "label", "question", "evidence",
)  # fmt: skip
_Read = TypeVar("_Read")
_OF_WHAT = ("enterprise", "contract", "product", "project")
_LISTED = frozenset({Kind.CHOICE, Kind.SET})
_ONLY = {"values": _LISTED, "also": _LISTED, "least": NUMERIC, "most": NUMERIC, "step": NUMERIC}


def read_dictionary(text: str, file: str) -> Mapping[str, Definition]:
    """The definitions by key, in the order of the file; PackRefused with every problem."""
    faults = Faults(file)
    whole = faults.attempt(_all_entries, text, faults)
    found = {}
    for key, entry in (whole or {}).items():
        with faults.within(key):
            definition = faults.attempt(_definition, key, entry)
            if definition is not None:
                found[key] = definition
    if faults.found:
        raise PackRefused(faults.found)
    return MappingProxyType(found)


def _all_entries(text: str, faults: Faults) -> Mapping[str, Written]:
    fields = Fields(compose(text, faults), "dictionary")
    return {key: fields.at(key) for key in fields}


def _definition(key: str, entry: Written) -> Definition:
    fields = Fields(entry, key)
    fields.expect(_FIELDS)
    kind = fields.word("type", Kind)
    for name, kinds in _ONLY.items():
        if name in fields and kind not in kinds:
            raise fields.fault(name, f"不适用于 {kind}", f"does not go with {kind}")
    least, most = _bounds(fields, kind)
    values = fields.texts("values") if "values" in fields else ()
    return Definition(
        key=key,
        kind=kind,
        label=fields.bilingual("label"),
        question=fields.bilingual("question"),
        unit=_given(fields, "unit", fields.text, ""),
        per=_per(fields),
        least=least,
        most=most,
        values=values,
        also=_also(fields, values),
        change=fields.word("change", Change) if "change" in fields else Change.NEVER,
        cost=_given(fields, "cost", fields.number, Decimal(1)),
        step=_given(fields, "step", fields.number, Decimal(1)),
        evidence=fields.bilingual("evidence") if "evidence" in fields else None,
    )


def _bounds(fields: Fields, kind: Kind) -> tuple[Decimal | None, Decimal | None]:
    """Numbers are not negative and shares not above 1 unless the entry says so; money is open above."""
    if kind not in NUMERIC:
        return None, None
    least = _given(fields, "least", fields.number, Decimal(0))
    if "most" not in fields and kind in (Kind.MONEY, Kind.SHARE):
        return least, Decimal(1) if kind is Kind.SHARE else None
    most = fields.number("most")
    if not least < most <= MOST_OF_ALL:
        raise fields.fault(
            "most", f"须大于 least，不超过 {MOST_OF_ALL}", f"must lie above least, up to {MOST_OF_ALL}"
        )
    return least, most


def _per(fields: Fields) -> str:
    per = _given(fields, "per", fields.text, _OF_WHAT[0])
    if per not in _OF_WHAT:
        raise fields.fault("per", f"须为 {'、'.join(_OF_WHAT)} 之一", f"must be one of {', '.join(_OF_WHAT)}")
    return per


def _also(fields: Fields, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if "also" not in fields:
        return ()
    written = Fields(fields.at("also"), "also")
    found = tuple((spelling, written.text(spelling)) for spelling in written)
    for spelling, value in found:
        if value not in values or spelling in values:
            raise Fault(
                written.line_of(spelling),
                f"{spelling} 须指向 values 中的值",
                f"{spelling} must stand for one of the values",
            )
    return found


def _given(fields: Fields, name: str, read: Callable[[str], _Read], otherwise: _Read) -> _Read:
    return read(name) if name in fields else otherwise


DICTIONARY = read_dictionary(text_of(SHIPPED), SHIPPED.name)
"""The shipped dictionary, in the order of its file."""
