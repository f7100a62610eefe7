"""Schema fields of the directory's own words: industry, region, area, credit code, masked contacts."""

import re
from collections.abc import Mapping
from typing import Any

from backbone.directory.credit_code import is_credit_code
from backbone.directory.industries import INDUSTRIES
from backbone.directory.regions import AREAS, REGIONS
from backbone.errors import Bilingual
from backbone.fields import Choice, Text
from backbone.people.normal import ERASED, masked_email, masked_name, masked_phone

_EMAIL = re.compile(r"[^@\s\x00-\x1f<>,;:\"]+@[^@\s\x00-\x1f<>,;:\"]+\.[^@\s\x00-\x1f<>,;:\"]+")


class IndustryCode(Choice):
    """A leaf of the industry tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(INDUSTRIES, **kwargs)


class RegionCode(Choice):
    """A region of the province, or a zone outside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(REGIONS, **kwargs)


class AreaCode(Choice):
    """What filters take: a region, which stands for all inside it, or a group of regions (an innovation corridor)."""

    def __init__(self, **kwargs: Any) -> None:
        said = {
            "description": "地区（含其下所有地区）或地区组 / a region with all inside it, or a region group",
            **kwargs.pop("metadata", {}),
        }
        super().__init__(AREAS, metadata=said, **kwargs)


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


class MaskedName(Text):
    """A name that one recognises and cannot look up."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return masked_name(value) if value and value != ERASED else value


class MaskedPhone(Text):
    """A phone that one recognises and cannot ring."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return masked_phone(value) if value else value


class MaskedEmail(Text):
    """An address that one recognises and cannot write to."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return masked_email(value) if value else value


class Email(Text):
    """An address for mail: one @, no blanks, as it is spelled."""

    default_error_messages = {
        "not_email": Bilingual("应为电子邮箱地址", "This must be an e-mail address"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(120, metadata={"format": "email"}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        written = super()._deserialize(value, attr, data, **kwargs)
        if not _EMAIL.fullmatch(written):
            raise self.make_error("not_email")
        return written
