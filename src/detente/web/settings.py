"""The settings of a server, and who may write through it.

What always holds: a token is kept as its digest only and compared in constant time; what a server is not told to allow
it refuses: writing, other hosts' names, private networks.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Literal

from detente.errors import UsageFault

Role = Literal["analyst", "editor"]
SHORTEST_TOKEN = 16
"""Characters; a shorter secret could be guessed."""
_TOKEN = re.compile(r"(?P<name>[^=:]+?)(?::(?P<role>analyst|editor))?=(?P<secret>.+)")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may write: under this name what they say stays on record."""

    name: str
    role: Role = "analyst"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server is told when it starts.

    Attributes:
        ledger: the ledger's place; None for the usual one.
        host, port: where it listens.
        write: whether holders of tokens may write.
        tokens: who may, by the digest of their token.
        quotes_only: whether articles' texts are kept back, and only quotes are shown.
        allow_private: whether addresses in private networks may be read.
        names: names by which the server may be called besides localhost and numbers.
        address: the public address, which links in feeds begin with; that of the request unless given. Where it is
            https, a proxy before this server speaks that with browsers.
        history: the folder of events that others coded; the usual one unless given.
        agents: whether agents are answered at /mcp.
        reads_per_minute: how many pasted pages one visitor may have read in a minute.
        keep_s: seconds for which an answer is given again without asking the ledger; 0 keeps nothing.
        threads: how many requests are worked on at a time.
    """

    ledger: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    write: bool = False
    tokens: dict[str, Holder] = field(default_factory=dict)
    quotes_only: bool = False
    allow_private: bool = False
    names: tuple[str, ...] = ()
    address: str | None = None
    history: str | None = None
    agents: bool = True
    reads_per_minute: int = 6
    keep_s: float = 5.0
    threads: int = 16

    def holder(self, token: str) -> Holder | None:
        """Whose token this is; every known one is compared, so that the time taken tells nothing."""
        given, found = digest_of(token), None
        for known, holder in self.tokens.items():
            if compare_digest(given, known):
                found = holder
        return found


def digest_of(token: str) -> str:
    """SHA-256 of a token: enough for a secret that no person made up."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def tokens_of(lines: Iterable[str], where: str) -> dict[str, Holder]:
    """Tokens of lines such as ``Ana=SECRET``, ``Ana:editor=SECRET`` or ``Ana=sha256:DIGEST``.

    Args:
        lines: the lines; empty ones and those that begin with # are passed over.
        where: what to call them in messages, which never repeat a secret.

    Raises:
        UsageFault: a line is none, or its secret is too short.

    Example:
        >>> list(tokens_of(["Ana:editor=a-long-enough-secret"], "--token").values())
        [Holder(name='Ana', role='editor')]
    """
    found: dict[str, Holder] = {}
    for number, line in enumerate(lines, start=1):
        if not (text := line.strip()) or text.startswith("#"):
            continue
        parts = _TOKEN.fullmatch(text)
        if parts is None or not parts["name"].strip():
            raise UsageFault(f"{where}: number {number} is no NAME=SECRET; write for instance Ana=SECRET")
        kept = _DIGEST.fullmatch(parts["secret"])
        if kept is None and len(parts["secret"]) < SHORTEST_TOKEN:
            raise UsageFault(f"{where}: the secret of {parts['name'].strip()} has fewer than {SHORTEST_TOKEN} "
                             f"characters; take a longer one")  # fmt: skip
        role: Role = "editor" if parts["role"] == "editor" else "analyst"
        found[kept[1] if kept else digest_of(parts["secret"])] = Holder(parts["name"].strip(), role)
    return found
