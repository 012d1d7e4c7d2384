"""A reading in the terminal.

What always holds: nothing of the article is taken for markup or for a control sequence; no quote is cut; a reading in
which nothing was found says so in words.
"""

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from detente.model import Reading
from detente.views.board import Board, EventRow, Held, Pair, Row, SetAside, board
from detente.views.board import Group as Lines
from detente.views.looks import Look
from detente.views.terminal_base import console

ASIDE_SHOWN = 90
"""Characters shown of each stretch that was set aside; it is no evidence, so a glimpse is enough to recognise it."""


def show(reading: Reading, out: Console) -> None:
    """Print everything that a reading holds.

    Args:
        reading: the reading.
        out: where to; see `console`.
    """
    view = board(reading)
    out.print(_head(view))
    if view.empty:
        out.print(Text("\n" + view.headline, style="bold"))
    else:
        for title, parts in _sections(view):
            out.print()
            out.print(Rule(Text(title, style="bold"), align="left", style="dim"))
            for part in parts:
                out.print(part)
    if view.set_aside:
        out.print()
        out.print(_set_aside(view.set_aside))


def _head(view: Board) -> RenderableType:
    source = ", ".join(part for part in (view.published, view.source, view.address) if part)
    return Group(Text(view.title, style="bold"), Text(source or "no date and no source given", style="dim"))


def _sections(view: Board) -> Iterable[tuple[str, Iterable[RenderableType]]]:
    lines = [part for group in view.groups for part in _lines(group)]
    yield "THE BOARD", [Text(view.headline, style="bold"), Text(view.basis, style="dim"), *lines]
    events = [_events(view.events)] if view.events else [Text("No event was found.")]
    yield "EVENTS", events
    if view.pairs:
        yield "WHAT ANSWERED WHAT", [_pairs(view.pairs)]
    if view.holders:
        yield "WHO HOLDS WHAT", [Group(Text(h.name, style="bold"), _claims(h.claims)) for h in view.holders]


def _lines(group: Lines) -> Iterable[RenderableType]:
    yield Text("\n" + group.title, style="bold underline")
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
    table.add_column(no_wrap=True, width=13)
    table.add_column(overflow="fold", ratio=1)
    for row in group.rows:
        table.add_row(_state(row.look), _line(row))
    yield table
    if group.still_open and any(row.look.down for row in group.rows):
        yield Text("Still open: " + "; ".join(group.still_open) + ".", style="green")


def _state(look: Look) -> Text:
    return Text(f"{look.shape} {look.letter} {look.word}", style=look.style)


def _line(row: Row) -> RenderableType:
    detail = f": {row.detail}" if row.detail else ""
    since = [f"since {row.since}"] if row.since else []
    by = [f"by {row.by}"] if row.by else []
    parts: list[RenderableType] = [Text(row.title + detail, style="bold")]
    if since or by:
        parts.append(Text(", ".join(since + by)))
    parts += [Text(cause) for cause in row.causes]
    parts += [Text(f"“{text}”", style="italic") for text in dict.fromkeys(quote.text for quote in row.evidence)]
    for note in row.notes:
        parts.append(Text.assemble((note.words, "cyan"), " ", (f"“{note.quote.text}”", "italic dim")))
    return Padding(Group(*parts), (0, 0, 1, 0))


def _events(events: Iterable[EventRow]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column("Who", overflow="fold", max_width=18)
    table.add_column("What", overflow="fold", ratio=1)
    table.add_column("To whom", overflow="fold", max_width=18)
    table.add_column("When", overflow="fold", max_width=16)
    table.add_column("Status", overflow="fold", max_width=8)
    for row in events:
        what = Group(Text(row.what, style="bold"), Text(f"“{row.quote.text}”", style="italic"))
        cells = [Text(cell) for cell in (row.who, row.whom, row.when, row.status)]
        table.add_row(cells[0], what, *cells[1:])
    return table


def _pairs(pairs: Iterable[Pair]) -> Table:
    table = Table(box=None, padding=(0, 2, 1, 0), expand=True, header_style="dim")
    table.add_column("Action", overflow="fold", ratio=1)
    table.add_column("", no_wrap=True, width=2)
    table.add_column("Answer", overflow="fold", ratio=1)
    for pair in pairs:
        action = Group(Text(pair.action_by, style="bold"), Text(f"“{pair.action}”", style="italic"))
        reaction = Group(
            Text(pair.reaction_by, style="bold"),
            Text(f"“{pair.reaction}”", style="italic"),
            Text(pair.how, style="dim"),
        )
        table.add_row(action, Text("→"), reaction)
    return table


def _claims(claims: Iterable[Held]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
    table.add_column(width=15)
    table.add_column(overflow="fold", ratio=1)
    for claim in claims:
        words = Text(f"“{claim.quote.text}”", style="italic")
        table.add_row(
            Text(claim.kind), words.append(f" {claim.about}", style="not italic dim") if claim.about else words
        )
    return table


def _set_aside(residue: Iterable[SetAside]) -> RenderableType:
    parts: list[RenderableType] = [
        Rule(Text("SET ASIDE, NOT READ AS THE ARTICLE", style="bold"), align="left", style="dim")
    ]
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
    table.add_column(width=15)
    table.add_column(overflow="fold", ratio=1)
    for stretch in residue:
        more = len(stretch.text) - ASIDE_SHOWN
        glimpse = f"{stretch.text[:ASIDE_SHOWN]}… ({more} more characters)" if more > 30 else stretch.text
        table.add_row(Text(stretch.kind, style="dim"), Text(glimpse, style="dim"))
    return Group(*parts, table)


__all__ = ["console", "show"]
