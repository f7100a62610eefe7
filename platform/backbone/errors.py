"""What can go wrong, said once: a code, a sentence in Chinese and English, and the data that goes with it.

Domain errors know nothing of HTTP; the table in `backbone.http_problems` maps these bases to a status.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from backbone.clock import SHANGHAI
from backbone.money import yuan

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Bilingual(str):
    """A sentence in both languages: the string itself is English, `.zh` is Chinese.

    It is a `str` so that every library that formats or logs messages keeps working; `format` fills both.
    """

    zh: str

    def __new__(cls, zh: str, en: str) -> Self:
        """Pair the two wordings."""
        sentence = super().__new__(cls, en)
        sentence.zh = zh
        return sentence

    def format(self, *args: object, **data: object) -> "Bilingual":
        """Fill the placeholders of both wordings; a `Bilingual` argument speaks each language in its turn.

        An amount has its wording beside it: `asked_fen` is said as `{asked}` yuan.
        """
        data = _in_yuan(data) | data
        chinese = {key: say(value, "zh") for key, value in data.items()}
        return Bilingual(self.zh.format(*args, **chinese), str.format(self, *args, **data))


def say(value: object, language: str) -> object:
    """The wording of `value` for `language` ("zh" or "en"); anything not bilingual is returned as it is."""
    if isinstance(value, Bilingual):
        return value.zh if language == "zh" else str(value)
    return value


def _in_yuan(data: Mapping[str, object]) -> dict[str, object]:
    fen = {name: value for name, value in data.items() if name.endswith("_fen") and isinstance(value, int)}
    return {name.removesuffix("_fen"): yuan(value) for name, value in fen.items()}


def _as_people_write(value: object) -> object:
    """The data keep an instant for programs; in a sentence nobody should have to add eight hours."""
    if not (isinstance(value, str) and INSTANT.fullmatch(value)):
        return value
    try:
        at = f"{datetime.fromisoformat(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):  # somebody's own words that only look like one
        return value
    return Bilingual(f"{at}（北京时间）", f"{at} (Asia/Shanghai)")


class DomainError(Exception):
    """A refusal that the caller can understand and act upon.

    Subclasses give `code` (stable, part of the API), `title`, `detail` (what is wrong, may use the data as
    placeholders) and `advice` (what to do next). `data` travels in the answer.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[Bilingual] = Bilingual("请求被拒绝", "The request was refused")
    detail: ClassVar[Bilingual | None] = None
    advice: ClassVar[Bilingual | None] = None

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.code)

    def sentence(self) -> Bilingual:
        """The detail with its placeholders filled from the data; an instant as people write it, in Asia/Shanghai."""
        return (self.detail or self.title).format(**self._told())

    def _told(self) -> dict[str, object]:
        return {name: _as_people_write(value) for name, value in self.data.items()}

    def in_both_languages(self) -> str:
        """The sentence and the advice, each in Chinese and in English: what a command says where nobody can choose."""
        said = (self.sentence(), self.advice and self.advice.format(**self.data))
        return "\n".join(f"{line.zh}\n{line}" for line in said if line)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence()}"


class Invalid(DomainError):
    """The request is well formed but says something impossible; `errors` lists field, problem."""

    code = "invalid"
    title = Bilingual("请求内容有误", "The request is not valid")
    detail = Bilingual("有 {count} 处内容需要修改，见 errors", "{count} thing(s) need correcting, see errors")
    advice = Bilingual("按 errors 中的字段逐项修改后重试", "Correct the listed fields and send it again")

    def __init__(self, errors: list[dict[str, Any]], **data: Any) -> None:
        super().__init__(errors=errors, count=len(errors), **data)

    @classmethod
    def field(cls, name: str, problem: Bilingual) -> Self:
        """One field is wrong."""
        return cls([{"field": name, "problem": problem}])


class Malformed(DomainError):
    """The body, a parameter or a header cannot be read at all."""

    code = "malformed"
    title = Bilingual("请求无法读取", "The request cannot be read")
    detail = Bilingual("{what}", "{what}")
    advice = Bilingual(
        "检查 JSON 语法与编码（UTF-8）后重试", "Check the JSON syntax and encoding (UTF-8), then retry"
    )


class Unauthenticated(DomainError):
    """No usable token came with the request."""

    code = "unauthenticated"
    title = Bilingual("需要登录", "Authentication is required")
    detail = Bilingual(
        "没有提供令牌，或令牌无效、过期、已撤销", "The token is missing, unknown, expired or revoked"
    )
    advice = Bilingual(
        "用 issueToken 取得令牌，放在 Authorization: Bearer 中", "Get one from issueToken, send it as Bearer"
    )


class Forbidden(DomainError):
    """The caller may see the thing but not do this to it."""

    code = "forbidden"
    title = Bilingual("没有权限", "This is not permitted")
    detail = Bilingual("您的角色不能执行此操作", "None of your roles may do this")
    advice = Bilingual(
        "请联系有权限的人员，或管理员授予角色", "Ask someone who may, or an administrator for the role"
    )


class NotFound(DomainError):
    """There is no such thing, or none that this caller may know of: both answer alike."""

    code = "not_found"
    title = Bilingual("没有找到", "Not found")
    detail = Bilingual("没有这条记录，或您无权查看", "There is no such record, or you may not see it")
    advice = Bilingual("检查编号是否正确", "Check the id")


