"""What a file is, by its bytes."""

import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backbone.errors import Invalid
from backbone.files import kinds
from backbone.files.errors import FileRefused
from backbone.files.kinds import CSV, DOCX, JPEG, PDF, PLAIN, PNG, PPTX, XLSX, kind_of
from tests.factories.files import a_jpeg, a_pdf, a_png, a_zip, an_office_document

ELF, PE, MACH, JAVA = b"\x7fELF\x02\x01", b"MZ\x90\x00\x03", b"\xcf\xfa\xed\xfe\x07", b"\xca\xfe\xba\xbe\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00"


def refusal_of(content, name="说明.pdf"):
    with pytest.raises(FileRefused) as refused:
        kind_of(content, name)
    (error,) = refused.value.data["errors"]
    assert error["field"] == "(body)"
    assert error["problem"].zh
    assert str(error["problem"]).isascii()
    return error["problem"]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (a_pdf(), "方案.pdf", PDF),
        (a_pdf(), "ＰＬＡＮ（终版）.PDF", PDF),
        (a_png(), "现场.png", PNG),
        (a_jpeg(), "a.jpg", JPEG),
        (a_jpeg(), "a.b.JPEG", JPEG),
        (an_office_document(), "a.docx", DOCX),
        (an_office_document("xl/workbook.xml"), "a.xlsx", XLSX),
        (an_office_document("ppt/presentation.xml"), "a.pptx", PPTX),
        ("指标,数值\n良率,99.5\n".encode(), "指标.csv", CSV),
        (b"\xef\xbb\xbf" + "指标\t数值\r\n".encode(), "指标.csv", CSV),
        ("抖动 ≤ 50 ps 😀".encode(), "说明.txt", PLAIN),
        (b"# Title\n\na < b <html>\n", "README.md", PLAIN),
        ("MZ 型电机说明".encode(), "MZ.txt", PLAIN),
        (b"PK: public key", "key.txt", PLAIN),
        (b" \n", "blank.txt", PLAIN),
    ],
)
def test_kinds_are_found_by_content(content, name, kind):
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", kinds.EMPTY),
        (ELF, kinds.EXECUTABLE),
        (PE, kinds.EXECUTABLE),
        (MACH, kinds.EXECUTABLE),
        (JAVA, kinds.EXECUTABLE),
        (b"#!/bin/sh\nrm -rf .\n", kinds.EXECUTABLE),
        (b"\xef\xbb\xbf\n #!/usr/bin/env python\n", kinds.EXECUTABLE),
        (b"<!DOCTYPE html><script>x</script>", kinds.MARKUP),
        (b"\xef\xbb\xbf \r\n\t<html>", kinds.MARKUP),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", kinds.MARKUP),
        (b"<?xml version='1.0'?><svg/>", kinds.MARKUP),
        (b"<?php echo 1;", kinds.MARKUP),
        (b"<!-- --><script>", kinds.MARKUP),
        (a_zip("a.pdf"), kinds.ARCHIVE),
        (a_zip(), kinds.ARCHIVE),
        (a_zip("[Content_Types].xml", "a.txt"), kinds.ARCHIVE),
        (b"Rar!\x1a\x07\x00", kinds.ARCHIVE),
        (b"\x1f\x8b\x08\x00", kinds.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c\x00", kinds.ARCHIVE),
        (an_office_document("word/document.xml", "word/vbaProject.bin"), kinds.MACROS),
        (an_office_document()[:-30], kinds.DAMAGED),
        (b"PK\x03\x04", kinds.DAMAGED),
        (OLE, kinds.OLD_OFFICE),
        ("指标".encode("gb18030"), kinds.UNKNOWN),
        ("指标".encode("utf-16"), kinds.UNKNOWN),
        (b"a\x00b", kinds.UNKNOWN),
        (b"\x1b]0;x\x07", kinds.UNKNOWN),
        (b"\xed\xa0\x80", kinds.UNKNOWN),
        (b" " + a_pdf(), kinds.UNKNOWN),
        (b"GIF89a\x01\x00\xff", kinds.UNKNOWN),
    ],
)
def test_what_is_not_kept_says_why(content, why):
    assert refusal_of(content) == why


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a_pdf(), "方案.exe"), (a_pdf(), "方案"), (a_pdf(), "方案.pdf.bat"), (a_pdf(), "方案．ｐｄｆ"), (a_pdf(), "pdf"),
        (a_png(), "a.jpg"), (an_office_document(), "a.xlsx"), (an_office_document(), "a.zip"),
        (b"@echo off\r\ndel *.*\r\n", "run.bat"), (b"alert(1)", "a.js"), (b"a,b\n", "a.html"), (b"a,b\n", "a.pdf"),
    ],
)  # fmt: skip
def test_a_name_that_ends_otherwise_is_refused_as_a_name(content, name):
    with pytest.raises(Invalid) as refused:
        kind_of(content, name)
    assert refused.value.code == "invalid"
    assert [error["field"] for error in refused.value.data["errors"]] == ["name"]
    assert "." in refused.value.data["errors"][0]["problem"].zh


def test_an_archive_with_a_huge_directory_is_refused_before_it_is_read(monkeypatch):
    content = b"PK\x03\x04" + struct.pack("<4s42x", b"PK\x01\x02") * (kinds.MOST_PARTS + 1)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the directory was read"))
    assert refusal_of(content) == kinds.ARCHIVE


@given(some.binary(max_size=300), some.sampled_from([b"", b"PK\x03\x04", b"<", b"%PDF-", b"\xff\xd8\xff"]))
def test_any_bytes_are_a_kind_or_refused(tail, start):
    with suppress(Invalid):
        assert kind_of(start + tail, "a.txt") in kinds.KINDS


@given(some.data())
def test_a_damaged_document_is_a_kind_or_refused(data):
    content = bytearray(an_office_document())
    for _ in range(data.draw(some.integers(1, 6))):
        content[data.draw(some.integers(4, len(content) - 1))] = data.draw(some.integers(0, 255))
    with suppress(Invalid):
        assert kind_of(bytes(content), "a.docx") is DOCX
