"""The OpenAPI document of the REST interface.

What always holds: every answer that an endpoint can give stands in it, problems as problem+json; it describes what is
under /api and nothing else.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from detente.web.problems import MEDIA_TYPE, Problem
from detente.web.rendering import render
from detente.web.showing import Links

router = APIRouter(include_in_schema=False)

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEMS = {
    "4XX": {"description": "The request cannot be met; the detail says what to do.", "content": _PROBLEM},
    "5XX": {"description": "The server cannot meet it just now.", "content": _PROBLEM},
}
_UNCHANGED = {"304": {"description": "The asker has this answer already, by its ETag."}}


def install(app: FastAPI) -> None:
    """Have an application give this document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


@router.get("/api")
def page(request: Request) -> HTMLResponse:
    """The document as a page, for people."""
    paths = request.app.openapi()["paths"]
    rows = [{"method": method.upper(), "path": path, "about": operation["description"].split("\n")[0],
             "asks": [p["name"] for p in operation.get("parameters", ())]}
            for path, operations in paths.items() for method, operation in operations.items()]  # fmt: skip
    return render(request, "api.html", view={"title": "The REST interface"}, rows=rows, to=Links())


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes,
                       license_info=app.license_info)  # fmt: skip
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in made["paths"].values():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"] |= _PROBLEMS | (_UNCHANGED if method == "get" else {})
    return made
