"""The casebook: documented episodes, in our own words, as readings that an analyst might have made.

What always holds: every quote stands in the episode's text; what could not be verified is said with the item; where a
file is wrong, the message names file, episode and cure. The episodes lie in ``casebook/*.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from detente.coding import plover
from detente.errors import LedgerError
from detente.ledger.recording import Coder, Told, reading_id, report_id
from detente.model import Reading

ANALYST = Coder("casebook", "1", "", role="analyst", who="détente casebook")
_KINDS = {"line": "lines", "event": "events", "answer": "answers", "use": "uses"}
Episode = dict[str, Any]


def episodes() -> list[Episode]:
    """The shipped episodes, by the day on which they became known."""
    found: list[Episode] = []
    for path in resources.files(__package__).joinpath("casebook").iterdir():
        if path.name.endswith(".toml"):
            found += ({"file": path.name, **e} for e in tomllib.loads(path.read_text("utf-8"))["episode"])
    return sorted(found, key=lambda e: (e["known"], e["id"]))


def readings(chosen: Iterable[Episode] | None = None) -> Iterator[Told]:
    """The episodes as readings, ready to be recorded.

    Args:
        chosen: those of `episodes` that are wanted; all unless given.

    Raises:
        LedgerError: an episode is wrong.
    """
    book = {episode["id"]: episode for episode in episodes()}
    made: dict[str, Told] = {}
    for episode in book.values() if chosen is None else chosen:
        yield _told(episode["id"], book, made)


def _told(key: str, book: dict[str, Episode], made: dict[str, Told]) -> Told:
    """An episode as a reading; those whose events it answers are made first."""
    if key not in made:
        made[key] = _made(book[key], book, made)
    return made[key]


def _made(episode: Episode, book: dict[str, Episode], made: dict[str, Told]) -> Told:
    text = episode["text"].strip()
    base = {
        "id": episode["id"], "title": episode["title"], "published": episode["known"], "address": episode.get("source"),
        "publisher": urlsplit(episode.get("source", "")).hostname or ANALYST.who, "text": text, "main": (0, len(text)),
    }  # fmt: skip
    items: dict[str, list[dict[str, Any]]] = {name: [] for name in _KINDS.values()}
    for kind, name in _KINDS.items():
        for number, given in enumerate(episode.get(kind, ()), start=1):
            items[name].append(_item(kind, number, given, episode, text, book, made))
    try:
        reading = Reading.model_validate(base | items)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the episode"
        raise LedgerError(f"{episode['file']}: episode {episode['id']}, {where}: {first['msg']}; mend it") from None
    extra = {key: episode[key] for key in ("note", "unverified") if episode.get(key)}
    return Told(reading, ANALYST, extra=extra | ({} if episode["verified"] else {"verified": False}))


def _item(
    kind: str, number: int, given: dict[str, Any], episode: Episode, text: str, book: dict[str, Episode],
    made: dict[str, Told],
) -> dict[str, Any]:  # fmt: skip
    start = text.find(given["quote"])
    if start < 0:
        raise LedgerError(f"{episode['file']}: episode {episode['id']}: {given['quote']!r} is not in its text; copy it")
    item = given | {
        "id": f"{kind[0]}{number}", "start": start, "end": start + len(given["quote"]), "rule": "casebook",
        "certainty": episode["certainty"],
    }  # fmt: skip
    if kind in ("line", "event"):
        item.setdefault("status", "actual")
    if kind == "event":
        code = plover.cameo(item["type"], item.get("mode"))
        item |= {"cameo": code, "quad": plover.quad(item["type"]), "goldstein": plover.goldstein(code)}
    if kind == "line" and "event" in item:
        item["event"] = f"e{item['event']}"
    if kind == "answer":
        for end in ("action", "reaction"):
            item |= _linked(end, item[end], episode, book, made)
    return item


def _linked(
    end: str, named: int | str, episode: Episode, book: dict[str, Episode], made: dict[str, Told]
) -> dict[str, Any]:
    """One end of an answer: an event of the same episode by its number, or of another one as "id#number"."""
    if isinstance(named, int):
        return {end: episode["event"][named - 1]["quote"], f"{end}_event": f"e{named}"}
    key, _, number = named.partition("#")
    if key not in book:
        raise LedgerError(f"{episode['file']}: episode {episode['id']}: there is no episode {key!r} to answer; mend it")
    report = report_id(reading_id(_told(key, book, made)), "event", f"e{number}")
    return {end: book[key]["event"][int(number) - 1]["quote"], f"{end}_event": report}
