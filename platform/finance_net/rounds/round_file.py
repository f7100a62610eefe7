"""A round as a JSON file has it; every problem is named with its place, and nothing is taken from a file that has one."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from backbone.errors import Bilingual, Malformed
from finance_net.rounds.programme import MOST
from finance_net.rounds.round import Application, Category, Round

MOST_BYTES = 64 * 1024 * 1024
ROUND = ("budget_fen", "step_fen", "enterprise_cap_fen", "categories", "groups", "requires", "applications")
CATEGORY, GROUP = ("id", "min_fen", "max_fen"), ("id", "max_selected")
APPLICATION = ("id", "enterprise", "category", "groups", "score", "min_fen", "max_fen")

Problem = tuple[str, Bilingual]
MISSING = Bilingual("缺少此项，请补上", "is missing: give it")
NOT_OBJECT = Bilingual("应为对象", "must be an object")
NOT_LIST = Bilingual("应为数组", "must be an array")
NOT_TEXT = Bilingual("应为非空文本", "must be a text that is not empty")
NOT_WHOLE = Bilingual(
    "应为整数（分），不带引号和小数", "must be a whole number (fen), without quotes or a fraction"
)
OUTSIDE = Bilingual("应在 {least} 至 {most} 之间", "must lie between {least} and {most}")
REVERSED = Bilingual("下限 {least} 大于上限 {most}", "the minimum {least} is above the maximum {most}")
TWICE = Bilingual("编号 {id} 重复", "the id {id} is given twice")
STRANGER = Bilingual("没有编号为 {id} 的{what}", "there is no {what} with the id {id}")
NOT_PAIR = Bilingual("应为两个申报编号 [a, b]", "must be a pair of ids of applications [a, b]")
TOO_FINE = Bilingual(
    "合计超出 64 位整数，请加大 step_fen 或缩小评分",
    "the sum leaves 64 bits: raise step_fen or scale the scores",
)
CATEGORY_WORD, GROUP_WORD = Bilingual("类别", "category"), Bilingual("组", "group")
APPLICATION_WORD = Bilingual("申报", "application")


class RoundRefused(Malformed):
    """A file that is no round; `problems` lists each place."""

    code = "round_refused"
    title = Bilingual("申报批次文件有误", "The round cannot be read")
    detail = Bilingual("{problems}", "{problems}")
    advice = Bilingual("改正后重试；什么都没有计算", "Correct it and try again; nothing was computed")


def read_round(path: Path) -> Round:
    """The round of a file; raises RoundRefused, OSError."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        _refuse([("", Bilingual("文件超过 64 MiB", "the file is larger than 64 MiB"))])
    try:
        document = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        words = {"why": str(error) or type(error).__name__}
        _refuse(
            [
                (
                    "",
                    Bilingual("不是可读的 JSON（UTF-8）：{why}", "is not JSON in UTF-8: {why}").format(
                        **words
                    ),
                )
            ]
        )
    return round_of(document)


def round_of(document: object) -> Round:
    """The round of a JSON document; raises RoundRefused with every problem found."""
    problems = list(_problems(document))
    if problems or not isinstance(document, dict):
        _refuse(problems)
    asked = Round(
        document["budget_fen"],
        document["step_fen"],
        document["enterprise_cap_fen"],
        {each["id"]: Category(*(each[key] for key in CATEGORY)) for each in document["categories"]},
        {each["id"]: each["max_selected"] for each in document["groups"]},
        frozenset((needy, needed) for needy, needed in document["requires"]),
        tuple(
            sorted((_application(each) for each in document["applications"]), key=lambda each: each.id),
        ),
    )
    if sum(min(asked.down(each.max_fen), MOST) for each in asked.applications) >= MOST:
        _refuse([("step_fen", TOO_FINE)])
    if sum(each.score for each in asked.applications) >= MOST:
        _refuse([("score", TOO_FINE)])
    return asked


def _application(entry: Mapping[str, Any]) -> Application:
    given = {key: entry[key] for key in APPLICATION}
    return Application(**{**given, "groups": frozenset(entry["groups"])})


def _problems(document: object) -> Iterator[Problem]:
    """Shape first: what refers to what is looked at in a document of the right shape alone."""
    shape = list(_shape(document))
    yield from shape
    if not shape and isinstance(document, dict):
        yield from _references(document)


