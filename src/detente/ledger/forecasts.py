"""The forecasts that were made: appended with what was known, and never changed.

What always holds: a row's id is made of all that stands in it, also of when it was made, so that a row that is changed
or dated back later is found; keeping the same forecast again on the same state of the ledger changes nothing. A body
holds no words of an article: these stand with their reports, are put back from there, and go when they are erased.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from detente.ledger import schema
from detente.ledger.asking import of_pair
from detente.ledger.keys import digest, now, pair, plain

Row = dict[str, Any]
forecasts, reports, members = schema.forecasts, schema.reports, schema.members
_OWN = ("a", "b", "asked_on", "known", "horizon", "until", "last_report", "maker", "body")
"""What makes it the same forecast, whenever it was made."""
_MARK = re.compile("⟦([0-9a-f]{16})⟧")
ERASED = "[erased]"


def forecast_key(row: Mapping[str, Any]) -> str:
    """The id of a forecast, made of all that its row holds."""
    return digest(row["made_at"], *(str(row[name]) for name in _OWN))


def keep(connection: Connection, row: Row) -> str:
    """Append a forecast; its id.

    Args:
        connection: one that writes (see `Store.writing`).
        row: a, b, asked_on, known, horizon, until, maker and body, which is JSON without words of articles.
    """
    seq, at = connection.execute(select(func.max(forecasts.c.seq), func.max(forecasts.c.made_at))).one()
    last, recorded = connection.execute(select(func.max(reports.c.seq), func.max(reports.c.recorded_at))).one()
    one, other = pair(row["a"], row["b"])
    full = row | {"a": one, "b": other, "last_report": last or 0}
    same = and_(*(forecasts.c[name] == full[name] for name in _OWN))
    if (there := connection.scalar(select(forecasts.c.id).where(same))) is not None:
        return str(there)
    # A clock put back must not date a forecast before what it rests on.
    full |= {"seq": (seq or 0) + 1, "made_at": max(now(), at or "", recorded or "")}
    full["id"] = forecast_key(full)
    connection.execute(insert(forecasts), [full])
    return str(full["id"])


def kept(connection: Connection, a: str | None = None, b: str | None = None) -> list[Row]:
    """The rows of forecasts about two parties, about one, or of all, in the order in which they were made."""
    query = select(forecasts).where(of_pair(forecasts, a, b)).order_by(forecasts.c.seq)
    return [dict(row) for row in connection.execute(query).mappings()]


def marked(connection: Connection, body: Row, ids: Sequence[str]) -> Row:
    """A body with the words of articles as marks of their reports.

    Args:
        connection: one that reads.
        body: a forecast as JSON's values; words of articles stand only in what is called ``text``.
        ids: the events and changes whose words may stand in it.
    """
    query = (
        select(reports.c.id, reports.c.quote).join(members, members.c.seq == reports.c.seq)
        .where(members.c.grp.in_(ids), reports.c.quote.is_not(None)).order_by(reports.c.seq.desc())
    )  # fmt: skip
    words = {" ".join(row.quote.split()): row.id for row in connection.execute(query) if row.quote.strip()}
    if not words:
        return body
    # The longest first: one report's words may stand inside another's.
    every = sorted(words, key=len, reverse=True)
    found = re.compile("|".join(r"\s+".join(map(re.escape, quote.split())) for quote in every))
    return dict(_texts(body, lambda said: found.sub(lambda m: f"⟦{words[' '.join(m[0].split())]}⟧", said)))


def unmarked(connection: Connection, body: Row) -> Row:
    """A body with the words of articles put back, `ERASED` where they were erased."""
    wanted = sorted(set(_MARK.findall(plain(body))))
    query = select(reports.c.id, reports.c.quote).where(reports.c.id.in_(wanted))
    words = {row.id: row.quote for row in connection.execute(query)} if wanted else {}
    return dict(_texts(body, lambda said: _MARK.sub(lambda m: words.get(m[1]) or ERASED, said)))


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """JSON's values with each ``text`` in them changed."""
    if isinstance(value, list):
        return [_texts(inner, change) for inner in value]
    if not isinstance(value, dict):
        return value
    return {k: change(v) if k == "text" and isinstance(v, str) else _texts(v, change) for k, v in value.items()}
