"""Contents of files for tests, as small as their kind allows: `a_pdf("甲")` differs from `a_pdf("乙")`."""

import zipfile
from io import BytesIO


def a_pdf(text: str = "") -> bytes:
    """What begins like a PDF, with `text` in a comment."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n%" + text.encode() + b"\n%%EOF\n"


def a_png(text: str = "") -> bytes:
    """What begins like a PNG."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + text.encode()


def a_jpeg() -> bytes:
    """What begins like a JPEG."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


def a_zip(*parts: str) -> bytes:
    """A zip archive with these members."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return made.getvalue()


def an_office_document(main: str = "word/document.xml", *further: str) -> bytes:
    """An Office document whose main part is `main`."""
    return a_zip("[Content_Types].xml", "_rels/.rels", main, *further)
