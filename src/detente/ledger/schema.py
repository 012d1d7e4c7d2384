"""The tables: what was reported, appended and never changed; what is derived from it, dropped and rebuilt at will.

What always holds: a row of ``articles``, ``readings``, ``reports`` or ``forecasts`` is never changed once written, but
for the text and quotes of a withdrawn article, which are erased; every other table can be made anew from the first
three. Dates are ISO text cut to what is known, so that they sort; times are UTC with microseconds; lists and records
within a row are JSON.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import DOUBLE_PRECISION, REAL, Column, Dialect, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

FORMAT = 2
"""Version of the tables; a ledger of a newer one is refused, an older one is migrated (see `detente.ledger.store`)."""

metadata = MetaData()
NUMBER: Any = REAL().with_variant(DOUBLE_PRECISION(), "postgresql")
"""Eight bytes on both back-ends; PostgreSQL's REAL has four."""


_ESCAPED = re.compile("[\x00\ue000]")
_ESCAPE = re.compile("\ue000([0-9a-f]{4})")


class FreeText(TypeDecorator[str]):
    """Text as it was read: what PostgreSQL cannot hold (NUL) is written out and read back."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write out what cannot be kept as it is."""
        if value is None or not _ESCAPED.search(value):
            return value
        return _ESCAPED.sub(lambda found: f"\ue000{ord(found[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read back what was written out."""
        return value if value is None or "\ue000" not in value else _ESCAPE.sub(lambda m: chr(int(m[1], 16)), value)


_FREE = frozenset({"text", "quote", "title", "publisher", "address", "body", "name", "seat", "reason", "who", "residue",
                   "part_of", "conflicts", "words"})  # fmt: skip


def _text(name: str, *, key: bool = False, null: bool = True) -> Column[str]:
    # Text is ordered by its bytes on both back-ends, whatever language a server is set to.
    sort: Any = FreeText if name in _FREE else Text().with_variant(Text(collation="C"), "postgresql")
    return Column(name, sort, primary_key=key, nullable=null and not key)


def _table(name: str, *columns: Column[str] | Column[int] | Column[float], indexes: tuple[str, ...] = ()) -> Table:
    """A strict table; an index is named by its columns: "a b"."""
    found = Table(name, metadata, *columns, sqlite_strict=True)
    for index in indexes:
        Index(f"{name}_{index.replace(' ', '_')}", *(found.c[column] for column in index.split()))
    return found


meta = _table("meta", _text("key", key=True), _text("value", null=False))

# What was reported

articles = _table(
    "articles",
    _text("id", key=True),
    _text("hash", null=False),  # SHA-256 of the text, which stays when the text is erased
    _text("address"),
    _text("publisher"),
    _text("title"),
    _text("published"),
    _text("retrieved"),
    _text("language", null=False),
    Column("main_start", Integer, nullable=False),
    Column("main_end", Integer, nullable=False),
    _text("residue", null=False),
    _text("text"),
    _text("print"),  # fingerprint that near copies share
    _text("known_at", null=False),
    _text("recorded_at", null=False),
    indexes=("address",),
)
readings = _table(
    "readings",
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _text("article", null=False),
    _text("coder", null=False),
    _text("version", null=False),
    _text("codebook", null=False),
    _text("role", null=False),
    _text("recorded_at", null=False),
    indexes=("article role seq",),
)
reports = _table(
    "reports",
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _text("kind", null=False),  # see KINDS
    _text("article"),
    Column("reading", Integer),
    _text("item"),  # the item's id inside its reading
    _text("a"),  # the pair that it is about, in alphabetical order
    _text("b"),
    _text("quote"),
    Column("start", Integer),
    Column("end", Integer),
    Column("certainty", NUMBER, nullable=False),
    _text("role", null=False),
    _text("who"),  # the person, where a person reports
    _text("reason"),
    _text("target"),  # what a person's report is about
    _text("body", null=False),  # the item's other fields
    _text("known_at", null=False),
    _text("recorded_at", null=False),
    indexes=("a b kind", "article kind", "reading", "target"),
)
forecasts = _table(
    "forecasts",
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),  # of all that stands in the row
    _text("made_at", null=False),
    _text("a", null=False),  # the pair, in alphabetical order
    _text("b", null=False),
    _text("asked_on", null=False),
    _text("known", null=False),
    Column("horizon", Integer, nullable=False),
    _text("until", null=False),
    Column("last_report", Integer, nullable=False),  # the newest report that the ledger had; 0 where it had none
    _text("maker", null=False),  # program and version
    _text("body", null=False),  # the forecast, format detente.forecast/1; an article's words as a mark of their report
    indexes=("a b until",),
)
KINDS = ("event", "line", "use", "answer", "claim", "dispute", "merge", "split", "withdrawal")
ROLES = ("machine", "analyst", "editor")
"""Who reports, the last outranking the first."""

# What is derived


def _matching() -> tuple[Column[str], Column[str]]:
    """First and last day of all that its reports say: only identity reads and writes these, as reports come in."""
    return _text("near_first", null=False), _text("near_last", null=False)


