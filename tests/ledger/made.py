"""Readings made by hand, in a line each, for tests of the ledger."""

from typing import Any

from detente.ledger import Ledger, forecasts
from detente.ledger.keys import plain
from detente.ledger.recording import Coder, Told
from detente.model import Reading

MACHINE = Coder("test", "1", "")
NAMES = {"NOR": "Norway", "PER": "Peru", "QAT": "Qatar", "CHL": "Chile"}
_COUNTER = iter(range(10**9))


def change(what: str, date: str | None = None, **fields: Any) -> dict[str, Any]:
    """A change to Norway's embassy in Peru, unless something else is said; `kind` names the line."""
    plain = {"kind": "embassy", "owner": "NOR", "counterpart": "PER", "by": ("PER",), "status": "actual",
             "certainty": 0.9, "rule": "test"}  # fmt: skip
    return plain | {"change": what, "date": date} | fields


def event(kind: str, date: str | None = None, **fields: Any) -> dict[str, Any]:
    """An event of Peru upon Norway, unless something else is said."""
    plain = {"source": ("PER",), "target": ("NOR",), "status": "actual", "certainty": 0.9, "rule": "test",
             "context": "diplomatic"}  # fmt: skip
    return plain | {"type": kind, "date": date} | fields


def use(answered: bool, date: str, **fields: Any) -> dict[str, Any]:
    """That a hotline between the two was tried."""
    plain = {"kind": "hotline", "owner": "NOR", "counterpart": "PER", "certainty": 0.9, "rule": "test"}
    return plain | {"answered": answered, "date": date} | fields


def claim(kind: str, **fields: Any) -> dict[str, Any]:
    """What Peru holds of Norway."""
    return {"holder": "PER", "kind": kind, "about": ("NOR",), "certainty": 0.8, "rule": "test"} | fields


def told(
    *items: dict[str, Any], published: str | None = "2016-05-12", publisher: str | None = None, text: str | None = None,
    coder: Coder = MACHINE, answers: tuple[tuple[int, int], ...] = (), **article: Any,
) -> Told:  # fmt: skip
    """A reading of a page on which each item has a sentence of its own.

    Args:
        items: of `change`, `event`, `use` and `claim`.
        published, publisher: of the page; another publisher each time unless one is given.
        text: what the page says besides.
        coder: who read it.
        answers: pairs of numbers of events, action and reaction.
        article: other fields of the reading.
    """
    number = next(_COUNTER)
    body, made = f"{text or f'Page {number} of a paper.'}\n\n", {}
    counts: dict[str, int] = {}
    for item in items:
        kind = (
            "claims" if "holder" in item else "uses" if "answered" in item else "events" if "type" in item else "lines"
        )
        counts[kind] = counts.get(kind, 0) + 1
        quote = (
            item.get("quote")
            or f"{kind[:-1]} {counts[kind]} of that page {number if text is None else ''} stands here".strip()
        )
        start = len(body)
        body += quote + ". "
        given = {k: v for k, v in item.items() if k != "quote"}
        id_ = f"{kind[0]}{counts[kind]}"
        made.setdefault(kind, []).append(given | {"id": id_, "quote": quote, "start": start, "end": start + len(quote)})
    for n, (action, reaction) in enumerate(answers, start=1):
        one, other = made["events"][action - 1], made["events"][reaction - 1]
        made.setdefault("answers", []).append({
            "id": f"a{n}", "quote": other["quote"], "start": other["start"], "end": other["end"], "rule": "test",
            "certainty": 0.9, "action": one["quote"], "reaction": other["quote"], "action_event": one["id"],
            "reaction_event": other["id"], "basis": "stated",
        })  # fmt: skip
    reading = Reading.model_validate({
        "id": f"r{number}", "published": published, "publisher": publisher or f"Paper {number}", "text": body,
        "main": (0, len(body)), **made, **article,
    })  # fmt: skip
    return Told(reading, coder)


def foretold(ledger: Ledger, text: str = "Peru closes the embassy", ids: tuple[str, ...] = (), **fields: Any) -> str:
    """The id of a forecast that is kept: what stands in it is this text, about the events of these ids."""
    asked = {"a": "PER", "b": "NOR", "asked_on": "2016-05-12", "known": "2016-05-12", "horizon": 30,
             "until": "2016-06-11", "maker": "test 1"}  # fmt: skip
    with ledger.store.writing() as connection:
        body = forecasts.marked(connection, {"text": text}, ids)
        return forecasts.keep(connection, asked | fields | {"body": plain(body)})
