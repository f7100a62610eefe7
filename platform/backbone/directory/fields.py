"""Schema fields of the directory's own words: industry, region, credit code."""

from collections.abc import Mapping
from typing import Any

from backbone.directory.credit_code import is_credit_code
from backbone.directory.industries import INDUSTRIES
from backbone.directory.regions import REGIONS
from backbone.errors import Bilingual
from backbone.fields import Choice, Text


class IndustryCode(Choice):
    """A leaf of the industry tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(INDUSTRIES, **kwargs)


class RegionCode(Choice):
    """A region of the province."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(REGIONS, **kwargs)


class CreditCode(Text):
    """统一社会信用代码 with its check character (GB 32100-2015)."""

    default_error_messages = {
        "not_credit_code": Bilingual(
            "不是有效的统一社会信用代码（18 位半角大写，校验位不符）",
            "Not a valid unified social credit code (18 half-width capitals, check character)",
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(18, shortest=18, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if not is_credit_code(code):
            raise self.make_error("not_credit_code")
        return code
