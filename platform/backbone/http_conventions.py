"""What the names in the API document mean, said once for all fields that follow them: units, ids, and shared names.

An integrator reads the document alone. A description that a field gives itself always stands; what is added here follows
from its name and type. Pure: it knows the finished document and the words it is given, nothing of the schemas.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backbone.errors import Bilingual

Node = dict[str, Any]
FORMATS: Final = frozenset({"date", "date-time", "uuid"})


@dataclass(frozen=True)
class Words:
    """What names stand for. `parts` are the Chinese for what stands before an ending, and before one ending alone where the
    key has it (`asked_fen`); `names` are whole names that mean one thing everywhere.

    A key of `names` may end in the type that it speaks of (`needs:integer`), and begin with ? where it is a filter.
    """

    parts: Mapping[str, str]
    names: Mapping[str, Bilingual]


def joined(vocabularies: Iterable[Words]) -> Words:
    """All of them as one; raises ValueError where two explain the same name."""
    parts: dict[str, str] = {}
    names: dict[str, Bilingual] = {}
    for each in vocabularies:
        if twice := (parts.keys() & each.parts.keys()) | (names.keys() & each.names.keys()):
            raise ValueError(f"explained twice: {', '.join(sorted(twice))}")
        parts |= each.parts
        names |= each.names
    return Words(parts, names)


@dataclass(frozen=True)
class Convention:
    """Fields of these kinds whose names have this ending; `{part}` in the wording is what stands before it.

    `alone` is said where nobody gave the Chinese for the part; without it nothing is.
    """

    ending: str
    kinds: frozenset[str]
    of: Bilingual
    alone: Bilingual | None


def _unit(ending: str, kinds: str, alone: Bilingual) -> Convention:
    of = Bilingual(f"{{part}}：{alone.zh}", f"{{part}}: {alone}")
    return Convention(ending, frozenset(kinds.split()), of, alone)


def _thing(ending: str, kinds: str, of: Bilingual) -> Convention:
    return Convention(ending, frozenset(kinds.split()), of, None)


INSTANT = Bilingual("带时区的时刻，返回时为 UTC", "instant with its offset, answered in UTC")
DAY = Bilingual("日期，按北京时间（Asia/Shanghai）", "day in the province (Asia/Shanghai)")
CONVENTIONS: Final = (
    _unit("_fen", "integer", Bilingual("金额，单位分", "amount in fen (1 yuan = 100 fen)")),
    _unit("_percent", "integer number", Bilingual("百分数", "in per cent")),
    _unit("_basis_points", "integer", Bilingual("万分比", "in basis points (1/10,000)")),
    _unit("_hundredths", "integer", Bilingual("单位百分之一分", "in hundredths of a point")),
    _unit("_minutes", "integer", Bilingual("单位分钟", "in minutes")),
    _unit("_hours", "integer number", Bilingual("单位小时", "in hours")),
    _unit("_days", "integer", Bilingual("单位天", "in days")),
    _unit("_months", "integer array", Bilingual("单位月", "in months")),
    _unit("_years", "integer", Bilingual("单位年", "in years")),
    _unit("_count", "integer", Bilingual("数量", "how many")),
    _unit("_at", "date-time", INSTANT),
    _unit("", "date-time", INSTANT),
    _unit("_on", "date", DAY),
    _unit("", "date", DAY),
    _unit("sha256", "string", Bilingual("SHA-256 摘要，十六进制", "SHA-256 digest, hexadecimal")),
    _unit("_zh", "string", Bilingual("中文", "in Chinese")),
    _unit("_en", "string", Bilingual("英文", "in English")),
    _thing("_by", "uuid", Bilingual("{part}人的账号 id", "id of the account it was {part} by")),
    _thing("_ids", "array", Bilingual("{part}的 id 列表", "ids, each of one {part}")),
    _thing("_id", "uuid string array", Bilingual("{part}的 id", "id of the {part}")),
    _thing("_number", "string", Bilingual("{part}编号，给人看", "number of the {part}, as people use it")),
    _thing("_name", "string", Bilingual("{part}名称", "name of the {part}")),
)  # fmt: skip


def describe(document: Node, words: Words) -> Node:
    """The same document with every name described that a convention or a word speaks of; changed in place."""
    for schema in document["components"]["schemas"].values():
        _describe_properties(schema, words)
    for path, item in document["paths"].items():
        operations = [operation for operation in item.values() if isinstance(operation, dict)]
        for parameter in (each for holder in (item, *operations) for each in holder.get("parameters", ())):
            if "description" not in parameter and (said := _of_parameter(parameter, path, words)):
                parameter["description"] = said
        for schema in _answered(operations):
            _describe_properties(schema, words)
    return document


def _answered(operations: Iterable[Node]) -> Iterator[Node]:
    """The schemas of answers that stand where they are used: pages do."""
    for operation in operations:
        for answer in operation["responses"].values():
            yield from (media["schema"] for media in answer.get("content", {}).values() if "schema" in media)


def _describe_properties(schema: Node, words: Words) -> None:
    for name, entry in schema.get("properties", {}).items():
        if "description" not in entry and (said := _lifted(entry) or said_of(name, entry, words)):
            entry["description"] = said
        _describe_properties(entry, words)


def _lifted(entry: Node) -> str | None:
    """What the entries of a list, or the thing beside null, say of themselves is said of the whole."""
    inner = [entry["items"]] if isinstance(entry.get("items"), dict) else entry.get("anyOf", ())
    return next((each.pop("description") for each in inner if "description" in each), None)


def _of_parameter(parameter: Node, path: str, words: Words) -> str | None:
    name, schema = parameter["name"], parameter["schema"]
    if parameter["in"] == "path":
        collection = path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
        part = words.parts.get(collection)
        return f"{part}的 id / id of one of the {collection}" if part else said_of(name, schema, words)
    asked = words.names.get(f"?{name}")
    return both(asked) if asked else _lifted(schema) or said_of(name, schema, words)


def said_of(name: str, entry: Node, words: Words) -> str | None:
    """What the name of a field of this type says in both languages, None where nothing is known of it."""
    kind = kind_of(entry)
    known = next(
        filter(None, map(words.names.get, (f"{name}:{kind}", f"{name}:{_broader(kind)}", name))), None
    )
    if known:
        return both(known)
    for convention in CONVENTIONS:
        if kind in convention.kinds and name.endswith(convention.ending):
            part = name.removesuffix(convention.ending).rstrip("_")
            zh = words.parts.get(name) or words.parts.get(part)
            if zh is None:
                return both(convention.alone) if convention.alone else None
            return f"{convention.of.zh.format(part=zh)} / {convention.of.format(part=part.replace('_', ' '))}"
    return None


def both(said: Bilingual) -> str:
    """A wording in both languages, as the document has it."""
    return f"{said.zh} / {said}"


def _broader(kind: str) -> str:
    return "array" if kind == "objects" else kind


def kind_of(entry: Node) -> str:
    """The format where it tells more than the type, else the type; object and objects for what has its own schema."""
    if (items := entry.get("items")) and "$ref" in items:
        return "objects"
    if "type" not in entry:
        return "object" if entry.keys() & {"$ref", "allOf", "anyOf"} else "any"
    types = [entry["type"]] if isinstance(entry["type"], str) else entry["type"]
    kind = next((kind for kind in types if kind != "null"), "null")
    return entry["format"] if entry.get("format") in FORMATS else str(kind)
