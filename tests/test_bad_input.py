"""Bad input, as a person meets it: one sentence that says what and what to do, the right status, and nothing else."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import detente.sources.fetch
from detente.cli import app, main
from detente.model import Reading
from detente.sources.fetch import fetch
from detente.sources.lookup import is_public

FRENCH = (
    "Le ministre des affaires étrangères a convoqué lundi matin l'ambassadeur de Ruritanie, qui devra quitter le pays "
    "avant la fin de la semaine. Le gouvernement ne souhaite pas fermer le consulat de Porto pour le moment.\n\n"
    "La Ruritanie a répondu dans la soirée qu'elle prendrait les mêmes mesures, sans dire lesquelles ni à quelle date."
)
GERMAN = (
    "Das Außenministerium hat am Montag den Botschafter von Ruritanien einbestellt, der das Land noch vor dem Ende der "
    "Woche verlassen muss. Das Konsulat in Porto soll nach Angaben der Regierung vorerst geöffnet bleiben.\n\n"
    "Ruritanien kündigte am Abend an, mit den gleichen Schritten zu antworten, nannte aber weder Art noch Zeitpunkt."
)
MENU = "<html><body><nav><ul><li><a href='/a'>World</a><li><a href='/b'>Sport</a></ul></nav></body></html>"


def run(*arguments: Any, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, prog_name="detente")


def told(done: Result, status: int) -> str:
    """The one sentence of a run that came to nothing."""
    assert done.stdout == ""
    assert done.stderr.startswith("detente: ")
    assert done.stderr.endswith("\n")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.exit_code == status, done.stderr
    return done.stderr.removeprefix("detente: ").removesuffix("\n")


@pytest.fixture(autouse=True)
def no_coder(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of these pages is to reach the coder."""

    def refuse(*_: Any, **__: Any) -> Reading:
        raise AssertionError("the page was coded")

    monkeypatch.setattr("detente.coding.code", refuse)


# files

TOO_LONG = "{} has %s characters; the limit is 1,000,000: give one article at a time, or many with --batch"
SCRAPS = "{} holds no article, only scraps; give a page with at least a few sentences of text"
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "{} is empty; give a page that holds an article"),
    "blank": (b" \n\t\r\n ", "{} is empty; give a page that holds an article"),
    "blank after a mark": (b"\xef\xbb\xbf \n", "{} is empty; give a page that holds an article"),
    "binary": (b"\x7fELF\x02\x01\x00" + bytes(200), "{} is a binary file; give a text, HTML or PDF page"),
    "broken utf-16": (b"\xff\xfe\x00\xd8\x41\x00", "{} is not valid utf-16; save it as UTF-8 and try again"),
    "koi8-r": (
        "Посол уехал. ".encode("koi8-r") * 9,
        "the encoding of {} cannot be told; save it as UTF-8 and try again",
    ),
    "menu": (
        MENU.encode(),
        "{} holds no article that could be found; save the article's text to a file and read that",
    ),
    "scraps": (b"Yes.\n\n12", SCRAPS),
    "numbers": (b"1 2 3 4 5 6 7 8 9. " * 50, SCRAPS),
    "deep": (
        b"<html><body>" + b"<div>" * 20_000,
        "{} nests its tags beyond reason; save the article as plain text and try again",
    ),
    "no pdf": (b"%PDF-1.7\nnothing", "{} is not a PDF that can be read; give another copy"),
    "long": (b"The envoy left. " * 100_000, TOO_LONG % "1,600,000"),
    "20 MB": (b"The envoy left.\n" * 1_250_000, TOO_LONG % "20,000,000"),
    "over 20 MB": (b"The envoy left.\n" * 1_250_001, "{} is larger than 20 MB; give a page with one article"),
}


