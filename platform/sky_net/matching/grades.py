"""Grades of achievements for needs from JSON lines: `{"need_id", "achievement_id", "grade"}`, grade 0 to 3."""

from collections.abc import Collection
from pathlib import Path

from sky_net.matching.entries import BadLine, Unusable, lines_of, record_of, refuse_line

GRADES = range(4)
"""0 of no use · 1 of the same subject · 2 worth a talk · 3 an answer."""


def read_grades(
    path: Path, needs: Collection[str], achievements: Collection[str]
) -> dict[str, dict[str, int]]:
    """Need -> achievement -> grade; the last line about a pair counts, since people change their minds.

    BadLine for the first line that is wrong or names an id that is not among `needs` or `achievements`; OSError when
    the file cannot be read.
    """
    grades: dict[str, dict[str, int]] = {}
    for number, line in lines_of(path):
        try:
            record = record_of(line)
            need_id = _known("need_id", record.get("need_id"), needs)
            achievement_id = _known("achievement_id", record.get("achievement_id"), achievements)
            grades.setdefault(need_id, {})[achievement_id] = _grade(record.get("grade"))
        except Unusable as error:
            raise BadLine(path, number, error.problem) from error
    return grades


def _known(key: str, value: object, ids: Collection[str]) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        refuse_line(f"缺少 {key}", f"{key} is missing")
    if not isinstance(value, str) or value not in ids:
        refuse_line(f"{key} {value!r} 不在所给文件中", f"{key} {value!r} is not in the given file")
    return value


def _grade(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value not in GRADES:
        refuse_line(
            f"grade {value!r} 应为 0 至 3 的整数", f"grade {value!r} must be a whole number from 0 to 3"
        )
    return value
