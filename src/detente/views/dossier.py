"""A reading as a dossier: one HTML file that needs nothing else, or Markdown.

What always holds: all text of the article is escaped; the HTML holds no script and asks for nothing over the network;
whoever opens it sees the same as in the terminal, with the article itself beside it.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detente.model import Dated, Item, Reading, Use
from detente.plain import shown
from detente.views.board import Board, board
from detente.views.looks import LOOKS
from detente.views.record import web_address
from detente.views.spans import blocks
from detente.views.why import said

# What Markdown, GitHub's dialect included, takes for markup anywhere in a line.
_MARKUP = re.compile(r"([\\`*_{}\[\]#|~$@])")


@dataclass(frozen=True, slots=True)
class Margin:
    """A note in the margin: an event with the lines that it changed, or another item."""

    id: str
    kind: str
    words: str
    changes: tuple[str, ...]
    codes: str
    rule: str
    certainty: str
    status: str


def html(reading: Reading, *, risk: Sequence[str] = ()) -> str:
    """Make a dossier in HTML.

    Args:
        reading: the reading.
        risk: what the record says of the risk, in a few sentences, where the article stands in a record.

    Returns:
        A whole document; its only links are to places in itself and to the article's own address.
    """
    sheets = files("detente").joinpath("views/templates")
    css = "".join(sheets.joinpath(name).read_text("utf-8") for name in ("dossier.css", "article.css"))
    view = board(reading)
    world = Environment(
        loader=PackageLoader("detente", "views/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return world.get_template("dossier.html").render(
        view=view,
        risk=risk,
        language=reading.language,
        link=web_address(reading.address),
        looks=LOOKS.values(),
        blocks=blocks(reading),
        margin=margin(reading, view),
        # Only this very style sheet may apply, whatever a page smuggles in.
        css=Markup(css),  # noqa: S704 - our own file
        css_hash=b64encode(sha256(css.encode()).digest()).decode(),
    )


def margin(reading: Reading, view: Board) -> dict[str, Margin]:
    """The notes of the margin by the id of each item that one is about; a line's is its event's."""
    codes = {row.quote.id: row.codes for row in view.events}
    notes: dict[str, Margin] = {}
    for item in (*reading.events, *reading.uses, *reading.claims):
        changes = tuple(said(line) for line in reading.lines if line.event == item.id)
        notes[item.id] = _note(item, codes.get(item.id, ""), changes)
    for line in reading.lines:
        notes[line.id] = notes[line.event] if line.event in codes and line.event else _note(line, "", ())
    return notes


def _note(item: Item, codes: str, changes: tuple[str, ...]) -> Margin:
    status = item.status if isinstance(item, Dated) else "use" if isinstance(item, Use) else ""
    words = said(item)
    kind = words.partition(":")[0]
    words = words.partition(": ")[2]
    return Margin(item.id, kind, words, changes, codes, shown(item.rule), f"{item.certainty:.2f}", status)


def markdown(reading: Reading, *, risk: Sequence[str] = ()) -> str:
    """Make a dossier in Markdown.

    Args:
        reading: the reading.
        risk: as for `html`.

    Returns:
        Markdown in which no text of the article is taken for Markdown or HTML.
    """
    view = board(reading)
    about = [part for part in (view.published, view.source, view.address) if part] or ["no date and no source given"]
    parts = [f"# {escaped(view.title)}", escaped(", ".join(about)), f"**{escaped(view.headline)}**"]
    if not view.empty:
        parts += [escaped(view.basis), *_md_board(view), *_md_events(view), *_md_pairs(view), *_md_claims(view)]
    if risk:
        parts += ["## The risk, by the record", "\n".join(f"- {escaped(sentence)}" for sentence in risk)]
    if view.set_aside:
        parts.append("## Set aside, not read as the article")
        parts.append("\n".join(f"- {stretch.kind}: {escaped(stretch.text)}" for stretch in view.set_aside))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that means itself in Markdown and in HTML.

    Example:
        >>> escaped("<b>*2*</b>")
        '&lt;b&gt;\\\\*2\\\\*&lt;/b&gt;'
    """
    plain = _MARKUP.sub(r"\\\1", shown(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Neither a bare address nor a line that begins like a list or a rule is to become one.
    plain = re.sub(r":(?=//)|(?<=\bwww)\.", r"\\\g<0>", plain)
    return re.sub(r"^([-+=]|\d+(?=[.)]))", lambda m: m[1] + "\\" if m[1].isdigit() else "\\" + m[1], plain)


def _md_board(view: Board) -> list[str]:
    parts = ["## The board"] if view.groups else []
    for group in view.groups:
        lines = []
        for row in group.rows:
            since = ", ".join([*([f"since {row.since}"] if row.since else []), *([f"by {row.by}"] if row.by else [])])
            title = row.title + (f": {row.detail}" if row.detail else "")
            lines.append(
                f"- {row.look.shape} **{row.look.word}** — {escaped(title)}{', ' + escaped(since) if since else ''}"
            )
            lines += [f"  - {escaped(cause)}" for cause in row.causes]
            lines += [f"  - “{escaped(quote.text)}” ({quote.id})" for quote in row.evidence]
            lines += [
                f"  - {escaped(note.words)}: “{escaped(note.quote.text)}” ({note.quote.id})" for note in row.notes
            ]
        parts += [f"### {escaped(group.title)}", "\n".join(lines)]
    return parts


def _md_events(view: Board) -> list[str]:
    if not view.events:
        return ["## Events", "No event was found."]
    rows = ["| Who | What | To whom | When | Status | Quote |", "|---|---|---|---|---|---|"]
    for row in view.events:
        cells = (row.who, row.what, row.whom, row.when, row.status, f"“{row.quote.text}”")
        rows.append("| " + " | ".join(escaped(cell) for cell in cells) + " |")
    return ["## Events", "\n".join(rows)]


def _md_pairs(view: Board) -> list[str]:
    rows = [
        f"- {escaped(p.action_by)}: “{escaped(p.action)}” → {escaped(p.reaction_by)}: “{escaped(p.reaction)}”"
        f" ({escaped(p.how)})"
        for p in view.pairs
    ]
    return ["## What answered what", "\n".join(rows)] if rows else []


def _md_claims(view: Board) -> list[str]:
    parts = ["## Who holds what"] if view.holders else []
    for holder in view.holders:
        rows = [
            f"- {c.kind}: “{escaped(c.quote.text)}”{' ' + escaped(c.about) if c.about else ''}" for c in holder.claims
        ]
        parts += [f"### {escaped(holder.name)}", "\n".join(rows)]
    return parts
