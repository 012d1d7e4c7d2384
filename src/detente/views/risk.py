"""A risk in words: its headline, its three lines, its tables as text.

What always holds: a ratio never stands without its interval, nor an order that cannot be given; "association, never
cause" is among what is said; lines and parties are called by their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.escalation.model import Affordability, Comparison, Estimate, LineValue, Multiple, Ratio, Risk, Scenario
from detente.ledger.titles import title_of
from detente.plain import day, listed, number_of, parties, party, sentence_case, shown

COUNTS = {"in use": "in use", "limited": "limited", "down": "down", "either": "not certain"}
NO_ORDER = "no order can be given"
_DATA = {
    "association": "association, never cause",
    "analogy": "association, never cause, by analogy",
    "none": "no data exist",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a heading, with what is said above and below them."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: str = ""
    below: str = ""


def headline(report: Risk) -> str:
    """The headline, a comparison, in two sentences.

    Example: "With the lines of 2 November 2021, incidents between NATO and Russia get to deaths 1.3 times as often as
    with every line in use (95 %: 0.095 to 12). No order can be given: the interval holds 1, that is, no difference."
    """
    if not report.values:
        return f"No line between {parties([report.a, report.b])} is on record by {day(report.on)}: nothing to compare."
    return compared(report, report.headline)


def compared(report: Risk, comparison: Comparison) -> str:
    """A comparison in two sentences."""
    stage = next(s for s in report.scenarios[0].stages if s.stage == report.stage)
    ratio = next(r for r in comparison.ratios if r.stage == report.stage)
    first = scenario_name(report, report.scenario(comparison.first))
    second = scenario_name(report, report.scenario(comparison.second))
    told = (
        f"{sentence_case(second)}, incidents between {parties([report.a, report.b])} get to {stage.title} "
        f"{times(ratio.ratio)} as often as {first} ({interval(ratio.ratio)})."
    )
    return f"{told} {order(ratio)}"


def order(ratio: Ratio) -> str:
    """What can be said of the order of two risks."""
    match ratio.order:
        case "none":
            return f"{sentence_case(NO_ORDER)}: the interval holds 1, that is, no difference."
        case "same":
            return "Nothing that is counted differs."
        case _:
            return f"{'More' if ratio.order == 'more' else 'Less'} often, over the whole interval."


def scenario_name(report: Risk, scenario: Scenario) -> str:
    """What to call a scenario in a sentence."""
    match scenario.key:
        case "as it stands":
            return f"with the lines of {day(scenario.on)}"
        case "that day":
            return f"with those of {day(scenario.on)}"
        case "what if":
            now = {line.line: line.counts for line in report.scenario("as it stands").lines}
            titles = title_by_line(report)
            moved = [(titles[s.line], s.counts) for s in scenario.lines if now[s.line] != s.counts]
            told = [
                f"{word} {listed([title for title, counts in moved if (counts == 'in use') == (word == 'with')])}"
                for word in ("without", "with")
                if any((counts == "in use") == (word == "with") for _, counts in moved)
            ]
            return " and ".join(told) or "with the named lines as they are"
        case _:
            return scenario.title


def title_by_line(report: Risk) -> dict[str, str]:
    """What to call each line."""
    return {value.line: title_of(value.model_dump()) for value in report.values}


def brief(report: Risk) -> list[str]:
    """The comparison in three lines: the headline, what stands behind it, and the affordability test."""
    if not report.values:
        return [headline(report)]
    basis = _DATA[report.headline.data]
    lines = [headline(report), f"{sentence_case(basis)}. {_known(report)}"]
    if report.affordability is None:
        return lines
    claims = held(report.affordability)
    return [*lines, f"{claims + '. ' if claims else ''}{affordable(report, report.affordability)}"]


def _known(report: Risk) -> str:
    differ = [v for v in report.values if v.line in report.headline.differ]
    blank = sum(v.data == "none" for v in differ)
    told = f"{number_of(len(differ), 'line')} {'differs' if len(differ) == 1 else 'differ'}"
    if blank == len(differ):
        return f"{told}; on none of them do data exist."
    return f"{told}; no data exist on {blank} of them." if blank else f"{told}."


def affordable(report: Risk, test: Affordability) -> str:
    """The affordability test in a sentence."""
    stage = next(s.title for s in report.scenarios[0].stages if s.stage == test.stage)
    told = f"Closing stops paying where {stage} would cost more than this many times what a year of it gains"
    if not any(side.entered for side in test.sides):
        return f"{told}: {multiple(test.sides[0].multiple)}, by the priors as they are."
    sides = "; ".join(f"{party(s.party)} ({_belief(s.belief, s.entered)}): {multiple(s.multiple)}" for s in test.sides)
    return f"{told}: {sides}."


def _belief(belief: float, entered: bool) -> str:
    return f"effects times {belief:g}" if entered else "the priors' own effects"


def held(test: Affordability) -> str:
    """What the sides hold about the risk, each in the words of its newest claim; empty where nothing is on record."""
    quotes: dict[str, list[str]] = {}
    for side in test.sides:
        if side.claims:
            quotes.setdefault(side.claims[0].quote, []).append(side.party)
    return "; ".join(f"{sentence_case(parties(who))}: “{shown(quote)}”" for quote, who in quotes.items())


def multiple(found: Multiple) -> str:
    """A multiple with its interval.

    Example:
        >>> multiple(Multiple(value=1173.3, low=30.1, high=None)), multiple(Multiple(value=None, low=3.5, high=None))
        ('1,200 (95 %: from 30 up)', 'no loss is large enough (95 %: from 3.5 up)')
    """
    value = "no loss is large enough" if found.value is None else number(found.value)
    if found.low is None:
        return value
    ends = f"from {number(found.low)} up" if found.high is None else f"{number(found.low)} to {number(found.high)}"
    return f"{value} (95 %: {ends})"


def number(value: float) -> str:
    """A number to two digits.

    Example:
        >>> number(1.2758), number(0.01594), number(1173.3), number(26.2)
        ('1.3', '0.016', '1,200', '26')
    """
    if value == 0 or not 1e-4 <= abs(value) < 1e9:
        return f"{value:.2g}"
    rounded = float(f"{value:.2g}")
    text = f"{rounded:,.6f}".rstrip("0").rstrip(".")
    return text if rounded >= 10 or "." in text else f"{text}.0"


def times(estimate: Estimate) -> str:
    """A ratio as a word of a sentence."""
    return f"{number(estimate.value)} times"


def interval(estimate: Estimate) -> str:
    """The interval of a figure."""
    return f"95 %: {number(estimate.low)} to {number(estimate.high)}"


def percent(estimate: Estimate) -> str:
    """A chance with its interval, in per cent."""
    value, low, high = (f"{number(100 * x).removesuffix('.0')}" for x in (estimate.value, estimate.low, estimate.high))
    return f"{value} % ({low} to {high})"


def tables(report: Risk) -> list[Table]:
    """All that is in a report, as tables of text."""
    if not report.values:
        return []
    found = [_ladder(report), _values(report), _reopening(report), _affordability(report), _sensitivity(report)]
    return [table for table in found if table]


def _ladder(report: Risk) -> Table:
    head = report.headline
    first, second = report.scenario(head.first), report.scenario(head.second)
    rows = [
        (one.title, percent(one.incident), percent(two.incident), percent(one.year), percent(two.year),
         f"{number(r.ratio.value)} ({number(r.ratio.low)} to {number(r.ratio.high)})", _short(r))
        for one, two, r in zip(first.stages, second.stages, head.ratios, strict=True)
    ]  # fmt: skip
    days = " and ".join(
        f"{number(s.days.value)} ({number(s.days.low)} to {number(s.days.high)})" for s in (first, second)
    )
    names = f"First: {scenario_name(report, first)}. Second: {scenario_name(report, second)}."
    others = [compared(report, c) for c in report.comparisons[1:]]
    return Table(
        "The ladder",
        ("stage", "an incident: first", "second", "within a year: first", "second", "second to first", "order"),
        tuple(rows), names, " ".join([f"Days until an incident is cleared: {days}.", *others]),
    )  # fmt: skip


def _short(ratio: Ratio) -> str:
    return {"none": NO_ORDER, "same": "the same", "more": "more", "less": "less"}[ratio.order]


def _values(report: Risk) -> Table:
    titles = title_by_line(report)
    rows = [
        (sentence_case(titles[v.line]), v.state, COUNTS[v.counts],
         f"{number(v.factor.value)} ({number(v.factor.low)} to {number(v.factor.high)})", _rank(v), _DATA[v.data])
        for v in report.values
    ]  # fmt: skip
    errors = [v.error for v in report.values if v.error is not None]
    sampled = f" Sampled, standard error of the logarithm up to {max(errors):.2g}." if errors else ""
    total = report.all_lines
    return Table(
        "What each line is worth",
        ("line", "state", "counts as", "factor where it is lost", "rank", "behind it"),
        tuple(rows),
        "Its Shapley share: how many times as often incidents get to the stage where it is lost, over all orders of "
        "losing the lines. The factors multiply to " + f"{number(total.value)} ({number(total.low)} to "
        f"{number(total.high)}), no line in use against all of them.{sampled}",
    )  # fmt: skip


def _rank(value: LineValue) -> str:
    return NO_ORDER if value.order == "none" else value.order


def _reopening(report: Risk) -> Table | None:
    titles = title_by_line(report)
    rows = [
        (f"{i}", sentence_case(titles[step.line]), f"{number(step.ratio.value)} ({number(step.ratio.low)} to "
         f"{number(step.ratio.high)})", NO_ORDER if step.order == "none" else "helps most")
        for i, step in enumerate(report.reopening, 1)
    ]  # fmt: skip
    above = "Each step puts into use the line that then helps most; the ratio is against as it stands."
    return (
        Table("In which order to reopen", ("", "line", "ratio with it", "order"), tuple(rows), above) if rows else None
    )


def _affordability(report: Risk) -> Table | None:
    test = report.affordability
    if test is None:
        return None
    sides = [side.party for side in test.sides]
    rows = tuple(
        (number(loss.multiple).removesuffix(".0"), number(loss.needs) if loss.needs is not None else "none up to 100",
         *(_wrong(loss.wrong_by[p], loss.needs) for p in sides), f"{100 * loss.stops:.0f} %")
        for loss in test.losses
    )  # fmt: skip
    claims = [
        f"{sentence_case(party(side.party))} holds: “{c.quote}” ({c.publisher or 'no publisher'}, {day(c.known_at)}; "
        f"detente evidence {c.report})."
        for side in test.sides for c in side.claims
    ]  # fmt: skip
    unheard = [party(side.party) for side in test.sides if not side.claims]
    claims += [f"No claim of {' or of '.join(unheard)} about the risk is on record."] if unheard else []
    return Table(
        "Is it affordable?",
        ("loss, in gains of a year", "does not pay from effects times", *(f"{party(p)} is wrong by" for p in sides),
         "does not pay in so many draws"),
        rows, affordable(report, test), " ".join(claims),
    )  # fmt: skip


def _wrong(factor: float | None, needs: float | None) -> str:
    if factor is not None:
        return f"times {number(factor)}"
    return "no factor" if needs is None else "more than any factor: it holds that they do nothing"


def _sensitivity(report: Risk, most: int = 8) -> Table | None:
    rows = tuple(
        (s.entry, f"{number(s.low)} to {number(s.high)} {s.unit}", f"{number(s.ratio[0])} to {number(s.ratio[1])}",
         f"{number(100 * s.year[0])} % to {number(100 * s.year[1])} %", s.data)
        for s in report.sensitivity[:most]
    )  # fmt: skip
    return Table(
        "Which belief moves the answer",
        ("belief", "its range", "second to first", "within a year: second", "behind it"), rows,
        "Each at both ends of its range, all others at their middle.",
    ) if rows else None  # fmt: skip


def notes(report: Risk) -> list[str]:
    """What has to be said beside it, and what is not known."""
    return [spoken(text, report) for text in (*report.caveats, report.incidents.statement, *report.lacks)]


def spoken(text: str, report: Risk) -> str:
    """A sentence with lines and parties called by their names."""
    for line, title in sorted(title_by_line(report).items(), key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<![\w-]){re.escape(line)}(?![\w-])", lambda _, title=title: title, text)  # type: ignore[misc]
    for code in (report.a, report.b):
        text = re.sub(rf"\b{code}\b", lambda _, code=code: party(code), text)  # type: ignore[misc]
    return text
