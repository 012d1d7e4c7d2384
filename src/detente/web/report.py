"""A board as one file that opens from a disk: made of the same templates as the pages.

What always holds: the file holds no script and asks for nothing over the network; its links lead within it or to the
articles' own addresses; all text of articles is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from hashlib import sha256
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from detente.ledger.episodes import episodes as ruptures
from detente.plain import day
from detente.views import asked
from detente.views.asked import Clock, History
from detente.views.courses import window
from detente.views.episodes import Episode, episode_of
from detente.views.lanes import lanes
from detente.views.plots import strip, strip_axis
from detente.web.rendering import style, world


class Within:
    """Places in the file itself; what it does not hold has no address."""

    file = True

    def __init__(self) -> None:
        self.places: dict[tuple[str, str], str] = {}

    def __call__(self, kind: str, *ids: str, **more: str | None) -> str:
        """Where something stands in the file."""
        return self.places.get((kind, ids[0]), "") if ids else ""


def html(connection: Connection, a: str | None, b: str | None, clock: Clock, *, most: int | None = None) -> str:
    """A board as a file; of two parties with their timeline and ruptures.

    Args:
        connection: one that reads.
        a, b: party codes; None for all.
        clock: as of when.
        most: pairs that are told; all unless given.

    Returns:
        A whole document.
    """
    found = asked.board(connection, a, b, clock, most=most)
    to, more = Within(), _pair(connection, a, b, clock) if a and b else {}
    entries = {entry.id: entry for group in found.view.groups for entry in group.entries}
    to.places |= {("line", key): f"#line-{key}" for key in entries}
    for key, entry in entries.items():
        to.places |= {("evidence", change): f"#line-{key}" for change in entry.evidence}
    history: History | None = more.get("history")
    if history:
        to.places |= {("evidence", step.id): f"#step-{step.id}" for step in history.steps}
        to.places |= {("answer", reply.id): f"#answer-{reply.id}" for reply in history.replies}
        more["drawing"] = lanes(
            (history.a, history.b), history.bars, history.acts, history.replies, history.first, history.last, to=to
        )
    first, last = window(found.courses.values(), clock.on)
    strips = {key: strip(found.courses[key], first, last, title=entries[key].title, to=to) for key in entries}
    css = style()
    values = {"history": None, "episodes": (), "drawing": ""} | more
    return world().get_template("report.html").render(
        view=found.view, lately=found.lately, strips=strips, axis=strip_axis(first, last), window=(first, last), to=to,
        more=found.more,
        single=bool(a and b), cite=_cited(found.view.title, clock), css=Markup(css),  # noqa: S704 - our own file
        css_hash=b64encode(sha256(css.encode()).digest()).decode(), **values,
    )  # fmt: skip


def _pair(connection: Connection, a: str, b: str, clock: Clock) -> dict[str, Any]:
    history, _ = asked.history(connection, min(a, b), max(a, b), clock)
    rows = [row for row in ruptures(connection, a, b, asked=clock.asked) if row["begins"] <= clock.on.isoformat()]
    told: list[Episode] = [episode_of(connection, row, clock.asked) for row in reversed(rows)]
    return {"history": history, "episodes": told}


def _cited(title: str, clock: Clock) -> str:
    when = f", as of {clock.on.isoformat()}" + (f", known by {clock.known}" if clock.known else "")
    return f"“{title}”{when}. détente, made on {day(date.today().isoformat())}."
