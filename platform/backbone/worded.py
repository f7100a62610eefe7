"""Texts that exist in both languages, answered in the caller's."""

from typing import Any

from backbone.errors import say
from backbone.fields import Text
from backbone.http_problems import language


class Worded(Text):
    """A bilingual text, said in the caller's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return say(value, language())
