"""Schema fields of accounts."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from backbone.errors import Bilingual
from backbone.fields import Text


class NewLogin(Text):
    """A login as it is typed alike everywhere: it is compared sign by sign, and two that look alike would be two accounts."""

    default_error_messages = {
        "not_plain": Bilingual(
            "登录名不能含空格、不可见字符或全角字母数字，例如：{plain}",
            "A login holds no spaces, no invisible signs and no full-width letters, as in: {plain}",
        ),
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        login = super()._deserialize(value, attr, data, **kwargs)
        plain = "".join(
            sign for sign in unicodedata.normalize("NFKC", login) if sign.isprintable() and not sign.isspace()
        )
        if plain != login:
            raise self.make_error("not_plain", plain=plain)
        return login
