"""The status page of diplomacy: which lines of communication between two powers are open, who cut them, on whose word.

What always holds: importing this package loads nothing heavy; each public name is loaded when it is first used.

Example:
    >>> import detente
    >>> sorted(detente.__all__)[:4]
    ['Answer', 'Article', 'Claim', 'DetenteError']
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import DetenteError

if TYPE_CHECKING:
    from detente.escalation.assessment import risk
    from detente.forecasting.outlook import forecast
    from detente.ledger.ledger import Ledger
    from detente.model import Answer, Article, Claim, Event, Line, Reading

__all__ = [
    "Answer", "Article", "Claim", "DetenteError", "Event", "Ledger", "Line", "Reading", "__version__", "forecast",
    "read", "risk",
]  # fmt: skip
__version__ = "0.1.0"

_HOMES = dict.fromkeys(("Answer", "Article", "Claim", "Event", "Line", "Reading"), "detente.model") | {
    "Ledger": "detente.ledger.ledger",
    "forecast": "detente.forecasting.outlook",
    "risk": "detente.escalation.assessment",
}
"""Public names that are loaded when they are first used, and the module of each."""


def read(
    page: str | bytes | Path,
    *,
    published: str | None = None,
    title: str | None = None,
    id: str | None = None,
    scope: str = "parties",
    codebook: Path | None = None,
) -> Reading:
    """Read one article and code what it says.

    Args:
        page: the text itself; or the bytes of a page (HTML, PDF or text); or the path of a file that holds one.
        published: the article's date, `2021-10-22`, `2021-10` or `2021`; dates like "on Monday" are counted from it.
        title: the article's title, where the page does not give it.
        id: what the reading is to be called; made from the text where not given.
        scope: `parties` for events between parties, `all` for others, too.
        codebook: a folder of codebook files to use instead of the bundled ones.

    Returns:
        The reading: events, lines of communication, answers and claims, each with its quote.

    Raises:
        DetenteError: the page cannot be read, a date is none, or the codebook is wrong; see `detente.errors`.
        TypeError: the page is of another type.
    """
    from detente.plain import real_date

    if not isinstance(page, (str, bytes, Path)):
        raise TypeError(f"page must be text, bytes or a Path, not {type(page).__name__}")
    given: dict[str, Any] = {"published": real_date(published), "title": title, "id": id}
    from detente.reading import read_page, read_text

    if isinstance(page, str):
        article = read_text(page, **given)
    elif isinstance(page, bytes):
        article = read_page(page, name="page", **given)
    else:
        from detente.sources import load

        # A whole path is always a file, even one called "-".
        loaded = load(str(page if page.is_absolute() else Path.cwd() / page), None)
        article = read_page(
            loaded.data, name=loaded.name, address=loaded.address, content_type=loaded.content_type, **given
        )
    from detente.coding import code

    return code(article, codebook=codebook, scope=scope)


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'detente' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    if "IPython" in sys.modules:
        import_module("detente.views.notebook").register()
    return value


def __dir__() -> list[str]:
    """The public names only."""
    return sorted(__all__)
