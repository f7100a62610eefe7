"""The terms of a generation by number: what is asked for in words is looked up once, then everything counts in numbers.

A term stands as 64 bits of a digest of its field and itself, in order: eight bytes a term in a mapped file, where words in
every process would be a hundred. Two of a million terms are the same in one of thirty million catalogues.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.mapped import mapped
from sky_net.matching.terms import FIELDS

Numbers = npt.NDArray[np.int64]

UNKNOWN = -1
_REMEMBERED = 16_384  # terms of each field
_FILE = "keys.npy"


def write_vocabulary(folder: Path, numbers: Mapping[str, Mapping[str, int]]) -> Numbers:
    """Store the terms of each field; the final number of each of the given numbers, which count from 0 over all fields."""
    keys = np.zeros(sum(map(len, numbers.values())), np.uint64)
    for field, terms in numbers.items():
        for term, number in terms.items():
            keys[number] = _key(field, term)
    order = np.argsort(keys, kind="stable")
    np.save(folder / _FILE, keys[order])
    final = np.empty(len(keys), np.int64)
    final[order] = np.arange(len(keys))
    return final


class Numbered(NamedTuple):
    """Of each term of some clauses that a document has its number, ascending and once, and what it is worth in all."""

    numbers: Numbers
    worth: npt.NDArray[np.float64]


class Remembered:
    """A number for each term of a field, looked up once: a search asks for some hundred, and the next one for many of the same."""

    def __init__(self, look_up: Callable[[str, list[str]], Sequence[int]]) -> None:
        self._look_up = look_up
        self._known: dict[str, dict[str, int]] = {field: {} for field in FIELDS}

    def of(self, field: str, terms: Sequence[str]) -> list[int]:
        """The number of each of the terms."""
        known = self._known[field]
        found = list(map(known.get, terms))
        if None in found:
            if len(known) > _REMEMBERED:
                known = self._known[field] = {}
            unknown = [term for term in dict.fromkeys(terms) if term not in known]
            known.update(zip(unknown, self._look_up(field, unknown), strict=True))
            found = list(map(known.get, terms))
        return found  # type: ignore[return-value]  # all of them are known now


class Vocabulary:
    """A written vocabulary, mapped; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """OSError or ValueError: not such a folder."""
        self._keys = mapped(folder / _FILE)
        self._known = Remembered(self._looked_up)
        self._asked: tuple[Sequence[Clause], Numbered] = ((), self._numbered(()))

    def __len__(self) -> int:
        return len(self._keys)

    def numbers(self, field: str, terms: Sequence[str]) -> Numbers:
        """The number of each term in that field, UNKNOWN where no document has it there."""
        return np.array(self._known.of(field, terms), np.int64)

    def numbered(self, clauses: Sequence[Clause]) -> Numbered:
        """The clauses in numbers. The last answer is kept, since a search asks for its own three times."""
        kept = self._asked
        if kept[0] is not clauses:
            self._asked = kept = (clauses, self._numbered(clauses))
        return kept[1]

    def _numbered(self, clauses: Sequence[Clause]) -> Numbered:
        each = [self.numbers(clause.field, clause.terms) for clause in clauses]
        numbers = np.concatenate([*each, np.zeros(0, np.int64)])
        worth = np.concatenate([*(clause.worth for clause in clauses), np.zeros(0)])
        in_order = np.argsort(numbers)
        in_order = in_order[np.count_nonzero(numbers == UNKNOWN) :]  # it is less than any number
        numbers, worth = numbers[in_order], worth[in_order]
        is_first = np.diff(numbers, prepend=UNKNOWN) > 0
        if is_first.all():
            return Numbered(numbers, worth)
        starts = np.flatnonzero(is_first)  # two clauses may ask one field for the same term
        return Numbered(numbers[starts], np.add.reduceat(worth, starts))

    def _looked_up(self, field: str, terms: list[str]) -> list[int]:
        keys = np.array([_key(field, term) for term in terms], np.uint64)
        places = np.searchsorted(self._keys, keys)
        is_here = places < len(self._keys)
        is_here[is_here] = self._keys[places[is_here]] == keys[is_here]
        found: list[int] = np.where(is_here, places, UNKNOWN).tolist()
        return found


def _key(field: str, term: str) -> int:
    return int.from_bytes(blake2b(f"{field}\0{term}".encode(), digest_size=8).digest(), "little")
