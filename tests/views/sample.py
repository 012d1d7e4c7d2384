"""A hand-made reading that has everything in it: the views are tested with it, so that no coder is needed."""

from typing import Any

from detente.model import Answer, Claim, Event, Line, Reading, Residue

TEXT = """Eight badges and an empty office

On 6 October the alliance took away the badges of eight Russian delegates and allowed no more than ten to stay. \
Twelve days later Moscow froze its permanent mission to the alliance, sent home the chief military representative, \
froze the military liaison mission in Moscow and shut the information office there. The embassy in Brussels stays open.

Moscow had offered to bring back the military side of the joint council; the alliance declined. Moscow says that the \
alliance alone is to blame. Moscow will close its press bureau on 1 November. A source spoke of an end to the hotline.

More stories: <b>Cacao & you</b>"""


def span(quote: str) -> dict[str, Any]:
    start = TEXT.index(quote)
    return {"quote": quote, "start": start, "end": start + len(quote)}


def _event(number: int, quote: str, source: str, target: str, type_: str, mode: str | None, when: Any) -> Event:
    return Event(**span(quote), id=f"e{number}", rule="sample", certainty=0.9, source=(source,), target=(target,),
                 type=type_, mode=mode, status="actual", date=when, cameo="161", goldstein=-4.0)  # fmt: skip


def _line(number: int, quote: str, kind: str, change: str, **fields: Any) -> Line:
    plain = {"owner": "RUS", "counterpart": "NATO", "by": ("RUS",), "status": "actual", "certainty": 0.9}
    return Line(
        **span(quote), **(plain | {"id": f"l{number}", "rule": "sample", "kind": kind, "change": change} | fields)
    )


BADGES = "took away the badges of eight Russian delegates"
FROZE = "froze its permanent mission to the alliance"
OCT = {"date": "2021-10-18", "event": "e2"}
READING = Reading(
    id="sample", title="Eight badges and an empty office", published="2021-10-22", publisher="The Sample",
    address="https://example.org/badges", text=TEXT,
    main=(TEXT.index("On 6"), TEXT.index("\n\nMore")),
    residue=(Residue(kind="title", **span("Eight badges and an empty office")),
             Residue(kind="teaser", **span("More stories: <b>Cacao & you</b>"))),
    events=(
        _event(1, BADGES, "NATO", "RUS", "SANCTION", "expel", "2021-10-06"),
        _event(2, FROZE, "RUS", "NATO", "SANCTION", "withdraw", "2021-10-18"),
        _event(3, "offered to bring back the military side of the joint council", "RUS", "NATO", "REQUEST", None, None),
    ),
    lines=(
        _line(1, BADGES, "staff", "limit", by=("NATO",), count=8, date="2021-10-06", event="e1"),
        _line(2, "allowed no more than ten to stay", "staff", "limit", by=("NATO",), cap=10, date="2021-10-06"),
        _line(3, FROZE, "mission", "suspend", **OCT),
        _line(4, "sent home the chief military representative", "envoy", "suspend",
              name="chief military representative", part_of="mission RUS-NATO", **OCT),
        _line(5, "froze the military liaison mission in Moscow", "liaison", "suspend", owner="NATO", counterpart="RUS",
              name="military liaison mission", seat="Moscow", **OCT),
        _line(6, "shut the information office there", "office", "close", owner="NATO", counterpart="RUS",
              name="information office", seat="Moscow", **OCT),
        _line(7, "The embassy in Brussels stays open", "embassy", "keep", seat="Brussels", counterpart="BEL"),
        _line(8, "offered to bring back the military side of the joint council", "contacts", "propose", owner="NATO",
              counterpart="RUS", name="military side of the NATO-Russia Council"),
        _line(9, "the alliance declined", "contacts", "refuse", owner="NATO", counterpart="RUS", by=("NATO",),
              name="military side of the NATO-Russia Council"),
        _line(10, "will close its press bureau on 1 November", "office", "close", status="planned", name="press bureau",
              effective="2021-11-01"),
        _line(11, "an end to the hotline", "hotline", "close", owner="NATO", counterpart="RUS", certainty=0.3),
    ),
    answers=(Answer(**span(FROZE), id="a1", rule="sample", certainty=0.8, action=BADGES, reaction=FROZE,
                    action_event="e1", reaction_event="e2", basis="stated", kind="mirror-extra", lag_days=12),),
    claims=(Claim(**span("the alliance alone is to blame"), id="c1", rule="sample", certainty=0.8, holder="RUS",
                  kind="blame", about=("NATO",)),),
)  # fmt: skip
NOTHING = Reading(id="none", text="A quiet day.", main=(0, 12))
