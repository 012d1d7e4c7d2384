"""What answered what, in words: both quotes, how long it took, how sure that is, and what else it may have answered.

What always holds: an answer that no source states is told as inferred; other acts that could have drawn the same
reaction stand beside it, or it says that none is recorded; swapping the parties swaps the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detente.plain import day, number_of, parties, sentence_case, shown
from detente.views.record import Row, Said, said

BEFORE = 60
"""Days before a reaction in which other acts are looked for: of the documented answers all but one came in 60."""
_MOST = 5
_KINDS = {
    "mirror": "in kind", "mirror-extra": "in kind, and more", "parity-cap": "to the same ceiling",
    "lesser": "with less", "solidarity": "in solidarity", "other": "in another way",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a party did.

    Attributes:
        id: of the event.
        source: codes of who did it.
        day: the first day on which it can have been, as an ISO date.
        when, who, what: in words.
        quad: 1 and 2 cooperation, 3 and 4 conflict; None where that is not known.
        said: the sentences.
    """

    id: str
    source: tuple[str, ...]
    day: str
    when: str
    who: str
    what: str
    quad: int | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An act, and the act that answered it.

    Attributes:
        id: of the answer, fit for an anchor.
        action, reaction: the two.
        lag: how long it took.
        how: whether a source states it, and how it was answered.
        certainty: from 0 to 1.
        sources: how many say so.
        others: what else the reaction may have answered, in words, the latest first.
    """

    id: str
    action: Act
    reaction: Act
    lag: str
    how: str
    certainty: float
    sources: str
    others: tuple[str, ...]


def act(event: Row, sentences: Mapping[str, Sequence[Row]]) -> Act:
    """An event in words.

    Args:
        event: of `detente.ledger.asking.events_of`.
        sentences: quotes by id of event.
    """
    kind = " · ".join(part for part in (event["type"].lower(), event["mode"]) if part)
    whom = f", {parties(event['target'])}" if event["target"] else ""
    given = event["effective"] or event["date"]
    return Act(
        id=event["id"], source=tuple(event["source"]), day=event["day"],
        when=day(given) if given else f"by {day(event['known_at'])}",
        who=sentence_case(parties(event["source"])) or "Nobody named", what=shown(kind) + whom, quad=event["quad"],
        said=tuple(said(sentences, [event["id"]])),
    )  # fmt: skip


def replies(links: Iterable[Row], events: Mapping[str, Row], sentences: Mapping[str, Sequence[Row]]) -> list[Reply]:
    """Answers in words, in order of the reactions.

    Args:
        links: of `detente.ledger.asking.answers_of`.
        events: the events of both sides, and those around them, by id.
        sentences: quotes by id of event.
    """
    known = [link for link in links if link["action"] in events and link["reaction"] in events]
    ordered = sorted(known, key=lambda link: (events[link["reaction"]]["day"], link["reaction"], link["action"]))
    return [_reply(link, events, sentences) for link in ordered]


def _reply(link: Row, events: Mapping[str, Row], sentences: Mapping[str, Sequence[Row]]) -> Reply:
    action, reaction = events[link["action"]], events[link["reaction"]]
    how = "stated by a source" if link["basis"] == "stated" else "inferred, no source states it"
    lag = _days_between(action, reaction) if link["lag_days"] is None else link["lag_days"]
    return Reply(
        id=f"{link['action']}-{link['reaction']}", action=act(action, sentences), reaction=act(reaction, sentences),
        lag="no lag is known" if lag is None else "the same day" if lag == 0 else f"{number_of(lag, 'day')} later",
        how=how + (f"; {_KINDS[link['kind']]}" if link["kind"] in _KINDS else ""), certainty=link["certainty"],
        sources=number_of(link["sources"], "source"), others=tuple(_others(link["action"], reaction, events)),
    )  # fmt: skip


def _days_between(action: Row, reaction: Row) -> int | None:
    """Days from act to answer, where both days are known."""
    if len(action["date"] or "") < 10 or len(reaction["date"] or "") < 10:
        return None
    days = (date.fromisoformat(reaction["date"]) - date.fromisoformat(action["date"])).days
    return days if days >= 0 else None


def _others(action: str, reaction: Row, events: Mapping[str, Row]) -> Iterable[str]:
    """Other acts towards who reacted, in the days before."""
    towards = [e for e in events.values() if e["id"] not in (action, reaction["id"]) and _meets(e, reaction)]
    for event in sorted(towards, key=lambda e: (e["day"], e["id"]), reverse=True)[:_MOST]:
        days = (date.fromisoformat(reaction["day"]) - date.fromisoformat(event["day"])).days
        before = "the same day" if days == 0 else f"{number_of(days, 'day')} before"
        yield f"{sentence_case(parties(event['source']))}, {before}: “{shown(event['quote'])}”"


def _meets(event: Row, reaction: Row) -> bool:
    if event["status"] in ("planned", "denied") or event["standing"] != "sound":
        return False
    if not (set(event["source"]) & set(reaction["target"]) and set(event["target"]) & set(reaction["source"])):
        return False
    return 0 <= (date.fromisoformat(reaction["day"]) - date.fromisoformat(event["day"])).days <= BEFORE
