"""In which encoding a text file was written: UTF-8, GBK (read as GB18030, which holds it), or UTF-16 with its mark.

A file that is UTF-8 but for a few damaged bytes stays UTF-8: the damaged places become U+FFFD, so that the rows around
them are read and those with one are named, instead of the whole file turning into characters that nobody wrote.
"""

import codecs

from backbone.errors import Bilingual
from backbone.table_files.rows import TableRefused

DAMAGED = "\ufffd"
NO_TEXT = Bilingual("文件不是文本表格，也不是 xlsx", "The file is neither text nor an xlsx")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(content: bytes) -> str:
    """The text; raises TableRefused for what is none."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content:
        raise TableRefused(NO_TEXT)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_damaged_or_gbk(content), "replace")


def _damaged_or_gbk(content: bytes) -> str:
    """The encoding of the heading, where it shows one; of what is all ASCII there, whichever damages less."""
    heading = content.split(b"\n", 1)[0]
    if not heading.isascii():
        return "utf-8" if _is(heading, "utf-8") else "gb18030"
    harm = {name: content.decode(name, "replace").count(DAMAGED) for name in ("gb18030", "utf-8")}
    return min(harm, key=lambda name: harm[name])


def _is(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
