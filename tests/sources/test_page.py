"""A page by name: files, standard input, and what is neither."""

import io
import os
from pathlib import Path

import pytest

import detente.sources.fetch
from detente.errors import AddressRefused, FetchError, PageMissing, PageTooLarge, PageUnreadable
from detente.reading import LARGEST_PAGE
from detente.sources import Page, load


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page here comes from the web; whoever tries is told."""

    def refuse(*_: object, **__: object) -> Page:
        raise AssertionError("the web was asked")

    monkeypatch.setattr(detente.sources.fetch, "fetch", refuse)


def test_a_file_comes_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"\xff One.\r\n\x00")
    assert load(str(path), None) == Page(b"\xff One.\r\n\x00", str(path), None, None)


def test_a_file_may_have_an_odd_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a b.txt", "ünï.txt", "-x", "http:", "mailto:x", "c:notes"):
        Path(name).write_bytes(name.encode())
        assert load(name, None).data == name.encode()


def test_a_dash_is_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_bytes(b"the file")
    assert load("-", io.BytesIO(b"the stream")) == Page(b"the stream", "standard input")


def test_without_standard_input_a_dash_is_told() -> None:
    with pytest.raises(PageMissing, match="no standard input to read from; name a file or an address"):
        load("-", None)


@pytest.mark.parametrize("name", ["none.txt", "none/of/this.txt", "\x1b[2Jnone", "né.txt"])
def test_a_missing_file_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PageMissing) as told:
        load(name, None)
    assert str(told.value) == f"there is no file {name}; check the name, or give an address that begins with https://"


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PageUnreadable) as told:
        load(str(tmp_path), None)
    assert str(told.value) == f"{tmp_path} is a folder; name a file in it"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("secret")
    path.chmod(0)
    with pytest.raises(PageUnreadable, match="may not be read; change its permissions or copy it"):
        load(str(path), None)


def test_a_refusal_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PageUnreadable, match=r"page\.txt may not be read; change its permissions or copy it"):
        load(str(tmp_path / "page.txt"), None)


@pytest.mark.parametrize(
    "name", ["a\0b", "x" * 5000, "page.txt/inner", "loop"], ids=["nul", "long", "file as folder", "loop"]
)
def test_a_name_that_cannot_be_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.txt").write_text("x")
    Path("loop").symlink_to("loop")
    with pytest.raises(PageUnreadable) as told:
        load(name, None)
    assert str(told.value).startswith(repr(name))
    assert str(told.value).endswith("; check the name")


def test_a_page_of_just_the_limit_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_PAGE)
    assert len(load(str(path), None).data) == LARGEST_PAGE


def test_a_page_over_the_limit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_PAGE + 1)
    with pytest.raises(PageTooLarge) as told:
        load(str(path), None)
    assert str(told.value) == f"{path} is larger than 20 MB; give a page with one article"


class Endless(io.RawIOBase):
    """A stream that never ends, and counts what is taken of it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "all of it was asked for"
        self.taken += size
        return b"x" * size


def test_an_endless_stream_is_left_at_the_limit() -> None:
    endless = Endless()
    with pytest.raises(PageTooLarge, match="standard input is larger than 20 MB"):
        load("-", endless)  # type: ignore[arg-type]
    assert endless.taken == LARGEST_PAGE + 1


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device here")
def test_an_endless_device_is_left_at_the_limit() -> None:
    with pytest.raises(PageTooLarge, match="/dev/zero is larger than 20 MB"):
        load("/dev/zero", None)


@pytest.mark.parametrize("scheme", ["ftp", "FTP", "file", "gopher", "data", "svn+ssh", "s3"])
def test_other_schemes_are_told_and_not_followed(scheme: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("x")
    with pytest.raises(FetchError) as told:
        load(f"{scheme}://{path}", None)
    assert str(told.value).endswith("are not fetched; use http:// or https://, or a file")


@pytest.mark.parametrize("address", ["http://x.example/a", "HTTPS://x.example/a"])
def test_an_address_goes_to_the_web(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def fetched(address: str, *, allow_private: bool = False) -> Page:
        asked.append((address, allow_private))
        return Page(b"x", address, address)

    monkeypatch.setattr(detente.sources.fetch, "fetch", fetched)
    assert load(address, None, allow_private=True).address == address
    load(address, None)
    assert asked == [(address, True), (address, False)]


def test_a_refused_scheme_is_an_address_refused() -> None:
    with pytest.raises(AddressRefused):
        load("file:///etc/passwd", None)
