"""The ledger as one object: record, ask, correct.

What always holds: what a method writes is there wholly or not at all when it returns or raises, and what is derived
from it is up to date by then; frames are Polars frames, and Polars is loaded only when one is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, func, or_, select, update

from detente.errors import NotInLedger, UsageFault
from detente.ledger import asking, schema
from detente.ledger.days import Day, as_of, day_of, iso, moment
from detente.ledger.deriving import Deriver, rebuild
from detente.ledger.episodes import episodes as ruptures
from detente.ledger.evidence import evidence as behind
from detente.ledger.keys import now, pair, plain
from detente.ledger.states import first_day
from detente.ledger.store import Store

if TYPE_CHECKING:
    import polars as pl

    from detente.ledger.recording import Coder, Recorded, Told
    from detente.model import Event, Line, Reading

    Progress = Callable[[Recorded], None]

BATCH = 200
"""Readings recorded in one transaction: few enough that a reader sees them soon, and a crash costs little."""


class Ledger:
    """A ledger: what was reported, what is believed of it, and when.

    Args:
        where: a path, or ``postgresql://user@host/name``; see `detente.ledger.store.place` for what holds otherwise.
        create: make it where there is none.
        readonly: never write.

    Raises:
        LedgerError: it cannot be opened.

    Example:
        >>> import tempfile, detente
        >>> text = "MADRID - Spain expelled four Libyan diplomats on Monday. " * 3
        >>> with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/ledger.db") as ledger:
        ...     _ = ledger.record([detente.read(text, published="2021-10-19")])
        ...     ledger.board("ESP", "LBY", on="2021-10-20")["state"].to_list()
        ['limited']
    """

    def __init__(self, where: str | Path | None = None, *, create: bool = True, readonly: bool = False) -> None:
        self.store = Store(where, create=create, readonly=readonly)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the connection."""
        self.store.close()

    # writing

    def record(
        self, readings: Iterable[Reading | Told], *, coder: Coder | None = None, retrieved: Day = None,
        told: Progress | None = None,
    ) -> Recorded:  # fmt: skip
        """Append readings and derive what follows.

        Args:
            readings: any number of them; taken in batches, each of which is there wholly or not at all.
            coder: who coded them; this program with its bundled codebook unless given.
            retrieved: the day on which the pages were fetched.
            told: called after each batch with what is new in it.

        Returns:
            What is new; a reading that was there already changes nothing.
        """
        from detente.ledger.recording import Recorded, Told, record

        total = Recorded()
        by = coder or _this_program()
        rest = iter(readings)
        while some := list(islice(rest, BATCH)):
            batch = [r if isinstance(r, Told) else Told(r, by, iso(retrieved, "retrieved")) for r in some]
            with self.store.writing() as connection:
                new = record(connection, batch)
                Deriver(connection).take(*new.seqs)
            total = total.plus(new)
            if told:
                told(new)
        return total

    def correct(
        self, name: str, fields: dict[str, Any] | None = None, *, by: str, reason: str, role: str = "analyst",
        reject: bool = False, known: Day = None,
    ) -> str:  # fmt: skip
        """Say what is right instead of what was reported; the correction outranks every machine's report.

        Args:
            name: the change, event or report that is wrong.
            fields: the right values of the fields that are wrong, such as ``{"count": 27}``.
            by: the person's name.
            reason: why.
            role: analyst or editor, who outranks the analyst.
            reject: say that there was no such act at all.
            known: since when this could be known; today unless given.

        Returns:
            The id of the new report.

        Raises:
            NotInLedger: nothing has that name.
            UsageFault: a field or value makes no sense.
        """
        _by_whom(by, reason, role)
        with self.store.writing() as connection:
            row = _report(connection, name)
            body = json.loads(row.body)
            body.pop("rejected", None)
            body |= {"rejected": True} if reject else _checked(row, body, fields or {})
            a, b = (row.a, row.b) if row.kind == "event" else pair(body["owner"], body["counterpart"])
            new: dict[str, Any] = {
                "kind": row.kind, "article": row.article, "quote": row.quote, "start": row.start, "end": row.end,
                "a": a, "b": b, "role": role, "who": by, "reason": reason, "target": row.id, "body": plain(body),
            }  # fmt: skip
            # Not the article says this, but a person: it stays when the article is withdrawn or read anew.
            return self._append(connection, new | {"article": None, "start": None, "end": None}, known)

    def dispute(self, name: str, *, by: str, reason: str, role: str = "analyst", known: Day = None) -> str:
        """Contest a change or event: what only machines report moves no state while it is disputed.

        Args, returns and errors as for `correct`.
        """
        _by_whom(by, reason, role)
        with self.store.writing() as connection:
            row = _report(connection, name)
            new = {"kind": "dispute", "target": name if name.startswith(("ch-", "ev-")) else row.id, "a": row.a,
                   "b": row.b, "role": role, "who": by, "reason": reason}  # fmt: skip
            return self._append(connection, new, known)

    def merge(self, one: str, other: str, *, by: str, reason: str, role: str = "analyst") -> str:
        """Say that two events, or two changes, are one act; the second one's reports join the first."""
        _by_whom(by, reason, role)
        with self.store.writing() as connection:
            rows = [_report(connection, name) for name in (one, other)]
            if rows[0].kind != rows[1].kind:
                raise UsageFault(
                    f"{one} and {other} are not both events or both changes; only alike ones can be merged"
                )
            new = {"kind": "merge", "target": rows[0].id, "a": rows[0].a, "b": rows[0].b, "role": role, "who": by,
                   "reason": reason, "body": plain({"with": rows[1].id})}  # fmt: skip
            return self._append(connection, new, None)

    def split(self, report: str, *, by: str, reason: str, role: str = "analyst") -> str:
        """Say that a report tells of another act than those with which it was merged."""
        _by_whom(by, reason, role)
        with self.store.writing() as connection:
            row = connection.execute(select(schema.reports).where(schema.reports.c.id == report)).one_or_none()
            if row is None or row.kind not in ("event", "line"):
                raise NotInLedger(f"{report!r} is no report of an event or change; detente evidence shows their ids")
            new = {"kind": "split", "target": report, "a": row.a, "b": row.b, "role": role, "who": by, "reason": reason}
            return self._append(connection, new, None)

    def withdraw(
        self, article: str, *, by: str, reason: str, role: str = "analyst", quotes: bool = False, keep: bool = False
    ) -> str:
        """Take an article back: its text is erased; that it was there stays on record.

        Args:
            article: its id in the ledger, or its address.
            by, reason, role: as for `correct`.
            quotes: erase the quotes of its reports, too.
            keep: let its reports count on, as where only the text must go; else they count no more.

        Returns:
            The id of the report that says so.
        """
        _by_whom(by, reason, role)
        table = schema.articles
        with self.store.writing() as connection:
            ids = connection.scalars(
                select(table.c.id).where(or_(table.c.id == article, table.c.address == article))
            ).all()
            if not ids:
                raise NotInLedger(f"the ledger has no article {article!r}; detente evidence shows the ids of articles")
            said = ""
            for key in ids:
                said = self._append(connection, {
                    "kind": "withdrawal", "article": key, "target": None if keep else "reports", "role": role,
                    "who": by, "reason": reason, "body": plain({"quotes": quotes}),
                }, None)  # fmt: skip
                connection.execute(update(table).where(table.c.id == key).values(text=None, residue="[]"))
                if quotes:
                    _erase_quotes(connection, key)
                    deriver = Deriver(connection)
                    deriver.touch_article(key)
                    deriver.refresh()
            return said

    def rebuild(self) -> int:
        """Drop all that is derived and derive it anew; how many reports there are."""
        with self.store.writing() as connection:
            return rebuild(connection)

    def _append(self, connection: Connection, row: dict[str, Any], known: Day) -> str:
        if known is not None:
            row["known_at"] = iso(known, "known")
        from detente.ledger.recording import append

        last = connection.scalar(select(func.max(schema.reports.c.seq))) or 0
        seq = append(connection, row)
        if seq > last:  # else it has been said before, and has its place
            Deriver(connection).take(seq, seq + 1)
        return str(connection.scalar(select(schema.reports.c.id).where(schema.reports.c.seq == seq)))

    # asking

    @contextmanager
    def asked(self, recorded: Day = None, *parties: str | None) -> Iterator[Connection]:
        """A connection for the functions of `detente.ledger.asking`, on one state of the ledger.

        Args:
            recorded: as of when this ledger had it, a day or a time; today unless given.
            parties: the only parties of interest, which makes an old state quicker to have.
        """
        with self.store.reading() as connection:
            if recorded is None:
                yield connection
                return
            from detente.ledger.past import as_recorded

            with as_recorded(connection, moment(recorded), [p for p in parties if p]) as then:
                yield then

    def board(
        self, a: str | None = None, b: str | None = None, *, on: Day = None, known: Day = None, recorded: Day = None
    ) -> pl.DataFrame:
        """The state of every line between two parties, of one party, or of all; the worst first.

        Args:
            a, b: party codes.
            on: when it was so; today unless given.
            known: as of when it could be known, by the dates of publication.
            recorded: as of when this ledger had it, a day or a time.

        Returns:
            A row a line; for the columns see `detente.ledger.asking.board`.
        """
        day = day_of(on, "on") or date.today()
        with self.asked(recorded, a, b) as connection:
            return frame(asking.board(connection, a, b, on=day, asked=as_of(known)))

    def line(self, name: str, *, known: Day = None, recorded: Day = None) -> dict[str, Any]:
        """All that is known of a line, by its id."""
        with self.asked(recorded) as connection:
            return asking.line(connection, name, asked=as_of(known))

    def timeline(self, a: str, b: str | None = None, *, known: Day = None, recorded: Day = None) -> pl.DataFrame:
        """Changes and events between two parties, in order of time."""
        with self.asked(recorded, a, b) as connection:
            return frame(asking.timeline(connection, a, b, asked=as_of(known)))

    def changes(
        self, a: str | None = None, b: str | None = None, *, known: Day = None, recorded: Day = None
    ) -> pl.DataFrame:
        """The changes to lines that are believed."""
        with self.asked(recorded, a, b) as connection:
            return frame(asking.changes_of(connection, a, b, asked=as_of(known)))

    def events(
        self, a: str | None = None, b: str | None = None, *, known: Day = None, recorded: Day = None
    ) -> pl.DataFrame:
        """The events that are believed."""
        with self.asked(recorded, a, b) as connection:
            return frame(asking.events_of(connection, a, b, asked=as_of(known)))

    def claims(
        self, a: str | None = None, b: str | None = None, *, known: Day = None, recorded: Day = None
    ) -> pl.DataFrame:
        """What parties hold or say about one another."""
        with self.asked(recorded, a, b) as connection:
            return frame(asking.claims(connection, a, b, asked=as_of(known)))

    def evidence(self, name: str, *, known: Day = None, recorded: Day = None) -> pl.DataFrame:
        """The reports behind an id."""
        with self.asked(recorded) as connection:
            return frame(behind(connection, name, asked=as_of(known)))

    def episodes(
        self, a: str, b: str | None = None, *, known: Day = None, recorded: Day = None
    ) -> list[dict[str, Any]]:
        """The ruptures between parties, each with its updates and how it ended."""
        with self.asked(recorded, a, b) as connection:
            return ruptures(connection, a, b, asked=as_of(known))

    def whom_to_call(self, a: str, b: str, *, on: Day = None, known: Day = None, recorded: Day = None) -> pl.DataFrame:
        """The lines between two parties that are still open."""
        day = day_of(on, "on") or date.today()
        with self.asked(recorded, a, b) as connection:
            return frame(asking.whom_to_call(connection, a, b, on=day, asked=as_of(known)))

    def moves(
        self, since: str | date, until: Day = None, *, a: str | None = None, b: str | None = None, known: Day = None,
        recorded: Day = None,
    ) -> pl.DataFrame:  # fmt: skip
        """The lines whose state became another one since a day."""
        first, last = day_of(since, "since") or date.min, day_of(until, "until") or date.today()
        with self.asked(recorded, a, b) as connection:
            return frame(asking.moves(connection, first.isoformat(), last.isoformat(), a=a, b=b,
                                      asked=as_of(known)))  # fmt: skip

    def dyads(
        self, freq: str = "month", a: str | None = None, b: str | None = None, *, directed: bool = True,
        known: Day = None, recorded: Day = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Counts of events by pair of parties and period.

        Args:
            freq: day, week, month or year.
            a, b: parties; all unless given.
            directed: whether what A does to B and B to A are two series.
            known, recorded: as of when.

        Returns:
            date (the period's first day), source, target, events, quad1 to quad4 (events of each quad class), goldstein
            (the sum of scores: describes, never a line's state).

        Raises:
            UsageFault: there is no such frequency.
        """
        from detente.ledger.series import dyads

        with self.asked(recorded, a, b) as connection:
            rows = asking.dyad_events(connection, a, b, asked=as_of(known))
        return dyads(rows, freq, directed=directed)


def frame(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a Polars frame; a column that holds records becomes JSON text."""
    import polars as pl

    deep = {key for row in rows for key, value in row.items() if _deep(value)}
    flat = [{k: plain(v) if k in deep and v is not None else v for k, v in row.items()} for row in rows]
    return pl.DataFrame(flat, infer_schema_length=None)


def _deep(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value))


def _this_program() -> Coder:
    from importlib.metadata import version

    from detente.coding.lexicon import load
    from detente.ledger.recording import Coder

    return Coder("detente", version("detente"), load(None).digest)


def _by_whom(by: str, reason: str, role: str) -> None:
    if not by.strip() or not reason.strip():
        raise UsageFault("say who you are (by) and why (reason); both stay on record")
    if role not in schema.ROLES[1:]:
        raise UsageFault(f"role: {role!r} is none; a person is an analyst or an editor")


def _erase_quotes(connection: Connection, article: str) -> None:
    """Erase the quotes of an article's reports, and of persons' corrections of them, which have the same words."""
    table = schema.reports
    found = connection.scalars(select(table.c.id).where(table.c.article == article)).all()
    while found:
        for i in range(0, len(found), 400):
            rows = update(table).where(table.c.id.in_(found[i : i + 400]))
            connection.execute(rows.values(quote=None, start=None, end=None))
        found = [name for i in range(0, len(found), 400) for name in connection.scalars(
            select(table.c.id).where(table.c.target.in_(found[i : i + 400]), table.c.kind.in_(("event", "line"))))
        ]  # fmt: skip


def _report(connection: Connection, name: str) -> Any:
    """The report of a name; the first one of a group."""
    table, members = schema.reports, schema.members
    row = connection.execute(select(table).where(table.c.id == name)).one_or_none()
    if row is None:
        own = select(members.c.seq).where(members.c.grp == name)
        row = connection.execute(
            select(table).where(table.c.seq.in_(own)).order_by(table.c.seq.desc()).limit(1)
        ).first()
    if row is None or row.kind not in ("event", "line"):
        raise NotInLedger(f"{name!r} is no change, event or report of one; ids stand in what detente timeline shows")
    return row


def _checked(row: Any, body: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """New values for fields of an item, seen to make sense."""
    from pydantic import ValidationError

    from detente.model import Event, Line

    model: type[Line] | type[Event] = Line if row.kind == "line" else Event
    fixed = {"id", "quote", "start", "end", "rule", "certainty", "event"}
    allowed = [name for name in model.model_fields if name not in fixed]
    if not fields:
        raise UsageFault(f"say what is right: one of {', '.join(allowed)}; or reject it")
    for name in fields:
        if name not in allowed:
            raise UsageFault(f"there is no field {name!r} to correct; there are {', '.join(allowed)}")
    known = {k: v for k, v in body.items() if k in model.model_fields}
    place = {"id": "x", "quote": "x", "start": 0, "end": 1, "rule": "by hand", "certainty": 1.0}
    try:
        item = model.model_validate(known | fields | place)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageFault(f"{first['loc'][0]}: {first['msg'].lower()}; you gave {first['input']!r}") from None
    dates = {k: getattr(item, k) for k in ("date", "announced", "effective") if k in fields}
    if wrong := [k for k, v in dates.items() if v is not None and first_day(v) is None]:
        raise UsageFault(f"{wrong[0]}: {dates[wrong[0]]!r} is no date; write 2021-10-22, 2021-10 or 2021")
    return {k: v for k, v in item.model_dump(mode="json").items() if k in fields}


__all__ = ["Ledger", "as_of", "day_of", "frame", "now"]
