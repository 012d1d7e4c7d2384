"""One file of a board: whole, self-contained, the same as the page."""

from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.commands.demonstration import build
from detente.ledger import Ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    where = tmp_path_factory.mktemp("report") / "ledger.db"
    with Ledger(where) as made:
        build(made)
    return where


def _made(ledger, tmp_path, *of):
    out = tmp_path / "board.html"
    given = ["report", *of, "--out", str(out), "--on", "2021-11-20", "--ledger", str(ledger)]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0, result.output
    assert [p.name for p in tmp_path.iterdir()] == ["board.html"]
    return out.read_text("utf-8")


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("of", [("NATO", "RUS"), ("Russia",), ()])
def test_a_report_needs_nothing_but_itself(ledger, tmp_path, of):
    text = _made(ledger, tmp_path, *of)
    tags = _Tags(text).found
    assert not {"script", "link", "img", "iframe", "form", "object"} & {tag for tag, _ in tags}
    assert "url(" not in text and "@import" not in text and "Content-Security-Policy" in text
    ids = [given["id"] for _, given in tags if "id" in given]
    assert len(ids) == len(set(ids))
    for tag, given in tags:
        assert not any(name.startswith("on") or name == "style" for name in given), (tag, given)
        if href := given.get("href"):
            assert href.startswith(("https://", "http://")) or href[1:] in ids, href


def test_a_report_of_a_pair_has_its_board_and_its_timeline(ledger, tmp_path):
    text = _made(ledger, tmp_path, "NATO", "RUS")
    assert "7 of 12 lines between NATO and Russia are down" in text
    assert (
        'class="drawing lanes"' in text and 'href="#answer-' in text and "Ruptures" in text and "Whom to call" in text
    )


def test_swapped_parties_give_the_same_report(ledger, tmp_path):
    assert _made(ledger, tmp_path, "NATO", "RUS") == _made(ledger, tmp_path, "RUS", "NATO")


def test_one_party_twice_and_a_place_that_cannot_be_written_are_refused(ledger, tmp_path):
    twice = CliRunner().invoke(app, ["report", "NATO", "NATO", "--out", "x.html", "--ledger", str(ledger)])
    assert twice.exit_code == 2 and "one party" in twice.output
    nowhere = str(tmp_path / "no" / "x.html")
    lost = CliRunner().invoke(app, ["report", "NATO", "RUS", "--out", nowhere, "--ledger", str(ledger)])
    assert lost.exit_code == 2 and "cannot be written" in lost.output
