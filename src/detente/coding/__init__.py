"""Article to Reading: who did what to whom, upon which line, in answer to what, and on whose word.

What always holds: every item has a quote that stands in the article's main text and names the rule that fired; the
parser is loaded when something is first coded, so that what only borrows a small part need not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.coding.pipeline import code, code_many

__all__ = ["code", "code_many"]


def __getattr__(name: str) -> Any:
    """Load the pipeline when it is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'detente.coding' has no attribute {name!r}")
    return getattr(import_module("detente.coding.pipeline"), name)
