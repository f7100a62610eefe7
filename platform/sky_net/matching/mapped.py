"""Columns of text in .npy files that are mapped, never read: what one worker has touched, all of them share.

A list of 200,000 ids is 20 MB of Python objects in every process; as a mapped array it is 7 MB for all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Column = npt.NDArray[Any]


class Texts(Sequence[str]):
    """UTF-8 texts of one width, padded with NUL; an item becomes a string when it is looked at."""

    def __init__(self, encoded: npt.NDArray[np.bytes_]) -> None:
        self.encoded = encoded

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """ValueError for a text that ends in NUL, which padding would swallow."""
        if any(text.endswith("\0") for text in texts):
            raise ValueError("a text ends in NUL")
        return cls(np.array([text.encode() for text in texts], np.bytes_))

    def __len__(self) -> int:
        return len(self.encoded)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> "Texts": ...
    def __getitem__(self, at: int | slice) -> "str | Texts":
        found = self.encoded[at]
        return Texts(found) if isinstance(at, slice) else bytes(found).decode()

    def __iter__(self) -> Iterator[str]:
        return (text.decode() for text in self.encoded.tolist())


class Repeated(Sequence[str]):
    """Texts of which few differ: a number per row, and what the numbers stand for."""

    def __init__(self, numbers: Column, names: Texts) -> None:
        self.numbers, self.names = numbers, names

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Repeated":
        """Number the texts in their order."""
        names = sorted(set(texts))
        number_of = {name: number for number, name in enumerate(names)}
        return cls(np.array([number_of[text] for text in texts], np.int32), Texts.of(names))

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> "Repeated": ...
    def __getitem__(self, at: int | slice) -> "str | Repeated":
        found = self.numbers[at]
        return Repeated(found, self.names) if isinstance(at, slice) else self.names[int(found)]


class Carriers(Mapping[str, Column]):
    """For each name the ascending rows that carry it, all in one array: `rows[starts[n] : starts[n + 1]]`."""

    def __init__(self, names: Texts, starts: Column, rows: Column) -> None:
        self.names, self.starts, self.rows = names, starts, rows
        self._numbers = {name: number for number, name in enumerate(names)}

    @classmethod
    def of(cls, carriers: Mapping[str, Column]) -> "Carriers":
        """The same mapping in three arrays."""
        names = sorted(carriers)
        starts = np.cumsum([0, *(len(carriers[name]) for name in names)])
        rows = np.concatenate([np.zeros(0, np.int32), *(carriers[name] for name in names)])
        return cls(Texts.of(names), starts.astype(np.int64), rows.astype(np.int32))

    def __getitem__(self, name: str) -> Column:
        number = self._numbers[name]
        return self.rows[int(self.starts[number]) : int(self.starts[number + 1])]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def write_columns(folder: Path, columns: Mapping[str, Column]) -> None:
    """Each column as `<name>.npy` in the new folder."""
    folder.mkdir()
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column, allow_pickle=False)


def read_columns(folder: Path, names: Sequence[str]) -> list[Column]:
    """The columns, mapped; OSError or ValueError for files that are none."""
    return [mapped(folder / f"{name}.npy") for name in names]


def mapped(path: Path) -> Column:
    """A stored array, mapped and not read: as a plain array, of which looking at an item takes half the time.

    OSError or ValueError: no such array.
    """
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
