"""From reports to what is believed: appended reports, derived lines, states, events and answers."""

from typing import TYPE_CHECKING, Any

from detente.ledger.states import LineId, State, identity, states

if TYPE_CHECKING:
    from detente.ledger.ledger import Ledger

__all__ = ["Ledger", "LineId", "State", "identity", "states"]


def __getattr__(name: str) -> Any:
    """Load the ledger when it is first asked for (PEP 562): a reading needs no database."""
    if name != "Ledger":
        raise AttributeError(f"module 'detente.ledger' has no attribute {name!r}")
    from detente.ledger.ledger import Ledger

    return Ledger
