"""What holds of any text: a reading or a clear error, offsets that hold, no side taken, residue without effect."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente import parties
from detente.coding import code, code_many
from detente.coding.examples import outcome, read
from detente.coding.examples import parties as joined
from detente.coding.gazetteer import gazetteer
from detente.coding.lexicon import load
from detente.coding.sentences import split
from detente.errors import DetenteError
from detente.model import Article, Event, Line, Reading
from detente.reading import read_text

pytestmark = pytest.mark.models
GOLD = Path(__file__).parents[3] / "shared" / "gold" / "dev.jsonl"
WORDS = st.sampled_from(
    'Peru Chile NATO closed its embassy in Quito the ambassador was recalled , . ; " “ ” ’ and expelled 12 diplomats '
    "on Monday talks said that it would not suspend if France's hotline \n\n - 2021 military mission to with by".split(
        " "
    )
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, min_size=5, max_size=60).map(" ".join))
SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@SETTINGS
@given(TEXTS)
def test_any_text_gives_a_reading_or_a_clear_error(text: str) -> None:
    try:
        reading = code(read_text(text))
    except DetenteError as error:
        assert len(str(error)) > 20
        return
    assert reading.text == text
    Reading.model_validate_json(reading.model_dump_json())  # checks every quote against its offsets


@SETTINGS
@given(TEXTS)
def test_text_that_is_never_checked_for_language_is_coded_without_a_fault(text: str) -> None:
    reading = code(Article(id="x", text=text, main=(0, len(text))))
    assert all(text[x.start : x.end] == x.quote for x in (*reading.events, *reading.lines, *reading.claims))


STORY = (
    "Peru closed its embassy in Cairo on Monday after Egypt had expelled two Peruvian diplomats. The Egyptian foreign "
    "ministry regretted the step and said that talks would go on.\n\nThe two countries have quarrelled over a canal "
    "since 2019. Lima recalled its ambassador in March of that year, and Cairo answered in kind."
)
RESIDUE = [
    "Subscribe to our newsletter", "Share this article", "Follow us on social media", "All rights reserved.",
    "Read more: Ghana severs ties with Togo", "Advertisement", "RELATED STORIES", "Oman expels Yemeni envoy",
]  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.permutations(RESIDUE))
def test_shuffling_the_residue_changes_nothing(residue: list[str]) -> None:
    """The residue stands behind the story and is no part of it, in whatever order."""
    text = STORY + "\n\n" + "\n\n".join(residue)
    found = code(Article(id="x", text=text, main=(0, len(STORY)), published="2024-06-10"))
    alone = code(Article(id="x", text=STORY, main=(0, len(STORY)), published="2024-06-10"))
    assert (found.events, found.lines, found.answers, found.claims) == (
        alone.events, alone.lines, alone.answers, alone.claims,
    )  # fmt: skip


WHEN = (
    "a decade ago, two decades earlier, last century, in the 1990s, by mid-2019, from 30 February, three nights later, "
    "half a year before, on the 31st, a fortnight after, within 72 hours, on 29 February, in 5, the following May"
).split(", ")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_news_in_any_disorder_gives_readings(seed: int) -> None:
    """Stretches of real prose with words and dates thrown in: what no newspaper writes, but scraped pages hold."""
    rng = random.Random(seed)
    rows = map(json.loads, (Path(__file__).parents[1] / "gold" / "articles.jsonl").read_text("utf-8").splitlines())
    words = [word for row in rows for word in row["text"].split()]

    def sentence() -> str:
        at = rng.randrange(len(words) - 30)
        some = words[at : at + rng.randint(5, 25)]
        for extra in [rng.choice(words) for _ in range(rng.randint(0, 3))] + [rng.choice(WHEN)]:
            some.insert(rng.randrange(len(some) + 1), extra)
        return " ".join(some).rstrip(".,") + rng.choice([".", "?", "", ".”"])

    for scope in ("parties", "all"):
        texts = ["\n\n".join(f"{sentence()} {sentence()}" for _ in range(3)) for _ in range(32)]
        dated = ((t, rng.choice(["2024-02-29", None])) for t in texts)
        articles = [Article(id="x", text=t, main=(0, len(t)), published=day) for t, day in dated]
        for text, found in zip(texts, code_many(articles, scope=scope), strict=True):
            assert isinstance(found, Reading), text
            for item in (*found.events, *found.lines, *found.uses, *found.answers, *found.claims):
                assert text[item.start : item.end] == item.quote


# taking no side: the same words with the parties swapped give the same coding swapped


def swapped(text: str) -> tuple[str, dict[str, str]] | None:
    """A text with two states' names swapped, form by form; None where it does not name exactly two plain states."""
    table = parties.table()
    spans: list[tuple[int, int, str, str]] = []
    names = gazetteer()
    words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[^\W\d_]+(?:['’]s)?|\d+|\S", text)]
    plain = [(w.removesuffix("'s").removesuffix("’s"), a) for w, a, _ in words]
    for mention in names.find([w for w, _ in plain]):
        start, last = plain[mention.start][1], plain[mention.stop - 1]
        spans.append((start, last[1] + len(last[0]), mention.codes[0], mention.form))
        if len(mention.codes) > 1 or mention.form not in ("name", "adjective", "plural", "capital") or mention.cautious:
            return None
    codes = sorted({code for _, _, code, _ in spans})
    if len(codes) != 2 or any(table.parties[c].kind != "state" for c in codes):
        return None
    other = {codes[0]: codes[1], codes[1]: codes[0]}
    best: dict[tuple[str, str], str] = {(c, form): text for text, rows in reversed(table.surfaces.items())
            for row in rows for c, form in [(row.code, row.form)] if len(rows) == 1 and not row.cautious
            and text[0].isupper() and "." not in text}  # fmt: skip
    out, at = [], 0
    for start, end, owner, form in spans:
        name = table.parties[other[owner]].name if form == "name" else best.get((other[owner], form))
        article = text[max(0, start - 4) : start].lower() == "the "
        if name is None or (form == "name" and (article or name.startswith("the ") or " " in name)):
            return None
        out += [text[at:start], name]
        at = end
    return "".join([*out, text[at:]]), other


def coded(text: str, other: dict[str, str]) -> list[str]:
    """Events and lines of a text with the codes exchanged; a line of both sides is told with its sides in order."""
    reading = read(text)

    def side(codes: tuple[str, ...]) -> str:
        return joined(tuple(other.get(c, c) for c in codes))

    def event(e: Event) -> str:
        return f"{side(e.source)} {e.type}/{e.mode} {side(e.target)} {e.status}"

    def line(x: Line) -> str:
        pair = [other.get(x.owner, x.owner), other.get(x.counterpart, x.counterpart)]
        pair = (
            sorted(pair) if x.kind in ("relations", "council", "contacts", "hotline", "talks", "verification") else pair
        )
        return f"{x.kind} {'>'.join(pair)} {x.change} {side(x.by)} {x.count} {x.cap} {x.status}"

    return sorted([*map(event, reading.events), *map(line, reading.lines)])


def unequal(texts: list[str]) -> tuple[int, list[str]]:
    """How many texts could be swapped, and those that are coded otherwise then."""
    tried, bad = 0, []
    for text in texts:
        if found := swapped(text):
            tried += 1
            if coded(found[0], found[1]) != coded(text, {}):
                bad.append(f"{text}\n  {outcome(read(text))}\n  {found[0]}\n  {outcome(read(found[0]))}")
    return tried, bad


def test_swapping_the_parties_swaps_the_coding_of_every_example() -> None:
    texts = [e.partition("=>")[0].strip() for f in load().frames.values() for e in (*f.yes, *f.no)]
    tried, bad = unequal(texts)
    assert tried > 25
    assert not bad, "\n".join(bad)


def test_swapping_the_parties_swaps_the_coding_of_annotated_sentences() -> None:
    if not GOLD.exists():
        pytest.skip("the annotated articles (../shared/gold) are not here")
    texts = []
    for row in map(json.loads, GOLD.read_text("utf-8").splitlines()):
        article = Article(id="x", text=row["text"], main=(0, len(row["text"])))
        texts += [row["text"][s.start : s.end] for s in split(article)]
    tried, bad = unequal(texts)
    assert tried > 30
    assert len(bad) <= 0.01 * tried, "\n".join(bad)
