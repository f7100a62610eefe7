import re
from pathlib import Path

from sanwang.models import METADATA, MODELS

PLATFORM = Path(__file__).resolve().parents[2] / "platform"


def test_every_module_of_rows_is_listed():
    in_the_tree = {
        ".".join(path.relative_to(PLATFORM).with_suffix("").parts)
        for path in PLATFORM.rglob("*.py")
        if re.search(r"^    __tablename__ = ", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {module.__name__ for module in MODELS} == in_the_tree


def test_no_table_takes_the_job_queues_prefix():
    assert not [name for name in METADATA.tables if name.startswith("procrastinate_")]
