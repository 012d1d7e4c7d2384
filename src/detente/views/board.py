"""The view model of a reading: everything that a terminal, a dossier or a browser shows of it, already in words.

What always holds: every text here is safe to show (see `detente.plain`); rows stand worst first; "down" is
suspended or closed; what is announced, proposed, refused, denied or weakly reported stands apart from what is so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from detente.ledger.states import LineId, State, first_day, identity, last_day, states
from detente.ledger.titles import is_organisation, line_title
from detente.model import Answer, Event, Item, Line, Reading, Use
from detente.plain import day, listed, number_of, parties, party, sentence_case, shown
from detente.views.looks import CHANGED, LOOKS, TO_BE, Look

_ANSWER_KINDS = {
    "mirror": "in kind", "mirror-extra": "in kind, and more", "parity-cap": "to the same ceiling",
    "lesser": "with less", "solidarity": "in solidarity", "other": "in another way",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of the article that shows a fact, with the rule that found it."""

    id: str
    text: str
    start: int
    end: int
    rule: str
    certainty: float


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a state: "announced: to be closed by Russia, 1 November 2021"."""

    kind: str
    words: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Row:
    """One line of communication on the board."""

    title: str
    detail: str
    look: Look
    since: str
    by: str
    causes: tuple[str, ...]
    evidence: tuple[Quote, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines between two parties."""

    title: str
    sentence: str
    rows: tuple[Row, ...]
    still_open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event."""

    who: str
    what: str
    whom: str
    when: str
    status: str
    codes: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Pair:
    """An action and the answer that it drew."""

    action_by: str
    action: str
    action_id: str
    reaction_by: str
    reaction: str
    reaction_id: str
    how: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Held:
    """One claim."""

    kind: str
    about: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Holder:
    """The claims of one party."""

    name: str
    claims: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """What the page carried besides the article."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """All that is shown of a reading."""

    title: str
    published: str
    source: str
    address: str
    headline: str
    basis: str
    groups: tuple[Group, ...]
    events: tuple[EventRow, ...]
    pairs: tuple[Pair, ...]
    holders: tuple[Holder, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all was found."""
        return not (self.groups or self.events or self.pairs or self.holders)


def board(reading: Reading, *, on: date | None = None) -> Board:
    """What is to be shown of a reading.

    Args:
        reading: the reading.
        on: the day for which the states are asked; the day of publication unless given.

    Returns:
        The view model.
    """
    groups = _groups(reading, on or last_day(reading.published))
    return Board(
        title=shown(reading.title) or "Untitled article",
        published=day(reading.published),
        source=shown(reading.publisher),
        address=shown(reading.address),
        headline=_headline(reading, groups),
        basis=_basis(reading),
        groups=groups,
        events=tuple(_event_row(event) for event in reading.events),
        pairs=tuple(_pair(reading, answer) for answer in reading.answers),
        holders=_holders(reading),
        set_aside=tuple(SetAside(r.kind, shown(r.quote)) for r in reading.residue if r.quote.strip()),
    )


def _quote(item: Item) -> Quote:
    return Quote(item.id, shown(item.quote), item.start, item.end, shown(item.rule), item.certainty)


# lines


def _groups(reading: Reading, on: date | None) -> tuple[Group, ...]:
    found = dict(states(reading.lines, on=on, uses=reading.uses, reported=last_day(reading.published)))
    for use in reading.uses:  # a line of which nothing is told but that it was used
        if not any(_is_use_of(use, line) for line in found):
            found[LineId(use.kind, use.owner, use.counterpart)] = State()
    rows: dict[tuple[str, ...], list[tuple[LineId, Row]]] = {}
    for line, state in found.items():
        pair = tuple(sorted((line.owner, line.counterpart), key=lambda code: (is_organisation(code), party(code))))
        rows.setdefault(pair, []).append((line, _row(reading, line, state)))
    groups = []
    for pair, named in rows.items():
        ordered = tuple(row for _, row in sorted(named, key=lambda one: (one[1].look.rank, one[1].title)))
        still_open = tuple(row.title for row in ordered if row.look.word == "open")
        groups.append(Group(sentence_case(parties(pair)), _tally(ordered, parties(pair)), ordered, still_open))
    return tuple(sorted(groups, key=lambda g: (-sum(row.look.down for row in g.rows), -len(g.rows), g.title)))


def _row(reading: Reading, line: LineId, state: State) -> Row:
    changes = [change for change in reading.lines if identity(change) == line]
    evidence = [change for change in reading.lines if change.id in state.evidence]
    removed = [number_of(state.count, "person", "people") + " removed"] if state.count else []
    ceiling = [f"ceiling {state.cap}"] if state.cap is not None else []
    by = parties(state.by)
    if state.fell_with:
        by += f", with {line_title(state.fell_with, reading.lines)}"
    return Row(
        title=sentence_case(line_title(line, reading.lines)),
        detail=", ".join(removed + ceiling),
        look=LOOKS[state.state],
        since=day(state.since),
        by=by,
        causes=_causes(reading, evidence),
        evidence=tuple(_quote(change) for change in evidence),
        notes=(*_notes(changes, state), *_used(reading, line)),
    )


def _is_use_of(use: Use, line: LineId) -> bool:
    return use.kind == line.kind and {use.owner, use.counterpart} == {line.owner, line.counterpart}


def _used(reading: Reading, line: LineId) -> Iterable[Note]:
    for use in reading.uses:
        if _is_use_of(use, line):
            words = "seen in use" if use.answered else "rang out, nobody answered"
            yield Note("used", ", ".join([words, *([day(use.date)] if use.date else [])]), _quote(use))


