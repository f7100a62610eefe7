"""One request, one transaction: it is opened and ended at the boundary, and nothing below can end it early."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PLATFORM = Path(__file__).parents[2] / "platform"
ENDS = {"commit", "rollback", "begin", "prepare", "close_all"}
# What ends or begins something there, and why that is no transaction below the boundary.
MAY_END = {
    "backbone/db.py": "the one place where `transaction()` begins and commits",
}
# Besides the functions of jobs (`@jobs.task`), which are boundaries wherever they stand.
MAY_OPEN = {
    "backbone/chaining.py": "sealing by the worker's own loop and by commands, a batch per transaction",
    "backbone/db.py": "where it is made",
    "backbone/http.py": "one request",
    "backbone/identity/login_limit.py": "an attempt is paid for beside its request, whose rollback must give nothing back",
    "sky_net/matching/building.py": "a job of hours, in two transactions: none may be open while texts are encoded",
    "sky_net/matching/milvus/keeping.py": "a job of hours, in one transaction that holds no snapshot",
    "sky_net/matching/naming.py": "asks the bound database for its engine, and leaves at once",
    "sky_net/matching/progress.py": "how far a build is, told while it goes on",
    "sky_net/matching/search.py": "a search that refuses orders an index, and its request is about to be rolled back",
}
ASSEMBLY = "sanwang/"  # commands and the start of processes
MAY_CONNECT = {
    "backbone/db.py": "the engine",
    "backbone/embedded.py": "administers the server it runs",
    "backbone/jobs.py": "the worker's own connections",
    "backbone/migrate.py": "asks where the schema stands, before there is an application",
    "backbone/roles.py": "an administrator's command",
    "sky_net/matching/naming.py": "the lock of a build: a session's, because no transaction may last as long",
}
CONNECTS = {"connect", "create_engine", "sessionmaker"}
STATEMENT = re.compile(
    r"\s*(commit|rollback|begin|start transaction|end|abort)\s*(work|transaction)?\s*;?\s*", re.I
)


def offences(path: str, source: str) -> list[str]:
    """What the module at `path` (below platform/) does that only a boundary may."""
    return list(_offences(path, ast.parse(source), in_a_job=False))


def _offences(path: str, node: ast.AST, *, in_a_job: bool) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        in_a_job = in_a_job or any("jobs.task" in ast.unparse(each) for each in node.decorator_list)
    if isinstance(node, ast.Call):
        yield from _offending_call(path, node, in_a_job)
    for child in ast.iter_child_nodes(node):
        yield from _offences(path, child, in_a_job=in_a_job)


def _offending_call(path: str, call: ast.Call, in_a_job: bool) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ENDS and isinstance(call.func, ast.Attribute) and path not in MAY_END:
        yield f"calls .{name}()"
    if name == "transaction" and not (in_a_job or path in MAY_OPEN or path.startswith(ASSEMBLY)):
        yield "opens a transaction"
    if name in CONNECTS and path not in MAY_CONNECT:
        yield "connects by itself"
    for argument in call.args:
        if isinstance(argument, ast.Constant) and STATEMENT.fullmatch(str(argument.value)):
            yield "says it in SQL"


def modules() -> list[Path]:
    return sorted(PLATFORM.rglob("*.py"))


def test_nothing_below_the_boundary_ends_or_opens_a_transaction():
    found = {
        f"{path.relative_to(PLATFORM)}: {offence}"
        for path in modules()
        for offence in offences(path.relative_to(PLATFORM).as_posix(), path.read_text("utf-8"))
    }
    assert found == set()


def test_every_exception_is_still_needed():
    for path in (*MAY_END, *MAY_OPEN, *MAY_CONNECT):
        assert offences("elsewhere.py", (PLATFORM / path).read_text("utf-8")), f"{path} needs no exception"


@pytest.mark.parametrize(
    ("source", "offence"),
    [
        ("session.commit()", "calls .commit()"),
        ("session.connection().rollback()", "calls .rollback()"),
        ("with session.begin():\n    pass", "calls .begin()"),
        ("def confirm(session):\n    with transaction() as other:\n        pass", "opens a transaction"),
        ("with db.transaction() as other:\n    pass", "opens a transaction"),
        ("engine = create_engine(url)", "connects by itself"),
        ("psycopg.connect(url)", "connects by itself"),
        ("session.execute(text('COMMIT'))", "says it in SQL"),
        ("session.execute(text(' rollback ;'))", "says it in SQL"),
    ],
)
def test_each_way_to_end_it_early_is_found(source: str, offence: str):
    assert offences("sky_net/needs/service.py", source) == [offence]


@pytest.mark.parametrize(
    "source",
    [
        "session.flush()",
        "with session.begin_nested():\n    pass",
        "@jobs.task(name='needs.expire')\ndef expire():\n    with transaction() as session:\n        pass",
        "@jobs.periodic(cron='* * * * *')\n@jobs.task(name='x')\ndef x(timestamp):\n    for _ in y:\n"
        "        with transaction() as session:\n            pass",
        "states.begin",
    ],
)
def test_what_services_and_jobs_are_meant_to_do_is_no_offence(source: str):
    assert offences("sky_net/needs/service.py", source) == []