class Conflict(DomainError):
    """The request is valid but clashes with what is stored."""

    code = "conflict"
    title = Bilingual("与现有数据冲突", "This conflicts with what is stored")


THIS = Bilingual("执行此操作", "this")


class StandsOtherwise(Conflict):
    """The record's present `state` does not allow it. The sentence has the state in words, `stands`; the data keep its code."""

    code = "stands_otherwise"

    def __init__(self, *, stands: Bilingual, **data: Any) -> None:
        self.stands = stands
        super().__init__(**data)

    def _told(self) -> dict[str, object]:
        return super()._told() | {"state": self.stands}


class StateConflict(StandsOtherwise):
    """The action does not exist in the record's present state; `allowed` has the codes of those that do.

    With `doing` the sentence names the action in words; the data keep its code.
    """

    code = "wrong_state"
    title = Bilingual("当前状态不能执行此操作", "Not possible in the present state")
    detail = Bilingual("当前状态为“{state}”，不能{action}", "It is “{state}”: {action} is not possible")
    advice = Bilingual("可执行的操作见 allowed", "See allowed for what can be done now")

    def __init__(
        self, *, stands: Bilingual, doing: Bilingual = THIS, state: str, action: str, allowed: Sequence[str], **data: Any
    ) -> None:  # fmt: skip
        self.doing = doing
        super().__init__(stands=stands, state=state, action=action, allowed=allowed, **data)

    def _told(self) -> dict[str, object]:
        return super()._told() | {"action": self.doing}


class IdempotencyConflict(Conflict):
    """The same key came back with another body."""

    code = "idempotency_key_reused"
    title = Bilingual("幂等键已用于另一请求", "This idempotency key belongs to another request")
    detail = Bilingual(
        "Idempotency-Key 已随不同内容使用过", "The Idempotency-Key was used with a different request"
    )
    advice = Bilingual("新请求请换一个新的键", "Use a fresh key for a new request")


class StaleVersion(DomainError):
    """Somebody else changed the record since the caller read it."""

    code = "stale_version"
    title = Bilingual("记录已被他人修改", "The record has changed since you read it")
    detail = Bilingual(
        "If-Match 与当前版本不符，未作任何修改", "If-Match is not the current version; nothing was changed"
    )
    advice = Bilingual("重新读取，合并修改后再提交", "Read it again, merge, and send the new ETag")


class VersionRequired(DomainError):
    """A change without If-Match would overwrite blindly."""

    code = "version_required"
    title = Bilingual("缺少 If-Match", "If-Match is required")
    detail = Bilingual(
        "修改必须带上读取时得到的 ETag", "A change must carry the ETag of the version it is based on"
    )
    advice = Bilingual("先 GET，取 ETag 放入 If-Match", "GET it first and send its ETag as If-Match")


class WrongMethod(DomainError):
    """The address exists, the method does not; the Allow header names those that do."""

    code = "method_not_allowed"
    title = Bilingual("此地址不支持该方法", "This address does not know the method")
    detail = Bilingual("{method} 不适用于此地址", "{method} does not apply to this address")
    advice = Bilingual("可用的方法见 Allow 响应头", "The Allow header names the methods that do")


class TooLarge(DomainError):
    """The body is larger than the platform reads."""

    code = "too_large"
    title = Bilingual("请求过大", "The request is too large")
    detail = Bilingual("请求体超过 {limit} 字节的上限", "The body is over the limit of {limit} bytes")
    advice = Bilingual("请精简内容后重试", "Send less")


class UnsupportedMedia(DomainError):
    """The body is a file, and came as something else (a form, JSON)."""

    code = "unsupported_media"
    title = Bilingual("请求体类型不符", "The body is of another kind than expected")
    detail = Bilingual(
        "请求体应为文件本身，类型 {expected}", "The body must be the file itself, sent as {expected}"
    )
    advice = Bilingual(
        "以 Content-Type: {expected} 直接发送文件内容，不要用表单",
        "Send the bytes of the file with Content-Type: {expected}, not a form",
    )


class TooManyRequests(DomainError):
    """The caller has to slow down; `retry_after_s` seconds until the next one is looked at."""

    code = "too_many_requests"
    title = Bilingual("请求过于频繁", "Too many requests")
    detail = Bilingual("请求过于频繁", "Requests come too fast")
    advice = Bilingual("{retry_after_s} 秒后重试", "Retry in {retry_after_s} s")


class HeadersTooLarge(DomainError):
    """The headers are more, or longer, than any client needs."""

    code = "headers_too_large"
    title = Bilingual("请求头过大", "The headers are too large")
    detail = Bilingual("请求头{what}", "The headers: {what}")
    advice = Bilingual("减少或缩短请求头后重试", "Send fewer or shorter headers")


class Unavailable(DomainError):
    """Something the platform stands on does not answer just now; a retry with the same key is safe."""

    code = "unavailable"
    title = Bilingual("服务暂时不可用", "Temporarily unavailable")
    advice = Bilingual("稍后用同一个 Idempotency-Key 重试", "Retry shortly with the same Idempotency-Key")


class Contended(Unavailable):
    """Other requests stood in the way of this one each time it was tried: deadlocks or serialisation failures."""

    code = "contended"
    title = Bilingual("同一记录正被其他请求修改", "Other requests are changing the same records")
    detail = Bilingual(
        "已试 {tries} 次，均与其他请求冲突；没有写入任何内容",
        "Tried {tries} times and in conflict with others each time; nothing was written",
    )
