"""How a state looks and what a change is called: the same in a terminal, a dossier and a browser.

What always holds: a state is told by colour, shape and letter, never by colour alone.
"""

from dataclasses import dataclass

from detente.ledger.states import StateWord


@dataclass(frozen=True, slots=True)
class Look:
    """How a state looks: never by colour alone.

    Attributes:
        word: the state.
        letter: its letter.
        shape: its shape.
        style: its colour in a terminal.
        rank: its place, the worst first.
    """

    word: StateWord
    letter: str
    shape: str
    style: str
    rank: int

    @property
    def down(self) -> bool:
        """Whether a line in this state is down."""
        return self.word in ("closed", "suspended")


LOOKS: dict[StateWord, Look] = {
    look.word: look
    for look in (
        Look("closed", "C", "✕", "bold red", 0),
        Look("suspended", "S", "■", "bold magenta", 1),
        Look("limited", "L", "◐", "yellow", 2),
        Look("unknown", "U", "?", "dim", 3),
        Look("open", "O", "●", "green", 4),
    )
}
"""The five states; the dossier's colours stand in its style sheet under the same words."""

CHANGED = {
    "open": "opened", "restore": "restored", "raise": "raised", "keep": "kept open", "propose": "proposed",
    "refuse": "refused", "limit": "limited", "suspend": "suspended", "close": "closed",
}  # fmt: skip
TO_BE = {
    "open": "to be opened", "restore": "to be restored", "raise": "to be raised", "keep": "to be kept open",
    "limit": "to be limited", "suspend": "to be suspended", "close": "to be closed",
}  # fmt: skip
