"""How a reading and a ledger look in a notebook.

What always holds: everything shown is escaped; nothing is displayed unless `register` was called, which importing
`detente` in a notebook does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from detente.ledger.titles import title_of
from detente.views.drawing import style
from detente.views.looks import LOOKS
from detente.views.plots import strip

if TYPE_CHECKING:
    from detente.ledger.ledger import Ledger
    from detente.model import Reading
    from detente.views.courses import Span

SHOWN = 25
"""Lines shown of a ledger, the worst first."""


def register() -> None:
    """Let notebooks show readings and ledgers."""
    from detente.ledger.ledger import Ledger
    from detente.model import Reading

    Ledger._repr_html_ = ledger_html  # type: ignore[attr-defined]
    Reading._repr_html_ = reading_html  # type: ignore[attr-defined]


def ledger_html(ledger: Ledger) -> str:
    """A ledger as its board of today: how many lines are in which state, and the worst of them with their history."""
    from detente.ledger import asking
    from detente.ledger.evidence import quotes
    from detente.views.courses import spans, window

    today = date.today()
    with ledger.asked() as connection:
        rows = asking.board(connection, on=today)
        told = asking.courses_of(connection, rows[:SHOWN])
        said = quotes(connection, {name for course in told.values() for s in course for name in s["evidence"]})
    courses = {key: spans(course, said, until=today) for key, course in told.items()}
    shown = window(courses.values(), today)
    counts = ", ".join(f"{n} {word}" for word in LOOKS if (n := sum(row["state"] == word for row in rows)))
    head = f"<p><b>Ledger {escape(ledger.store.name)}</b>: {len(rows)} lines{': ' + counts if counts else ''}</p>"
    cells = "".join(_row(row, courses[row["line"]], shown) for row in rows[:SHOWN])
    names = "".join(f"<th>{name}</th>" for name in ("State", "Line", "Since", "By", "Sources", "History"))
    more = f"<p>and {len(rows) - SHOWN} more: ledger.board()</p>" if len(rows) > SHOWN else ""
    table = f"<table><thead><tr>{names}</tr></thead><tbody>{cells}</tbody></table>"
    return f"<style>{style()}</style>{head}{table}{more}"


def _row(row: dict[str, Any], course: Sequence[Span], shown: tuple[date, date]) -> str:
    drawn = strip(course, *shown, title=title_of(row))
    return (
        f"<tr><td>{LOOKS[row['state']].shape} {row['state']}</td><td>{escape(title_of(row))}</td>"
        f"<td>{escape(row['since'] or '')}</td><td>{escape(', '.join(row['by']))}</td><td>{row['sources']}</td>"
        f'<td style="min-width:14em">{drawn}</td></tr>'
    )


def reading_html(reading: Reading) -> str:
    """A reading as its dossier, in a frame that can run nothing."""
    from detente.views import dossier

    return f'<iframe sandbox style="width:100%;height:40em;border:0" srcdoc="{escape(dossier.html(reading))}"></iframe>'
