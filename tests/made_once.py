"""What the tests of a module begin with and takes long to make: made once, committed, and met anew by each of them.

@made_once
def exchange(session):
    return an_exchange(session)

@made_once
def contract(exchange):
    return a_contract(exchange)

These are fixtures like others, but the test finds them in a database that was made with them and is kept while the module's tests
run; what the test itself writes is rolled back. They take the session and one another, and no other fixture.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields, is_dataclass, replace
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from backbone.db import Database
from tests.databases import TestDatabases

Make = Callable[..., Any]
Scene = tuple[str, ...]

_MAKES: dict[str, dict[str, Make]] = {}
"""By module and name, in the order in which they are defined."""


def made_once(make: Make) -> Any:
    """The fixture that is called like the function."""
    _MAKES.setdefault(make.__module__, {})[make.__name__] = make

    @pytest.fixture(name=make.__name__)
    def met_anew(request: pytest.FixtureRequest, session: Session, scenes: "Scenes") -> Any:
        return met(scenes.of(request).made[make.__name__], session)

    return met_anew


class Made:
    """A database with what some fixtures of a module make, by name."""

    def __init__(self, databases: TestDatabases, makes: dict[str, Make], ends: ExitStack) -> None:
        url = databases.clone()
        ends.callback(databases.drop, url)
        self.database = Database(url)
        ends.callback(self.database.close)
        self.made: dict[str, Any] = {}
        with self.database.transaction() as session:
            known = {"session": session}
            for name, make in makes.items():
                known[name] = self.made[name] = make(
                    **{each: known[each] for each in signature(make).parameters}
                )


class Scenes:
    """The databases of the module whose tests are running: one for each choice of these fixtures that a test of it makes."""

    def __init__(self, databases: TestDatabases) -> None:
        self._databases = databases
        self._module = ""
        self._made: dict[Scene, Made] = {}
        self._ends = ExitStack()

    def of(self, request: pytest.FixtureRequest) -> Made:
        """The one that this test begins with."""
        makes = _asked(request)
        module, scene = request.module.__name__, tuple(makes)
        if module != self._module:
            self.close()
            self._module = module
        if scene not in self._made:
            self._made[scene] = Made(self._databases, makes, self._ends)
        return self._made[scene]

    def close(self) -> None:
        """Drop them."""
        self._made.clear()
        self._ends.close()


def begins_made(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for any such fixture."""
    return bool(_asked(request))


def met(made: Any, session: Session) -> Any:
    """The same in another session: rows are read anew, also within dataclasses, lists, tuples and dictionaries."""
    if isinstance(made, Session):
        return session
    if (row := inspect(made, raiseerr=False)) is not None and hasattr(row, "identity"):
        return session.get_one(type(made), row.identity)
    if is_dataclass(made) and not isinstance(made, type):
        parts = {each.name: getattr(made, each.name) for each in fields(made)}
        now = {name: met(part, session) for name, part in parts.items()}
        return made if all(now[name] is parts[name] for name in parts) else replace(made, **now)
    if isinstance(made, dict):
        return {key: met(value, session) for key, value in made.items()}
    if type(made) in (list, tuple):
        return type(made)(met(each, session) for each in made)
    return made


def _asked(request: pytest.FixtureRequest) -> dict[str, Make]:
    """These fixtures of the test, and those that they take, in the order of their definition."""
    makes = _MAKES.get(request.module.__name__, {})
    wanted: set[str] = set()
    left = [name for name in request.fixturenames if name in makes]
    while left:
        wanted.add(name := left.pop())
        left += [each for each in signature(makes[name]).parameters if each in makes and each not in wanted]
    return {name: make for name, make in makes.items() if name in wanted}
