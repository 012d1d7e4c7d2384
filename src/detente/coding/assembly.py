"""Drafts to records: repeated tellings merged, dates and statuses settled, answers and claims linked.

What always holds: events stand in text order, the main clause's act first inside a sentence; one event an act, however
often the article repeats it; every quote is a stretch of the article's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.answers import Link
from detente.coding.claims import Held
from detente.coding.drafts import Act, Move
from detente.model import Answer, Article, Claim, Event, Line, Reading, Use

if TYPE_CHECKING:
    from detente.coding.tokens import Token

CONTENT = frozenset("xcomp acl dobj pobj prep pcomp dative".split())
"""How what an agreement is about, or what a step is for, hangs on the word that shows it."""
HEADING = 14
"""Words of a sentence without a stop up to which it is a heading."""
UNDER = 4
"""Sentences under a heading in which it is told out."""


def merged(acts: Iterable[Act]) -> list[Act]:
    """The acts without second tellings of the same one.

    A later act is a second telling when type, parties and lines are the same and no date, number or name tells them
    apart; a noun with "the" ("the expulsion") is one already when type and parties are the same.
    """
    out: list[Act] = []
    kept: set[tuple[str, frozenset[str], str]] = set()
    acts = list(acts)
    for act in acts:
        first = next((a for a in out if _same(a, act)), None)
        if (_in_heading(act) and any(_told_below(act, a) for a in acts)) or any(_is_content(act, a) for a in acts):
            continue
        if act.uses:
            out.append(act)
            continue
        if act.type is None and act.moves and all(m.change == "keep" for m in act.moves):
            if _keys(act) <= kept:
                continue  # that it stays open is told once
            kept |= _keys(act)
        if first is None:
            out.append(act)
        elif act.moves and not first.moves:  # "the expulsion … Peru expelled two envoys": the fuller telling stays
            _completed(act, first)
            out[out.index(first)] = act
        else:
            _completed(first, act)
    return out


def _same(first: Act, again: Act) -> bool:
    if first.type != again.type or set(first.source) != set(again.source):
        return False
    if set(first.target) != set(again.target) and set(first.target) and set(again.target):
        return False
    if first.sentence.index == again.sentence.index:
        return first.trigger.i == again.trigger.i
    if first.status != again.status or not _dates_agree(first.date, again.date):
        return False
    if _is_mention(again) or _is_mention(first):
        return _keys(again) <= _keys(first) or _keys(first) <= _keys(again)
    return bool(first.moves) and _keys(first) == _keys(again) and _figures_agree(first, again)


def _in_heading(act: Act) -> bool:
    return len(act.sentence.doc) <= HEADING and act.sentence.text.rstrip(" ”\"'’")[-1:].isalnum()


def _told_below(act: Act, later: Act) -> bool:
    """Whether a heading ("Trade office shut") only announces what the sentences under it tell."""
    if not 0 < later.sentence.index - act.sentence.index <= UNDER or act.type != later.type:
        return False
    changes = {(m.kind, m.change) for m in later.moves}
    told = all((m.kind, m.change) in changes for m in act.moves)
    return told and (bool(act.moves) or bool(set(act.source) & set(later.source)))


def _is_content(act: Act, other: Act) -> bool:
    """Whether an act is what another one of the same parties is about: "agreed to hold drills", "opened it to let"."""
    if act.sentence is not other.sentence or act.moves or act.type is None or other.type not in ("AGREE", act.type):
        return False
    if {*act.source, *act.target} != {*other.source, *other.target}:
        return False
    if other.type != "AGREE" and act.source != other.source:
        return False
    above = list(act.trigger.ancestors)
    if other.trigger not in above:
        return False
    path = [act.trigger, *above[: above.index(other.trigger)]]
    return all(node.dep_ in CONTENT or (node.dep_ == "advcl" and _is_purpose(node)) for node in path)


def _is_purpose(verb: Token) -> bool:
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)


def _is_mention(act: Act) -> bool:
    """A noun with "the", "this" or "that" speaks of an act that is known already."""
    token = act.trigger
    return token.pos_ == "NOUN" and any(c.lower_ in ("the", "this", "that", "these") for c in token.children)


def _keys(act: Act) -> set[tuple[str, frozenset[str], str]]:
    return {(m.kind, frozenset((m.owner, m.counterpart)), m.change) for m in act.moves}


def _figures_agree(first: Act, again: Act) -> bool:
    for a, b in zip(first.moves, again.moves, strict=False):
        if None not in (a.count, b.count) and a.count != b.count:
            return False
        if (a.cap is None) != (b.cap is None):
            return False
    return True


def _dates_agree(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a.startswith(b) or b.startswith(a)


def _completed(first: Act, again: Act) -> None:
    if first.date is None or (again.date and len(again.date) > len(first.date)):
        first.date = again.date or first.date
    for move, more in zip(first.moves, again.moves, strict=False):
        if move.count is None and more.cap is None:
            move.count = more.count


def assemble(article: Article, acts: list[Act], links: list[Link], held: list[Held]) -> Reading:
    """The reading of an article.

    Args:
        article: the article.
        acts: its acts, merged.
        links: action and answer pairs among them.
        held: its claims.

    Returns:
        The reading, with ids given.
    """
    text = article.text
    events: list[Event] = []
    lines: list[Line] = []
    names: dict[int, str] = {}
    quotes: dict[int, str] = {}
    for act in acts:
        event_id = None
        if act.type is not None:
            event_id = f"e{len(events) + 1}"
            names[id(act)], quotes[id(act)] = event_id, text[act.start : act.end]
            events.append(_event(text, event_id, act))
        for move in act.moves:
            lines.append(_line(text, f"l{len(lines) + 1}", act, move, event_id))
    return Reading(
        id=article.id,
        title=article.title,
        published=article.published,
        publisher=article.publisher,
        address=article.address,
        language=article.language,
        text=text,
        main=article.main,
        residue=article.residue,
        events=tuple(events),
        lines=tuple(lines),
        uses=_seen(text, acts),
        answers=_answers(text, links, names, quotes),
        claims=tuple(_claim(text, f"c{i}", h) for i, h in enumerate(held, 1)),
    )


def _answers(text: str, links: list[Link], names: dict[int, str], quotes: dict[int, str]) -> tuple[Answer, ...]:
    """The answers among acts that are events; names and quotes are those of the events, by the identity of the act."""
    told = [link for link in links if id(link.action) in names and id(link.reaction) in names]
    return tuple(
        Answer(
            id=f"a{i}",
            quote=text[link.reaction.start : link.reaction.end],
            start=link.reaction.start,
            end=link.reaction.end,
            rule=link.rule,
            certainty=link.certainty,
            action=quotes[id(link.action)],
            reaction=quotes[id(link.reaction)],
            action_event=names[id(link.action)],
            reaction_event=names[id(link.reaction)],
            basis=link.basis,
            kind=link.kind,
            lag_days=link.lag_days,
        )
        for i, link in enumerate(told, 1)
    )


def _claim(text: str, name: str, held: Held) -> Claim:
    return Claim(
        id=name,
        quote=text[held.start : held.end],
        start=held.start,
        end=held.end,
        rule=held.rule,
        certainty=held.certainty,
        holder=held.holder,
        kind=held.kind,
        about=held.about,
    )


def _seen(text: str, acts: list[Act]) -> tuple[Use, ...]:
    """The lines seen in use, each once for a date."""
    out: dict[tuple[str, str, str, bool, str | None], Use] = {}
    for act in acts:
        for line in act.uses:
            answered = act.frame.use == "answered"
            out.setdefault(
                (line.kind, line.owner, line.counterpart, answered, act.date),
                Use(
                    id=f"u{len(out) + 1}",
                    quote=text[act.start : act.end],
                    start=act.start,
                    end=act.end,
                    rule=act.frame.id,
                    certainty=act.certainty,
                    kind=line.kind,
                    owner=line.owner,
                    counterpart=line.counterpart,
                    answered=answered,
                    date=act.date,
                ),
            )
    return tuple(out.values())


def _event(text: str, name: str, act: Act) -> Event:
    assert act.type is not None
    code = act.frame.cameo or plover.cameo(act.type, act.mode)
    return Event(
        id=name,
        quote=text[act.start : act.end],
        start=act.start,
        end=act.end,
        rule=act.frame.id,
        certainty=act.certainty,
        status=act.status,
        date=act.date,
        announced=act.announced,
        effective=act.effective,
        said_by=act.said_by,
        source=act.source,
        target=act.target,
        type=act.type,
        mode=act.mode,
        context="diplomatic" if act.moves else act.frame.context,
        cameo=code,
        quad=plover.quad(act.type),
        goldstein=plover.goldstein(code),
        sector=act.sector,
    )


def _line(text: str, name: str, act: Act, move: Move, event_id: str | None) -> Line:
    start, end = act.start, act.end
    promised = (move.status or act.status) == "planned" and (act.status != "planned" or act.type == "THREATEN")
    if move.tokens:
        start = min(act.sentence.starts[t.i] for t in move.tokens)
        end = max(act.sentence.ends[t.i] for t in move.tokens)
    return Line(
        id=name,
        quote=text[start:end],
        start=start,
        end=end,
        rule=act.frame.id,
        certainty=act.certainty,
        status=move.status or act.status,
        date=act.effective if promised else act.date,
        announced=act.announced,
        effective=act.effective,
        said_by=act.said_by,
        kind=move.kind,
        owner=move.owner,
        counterpart=move.counterpart,
        change=move.change,
        by=move.by,
        count=move.count,
        cap=move.cap,
        name=move.name,
        seat=move.seat,
        part_of=move.part_of,
        event=event_id,
    )
