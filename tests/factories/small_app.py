"""A small application over institutes' names, for tests of the boundary itself: `a_small_app(transactions, clock)`.

Its routes do as little as possible, so that what a test sees is the boundary's doing.
"""

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backbone import db, http_problems
from backbone.directory.models import Institute
from backbone.errors import Bilingual
from backbone.fields import Choice, Identifier, Schema, Several, Text, Whole
from backbone.http import Answer, Call, Routes, path_of
from backbone.identity.service import authenticate
from backbone.pages import PageQuery, read_page, sort_field
from backbone.settings import Settings
from sanwang.api import install_api

LARGEST_BODY = 1_000_000


class PlateEntry(Schema):
    name = Text(100, required=True)
    days = Whole(0, 365)
    labs = Several(Text(20), 3)


class PlateAmendment(Schema):
    name = Text(100)


class PlateView(Schema):
    id = Identifier()
    name = Text()
    labs = Several(Text())


class PlateOpen(Schema):
    name = Text()


class PlateQuery(PageQuery):
    sort = sort_field(("name", "created_at", "days"), "name")
    labs = Several(Text(20), 3)


class ViewQuery(Schema):
    view = Choice(["full", "open"], load_default="full")


class DatabaseTrouble(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(sqlstate)


def a_small_app(
    transactions: Any,
    clock: Any,
    refusals: dict[str, Exception] | None = None,
    further: tuple[Routes, ...] = (),
) -> Flask:
    """`GET /api/refusals/<name>` raises the exception of that name; `further` are routes of the test's own."""
    app = Flask("small", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions |= {"clock": clock, "authenticate": authenticate, "settings": Settings()}
    app.logger.disabled = True  # faults are provoked here on purpose
    db.bind(transactions)
    http_problems.install(app)
    install_api(app, [_plates(refusals or {}), *further])
    return app


def _plates(refusals: dict[str, Exception]) -> Routes:
    routes = Routes("plates", __name__, url_prefix="/api")
    attempts: dict[str, int] = {}

    @routes.operation(
        "POST",
        "/plates",
        "hangPlate",
        Bilingual("挂牌", "Hang"),
        body=PlateEntry,
        answer=PlateView,
        status=201,
    )
    def hang_plate(call: Call) -> Answer:
        row = Institute(
            name=call.body["name"], labs=call.body.get("labs", []), region_code="420100", type="university",
            approval_days=call.body.get("days", 0), created_at=call.now, updated_at=call.now,
        )  # fmt: skip
        call.session.add(row)
        call.session.flush()
        return Answer(row, location=path_of("/plates/<uuid:plate_id>", plate_id=row.id))

    @routes.operation(
        "GET",
        "/plates",
        "listPlates",
        Bilingual("列表", "List"),
        query=PlateQuery,
        answer=PlateView,
        listed=True,
    )
    def list_plates(call: Call) -> Any:
        sorts = {"name": Institute.name, "created_at": Institute.created_at, "days": Institute.approval_days}
        return read_page(call.session, select(Institute), call.query, sorts, Institute.id)

    @routes.operation(
        "GET", "/plates/<uuid:plate_id>", "showPlate", Bilingual("查看", "Show"), query=ViewQuery, answer=PlateView,
        or_answers=(PlateOpen,),
    )  # fmt: skip
    def show_plate(call: Call, plate_id: UUID) -> Answer:
        row, view = call.session.get_one(Institute, plate_id), call.query["view"]
        return Answer(
            row, schema=PlateView if view == "full" else PlateOpen, view=view, headers={"X-Seen": "yes"}
        )

    @routes.operation(
        "PATCH", "/plates/<uuid:plate_id>", "repaintPlate", Bilingual("修改", "Repaint"), body=PlateAmendment,
        answer=PlateView, guarded=True,
    )  # fmt: skip
    def repaint_plate(call: Call, plate_id: UUID) -> Any:
        row = call.session.get_one(Institute, plate_id)
        call.expect(row)
        row.name = call.body["name"]
        return row

    @routes.operation("DELETE", "/plates/<uuid:plate_id>", "takeDown", Bilingual("摘牌", "Take down"), answer=None, status=204,
                      guarded=True)  # fmt: skip
    def take_down(call: Call, plate_id: UUID) -> Any:
        row = call.session.get_one(Institute, plate_id)
        call.expect(row)
        call.session.delete(row)

    @routes.operation(
        "POST", "/doors/<name>", "openDoor", Bilingual("开门", "Open"), answer=None, status=204, public=True
    )
    def open_door(call: Call, name: str) -> Any:
        call.session.add(
            Institute(
                name=name, region_code="420100", type="university", created_at=call.now, updated_at=call.now
            )
        )
        call.session.flush()
        raise refusals[name]

    @routes.operation(
        "GET", "/refusals/<name>", "beRefused", Bilingual("拒绝", "Refuse"), answer=None, public=True
    )
    def be_refused(call: Call, name: str) -> Any:
        raise refusals[name]

    @routes.operation("POST", "/stumbles/<state>/<int:times>", "stumble", Bilingual("绊倒", "Stumble"), answer=PlateView,
                      public=True)  # fmt: skip
    def stumble(call: Call, state: str, times: int) -> Any:
        attempts[state] = attempts.get(state, 0) + 1
        if attempts[state] <= times:
            raise OperationalError("select 1", {}, DatabaseTrouble(state))
        return {"name": f"attempt {attempts[state]}"}

    return routes
