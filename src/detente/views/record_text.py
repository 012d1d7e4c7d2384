"""The record in the terminal.

What always holds: nothing of an article is taken for markup or for a control sequence; no quote is cut; where nothing
is recorded it says so in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.ledger.titles import title_of
from detente.plain import day, parties, sentence_case, shown
from detente.views.looks import LOOKS, Look
from detente.views.record import Board, Entry, Named, Row, Said, Step, conflict, source_of


def show_board(view: Board, out: Console) -> None:
    """Print a board."""
    out.print(Text(view.sentence, style="bold"))
    out.print(Text(view.basis, style="dim"))
    for group in view.groups:
        out.print(Text("\n" + group.title, style="bold underline"))
        table = _grid(13)
        for entry in group.entries:
            table.add_row(_state(entry.look), _entry(entry))
        out.print(table)
    if view.silent:
        out.print(Text(f"Nothing heard for two years or more: {_titles(view.silent)}.", style="dim"))
    if view.call:
        out.print(Text(f"Whom to call: {_titles(view.call)}.", style="green"))


def _titles(lines: Iterable[Named]) -> str:
    return "; ".join(line.title for line in lines)


def _grid(width: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
    table.add_column(no_wrap=True, width=width)
    table.add_column(overflow="fold", ratio=1)
    return table


def _state(look: Look) -> Text:
    return Text(f"{look.shape} {look.letter} {look.word}", style=look.style)


def _entry(entry: Entry) -> RenderableType:
    head = Text.assemble(
        (entry.title + (f": {entry.detail}" if entry.detail else ""), "bold"), ("  " + entry.id, "dim")
    )
    parts: list[RenderableType] = [head]
    line = "; ".join(part for part in (entry.since, entry.sources) if part)
    parts += [Text(line)] if line else []
    parts += [Text(text) for text in entry.more]
    parts += _said(entry.said)
    parts += [Text(text, style="yellow") for text in entry.conflicts]
    for note in entry.notes:
        parts.append(Text(note.text + (f" “{note.said.text}”" if note.said else ""), style="cyan"))
    return Padding(Group(*parts), (0, 0, 1, 0))


def _said(sentences: Iterable[Said]) -> list[RenderableType]:
    return [Text.assemble((f"“{s.text}”", "italic"), (f" {s.source}", "dim")) for s in sentences]


def show_steps(steps: Sequence[Step], out: Console, *, empty: str) -> None:
    """Print a timeline."""
    if not steps:
        out.print(Text(empty))
        return
    table = _grid(18)
    for step in steps:
        head = Text.assemble((step.who, "bold"), ": ", step.what, ("  " + step.id, "dim"))
        table.add_row(
            Text(step.when), Padding(Group(head, Text(_beside(step), style="dim"), *_said(step.said)), (0, 0, 1, 0))
        )
    out.print(table)


def _beside(step: Step) -> str:
    return "; ".join([step.beside, *([f"in answer to {', '.join(step.answers)}"] if step.answers else [])])


def show_line(row: Row, title: str, steps: Sequence[Step], out: Console) -> None:
    """Print all that is known of a line: its states, its changes, its uses."""
    out.print(Text.assemble((sentence_case(title), "bold"), ("  " + row["id"], "dim")))
    table = _grid(13)
    for state in row["states"]:
        until = "" if state["until"].startswith("9999") else f" to {day(state['until'])}"
        told = [f"from {day(state['start'])}{until}"]
        told += [f"by {parties(state['by'])}"] if state["by"] else []
        told += [f"{state['count']} people removed"] if state["count"] else []
        told += [f"ceiling {state['cap']}"] if state["cap"] is not None else []
        table.add_row(_state(LOOKS[state["state"]]), Text(", ".join(told)))
    out.print(table if row["states"] else Text("Nothing is known of its state."))
    out.print()
    show_steps(steps, out, empty="No change to it is recorded.")
    for use in row["uses"]:
        out.print(Text(f"{'Seen in use' if use['answered'] else 'Rang out'} on {day(use['date'])}."))


def show_evidence(rows: Sequence[Row], out: Console) -> None:
    """Print the reports behind an id."""
    for row in rows:
        counts = "" if row["counts"] else "  no longer counts"
        out.print(Text.assemble((row["report"], "bold"), f"  {row['kind']}, {source_of(row)}", (counts, "red")))
        if row["role"] != "machine":
            out.print(
                Text(
                    f"  said by {shown(row['who'])}, {row['role']}"
                    + (f": {shown(row['reason'])}" if row["reason"] else "")
                )
            )
        if row["context"] or row["quote"]:
            out.print(Padding(_marked(row), (0, 0, 0, 2)))
        elif row["article"]:
            out.print(Text("  its text was erased", style="dim"))
        if row["address"]:
            out.print(Text("  " + shown(row["address"]), style="dim"))
        if row["why"]:
            out.print(Text(f"  in {row['group']}: {shown(row['why'])}, certainty {row['merged']:.2f}", style="dim"))
        for key in ("unverified", "note"):
            if row["fields"].get(key):
                told = row["fields"][key]
                out.print(Text(f"  {key}: {shown(told if isinstance(told, str) else '; '.join(told))}", style="yellow"))
        out.print()


def _marked(row: Row) -> Text:
    """The context with the quote in it set off."""
    context, quote = shown(row["context"]), shown(row["quote"])
    before, found, after = context.partition(quote)
    if not found:
        return Text(f"“{quote}”", style="italic")
    return Text.assemble((before, "dim"), (quote, "italic bold"), (after, "dim"))


def show_history(boards: Mapping[date, Sequence[Row]], out: Console) -> None:
    """Print the states of the same lines on several days, side by side."""
    titles = {row["line"]: sentence_case(title_of(row)) for rows in boards.values() for row in rows}
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column("Line", overflow="fold", ratio=1)
    for on in boards:
        table.add_column(day(on.isoformat()).replace(" ", "\n", 1), width=13, overflow="fold")
    known = {row["line"] for rows in boards.values() for row in rows if row["state"] != "unknown"}
    for key, title in ((key, title) for key, title in titles.items() if key in known):
        cells = []
        for rows in boards.values():
            row = next((r for r in rows if r["line"] == key), None)
            look = LOOKS[row["state"] if row else "unknown"]
            cap = f" {row['cap']}" if row and row["cap"] is not None and row["state"] == "limited" else ""
            cells.append(Text(f"{look.shape} {look.word}{cap}", style=look.style))
        table.add_row(Text(title), *cells)
    out.print(table)


def show_claims(rows: Sequence[Row], out: Console) -> None:
    """Print what parties hold."""
    for row in rows:
        about = f" about {parties(row['about'])}" if row["about"] else ""
        head = Text.assemble(
            (sentence_case(parties([row["holder"]])), "bold"), f", {row['kind']}{about}", ("  " + row["id"], "dim")
        )
        out.print(head)
        out.print(
            Text.assemble(("  “" + (shown(row["quote"]) or "erased") + "”", "italic"), (f" {source_of(row)}", "dim"))
        )
    if not rows:
        out.print(Text("No claim is recorded."))


def show_moves(rows: Sequence[Row], titles: Mapping[str, str], out: Console) -> None:
    """Print whose state became another one."""
    table = _grid(18)
    for row in rows:
        change = f"{row['before']} → {row['state']}" if row["before"] != row["state"] else row["state"]
        people = [f"{row['count']} people removed"] if row["count"] else []
        people += [f"ceiling {row['cap']}"] if row["cap"] is not None else []
        by = f", by {parties(row['by'])}" if row["by"] else ""
        head = Text.assemble(
            (sentence_case(titles[row["line"]]), "bold"), f": {change}{by}", ("  " + row["line"], "dim")
        )
        table.add_row(Text(day(row["date"])), Group(head, *([Text(", ".join(people))] if people else [])))
    out.print(table if rows else Text("No line changed its state in that time."))


def show_episodes(
    rows: Sequence[Row], titles: Mapping[str, str], steps: Mapping[str, Sequence[Step]], out: Console
) -> None:
    """Print ruptures, each with its updates and how it ended."""
    if not rows:
        out.print(Text("No rupture is recorded."))
    for row in rows:
        pair = " and ".join(parties([code]) for code in row["parties"])
        out.print(
            Text(f"{sentence_case(pair)}, {day(row['begins'])} to {day(row['last'])}: {row['ended']}", style="bold")
        )
        cut = [
            titles[line] + (f" (back {day(row['restored'][line])})" if line in row["restored"] else "")
            for line in row["cut"]
        ]
        out.print(Text("Cut: " + "; ".join(cut) + "."))
        show_steps(steps[row["id"]], out, empty="")


__all__ = ["conflict", "show_board", "show_line", "show_steps"]
