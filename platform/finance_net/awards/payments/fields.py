"""Fields of bank accounts."""

import re
from collections.abc import Mapping
from typing import Any

from backbone.errors import Bilingual
from backbone.fields import Text
from finance_net.awards.payments.reading import masked


class Digits(Text):
    """ASCII digits alone."""

    default_error_messages = {
        "not_digits": Bilingual(
            "应为 {least} 至 {most} 位半角数字", "Must be {least} to {most} ASCII digits"
        ),
    }

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        self.least = least
        super().__init__(most, shortest=least, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch("[0-9]+", text):
            raise self.make_error("not_digits", least=self.least, most=self.longest)
        return text


class Masked(Text):
    """An account's number but for its last digits."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return masked(value)
