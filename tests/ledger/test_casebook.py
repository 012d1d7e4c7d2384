"""The casebook of documented episodes: every quote stands in its text, every code, word, date and link is good."""

import json
import re
import tomllib
from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import pytest

from detente.ledger.states import first_day
from detente.model import CHANGES, EVENT_TYPES, LINE_KINDS, AnswerKind, Basis, Status
from detente.parties import table

FACTS = Path(__file__).parents[2].joinpath("../shared/data/episodes.jsonl")
FILES = {
    path.name: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(resources.files("detente.ledger").joinpath("casebook").iterdir(), key=lambda p: p.name)
    if path.name.endswith(".toml")
}
EPISODES: list[dict[str, Any]] = [episode for content in FILES.values() for episode in content["episode"]]
BY_ID = {episode["id"]: episode for episode in EPISODES}
PARTS = ("line", "event", "answer", "use")
FIELDS = {
    "episode": ({"id", "known", "title", "facts", "certainty", "verified", "text"}, {"source", "unverified", "note"}),
    "line": ({"quote", "kind", "owner", "counterpart", "change", "by"}, {
        "status", "date", "announced", "effective", "count", "cap", "name", "seat", "part_of", "event"}),
    "event": ({"quote", "source", "target", "type", "context"}, {"mode", "date", "status"}),
    "answer": ({"quote", "action", "reaction", "basis", "kind"}, set()),
    "use": ({"quote", "kind", "owner", "counterpart", "answered"}, {"date", "name"}),
}  # fmt: skip
MODES = {
    "SANCTION": {"expel", "withdraw", "discontinue"}, "REJECT": {"assist", "change", "meet", "yield"},
    "REQUEST": {"assist", "change", "meet", "yield"}, "ACCUSE": {"allege", "disapprove"},
    "CONSULT": {"phone", "third-party", "visit"}, "THREATEN": {"expel", "relations", "restrict", "violence"},
    "COERCE": {"arrest", "restrict", "seize"}, "ASSAULT": {"aerial", "destroy"},
    "RETREAT": {"access", "withdraw"}, "PROTEST": {"riot"},
}  # fmt: skip
each = pytest.mark.parametrize("episode", EPISODES, ids=[episode["id"] for episode in EPISODES])


def is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text)) and first_day(text) is not None


def items(episode: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(part, item) for part in PARTS for item in episode.get(part, ())]


def test_ids_are_unique_and_files_short() -> None:
    assert [id_ for id_, times in Counter(e["id"] for e in EPISODES).items() if times > 1] == []
    folder = resources.files("detente.ledger").joinpath("casebook")
    for name in FILES:
        assert len(folder.joinpath(name).read_text(encoding="utf-8").splitlines()) < 400, name


@each
def test_fields_and_dates(episode: dict[str, Any]) -> None:
    for part, item in [("episode", episode), *items(episode)]:
        needed, free = FIELDS[part]
        keys = set(item) - (set(PARTS) if part == "episode" else set())
        assert needed <= keys <= needed | free, (part, item)
        for key in ("known", "date", "announced", "effective"):
            assert key not in item or is_date(item[key]), (part, item)
    assert re.fullmatch(r"[a-z0-9-]+", episode["id"])
    assert date.fromisoformat(episode["known"])
    assert 0 < episode["certainty"] <= 1
    assert episode["text"].strip().endswith(".")


@each
def test_quotes_stand_in_the_text_once(episode: dict[str, Any]) -> None:
    for part, item in items(episode):
        assert episode["text"].count(item["quote"]) == 1, (part, item["quote"])


@each
def test_codes_and_words(episode: dict[str, Any]) -> None:
    known = table().parties
    for line in episode.get("line", ()):
        assert line["by"]
        assert {line["owner"], line["counterpart"], *line["by"]} <= set(known), line
        assert line["kind"] in LINE_KINDS and line["change"] in CHANGES, line
        assert line.get("status", "actual") in get_args(Status), line
        assert 1 <= line.get("event", 1) <= len(episode.get("event", ())) or "event" not in line, line
        assert re.fullmatch(r"[a-z]+ [A-Z]+-[A-Z]+( .+)?", line.get("part_of", "mission RUS-NATO")), line
    for event in episode.get("event", ()):
        assert event["source"] and {*event["source"], *event["target"]} <= set(known), event
        assert event["type"] in EVENT_TYPES and event.get("status", "actual") in get_args(Status), event
        assert "mode" not in event or event["mode"] in MODES[event["type"]], event
    for use in episode.get("use", ()):
        assert use["kind"] in LINE_KINDS and {use["owner"], use["counterpart"]} <= set(known), use


@each
def test_nothing_is_told_before_it_happened(episode: dict[str, Any]) -> None:
    for part, item in items(episode):
        if "date" in item and item.get("status", "actual") in ("actual", "past"):
            assert item["date"] <= episode["known"], (part, item)


@each
def test_answers_point_to_events(episode: dict[str, Any]) -> None:
    own = len(episode.get("event", ()))
    for answer in episode.get("answer", ()):
        assert 1 <= answer["reaction"] <= own, answer
        assert answer["kind"] in get_args(AnswerKind) and answer["basis"] in get_args(Basis), answer
        if isinstance(answer["action"], int):
            assert 1 <= answer["action"] <= own and answer["action"] != answer["reaction"], answer
        else:
            other, number = answer["action"].split("#")
            assert 1 <= int(number) <= len(BY_ID[other].get("event", ())), answer
            assert BY_ID[other]["known"] <= episode["known"], answer


def test_every_fact_is_covered() -> None:
    if not FACTS.is_file():
        pytest.skip("the file of documented episodes lies outside the repository and is absent here")
    facts = [json.loads(text) for text in FACTS.read_text(encoding="utf-8").splitlines()]
    wanted = {fact["id"] for fact in facts}
    wanted |= {f"{fact['id']}.{number}" for fact in facts for number in range(1, len(fact["reactions"]) + 1)}
    covered = {fact for episode in EPISODES for fact in episode["facts"]}
    assert sorted(covered - wanted) == []
    assert sorted(wanted - covered) == []


def test_nothing_is_copied() -> None:
    if not FACTS.is_file():
        pytest.skip("the file of documented episodes lies outside the repository and is absent here")
    facts = {fact["id"]: fact for fact in map(json.loads, FACTS.read_text(encoding="utf-8").splitlines())}
    for episode in EPISODES:
        for id_ in episode["facts"]:
            fact = facts[id_.split(".")[0]]
            for detail in (fact["detail"], *(reaction["detail"] for reaction in fact["reactions"])):
                assert len(detail.split()) < 5 or detail.casefold() not in episode["text"].casefold(), episode["id"]
