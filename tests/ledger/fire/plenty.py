"""Made-up readings in plenty, the same for the same seed; as a program it records them and says when each is safe.

    python -m tests.ledger.fire.plenty PLACE SEED FIRST END STEP
"""

import sys
from random import Random
from typing import Any

from sqlalchemy import Table, select

from detente.ledger import Ledger, schema
from detente.ledger.recording import Coder, Told, article_id
from tests.ledger.made import change, claim, event, told, use

PAIRS = (("NOR", "PER"), ("QAT", "CHL"), ("FRA", "MLI"), ("RUS", "NATO"), ("JPN", "KOR"), ("CHL", "PER"))
LINES = ("embassy", "mission", "staff", "relations", "consulate", "contacts", "hotline")
CHANGES = ("open", "restore", "keep", "limit", "limit", "suspend", "close", "close", "propose")
WORDS = "river envoy harbour letter winter border talks window ministry garden north evening bridge paper stone".split()
CODERS = (Coder("test", "1", ""), Coder("test", "2", ""), Coder("a person", "1", "", role="analyst", who="Ada Lind"))


def article(seed: int, number: int) -> Told:
    """A made-up reading; every ninth is a new one of the article before it."""
    again = number % 9 == 8
    rng = Random(f"{seed} {number - again}")
    pair = rng.choice(PAIRS)
    day = f"20{rng.randint(14, 17)}-{rng.randint(1, 4):02}-{rng.randint(1, 28):02}"
    text = f"Page {number - again}: " + " ".join(rng.choices(WORDS, k=rng.randint(5, 60)))
    paper = rng.choice(("Post", "Times", "Courier", "Gazette"))
    if again:
        rng = Random(f"{seed} {number}")
    items, answers = _items(rng, pair, day)
    return told(*items, text=text, publisher=paper, published=day, answers=answers,
                coder=CODERS[1] if again else rng.choice(CODERS[::2] if number % 5 == 0 else CODERS[:1]))  # fmt: skip


def _items(rng: Random, pair: tuple[str, str], day: str) -> tuple[list[dict[str, Any]], tuple[tuple[int, int], ...]]:
    items = []
    for n in range(rng.randint(1, 3)):
        owner, other = rng.sample(pair, 2)
        what, kind = rng.choice(CHANGES), rng.choice(LINES)
        count = rng.randint(1, 40) if what == "limit" else None
        items.append(change(what, day, kind=kind, owner=owner, counterpart=other, by=(rng.choice(pair),), count=count,
                            certainty=rng.choice((0.4, 0.7, 0.9)), status=rng.choice(("actual", "actual", "planned")),
                            event=f"e{n + 1}" if n < 2 else None, quote=_quote(rng)))  # fmt: skip
    for _ in range(2):
        source, target = rng.sample(pair, 2)
        items.append(event(rng.choice(("SANCTION", "ACCUSE", "CONSULT")), day, source=(source,), target=(target,),
                           quote=_quote(rng)))  # fmt: skip
    if rng.random() < 0.3:
        items.append(use(rng.random() < 0.7, day, owner=pair[0], counterpart=pair[1], quote=_quote(rng)))
    if rng.random() < 0.3:
        items.append(claim("blame", holder=pair[0], about=(pair[1],), quote=_quote(rng)))
    return items, ((1, 2),) if rng.random() < 0.4 else ()


def _quote(rng: Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(3, 9)))


def whole(ledger: Ledger, tables: tuple[Table, ...] = (*schema.KEPT, *schema.DERIVED)) -> dict[str, list[Any]]:
    """All rows of a ledger by table, but for when they were recorded."""
    found = {}
    with ledger.asked() as connection:
        for table in tables:
            columns = [c for c in table.columns if c.name != "recorded_at"]
            rows = connection.execute(select(*columns))
            found[table.name] = sorted(map(tuple, rows), key=repr)
    return found


def record(place: str, seed: int, first: int, end: int, step: int) -> None:
    """Record some articles in steps, and print the id of each once it is safe."""
    with Ledger(place) as ledger:
        print("open", flush=True)
        for start in range(first, end, step):
            some = [article(seed, n) for n in range(start, min(start + step, end))]
            ledger.record(some)
            print(*(article_id(one.reading) for one in some), sep="\n", flush=True)
        print("done", flush=True)


if __name__ == "__main__":
    record(sys.argv[1], *map(int, sys.argv[2:]))