def _causes(reading: Reading, evidence: Iterable[Line]) -> tuple[str, ...]:
    acts = {change.event for change in evidence if change.event}
    events = {event.id: event for event in reading.events}
    words = []
    for answer in reading.answers:
        if answer.reaction_event in acts:
            action = events.get(answer.action_event)
            whom = f" {parties(action.source)}" if action and action.source else ""
            doubt = ", as it seems" if answer.basis == "inferred" else ""
            words.append(f"in answer to{whom}{doubt}: “{shown(answer.action)}”")
    return tuple(dict.fromkeys(words))


def _notes(changes: Iterable[Line], state: State) -> Iterable[Note]:
    beside = {
        "announced": state.planned, "proposed": state.proposed, "refused": state.refused, "denied": state.denied,
        "weak report": state.candidates,
    }  # fmt: skip
    for change in changes:
        kind = next((kind for kind, ids in beside.items() if change.id in ids), None)
        if kind or change.id not in state.evidence:
            yield Note(kind or "before", _note(kind or "before", change), _quote(change))


def _note(kind: str, change: Line) -> str:
    coming = kind in ("announced", "denied") and change.change in TO_BE
    word = TO_BE[change.change] if coming else CHANGED[change.change]
    when = day(change.effective if kind == "announced" and change.effective else change.date)
    numbers = [number_of(change.count, "person", "people")] if change.count else []
    numbers += [f"ceiling {change.cap}"] if change.cap is not None else []
    by = f" by {parties(change.by)}" if change.by else ""
    said = ", ".join([word + by, *numbers, *([when] if when else [])])
    return said if kind == word else f"{kind}: {said}"


def _tally(rows: Sequence[Row], pair: str) -> str:
    words = [row.look.word for row in rows]
    rest = [f"{words.count(word)} {word}" for word in ("limited", "unknown") if word in words and len(words) > 1]
    return "; ".join([_down(rows, f"lines between {pair}"), *([listed(rest)] if rest else [])])


def _down(rows: Sequence[Row], lines: str) -> str:
    if len(rows) == 1:
        return f"The one {lines.replace('lines', 'line', 1)} that the article speaks of is {rows[0].look.word}"
    down = sum(row.look.down for row in rows)
    return f"{down or 'None'} of {len(rows)} {lines} {'are' if down > 1 else 'is'} down"


def _headline(reading: Reading, groups: tuple[Group, ...]) -> str:
    if not groups:
        found = reading.events or reading.answers or reading.claims
        what = "line of communication" if found else "event, line, answer or claim"
        return f"No {what} was found in this article."
    last = max(
        (c.date for c in _happened(reading) if first_day(c.date)), key=lambda d: first_day(d) or date.min, default=None
    )
    parts = [groups[0].sentence, *([f"the last change was {_on(last)}"] if last else [])]
    others = [row for group in groups[1:] for row in group.rows]
    more = ""
    if others:
        more = f" {_down(others, 'lines between other parties')}."
    return "; ".join(parts) + "." + more


def _happened(reading: Reading) -> list[Line]:
    return [
        c for c in reading.lines if c.status in ("actual", "past") and c.change not in ("propose", "refuse", "keep")
    ]


def _on(when: str) -> str:
    return f"{'on' if when.count('-') == 2 else 'in'} {day(when)}"


def _basis(reading: Reading) -> str:
    counts = [
        number_of(len(reading.events), "event"), number_of(len(reading.lines), "change", "changes") + " to lines",
        number_of(len(reading.answers), "answer"), number_of(len(reading.claims), "claim"),
    ]  # fmt: skip
    when = f" of {day(reading.published)}" if reading.published else ", undated"
    return f"Read from one article{when}: {listed(counts)}."


# events, answers, claims


def _event_row(event: Event) -> EventRow:
    when = day(event.date)
    if event.effective and event.effective != event.date:
        when = ", ".join([*([when] if when else []), f"effective {day(event.effective)}"])
    codes = [event.type + (f"/{event.mode}" if event.mode else "")]
    codes += [f"CAMEO {event.cameo}"] if event.cameo else []
    codes += [f"Goldstein {event.goldstein:+.1f}"] if event.goldstein is not None else []
    what = event.type.lower() + (f" · {shown(event.mode)}" if event.mode else "")
    said = f", says {party(event.said_by)}" if event.said_by else ""
    return EventRow(
        who=sentence_case(parties(event.source)) or "—",
        what=what + said,
        whom=parties(event.target) or "—",
        when=when or "no date given",
        status=event.status,
        codes=shown(", ".join(codes)),
        quote=_quote(event),
    )


def _pair(reading: Reading, answer: Answer) -> Pair:
    events = {event.id: event for event in reading.events}
    action, reaction = events.get(answer.action_event), events.get(answer.reaction_event)
    how = ["stated in the text" if answer.basis == "stated" else "inferred"]
    how += [_ANSWER_KINDS[answer.kind]] if answer.kind else []
    if answer.lag_days is not None:
        how.append("the same day" if answer.lag_days == 0 else number_of(answer.lag_days, "day") + " later")
    return Pair(
        action_by=sentence_case(parties(action.source)) if action else "—",
        action=shown(answer.action),
        action_id=answer.action_event,
        reaction_by=sentence_case(parties(reaction.source)) if reaction else "—",
        reaction=shown(answer.reaction),
        reaction_id=answer.reaction_event,
        how=", ".join(how),
        quote=_quote(answer),
    )


def _holders(reading: Reading) -> tuple[Holder, ...]:
    held: dict[str, list[Held]] = {}
    for claim in reading.claims:
        about = f"about {parties(claim.about)}" if claim.about else ""
        held.setdefault(claim.holder, []).append(Held(claim.kind, about, _quote(claim)))
    return tuple(Holder(sentence_case(party(code)), tuple(claims)) for code, claims in held.items())
