"""What a notebook shows."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

import detente
from detente.ledger import Ledger
from detente.views import notebook
from tests.ledger.made import change, told
from tests.views.sample import READING


def test_a_ledger_is_shown_as_its_board(tmp_path: Path) -> None:
    with Ledger(tmp_path / "<b>.db") as ledger:
        ledger.record([told(change("close", "2016-05-10", name="<script>alert(1)</script>"))])
        html = notebook.ledger_html(ledger)
    assert "✕ closed" in html and "<script>" not in html and "&lt;b&gt;.db" in html


def test_a_reading_is_shown_as_its_dossier_in_a_frame_that_runs_nothing() -> None:
    html = notebook.reading_html(READING)
    assert html.startswith("<iframe sandbox ") and html.count("<") == 2


def test_importing_in_a_notebook_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))
    monkeypatch.delitem(vars(detente), "Ledger", raising=False)
    monkeypatch.delattr(Ledger, "_repr_html_", raising=False)
    assert hasattr(detente.Ledger, "_repr_html_")
