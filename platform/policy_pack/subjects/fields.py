"""Schema fields for facts: a mapping of keys to values as they are sent, and a value as it is answered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backbone.errors import Bilingual
from backbone.fields import Field

MOST_FACTS = 200


class FactMap(Field[dict[str, Any]]):
    """{"service_spend": 12.5, "premium_paid": null}: values in the unit of the key, null known absent, left out unknown.

    What a value may be is the dictionary's business: `engine.reading` refuses the others, key by key.
    """

    default_error_messages = {
        "not_a_map": Bilingual("应为对象：事实键与值", "This must be an object of keys and values"),
        "too_many": Bilingual("共 {count} 项，最多 {most} 项", "{count} facts, at most {most} allowed"),
        "none": Bilingual("至少一项", "At least one fact is needed"),
        "required": Bilingual("必填", "This field is required"),
        "null": Bilingual("不能为 null", "This field may not be null"),
    }

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        self.least = least
        said = {"type": "object", "description": "事实键见 listPolicyFactKinds / keys: listPolicyFactKinds"}
        super().__init__(metadata=said | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("not_a_map")
        if len(value) > MOST_FACTS:
            raise self.make_error("too_many", count=len(value), most=MOST_FACTS)
        if len(value) < self.least:
            raise self.make_error("none")
        return value


class AnyFact(Field[Any]):
    """One value as it is sent: a number, true or false, a text, a day, a list, or null."""

    default_error_messages = {"required": Bilingual("必填", "This field is required")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        return value

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        """The value of a spelling of `subjects.snapshot` as JSON has it."""
        return None if value is None else plain(value)


def plain(spelled: Mapping[str, Any]) -> Any:
    """What a spelling says, without its sort; null where there is no value."""
    if "number" in spelled:
        number = Decimal(spelled["number"])
        return int(number) if number == number.to_integral_value() else float(number)
    return next((spelled[sort] for sort in ("flag", "text", "day", "set") if sort in spelled), None)
