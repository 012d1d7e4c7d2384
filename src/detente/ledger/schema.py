"""The tables: what was reported, appended and never changed; what is derived from it, dropped and rebuilt at will.

What always holds: a row of ``articles``, ``readings`` or ``reports`` is never changed once written, but for the text
and quotes of a withdrawn article, which are erased; every other table can be made anew from these three. Dates are ISO
text cut to what is known, so that they sort; times are UTC with microseconds; lists and records within a row are JSON.
"""

from sqlalchemy import REAL, Column, Index, Integer, MetaData, Table, Text, text

FORMAT = 1
"""Version of the tables; a ledger of a newer one is refused, an older one is migrated (see `detente.ledger.store`)."""

metadata = MetaData()


def _text(name: str, *, key: bool = False, null: bool = True) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=null and not key)


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
    Column("certainty", REAL, nullable=False),
    _text("role", null=False),
    _text("who"),  # the person, where a person reports
    _text("reason"),
    _text("target"),  # what a person's report is about
    _text("body", null=False),  # the item's other fields
    _text("known_at", null=False),
    _text("recorded_at", null=False),
    indexes=("a b kind", "article kind", "reading", "target"),
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
    Column("certainty", REAL, nullable=False),
    _text("why", null=False),
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
    Column("certainty", REAL, nullable=False),
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
    Column("goldstein", REAL),
    _text("status", null=False),
    _text("date"),
    _text("announced"),
    _text("effective"),
    _text("day", null=False),
    _text("said_by"),
    _text("quote", null=False),
    Column("certainty", REAL, nullable=False),
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
    Column("certainty", REAL, nullable=False),
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
    indexes=("a b start", "b start"),
)
STANDINGS = ("sound", "candidate", "disputed", "rejected", "void")
"""Of a change or event: it counts; one weak report alone; contested, or found wrong, by a person; no live report."""

REPORTED = (articles, readings, reports)
DERIVED = (members, lines, changes, events, dyads, answers, states)

SQLITE_APPEND_ONLY = tuple(
    text(
        f"CREATE TRIGGER IF NOT EXISTS {name}_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'reports are appended, never changed'); END"
    )
    for name, verb, table in (
        ("reports_stay", "DELETE", "reports"),
        ("readings_stay", "DELETE", "readings"),
        ("articles_stay", "DELETE", "articles"),
        ("readings_hold", "UPDATE", "readings"),
    )
)
