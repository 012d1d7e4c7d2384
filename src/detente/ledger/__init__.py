"""From reports to what is believed: the states of lines, derived and never stored as truth."""

from detente.ledger.states import LineId, State, identity, states

__all__ = ["LineId", "State", "identity", "states"]
