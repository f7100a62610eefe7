"""A file of facts: one JSON object, read strictly. What JSON allows and a fact cannot be is left to `reading` to refuse."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from backbone.errors import Bilingual
from policy_pack.engine.definition import Definition
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.fact_problems import FactProblem, FactsRefused
from policy_pack.engine.facts import Facts
from policy_pack.engine.reading import read_facts

MOST_BYTES = 1_000_000
_WRITE_AN_OBJECT = Bilingual('写作 {"revenue": 8000, "labels": []}', 'write {"revenue": 8000, "labels": []}')


def read_facts_file(path: Path, dictionary: Mapping[str, Definition] = DICTIONARY) -> Facts:
    """The facts of a file; FactsRefused where it cannot be read, is no JSON object, or holds what is no fact."""
    name = path.name
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "?"
        raise _refused(
            name,
            Bilingual(f"无法读取（{reason}）", f"cannot be read ({reason})"),
            Bilingual("检查路径与权限", "check the path and its permissions"),
        ) from error
    return read_facts_text(content, name, dictionary)


def read_facts_text(content: bytes, name: str, dictionary: Mapping[str, Definition] = DICTIONARY) -> Facts:
    """The facts of a file's bytes; numbers keep all their digits. Every problem names the file."""
    said = _object_of(content, name)
    try:
        return read_facts(said, dictionary)
    except FactsRefused as refusal:
        raise FactsRefused([replace(each, file=name) for each in refusal.problems]) from refusal


def _object_of(content: bytes, name: str) -> dict[str, object]:
    if len(content) > MOST_BYTES:
        raise _refused(
            name,
            Bilingual(f"超过 {MOST_BYTES} 字节", f"is over {MOST_BYTES} bytes"),
            Bilingual("一份事实只有一个企业", "a file holds the facts of one enterprise"),
        )
    twice: list[str] = []
    try:
        said = json.loads(
            content.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=_decimal,
            object_pairs_hook=lambda pairs: _once(pairs, twice),
        )
    except UnicodeDecodeError as error:
        advice = Bilingual("另存为 UTF-8", "save it as UTF-8")
        raise _refused(name, Bilingual("不是 UTF-8 编码", "is not UTF-8"), advice) from error
    except json.JSONDecodeError as error:
        at = Bilingual(
            f"第 {error.lineno} 行第 {error.colno} 列", f"line {error.lineno} column {error.colno}"
        )
        what = Bilingual(f"不是合法的 JSON（{at.zh}：{error.msg}）", f"is not valid JSON ({at}: {error.msg})")
        raise _refused(name, what, _WRITE_AN_OBJECT) from error
    except RecursionError as error:
        raise _refused(name, Bilingual("嵌套过深", "is nested too deeply"), _WRITE_AN_OBJECT) from error
    if not isinstance(said, dict):
        raise _refused(name, Bilingual("不是 JSON 对象", "is no JSON object"), _WRITE_AN_OBJECT)
    if twice:
        raise FactsRefused([_written_twice(name, key) for key in twice])
    return said


def _once(pairs: list[tuple[str, object]], twice: list[str]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice.extend(key for key in found if keys.count(key) > 1)
    return found


def _decimal(text: str) -> Decimal:
    """A number with its digits; what is too large even for a Decimal is infinite."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _written_twice(name: str, key: str) -> FactProblem:
    what, advice = Bilingual("写了两次", "is given twice"), Bilingual("只保留一个", "keep one of them")
    return FactProblem(key, what, advice, name)


def _refused(name: str, what: Bilingual, advice: Bilingual) -> FactsRefused:
    return FactsRefused([FactProblem(name, what, advice)])
