"""The API document at /api/openapi.json, its page, and the health check."""

import json
from collections.abc import Iterable
from html import escape
from importlib import metadata, resources

from flask import Flask, Response, send_from_directory
from flask_smorest import Api
from sqlalchemy import text

import backbone.api_words
import finance_net.api_words
import ground_net.api_words
import policy_pack.api_words
import sky_net.api_words
from backbone import db, fields
from backbone.http import Routes
from backbone.http_conventions import describe, joined
from backbone.http_documents import PROBLEM
from backbone.http_problems import Problem
from backbone.http_shapes import shape_answers

PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="static/swagger-ui.css"><link rel="icon" href="static/favicon-32x32.png"></head>
<body><div id="document"></div><script src="static/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{url: "../openapi.json", dom_id: "#document", deepLinking: true}});</script></body></html>
"""
TITLE = "科技创新供应链平台 API"
OPENAPI_TYPES = {
    fields.Text: ("string", None),
    fields.Choice: ("string", None),
    fields.Whole: ("integer", "int64"),
    fields.Flag: ("boolean", None),
    fields.Day: ("string", "date"),
    fields.Instant: ("string", "date-time"),
    fields.Identifier: ("string", "uuid"),
}
VOCABULARIES = (
    backbone.api_words.WORDS,
    sky_net.api_words.WORDS,
    ground_net.api_words.WORDS,
    finance_net.api_words.WORDS,
    policy_pack.api_words.WORDS,
)


def install_api(app: Flask, features: Iterable[Routes]) -> None:
    """Register the features and publish their document."""
    app.config |= {
        "API_TITLE": TITLE,
        "API_VERSION": f"v{metadata.version('sanwang')}",
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {
            "info": {
                "description": "三网一包：天网、地网、金网、政策包 / needs meet achievements, the service network, the funds, the policies"
            },
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        },
    }
    api = _PlainApi(app)
    for kind, (name, form) in OPENAPI_TYPES.items():
        api.register_field(kind, name, form)
    api.spec.components.schema(PROBLEM, schema=Problem)
    for routes in features:
        api.register_blueprint(routes)
    document = describe(shape_answers(api.spec.to_dict()), joined(VOCABULARIES))
    _serve_document(app, json.dumps(document, ensure_ascii=False))


class _PlainApi(Api):  # type: ignore[misc]  # smorest ships no types
    """smorest's registration without its error answers: ours are problem+json."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        return


def _serve_document(app: Flask, document: str) -> None:
    static = str(resources.files("swagger_ui").joinpath("static"))

    @app.get("/api/openapi.json")
    def openapi() -> Response:
        return Response(document, mimetype="application/json")

    @app.get("/api/docs/")
    def page() -> Response:
        return Response(PAGE.format(title=escape(TITLE)), mimetype="text/html")

    @app.get("/api/docs/static/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(static, name, max_age=86400)

    @app.get("/api/health")
    def health() -> Response:
        with db.transaction() as session:
            session.execute(text("select 1"))
        return Response('{"status":"ok"}', mimetype="application/json")
