"""The articles of a ledger, how they were read, and where they come from.

What always holds: nothing is written here; an article whose text was erased is told as withdrawn, never left out; a
reading comes back as it was recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from detente.errors import NotInLedger
from detente.ledger import schema
from detente.ledger.believing import NOW, Asked
from detente.model import Answer, Claim, Event, Item, Line, Reading, Use

Row = dict[str, Any]
articles, readings, reports = schema.articles, schema.readings, schema.reports
_MODELS: dict[str, type[Item]] = {"event": Event, "line": Line, "use": Use, "answer": Answer, "claim": Claim}
_SHOWN = ("id", "title", "publisher", "published", "address", "language", "known_at", "recorded_at")


def articles_of(
    connection: Connection, *, publisher: str | None = None, limit: int = 100, start: int = 0, asked: Asked = NOW
) -> list[Row]:
    """Articles without their texts, those that could be known last first.

    Args:
        connection: one that reads.
        publisher: only what this one published.
        limit, start: how many, and how many to pass over.
        asked: as of when.
    """
    rows = connection.execute(
        select(*(articles.c[name] for name in _SHOWN), articles.c.text.is_(None).label("withdrawn"))
        .where(*_which(publisher, asked)).order_by(articles.c.known_at.desc(), articles.c.id).limit(limit).offset(start)
    )  # fmt: skip
    return [{**row, "withdrawn": bool(row["withdrawn"])} for row in rows.mappings()]


def count_of(connection: Connection, *, publisher: str | None = None, asked: Asked = NOW) -> int:
    """How many articles there are; arguments as for `articles_of`."""
    return connection.scalar(select(func.count()).select_from(articles).where(*_which(publisher, asked))) or 0


def _which(publisher: str | None, asked: Asked) -> list[ColumnElement[bool]]:
    own = [articles.c.publisher == publisher] if publisher is not None else []
    return own + ([articles.c.known_at <= asked.known] if asked.known else [])


def article(connection: Connection, name: str) -> Row:
    """An article with its text and its readings.

    Raises:
        NotInLedger: there is no such article.
    """
    row = connection.execute(select(articles).where(articles.c.id == name)).mappings().one_or_none()
    if row is None:
        raise NotInLedger(f"there is no article {name!r}; detente evidence shows the ids of articles")
    own = select(readings).where(readings.c.article == name).order_by(readings.c.seq)
    return {
        **{key: row[key] for key in _SHOWN}, "withdrawn": row["text"] is None, "retrieved": row["retrieved"],
        "hash": row["hash"], "main": [row["main_start"], row["main_end"]], "residue": json.loads(row["residue"]),
        "text": row["text"], "readings": [_reading_row(r) for r in connection.execute(own).mappings()],
    }  # fmt: skip


def _reading_row(row: Any) -> Row:
    return {key: row[key] for key in ("id", "article", "coder", "version", "codebook", "role", "recorded_at")}


def items_of(connection: Connection, name: str) -> Row:
    """A reading with its reports, as rows.

    Raises:
        NotInLedger: there is no such reading.
    """
    row = connection.execute(select(readings).where(readings.c.id == name)).mappings().one_or_none()
    if row is None:
        raise NotInLedger(f"there is no reading {name!r}; an article shows the ids of its readings")
    own = select(reports).where(reports.c.reading == row["seq"]).order_by(reports.c.seq)
    keys = ("item", "kind", "quote", "start", "end", "certainty")
    return {**_reading_row(row), "items": [
        {"report": r["id"], **{key: r[key] for key in keys}, "fields": json.loads(r["body"])}
        for r in connection.execute(own).mappings()
    ]}  # fmt: skip


def reading(connection: Connection, name: str) -> Reading | None:
    """A reading as it was recorded; None where its article's text or quotes were erased.

    Args:
        connection: one that reads.
        name: the reading's id.

    Raises:
        NotInLedger: there is no such reading.
    """
    rows = items_of(connection, name)
    told = article(connection, rows["article"])
    if told["text"] is None or any(item["quote"] is None for item in rows["items"]):
        return None
    quotes = {item["item"]: item["quote"] for item in rows["items"]}
    found: dict[str, list[Item]] = {}
    for item in rows["items"]:
        found.setdefault(item["kind"], []).append(_item(item, quotes))
    named = ("title", "published", "publisher", "address", "language", "text", "main", "residue")
    return Reading.model_validate(
        {"id": name, **{key: told[key] for key in named}} | {f"{kind}s": items for kind, items in found.items()}
    )


def _item(row: Row, quotes: dict[str, str]) -> Item:
    """A report as the item that it was; an answer's sentences are those of its events."""
    model = _MODELS[row["kind"]]
    fields = {key: value for key, value in row["fields"].items() if key in model.model_fields}
    if model is Answer:
        fields |= {end: quotes.get(fields[f"{end}_event"], row["quote"]) for end in ("action", "reaction")}
    return model.model_validate(
        fields | {"id": row["item"]} | {key: row[key] for key in ("quote", "start", "end", "certainty")}
    )


def sources(connection: Connection) -> list[Row]:
    """Who published what was read, the one with most articles first.

    Returns:
        publisher (None where none is given), articles, withdrawn, first and last (days on which they could be known),
        recorded_at (when the last one was taken in).
    """
    query = select(
        articles.c.publisher, func.count().label("articles"),
        (func.count() - func.count(articles.c.text)).label("withdrawn"),
        func.min(articles.c.known_at).label("first"), func.max(articles.c.known_at).label("last"),
        func.max(articles.c.recorded_at).label("recorded_at"),
    ).group_by(articles.c.publisher)  # fmt: skip
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda r: (-r["articles"], r["publisher"] or ""))


def freshness(connection: Connection) -> Row:
    """How much there is, and how fresh it is.

    Returns:
        articles, readings, reports, forecasts (their numbers); recorded_at (when the last report was taken in),
        known_at (the last day on which something of it could be known), day (the last day of which anything is told).
    """
    counts = {table.name: connection.scalar(select(func.count()).select_from(table)) for table in schema.KEPT}
    last = connection.scalar(select(reports.c.recorded_at).order_by(reports.c.seq.desc()).limit(1))
    known = connection.scalar(select(func.max(articles.c.known_at)))
    day = connection.scalar(select(func.max(schema.events.c.day)))
    return {**counts, "recorded_at": last, "known_at": known, "day": day}


def titles(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Articles without their texts, by id."""
    wanted = sorted(set(ids))
    found: dict[str, Row] = {}
    for i in range(0, len(wanted), 400):
        query = select(*(articles.c[name] for name in _SHOWN)).where(articles.c.id.in_(wanted[i : i + 400]))
        found |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return found
