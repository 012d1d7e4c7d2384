"""Pages made of templates.

What always holds: every value is escaped; a name that a template misspells is an error, not an empty place.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from detente.plain import day, number_of, party, sentence_case, shown
from detente.views import drawing
from detente.views.looks import LOOKS
from detente.web.access import csrf_field, holder_of


@cache
def world() -> Environment:
    """The templates of `web/templates`, and those of `views/templates` that they share with dossiers."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("detente.web", "templates"), PackageLoader("detente", "views/templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"day": day, "party": party, "sentence_case": sentence_case, "shown": shown}
    made.globals |= {"number_of": number_of, "looks": LOOKS, "style_digest": style_digest}
    return made


@cache
def style() -> str:
    """The style sheet of all pages: that of drawings, that of articles, and their own."""
    own = files("detente.web").joinpath("static/site.css").read_text("utf-8")
    article = files("detente").joinpath("views/templates/article.css").read_text("utf-8")
    return drawing.style() + article + own


@cache
def style_digest() -> str:
    """Names the style sheet that is meant."""
    return sha256(style().encode()).hexdigest()[:12]


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
