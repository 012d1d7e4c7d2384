"""How a reading and a ledger look in a notebook.

What always holds: everything shown is escaped; nothing is displayed unless `register` was called, which importing
`detente` in a notebook does.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from detente.views.looks import LOOKS
from detente.views.record import title_of

if TYPE_CHECKING:
    from detente.ledger.ledger import Ledger
    from detente.model import Reading

SHOWN = 25
"""Lines shown of a ledger, the worst first."""


def register() -> None:
    """Let notebooks show readings and ledgers."""
    from detente.ledger.ledger import Ledger
    from detente.model import Reading

    Ledger._repr_html_ = ledger_html  # type: ignore[attr-defined]
    Reading._repr_html_ = reading_html  # type: ignore[attr-defined]


def ledger_html(ledger: Ledger) -> str:
    """A ledger as its board of today: how many lines are in which state, and the worst of them."""
    from detente.ledger import asking

    with ledger.asked() as connection:
        rows = asking.board(connection, on=date.today())
    counts = ", ".join(f"{n} {word}" for word in LOOKS if (n := sum(row["state"] == word for row in rows)))
    head = f"<p><b>Ledger {escape(ledger.store.name)}</b>: {len(rows)} lines{': ' + counts if counts else ''}</p>"
    cells = "".join(
        f"<tr><td>{LOOKS[row['state']].shape} {row['state']}</td><td>{escape(title_of(row))}</td>"
        f"<td>{escape(row['since'] or '')}</td><td>{escape(', '.join(row['by']))}</td><td>{row['sources']}</td></tr>"
        for row in rows[:SHOWN]
    )
    names = "".join(f"<th>{name}</th>" for name in ("State", "Line", "Since", "By", "Sources"))
    more = f"<p>and {len(rows) - SHOWN} more: ledger.board()</p>" if len(rows) > SHOWN else ""
    return f"{head}<table><thead><tr>{names}</tr></thead><tbody>{cells}</tbody></table>{more}"


def reading_html(reading: Reading) -> str:
    """A reading as its dossier, in a frame that can run nothing."""
    from detente.views import dossier

    return f'<iframe sandbox style="width:100%;height:40em;border:0" srcdoc="{escape(dossier.html(reading))}"></iframe>'
