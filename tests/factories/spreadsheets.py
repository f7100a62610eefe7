"""Exported files, read back: `read_csv(content)`, `sheets(content)`."""

import csv
import io

import openpyxl


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf"), "Excel reads Chinese by this mark alone"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
