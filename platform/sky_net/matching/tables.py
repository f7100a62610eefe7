"""The tables of words that matching reads from YAML beside it."""

from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml

# libyaml reads the units in 8 ms, the Python reader in 60: the first submission of every process would wait for it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_table(name: str) -> Mapping[str, Any]:
    """The table of that name, read anew: whoever asks often keeps what it made of it."""
    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
    read: Mapping[str, Any] = yaml.load(text, _LOADER)  # noqa: S506 - either loader is a safe one
    return read
