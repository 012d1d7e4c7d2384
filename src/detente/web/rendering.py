"""Pages made of templates.

What always holds: every value is escaped; a name that a template misspells is an error, not an empty place.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from detente.web.access import csrf_field, holder_of


@cache
def world() -> Environment:
    """The templates of `web/templates`."""
    return Environment(
        loader=PackageLoader("detente.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(request: Request, name: str, **values: Any) -> HTMLResponse:
    """A page.

    Args:
        request: what it answers.
        name: of the template.
        values: what the template shows. Besides these it has `path`, `settings`, `holder` (who is signed in, or None)
            and `csrf` (the hidden field that every form that writes must have).
    """
    values |= {"path": request.url.path, "settings": request.app.state.settings, "holder": holder_of(request),
               "csrf": csrf_field(request)}  # fmt: skip
    return HTMLResponse(world().get_template(name).render(values))
