"""The record in words: what a board, a timeline and a line of the ledger show, whatever shows it.

What always holds: every text here is safe to show (see `detente.plain`); rows stand worst first; "down" is
suspended or closed; what is announced, proposed, refused, denied, disputed or weakly reported stands apart from what is
so; a state goes with the sentence that it comes from, or says that the sentence was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from detente.ledger.states import USE_HOLDS
from detente.ledger.titles import PLURALS, title_of
from detente.plain import day, listed, number_of, parties, sentence_case, shown
from detente.views.looks import CHANGED, LOOKS, TO_BE, Look

Row = dict[str, Any]
By = Literal["pair", "kind"]
"""What the lines of a group share."""
Key = tuple[str, str]
"""Which group: the two parties; or a kind, and nothing."""
MOST_OF_KIND = 40
"""Lines of a kind that are told at length, the worst first."""
_OBSERVED = {"open": "seen in use", "silent": "rang out when tried", "limited": "seen limited",
             "suspended": "seen suspended", "closed": "seen closed"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an article, and where it stands.

    Attributes:
        text: the sentence.
        source: who published it, and when, in words.
        report: id of the report that it comes from.
        address: of the article on the web; empty where none can be followed.
    """

    text: str
    source: str
    report: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a state: announced for later, proposed, refused, denied, disputed, or one weak report.

    Attributes:
        kind: planned, proposed, refused, denied, disputed or candidates.
        text: in words.
        id: of the change.
        said: the sentence, where there is one.
    """

    kind: str
    text: str
    id: str
    said: Said | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of communication on the board.

    Attributes:
        id: of the line.
        title: what to call it.
        detail: how many people had to go, which ceiling holds.
        look: its state.
        since: since when and by whom, in words.
        sources: how many sources say so.
        more: what is legal and what was observed, where that differs; which line took it down; what it answered.
        said: the sentences that it comes from.
        conflicts: where sources differ.
        notes: what stands beside the state.
        evidence: ids of the changes that it comes from.
    """

    id: str
    title: str
    detail: str
    look: Look
    since: str
    sources: str
    more: tuple[str, ...]
    said: tuple[Said, ...]
    conflicts: tuple[str, ...]
    notes: tuple[Note, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines between two parties, or of a kind.

    Attributes:
        title: who, or what, in words.
        a, b: their codes; empty for a kind.
        entries: the lines, the worst first.
        more: how many lines are not among them, though they are counted.
        worst: the worst state among them.
        counts: how many are in which state, in words.
        healthy: whether all are open and nothing stands beside them, so that the group may be folded.
    """

    title: str
    a: str
    b: str
    entries: tuple[Entry, ...]
    worst: Look
    counts: str
    healthy: bool
    more: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A line, by its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Board:
    """The lines between two parties, of one party, or of all; those long silent by title only.

    Attributes:
        title: whose lines.
        sentence: how many are down, in one sentence.
        basis: as of when, and when the last change was.
        complete: how much of it is known, and on how much that rests.
        groups: the lines, those of a pair or of a kind together, the group with the worst first.
        silent: lines of which nothing was heard for long.
        call: the lines to try instead.
        counts: how many lines are in which state, the worst first.
    """

    title: str
    sentence: str
    basis: str
    complete: str
    groups: tuple[Group, ...]
    silent: tuple[Named, ...]
    call: tuple[Named, ...]
    counts: tuple[tuple[Look, int], ...]


def board(
    rows: Sequence[Row], changes: Sequence[Row], sentences: Mapping[str, Sequence[Row]], *, on: date,
    asked: Sequence[str] = (), known: str | None = None, recorded: str | None = None,
    causes: Mapping[str, Row] | None = None, call: Sequence[Row] = (), only: Iterable[Key] | None = None,
    by: By = "pair",
) -> Board:  # fmt: skip
    """The board in words.

    Args:
        rows: of `detente.ledger.asking.board`.
        changes: the changes beside it, of `detente.ledger.asking.changes_of`.
        sentences: for each change its quotes, of `detente.ledger.asking.quotes`.
        on, known, recorded: as of when.
        asked: the parties that were asked for.
        causes: the events that states answer, by id.
        call: the lines to try instead, of `detente.ledger.asking.whom_to_call`.
        only: the groups that are shown, of `shown_groups`, where not all are; what is counted is counted of all.
        by: whether lines of a pair or of a kind stand together.
    """
    by_id = {change["id"]: change for change in changes}
    told, silent = _told(rows, on, by)
    wanted = None if only is None else set(only)
    groups = tuple(
        _group(key, own, [_entry(row, by_id, sentences, causes or {}) for row in own[: most_of(key)]])
        for key, own in told.items()
        if wanted is None or key in wanted
    )
    return Board(
        title=f"Lines between {parties(sorted(asked))}" if len(asked) == 2 else
        f"Lines of {parties(asked)}" if asked else "All lines",
        sentence=_sentence(rows, asked),
        basis=_basis(rows, on, known, recorded),
        complete=_complete(rows, silent),
        groups=groups,
        silent=tuple(_named(row) for row in silent),
        call=tuple(_named(row) for row in call),
        counts=tuple((look, n) for look in LOOKS.values() if (n := sum(row["state"] == look.word for row in rows))),
    )  # fmt: skip


def shown_groups(rows: Sequence[Row], on: date, by: By = "pair") -> dict[Key, list[Row]]:
    """The groups of a board with their lines, in its order: the one with the worst line first."""
    return _told(rows, on, by)[0]


def most_of(key: Key) -> int | None:
    """How many lines of a group are told at length: all of a pair, some of a kind, of which there may be thousands."""
    return None if key[1] else MOST_OF_KIND


def _told(rows: Sequence[Row], on: date, by: By) -> tuple[dict[Key, list[Row]], list[Row]]:
    """The rows to be told at length, those of a group together, and those told in a word."""
    told: dict[Key, list[Row]] = {}
    silent = []
    for row in rows:
        if _long_silent(row, on):
            silent.append(row)
        else:
            a, b = sorted((row["owner"], row["counterpart"]))
            told.setdefault((a, b) if by == "pair" else (row["kind"], ""), []).append(row)
    return told, silent


def _group(key: Key, rows: Sequence[Row], entries: Sequence[Entry]) -> Group:
    looks = [LOOKS[row["state"]] for row in rows]
    counts = [(look.word, n) for look in LOOKS.values() if (n := looks.count(look))]
    pair = bool(key[1])
    return Group(
        title=" and ".join(sentence_case(parties([code])) for code in key) if pair else PLURALS[key[0]],
        a=key[0] if pair else "",
        b=key[1],
        entries=tuple(entries),
        worst=min(looks, key=lambda look: look.rank),
        counts=listed([f"{n} {word}" for word, n in counts]),
        healthy=set(looks) == {LOOKS["open"]} and not any(entry.notes or entry.conflicts for entry in entries),
        more=len(rows) - len(entries),
    )


def _named(row: Row) -> Named:
    return Named(row["line"], title_of(row))


def _complete(rows: Sequence[Row], silent: Sequence[Row]) -> str:
    """How much of a board is known, and on how many sources it rests."""
    known = [row for row in rows if row["state"] != "unknown"]
    if not known:
        return "The state of no line is known." if rows else ""
    one = sum(row["sources"] <= 1 for row in known)
    parts = [f"The state of {len(known)} of {number_of(len(rows), 'line')} is known"]
    each = "each" if one == len(known) and one > 1 else str(one)
    parts += [f"{each} of these on the word of one source only"] if one else []
    parts += [f"of {number_of(len(silent), 'line')} nothing was heard for two years"] if silent else []
    return "; ".join(parts) + "."


def _long_silent(row: Row, on: date) -> bool:
    """Whether nothing is known of a line and nothing was heard of it lately: told in a word, not at length."""
    beside = ("planned", "proposed", "refused", "denied", "disputed", "candidates")
    if row["state"] != "unknown" or any(row[key] for key in beside):
        return False
    return row["last_used"] is None or (on - date.fromisoformat(row["last_used"])).days > USE_HOLDS


def _sentence(rows: Sequence[Row], asked: Sequence[str]) -> str:
    whose = f" between {parties(sorted(asked))}" if len(asked) == 2 else f" of {parties(asked)}" if asked else ""
    if not rows:
        return (
            f"Nothing is recorded of any line{whose}, which does not mean “open”: read some pages with detente record."
        )
    counts = {word: sum(row["state"] == word for row in rows) for word in LOOKS}
    down = counts["closed"] + counts["suspended"]
    rest = [f"{counts[word]} {word}" for word in ("limited", "unknown", "open") if counts[word]]
    verb = "is" if down == 1 else "are"
    text = f"{down or 'None'} of {number_of(len(rows), 'line')}{whose} {verb} down"
    return f"{text}; {listed(rest)}." if rest else f"{text}."


def _basis(rows: Sequence[Row], on: date, known: str | None, recorded: str | None) -> str:
    newest = max((row["since"] for row in rows if row["since"]), default=None)
    told = f"As it was on {day(on.isoformat())}"
    told += f", as it could be known on {day(known)}" if known else ""
    told += f", as it was recorded by {shown(recorded)[:16].replace('T', ' ')}" if recorded else ""
    return told + (f"; the last change was on {day(newest)}." if newest else ".")


def _entry(
    row: Row, changes: Mapping[str, Row], sentences: Mapping[str, Sequence[Row]], causes: Mapping[str, Row]
) -> Entry:
    return Entry(
        id=row["line"],
        title=sentence_case(title_of(row)),
        detail=_detail(row),
        look=LOOKS[row["state"]],
        since=_since(row),
        sources=number_of(row["sources"], "source") if row["sources"] else "",
        more=tuple(_more(row, causes)),
        said=tuple(said(sentences, row["evidence"])),
        conflicts=tuple(conflict(c) for c in row["conflicts"]),
        notes=tuple(_notes(row, changes, sentences)),
        evidence=tuple(row["evidence"]),
    )


def _detail(row: Row) -> str:
    count = [f"{number_of(row['count'], 'person', 'people')} removed"] if row["count"] else []
    return ", ".join(count + ([f"ceiling {row['cap']}"] if row["cap"] is not None else []))


def _since(row: Row) -> str:
    since = [f"since {day(row['since'])}"] if row["since"] else []
    if row["since"] and not row["by"]:
        return since[0] + ", by lapse of time"
    return ", ".join(since + ([f"by {parties(row['by'])}"] if row["by"] else []))


def _more(row: Row, causes: Mapping[str, Row]) -> Iterable[str]:
    if cause := causes.get(row["cause"] or ""):
        yield f"in answer to {parties(cause['source'])}: “{shown(cause['quote'])}”"
    if row["fell_with"]:
        yield "it went down with the line that it is part of"
    if row["legal"] not in ("unknown", row["state"]) and row["kind"] != "relations":
        yield f"diplomatic relations are {row['legal']}"
    if row["observed"] not in ("unknown", row["state"]):
        yield f"but {_OBSERVED[row['observed']]}" if row["state"] != "unknown" else _OBSERVED[row["observed"]]
    elif row["observed"] == "unknown" and row["state"] not in ("unknown", "open"):
        yield "announced; no report yet that it was done"
    if row["last_used"]:
        yield f"last seen in use {day(row['last_used'])}"


def said(sentences: Mapping[str, Sequence[Row]], ids: Iterable[str]) -> Iterable[Said]:
    """The sentences behind changes or events, each once."""
    seen: set[str] = set()
    for key in ids:
        for row in sentences.get(key, ()):
            text = shown(row["quote"]) if row["quote"] else ""
            if text not in seen:
                seen.add(text)
                yield Said(
                    text or "the quote was erased", source_of(row), row["report"], web_address(row.get("address"))
                )


def web_address(address: str | None) -> str:
    """An article's address where it is one that a browser may follow; else nothing."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    return address or "" if parts.scheme in ("http", "https") and parts.netloc else ""


def source_of(row: Row) -> str:
    """Where a report stands, in words."""
    host = urlsplit(row.get("address") or "").hostname
    who = next((shown(text) for text in (row.get("publisher"), row.get("who"), host) if text), "no publisher given")
    return f"{who}, {day(row['known_at'])}"


def conflict(found: Row) -> str:
    """Where sources differ, in words: "sources differ on count: 18 (A), 27 (B)"."""
    values = [f"{_value(v['value'])} ({', '.join(map(shown, v['who']))})" for v in found["values"]]
    return f"sources differ on {found['field']}: {', '.join(values)}"


def _value(value: Any) -> str:
    return parties(value) if isinstance(value, list) else day(value) if isinstance(value, str) else str(value)


def _notes(row: Row, changes: Mapping[str, Row], sentences: Mapping[str, Sequence[Row]]) -> Iterable[Note]:
    kinds = (("planned", "announced"), ("proposed", "proposed"), ("refused", "refused"), ("denied", "denied"),
             ("disputed", "disputed by a person"), ("candidates", "one weak report"))  # fmt: skip
    for key, word in kinds:
        for change in (changes[name] for name in row[key] if name in changes):
            by = f" by {parties(change['by'])}" if change["by"] else ""
            when = change["effective"] or change["date"]
            what = TO_BE.get(change["change"], "") if key == "planned" else CHANGED[change["change"]]
            told = f"{word}{by}" if key in ("proposed", "refused") else f"{word}: {what}{by}"
            quote = next(iter(said(sentences, [change["id"]])), None)
            yield Note(key, told + (f", {day(when)}" if when else ""), change["id"], quote)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, in words.

    Attributes:
        when: its date.
        who: who did it.
        what: what was done.
        id: of the change or event.
        beside: status, standing, sources.
        said: the sentences.
        answers: ids of the events that it answers.
    """

    when: str
    who: str
    what: str
    id: str
    beside: str
    said: tuple[Said, ...]
    answers: tuple[str, ...]


def steps(rows: Iterable[Row], lines: Mapping[str, Row], sentences: Mapping[str, Sequence[Row]]) -> list[Step]:
    """A timeline in words.

    Args:
        rows: of `detente.ledger.asking.timeline`, or changes, or events.
        lines: the lines by id, for their titles.
        sentences: the quotes, by id of change or event.
    """
    return [_step(row, lines, sentences) for row in rows]


def _step(row: Row, lines: Mapping[str, Row], sentences: Mapping[str, Sequence[Row]]) -> Step:
    if "line" in row:
        who = parties(row["by"])
        what = f"{CHANGED[row['change']]} {title_of(lines[row['line']])}"
        if detail := _detail(row):
            what += f": {detail}"
    else:
        who = parties(row["source"])
        kind = " · ".join(part for part in (row["type"].lower(), row["mode"]) if part)
        what = f"{kind}, {parties(row['target'])}" if row["target"] else kind
    return Step(
        when=_when(row),
        who=sentence_case(who) or "Nobody named",
        what=what,
        id=row["id"],
        beside="; ".join(_beside(row)),
        said=tuple(said(sentences, [row["id"]])),
        answers=tuple(row.get("answers") or ()),
    )


def _when(row: Row) -> str:
    # The earliest of its dates, by which a timeline is in order.
    given = min(filter(None, (row["date"], row["announced"], row["effective"])), default=None)
    return day(given) if given else "before" if row["status"] == "past" else f"by {day(row['known_at'])}"


def _beside(row: Row) -> Iterable[str]:
    if row["status"] in ("planned", "denied"):
        yield row["status"]
    if row["effective"] and day(row["effective"]) != _when(row):
        yield f"in effect from {day(row['effective'])}"
    if row["standing"] != "sound":
        yield "one weak report" if row["standing"] == "candidate" else str(row["standing"])
    yield number_of(row["sources"], "source")
    yield from (conflict(c) for c in row["conflicts"])
