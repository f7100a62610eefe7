"""Names of files as people give them: any writing, but no paths and nothing that shows another name than it is."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from backbone.errors import Bilingual
from backbone.fields import Text

LONGEST_NAME = 200
# Control characters, line and paragraph separators, and those that turn the writing round:
# "\u202efdp.exe" shows as exe.pdf.
UNPRINTED = {"Cc", "Cf", "Zl", "Zp"}


class FileName(Text):
    """A file's name, kept as given."""

    default_error_messages = {
        "path": Bilingual("应为文件名，不能含 / 或 \\", "This must be a name, not a path: no / and no \\"),
        "unprinted": Bilingual(
            "含有不可见或改变书写方向的字符，位置 {at}",
            "Holds an invisible or direction-turning character at {at}",
        ),
        "dots": Bilingual(
            "不能只有点，也不能以空格开头或结尾", "May not be dots alone, nor begin or end with a space"
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LONGEST_NAME, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if "/" in name or "\\" in name:
            raise self.make_error("path")
        for at, character in enumerate(name):
            if unicodedata.category(character) in UNPRINTED:
                raise self.make_error("unprinted", at=at)
        if name != name.strip() or not name.strip("."):
            raise self.make_error("dots")
        return name
