"""Finding parties, lines, articles and quotes by words.

What always holds: nothing is written here; what a person types is text, never a pattern or a statement; only so many of
each sort are found, the newest quotes first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from detente.errors import UsageFault
from detente.ledger import schema
from detente.ledger.believing import NOW, Asked, live
from detente.parties import Party, find, table

Row = dict[str, Any]
SHORTEST = 2
"""Characters of a word to look for."""
lines, articles, reports, members = schema.lines, schema.articles, schema.reports, schema.members


def search(connection: Connection, words: str, *, most: int = 20, asked: Asked = NOW) -> dict[str, list[Row]]:
    """What there is that holds all of some words.

    Args:
        connection: one that reads.
        words: what to look for; case does not matter.
        most: how many of each sort.
        asked: as of when.

    Returns:
        parties (code, name, kind), lines (id, kind, owner, counterpart, name, seat, part_of), articles (id, title,
        publisher, published, known_at), quotes (report, kind, quote, article, group, known_at).

    Raises:
        UsageFault: there is no word of two letters.
    """
    given = [word for word in words.split() if len(word) >= SHORTEST][:8]
    if not given:
        raise UsageFault(f"q: give a word of at least {SHORTEST} letters to look for")
    return {
        "parties": [{"code": p.code, "name": p.name, "kind": p.kind} for p in _named(words, given)[:most]],
        "lines": _lines(connection, given, most),
        "articles": _articles(connection, given, most, asked),
        "quotes": _quotes(connection, given, most, asked),
    }


def _parties(words: str) -> list[Party]:
    """The party of that very name, then those with a name that begins with it, then those that have it in one."""
    text, exact = words.strip().casefold(), find(words)
    named = {p.code: [name.casefold() for name in (p.code, *p.names)] for p in table().parties.values()}
    near = sorted((not any(n.startswith(text) for n in names), code) for code, names in named.items()
                  if any(text in name for name in names))  # fmt: skip
    codes = dict.fromkeys(([exact.code] if exact else []) + [code for _, code in near])
    return [table().parties[code] for code in codes]


def _named(words: str, given: list[str]) -> list[Party]:
    """The parties of all words together, then those of each."""
    found = {p.code: p for phrase in (words, *given) for p in _parties(phrase)}
    return list(found.values())


def _lines(connection: Connection, words: list[str], most: int) -> list[Row]:
    """Lines of which each word is a party, a kind, or part of the name."""
    names = ("id", "kind", "owner", "counterpart", "name", "seat", "part_of")
    query = select(*(lines.c[name] for name in names)).where(*map(_of_line, words)).order_by(lines.c.id).limit(most)
    return [dict(row) for row in connection.execute(query).mappings()]


def _of_line(word: str) -> ColumnElement[bool]:
    codes = [p.code for p in _parties(word) if word.casefold() in (p.code.casefold(), *(n.casefold() for n in p.names))]
    return or_(*(_holds(lines.c[name], word) for name in ("kind", "name", "seat")), lines.c.id == word,
               lines.c.owner.in_(codes), lines.c.counterpart.in_(codes))  # fmt: skip


def _articles(connection: Connection, words: list[str], most: int, asked: Asked) -> list[Row]:
    names = ("id", "title", "publisher", "published", "known_at")
    query = select(*(articles.c[name] for name in names)).where(*(_holds(articles.c.title, word) for word in words))
    if asked.known:
        query = query.where(articles.c.known_at <= asked.known)
    rows = [dict(row) for row in connection.execute(query.limit(most)).mappings()]
    return sorted(rows, key=lambda r: (r["known_at"], r["id"]), reverse=True)


def _quotes(connection: Connection, words: list[str], most: int, asked: Asked) -> list[Row]:
    query = (
        select(reports.c.id.label("report"), reports.c.kind, reports.c.quote, reports.c.article,
               members.c.grp.label("group"), reports.c.known_at)
        .outerjoin(members, members.c.seq == reports.c.seq)
        .where(and_(*(_holds(reports.c.quote, word) for word in words)), live(asked))
        .order_by(reports.c.seq.desc()).limit(most)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(query).mappings()]


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.icontains(word, autoescape=True)
    return found
