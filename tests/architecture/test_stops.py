"""Only the code of the stop table writes a stop: whoever could write one elsewhere is found here, by name."""

import ast
from pathlib import Path

import pytest

PLATFORM = Path(__file__).parents[2] / "platform"
STOPS, READS = "sky_net/sla/stops.py", ("sky_net/sla/event_log.py", "sky_net/sla/event.py")
WRITER, ROWS = "sky_net/sla/log.py", "sky_net/sla/models.py"
MAY_APPEND = {"sky_net/sla/service.py", "sky_net/sla/revisions.py", STOPS}
# `backbone` starts and stops servers; it stands below the clocks and cannot import them.
STOPS_OTHER_THINGS = ("backbone/", "sanwang/")


def offences(path: str, source: str) -> list[str]:
    """What the module at `path` (below platform/) does that only the stop table's code may do."""
    tree = ast.parse(source)
    return [found for node in ast.walk(tree) for found in _offence(path, node)]


def _offence(path: str, node: ast.AST) -> list[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="EventKind"), attr="STOP"):
            return [] if path in (STOPS, *READS) else ["names EventKind.STOP"]
        case ast.Subscript(value=ast.Name(id="EventKind")):
            return ["looks an EventKind up by a computed name"]
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _offending_call(path, name, arguments)
        case ast.ImportFrom(module=str(module), names=names):
            return _offending_import(path, module, {name.name for name in names})
        case ast.Constant(value=str(text)):
            return _offending_text(path, text)
    return []


def _offending_call(path: str, name: str, arguments: list[ast.expr]) -> list[str]:
    first = arguments[0].id if arguments and isinstance(arguments[0], ast.Name) else None
    if name == "EventKind" and path != ROWS:
        return ["makes an EventKind of a value"]
    if name == "getattr" and first == "EventKind":
        return ["looks an EventKind up by a computed name"]
    if name == "SlaEvent" and path != WRITER:
        return ["makes an SlaEvent"]
    writes = name in {"insert", "update", "delete"} and first == "SlaEvent"
    return ["writes to the log past its writer"] if writes and path != WRITER else []


def _offending_import(path: str, module: str, names: set[str]) -> list[str]:
    if module == "sky_net.sla.models" and not path.startswith("sky_net/sla/"):
        return ["reaches past the services of the clocks"]
    appends = (module == "sky_net.sla.log" and names - {"Subject"}) or (
        module == "sky_net.sla" and "log" in names
    )
    return ["appends to the log"] if appends and path not in MAY_APPEND else []


def _offending_text(path: str, text: str) -> list[str]:
    if "sla_events" in text.lower() and path != ROWS:
        return ["names the log's table"]
    is_kind = text == "stop" and path not in (*READS, STOPS) and not path.startswith(STOPS_OTHER_THINGS)
    return ["spells the kind of a stop"] if is_kind else []


def modules() -> list[Path]:
    return sorted(path for path in PLATFORM.rglob("*.py"))


def test_no_module_but_the_stop_table_can_write_a_stop():
    found = {
        f"{path.relative_to(PLATFORM)}: {offence}"
        for path in modules()
        for offence in offences(path.relative_to(PLATFORM).as_posix(), path.read_text("utf-8"))
    }
    assert found == set()


def test_the_stop_table_itself_writes_them():
    assert len(modules()) > 50
    source = (PLATFORM / STOPS).read_text("utf-8")
    assert "names EventKind.STOP" in offences("sky_net/needs/service.py", source)
    assert "appends to the log" in offences("sky_net/needs/service.py", source)


@pytest.mark.parametrize(
    ("source", "offence"),
    [
        ("append(session, actor, log, [Entry(EventKind.STOP)], now=now)", "names EventKind.STOP"),
        ("Entry(EventKind['STOP'])", "looks an EventKind up by a computed name"),
        ("Entry(getattr(EventKind, word.upper()))", "looks an EventKind up by a computed name"),
        ("Entry(EventKind(word))", "makes an EventKind of a value"),
        ("Entry('stop', 'confirm')", "spells the kind of a stop"),
        ("session.add(SlaEvent(kind=kind))", "makes an SlaEvent"),
        ("session.execute(insert(SlaEvent), rows)", "writes to the log past its writer"),
        ("from sky_net.sla.models import SlaEvent", "reaches past the services of the clocks"),
        ("from sky_net.sla.log import Entry, append", "appends to the log"),
        ("from sky_net.sla import log", "appends to the log"),
        ("session.execute(text('INSERT INTO sla_events VALUES (1)'))", "names the log's table"),
    ],
)
def test_each_way_around_the_table_is_found(source, offence):
    assert offence in offences("sky_net/needs/service.py", source)


@pytest.mark.parametrize(
    "source",
    [
        "from sky_net.sla.service import Subject\nsla.pause(session, actor, need.id, 'return', now=now)",
        "from sky_net.sla import service as sla, stops\nstops.stop(session, actor, need.id, evidence, now=now)",
    ],
)
def test_what_features_are_meant_to_do_is_no_offence(source):
    assert offences("sky_net/needs/life_cycle.py", source) == []