@pytest.mark.parametrize(("data", "sentence"), FILES.values(), ids=list(FILES))
def test_a_bad_file_is_told(data: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    assert told(run("read", path), 3) == sentence.format(path)


@pytest.mark.parametrize("name", ["empty", "binary", "koi8-r", "menu", "over 20 MB"])
def test_bad_standard_input_is_told_alike(name: str) -> None:
    data, sentence = FILES[name]
    assert told(run("read", "-", stdin=data), 3) == sentence.format("standard input")


@pytest.mark.parametrize(("text", "language"), [(FRENCH, "French"), (GERMAN, "German")])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_another_language_is_told(text: str, language: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(text.encode(encoding))
    assert told(run("read", path), 3) == (
        f"{path} is in {language}; only English is read so far: give an English version of the article"
    )


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    assert told(run("read", path), 3) == (
        f"there is no file {path}; check the name, or give an address that begins with https://"
    )


def test_a_folder_is_told(tmp_path: Path) -> None:
    assert told(run("read", tmp_path), 3) == f"{tmp_path} is a folder; name a file in it"


@pytest.mark.parametrize("name", ["a\nb.txt", "\x1b[31mred", "a\u202eb", "x" * 5000, "a\0b"])
def test_an_odd_name_stays_on_one_line(name: str) -> None:
    sentence = told(run("read", name), 3)
    assert not set(sentence) & set("\n\r\x1b\u202e\0")


@pytest.mark.parametrize("how", [["--json"], ["--why"], ["--md", "-"], ["--html", "{out}"]])
def test_no_output_is_begun_for_a_bad_page(how: list[str], tmp_path: Path) -> None:
    page, out = tmp_path / "page.txt", tmp_path / "out.html"
    page.write_bytes(b"")
    told(run("read", page, *(part.format(out=out) for part in how)), 3)
    assert not out.exists()


# options


@pytest.mark.parametrize(
    "date", ["yesterday", "2021-13-01", "2021-02-30", "22/10/2021", "20211022", "0000", "２０２１"]
)
def test_a_date_that_is_none_is_told(date: str, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("The envoy left the town on Monday.", "utf-8")
    assert told(run("read", page, "--published", date), 2) == (
        f"--published: “{date}” is no date; give a day, month or year such as 2021-10-18, 2021-10 or 2021"
    )


# addresses


class Handler(BaseHTTPRequestHandler):
    """Sends its guests away, or off, or nowhere."""

    def do_GET(self) -> None:
        where = {"/file": "file:///etc/passwd", "/private": "http://10.0.0.1/", "/round": "/round"}.get(self.path)
        kinds = {"/picture": "image/png", "/empty": "text/html", "/binary": "text/html"}
        self.send_response(302 if where else 200 if self.path in kinds else 500 if self.path == "/fault" else 404)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Type", kinds.get(self.path, "text/html"))
        self.end_headers()
        if self.path in ("/picture", "/binary"):
            self.wfile.write(b"\x89PNG" + bytes(100))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/none", 4, "127.0.0.1 has no such page (status 404); check the address {}"),
        ("/fault", 4, "127.0.0.1 does not give the page (status 500); check the address {}"),
        ("/file", 4, "file:///etc/passwd is not fetched: only http and https addresses are; save the page to a file "
                     "instead"),
        ("/round", 4, "{} redirects more than 5 times; open it in a browser and save the page"),
        ("/picture", 4, "{} is of type image/png, not a text, HTML or PDF page; give the article's own address"),
        ("/empty", 3, "{} is empty; give a page that holds an article"),
        ("/binary", 3, "{} is a binary file; give a text, HTML or PDF page"),
    ],
)  # fmt: skip
def test_a_bad_address_is_told(path: str, status: int, sentence: str, site: str) -> None:
    assert told(run("read", site + path, "--allow-private"), status) == sentence.format(site + path)


def test_a_redirect_into_a_private_network_is_told(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detente.sources.fetch, "is_public", lambda number: number == "127.0.0.1" or is_public(number))
    assert told(run("read", f"{site}/private"), 4) == (
        "10.0.0.1 leads to 10.0.0.1, an address of a private network, and is not fetched; "
        "use --allow-private if you mean it"
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0177.0.0.1/"])
def test_an_address_in_a_private_network_is_told(address: str) -> None:
    assert "an address of a private network, and is not fetched; use --allow-private" in told(run("read", address), 4)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://ann:secret@127.0.0.1/"])
def test_an_address_of_another_kind_is_told(address: str) -> None:
    sentence = told(run("read", address, "--allow-private"), 4)
    assert "not fetched; " in sentence
    assert "secret" not in sentence


def test_an_unknown_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert told(run("read", "https://nobody.example/a"), 4) == (
        "the host nobody.example cannot be found; check the address and the network"
    )


def test_an_address_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detente.sources.fetch, "fetch", lambda address, **known: fetch(address, seconds=0.3, **known))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert told(run("read", address, "--allow-private"), 4) == (
            "127.0.0.1 did not answer in time; try again later, or save the page to a file"
        )
    sentence = told(run("read", address, "--allow-private"), 4)
    assert sentence.startswith("127.0.0.1 could not be reached (")
    assert sentence.endswith("refused); check the address and the network")


# as a process


def test_nothing_but_the_sentence_comes_from_a_process(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"\x00\x01\x02")
    command = [sys.executable, "-c", "from detente.cli import main; main()", "read", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"detente: {path} is a binary file; give a text, HTML or PDF page\n"


def test_a_fault_past_all_our_errors_is_one_line_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.txt"
    path.write_text("The envoy of the island left the town on Monday, and said that it was for good.\n", "utf-8")
    monkeypatch.delenv("DETENTE_TRACEBACK", raising=False)
    monkeypatch.setattr(sys, "argv", ["detente", "read", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (1, "")
    assert err.startswith("detente: a fault in détente itself (AssertionError: the page was coded); please report it")
    assert err.count("\n") == 1