def _shape(document: object) -> Iterator[Problem]:
    yield from _keys(document, "", ROUND)
    if not isinstance(document, dict):
        return
    yield from _whole(document, "budget_fen", "")
    yield from _whole(document, "step_fen", "", least=1)
    if document.get("enterprise_cap_fen") is not None:
        yield from _whole(document, "enterprise_cap_fen", "")
    for name, keys, check in (("categories", CATEGORY, _category), ("groups", GROUP, _group),
                              ("applications", APPLICATION, _applied)):  # fmt: skip
        for at, entry in _entries(document, name):
            if isinstance(entry, Bilingual):
                yield name, entry
                continue
            yield from _keys(entry, at, keys)
            if isinstance(entry, dict):
                yield from check(entry, at)
    for at, pair in _entries(document, "requires"):
        if isinstance(pair, Bilingual):
            yield "requires", pair
        elif not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)):
            yield at, NOT_PAIR


def _entries(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    listed = document.get(name)
    if isinstance(listed, list):
        yield from ((f"{name}[{at}]", entry) for at, entry in enumerate(listed))
    elif name in document:
        yield name, NOT_LIST


def _category(entry: Mapping[str, Any], at: str) -> Iterator[Problem]:
    yield from _text(entry, "id", at)
    yield from _whole(entry, "min_fen", at)
    if entry.get("max_fen") is not None:
        yield from _whole(entry, "max_fen", at)


def _group(entry: Mapping[str, Any], at: str) -> Iterator[Problem]:
    yield from _text(entry, "id", at)
    yield from _whole(entry, "max_selected", at)


def _applied(entry: Mapping[str, Any], at: str) -> Iterator[Problem]:
    for key in ("id", "enterprise", "category"):
        yield from _text(entry, key, at)
    found = [problem for key in ("score", "min_fen", "max_fen") for problem in _whole(entry, key, at)]
    yield from found
    groups = entry.get("groups")
    if "groups" in entry and not (isinstance(groups, list) and all(isinstance(each, str) for each in groups)):
        yield f"{at}.groups", NOT_LIST
    if not found and "min_fen" in entry and "max_fen" in entry and entry["min_fen"] > entry["max_fen"]:
        yield f"{at}.min_fen", REVERSED.format(least=entry["min_fen"], most=entry["max_fen"])


def _references(document: Mapping[str, Any]) -> Iterator[Problem]:
    ids = {name: [each["id"] for each in document[name]] for name in ("categories", "groups", "applications")}
    for name, given in ids.items():
        yield from (
            (name, TWICE.format(id=each)) for each, times in sorted(Counter(given).items()) if times > 1
        )
    categories, groups, applications = (set(given) for given in ids.values())
    for at, entry in _entries(document, "applications"):
        if entry["category"] not in categories:
            yield f"{at}.category", STRANGER.format(id=entry["category"], what=CATEGORY_WORD)
        for each in sorted(set(entry["groups"]) - groups):
            yield f"{at}.groups", STRANGER.format(id=each, what=GROUP_WORD)
    for at, pair in _entries(document, "requires"):
        yield from (
            (at, STRANGER.format(id=each, what=APPLICATION_WORD)) for each in pair if each not in applications
        )


def _keys(entry: object, at: str, known: tuple[str, ...]) -> Iterator[Problem]:
    """Every known key has to be there, so that a mistyped one shows; further keys are the caller's own."""
    if not isinstance(entry, dict):
        yield at, NOT_OBJECT
        return
    prefix = f"{at}." if at else ""
    yield from ((f"{prefix}{key}", MISSING) for key in known if key not in entry)


def _text(entry: Mapping[str, Any], key: str, at: str) -> Iterator[Problem]:
    if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
        yield f"{at}.{key}", NOT_TEXT


def _whole(entry: Mapping[str, Any], key: str, at: str, least: int = 0) -> Iterator[Problem]:
    place = f"{at}.{key}" if at else key
    if key not in entry:
        return
    value = entry[key]
    if not isinstance(value, int) or isinstance(value, bool):
        yield place, NOT_WHOLE
    elif not least <= value <= MOST:
        yield place, OUTSIDE.format(least=least, most=MOST)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    given = dict(pairs)
    if len(given) != len(pairs):
        raise ValueError("a key is given twice in one object")
    return given


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _refuse(problems: list[Problem]) -> NoReturn:
    shown = problems[:20] + [("…", Bilingual("共 {n} 处", "{n} in all").format(n=len(problems)))] * (
        len(problems) > 20
    )
    zh = "；".join(f"{at} {problem.zh}".strip() for at, problem in shown)
    en = "; ".join(f"{at} {problem}".strip() for at, problem in shown)
    raise RoundRefused(problems=Bilingual(zh, en))
