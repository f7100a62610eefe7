"""Names of files."""

import pytest

from backbone.errors import Invalid
from backbone.fields import Schema
from backbone.files.fields import LONGEST_NAME, FileName
from backbone.http_requests import load


class Named(Schema):
    name = FileName(required=True)


@pytest.mark.parametrize(
    "name",
    [
        "方案.pdf",
        "ＰＬＡＮ（终版）２．docx",
        "a b;c='d'.pdf",
        "..pdf",
        "%2F..%2Fa.txt",
        "CON",
        "😀.png",
        "長" * LONGEST_NAME,
        "a／b.pdf",
    ],
)
def test_any_writing_is_kept_as_given(name):
    assert load(Named, {"name": name}) == {"name": name}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "空"), (" ", "空"), (None, "null"), (7, "文字"), ("a\0.pdf", "NUL"), ("a\ud800.pdf", "代理"), ("长" * 300, "300"),
        ("a/b.pdf", "文件名"), ("..\\a.pdf", "文件名"), ("C:\\fakepath\\a.pdf", "文件名"), ("/etc/passwd", "文件名"),
        ("a\r\nX-Evil: 1.pdf", "不可见"), ("a\tb.pdf", "不可见"), ("\u202efdp.exe", "书写方向"), ("a\u200b.pdf", "不可见"),
        ("a\u2028.pdf", "不可见"), ("a\x7f.pdf", "不可见"), (".", "点"), ("..", "点"), (" a.pdf", "空格"), ("a.pdf ", "空格"),
        ("a.pdf\u3000", "空格"),
    ],
)  # fmt: skip
def test_what_is_no_name_says_why(name, word):
    with pytest.raises(Invalid) as refused:
        load(Named, {"name": name})
    (error,) = refused.value.data["errors"]
    assert error["field"] == "name"
    assert word in error["problem"].zh