members = _table(
    "members",
    Column("seq", Integer, primary_key=True),  # of the report
    _text("grp", null=False),  # the event or change that it tells of
    Column("certainty", NUMBER, nullable=False),
    _text("why", null=False),
    _text("made"),  # of an event: the change that it made, by its own reading
    indexes=("grp",),
)
lines = _table(
    "lines",
    _text("id", key=True),
    _text("kind", null=False),
    _text("owner", null=False),
    _text("counterpart", null=False),
    _text("a", null=False),
    _text("b", null=False),
    _text("name"),
    _text("seat"),
    _text("words", null=False),  # what tells it from other lines of its kind
    _text("part_of"),
    _text("beside"),  # changes that may stand beside its state, see `detente.ledger.deriving.beside_of`
    indexes=("a b", "b"),
)
changes = _table(
    "changes",
    _text("id", key=True),
    _text("line", null=False),
    _text("a", null=False),
    _text("b", null=False),
    _text("change", null=False),
    _text("status", null=False),
    _text("date"),
    _text("announced"),
    _text("effective"),
    _text("day", null=False),  # the first day on which it can have been; for sorting
    _text("by", null=False),
    Column("count", Integer),
    Column("cap", Integer),
    _text("part_of"),
    _text("event"),
    Column("certainty", NUMBER, nullable=False),
    Column("sources", Integer, nullable=False),
    _text("standing", null=False),  # see STANDINGS
    _text("conflicts", null=False),
    _text("known_at", null=False),
    *_matching(),
    _text("found_as", null=False),  # what its first report calls it
    _text("made_by"),  # the event that was first told with it
    indexes=("line near_first", "a b day", "event"),
)
events = _table(
    "events",
    _text("id", key=True),
    _text("a"),
    _text("b"),
    _text("source", null=False),
    _text("target", null=False),
    _text("type", null=False),
    _text("mode"),
    _text("context"),
    _text("cameo"),
    Column("quad", Integer),
    Column("goldstein", NUMBER),
    _text("status", null=False),
    _text("date"),
    _text("announced"),
    _text("effective"),
    _text("day", null=False),
    _text("said_by"),
    _text("quote", null=False),
    Column("certainty", NUMBER, nullable=False),
    Column("sources", Integer, nullable=False),
    _text("standing", null=False),
    _text("conflicts", null=False),
    _text("known_at", null=False),
    *_matching(),
    indexes=("a b near_first", "day"),
)
dyads = _table(
    "dyads",
    _text("event", key=True),
    _text("source", key=True),
    _text("target", key=True),
    _text("a", null=False),
    _text("b", null=False),
    _text("day", null=False),
    indexes=("a b day", "b day"),
)
answers = _table(
    "answers",
    _text("action", key=True),
    _text("reaction", key=True),
    _text("basis", null=False),
    _text("kind"),
    Column("lag_days", Integer),
    Column("certainty", NUMBER, nullable=False),
    Column("sources", Integer, nullable=False),
    _text("known_at", null=False),
    indexes=("reaction",),
)
states = _table(
    "states",
    _text("line", key=True),
    _text("start", key=True),
    _text("until", null=False),
    _text("a", null=False),
    _text("b", null=False),
    _text("state", null=False),
    _text("since"),
    _text("by", null=False),
    _text("cause"),
    Column("count", Integer),
    Column("cap", Integer),
    _text("fell_with"),
    Column("sources", Integer, nullable=False),
    _text("legal", null=False),
    _text("observed", null=False),
    _text("last_used"),
    _text("evidence", null=False),
    _text("conflicts", null=False),
    _text("moved"),
    indexes=("a b start", "b start"),
)
STANDINGS = ("sound", "candidate", "disputed", "rejected", "void")
"""Of a change or event: it counts; one weak report alone; contested, or found wrong, by a person; no live report."""

REPORTED = (articles, readings, reports)
KEPT = (*REPORTED, forecasts)
"""What is only appended to: what was reported, and what was forecast from it."""
DERIVED = (members, lines, changes, events, dyads, answers, states)

_STAYS = "reports are appended, never changed"
_ERASABLE = {"articles": ("text", "residue"), "reports": ("quote", "start", "end")}
"""What a withdrawal erases."""


def _kept(table: Table) -> list[str]:
    return [f'"{c.name}"' for c in table.columns if c.name not in _ERASABLE.get(table.name, ())]


def _refilled(table: Table) -> str:
    first = next(iter(_ERASABLE.get(table.name, ())), None)
    return f'NEW."{first}" IS NOT NULL' if first else "FALSE"


def append_only_sqlite(tables: Sequence[Table] = KEPT) -> list[str]:
    """Statements after which SQLite refuses to change or delete what is only appended to."""
    found = []
    for table in tables:
        name, raised = table.name, f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"
        found += [
            f"CREATE TRIGGER {name}_stay BEFORE DELETE ON {name} {raised}",
            f"CREATE TRIGGER {name}_hold BEFORE UPDATE OF {', '.join(_kept(table))} ON {name} {raised}",
        ]
        if erasable := _ERASABLE.get(name):
            columns = ", ".join(f'"{c}"' for c in erasable)
            found.append(
                f"CREATE TRIGGER {name}_erase BEFORE UPDATE OF {columns} ON {name} WHEN {_refilled(table)} {raised}"
            )
    return found


def append_only_postgresql(tables: Sequence[Table] = KEPT) -> list[str]:
    """Statements after which PostgreSQL refuses to change or delete what is only appended to."""
    found = [
        f"CREATE OR REPLACE FUNCTION detente_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_STAYS}'; END $$"
    ]
    for table in tables:
        name = table.name
        moved = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in _kept(table))
        found += [
            f"CREATE TRIGGER {name}_stay BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION detente_stays()",
            f"CREATE TRIGGER {name}_hold BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({moved} OR {_refilled(table)}) "
            f"EXECUTE FUNCTION detente_stays()",
        ]
    return found
