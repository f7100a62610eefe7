"""An object with large arrays on its way to other processes: one file, of which all of them map the same pages."""

import mmap
import pickle
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

_ALIGNED = 64  # bytes: what the processor reads at once, and more than any number wants


def hand_over(held: object, file: IO[bytes]) -> None:
    """Write the object into an empty file, its arrays as they lie in memory."""
    arrays: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(held, protocol=5, buffer_callback=arrays.append)
    parts = [memoryview(rest), *(each.raw() for each in arrays)]
    sizes = np.array([len(parts), *(part.nbytes for part in parts)], np.int64)
    file.write(sizes.tobytes())
    for part in parts:
        file.write(bytes(-file.tell() % _ALIGNED))
        file.write(part)
    file.flush()


def take_over(descriptor: int) -> Any:
    """The object in a file that `hand_over` wrote, which none but our own code may have written; its arrays cannot be changed."""
    content = memoryview(mmap.mmap(descriptor, 0, prot=mmap.PROT_READ))
    rest, *arrays = _parts(content)
    return pickle.loads(rest, buffers=arrays)  # noqa: S301 (a file without a name, by whoever started this process)


def _parts(content: memoryview) -> Iterator[memoryview]:
    count = int(np.frombuffer(content, np.int64, 1)[0])
    end = (count + 1) * np.dtype(np.int64).itemsize
    for size in np.frombuffer(content, np.int64, count, np.dtype(np.int64).itemsize).tolist():
        start = end + -end % _ALIGNED
        end = start + size
        yield content[start:end]
