"""What a file is, by its content alone: pure, so that every refusal can be tested on bytes.

The client's word (its Content-Type) is never asked. The ending of the name must agree with what was found: a script
that is plain text to us would run on the desk of whoever downloads it as .bat.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from backbone.errors import Bilingual, Invalid
from backbone.files.errors import FileRefused

MOST_PARTS = 10_000  # of an Office document; reading the directory of a zip made to hurt takes seconds


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept, and how its name may end."""

    media_type: str
    endings: tuple[str, ...]


PDF = Kind("application/pdf", ("pdf",))
PNG = Kind("image/png", ("png",))
JPEG = Kind("image/jpeg", ("jpg", "jpeg"))
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
PPTX = Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",))
CSV = Kind("text/csv", ("csv",))
PLAIN = Kind("text/plain", ("txt", "md"))
KINDS = (PDF, PNG, JPEG, DOCX, XLSX, PPTX, CSV, PLAIN)
MEDIA_TYPES = tuple(kind.media_type for kind in KINDS)

SIGNATURES: Mapping[bytes, Kind] = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
OFFICE_PARTS: Mapping[str, Kind] = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
}
ZIP, ZIP_ENTRY = b"PK\x03\x04", b"PK\x01\x02"
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

EMPTY = Bilingual("文件是空的", "The file is empty")
EXECUTABLE = Bilingual("不接收可执行文件与脚本", "Programs and scripts are not accepted")
MARKUP = Bilingual("不接收 HTML、SVG、XML 文件", "HTML, SVG and XML are not accepted")
ARCHIVE = Bilingual(
    "不接收压缩包，请逐个上传其中的文件", "Archives are not accepted: send their files one by one"
)
MACROS = Bilingual("文档含宏，请另存为不含宏的格式", "The document holds macros: save it without them")
OLD_OFFICE = Bilingual(
    "不接收旧版或加密的 Office 文档，请另存为 docx、xlsx、pptx",
    "Old or encrypted Office documents are not accepted: save as docx, xlsx or pptx",
)
DAMAGED = Bilingual("文档已损坏，无法读取", "The document is damaged and cannot be read")
UNKNOWN = Bilingual(
    "内容不是可接收的文件类型；文本文件须为 UTF-8 编码", "Of no accepted kind; plain text must be UTF-8"
)
WRONG_ENDING = Bilingual(
    "内容与文件名不符，文件名应以 {endings} 结尾", "The name must end in {endings} to agree with the content"
)

# Said of what is none of the kinds above, so that the sender learns why.
REFUSED: Mapping[bytes, Bilingual] = {
    b"MZ": EXECUTABLE,
    b"\x7fELF": EXECUTABLE,
    b"\xca\xfe\xba\xbe": EXECUTABLE,
    b"\xcf\xfa\xed\xfe": EXECUTABLE,
    b"\xce\xfa\xed\xfe": EXECUTABLE,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLD_OFFICE,
    b"PK": ARCHIVE,
    b"Rar!": ARCHIVE,
    b"7z\xbc\xaf\x27\x1c": ARCHIVE,
    b"\x1f\x8b": ARCHIVE,
}


def kind_of(content: bytes, name: str) -> Kind:
    """What the content is; raises FileRefused, and Invalid when the name ends otherwise.

    The name decides only between the two texts, which no content tells apart.
    """
    if not content:
        raise FileRefused(EMPTY)
    _, dot, ending = name.lower().rpartition(".")
    ending = ending if dot else ""
    kind = _by_signature(content) or _text(content, ending)
    if kind is None:
        raise FileRefused(next((why for start, why in REFUSED.items() if content.startswith(start)), UNKNOWN))
    if ending not in kind.endings:
        endings = " / ".join(
            f".{one}" for one in (kind.endings if kind is not PLAIN else (*PLAIN.endings, *CSV.endings))
        )
        raise Invalid.field("name", WRONG_ENDING.format(endings=endings))
    return kind


def _by_signature(content: bytes) -> Kind | None:
    if content.startswith(ZIP):
        return _office(content)
    return next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)


def _office(content: bytes) -> Kind | None:
    """An Office document is a zip with a list of its parts; nothing of it is unpacked here."""
    if content.count(ZIP_ENTRY) > MOST_PARTS:
        raise FileRefused(ARCHIVE)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefused(DAMAGED) from None
    if "[Content_Types].xml" not in parts:
        return None
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise FileRefused(MACROS)
    return next((kind for part, kind in OFFICE_PARTS.items() if part in parts), None)


def _text(content: bytes, ending: str) -> Kind | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if NOT_TEXT.search(text):
        return None
    start = text.removeprefix("\ufeff").lstrip()
    if start.startswith("<"):
        raise FileRefused(MARKUP)
    if start.startswith("#!"):
        raise FileRefused(EXECUTABLE)
    return CSV if ending in CSV.endings else PLAIN
