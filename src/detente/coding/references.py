"""Nouns that stand for parties, and the reference that they make.

What always holds: the words are those of any newspaper and name no party; a reference knows whether the text named the
party or the story so far left it.
"""

from __future__ import annotations

from dataclasses import dataclass

PAIR_NOUNS = frozenset(
    (
        "side country neighbour neighbor capital party government nation power state ally rival foe army "
        "leader adversary kingdom republic monarchy two pair duo antagonist signatory partner delegation military "
        "enemy opponent president minister premier ministry police force navy guard commander"
    ).split()
)
PORTFOLIOS = frozenset("affair defence defense state interior justice finance trade staff security energy".split())
"""What a minister, a chief or a secretary is one of, before it is said of which country."""
OTHER_NOUNS = frozenset(
    ["neighbour", "neighbor", "rival", "counterpart", "foe", "enemy", "adversary", "partner", "ally", "colleague"]
)
OPAQUE = frozenset(
    (
        "exchange opening restoration resumption reopening creation establishment work activity operation "
        "functioning part rest number level member half majority group some all dozen one two three four five most "
        "many several series round couple kind status staff team hundred thousand score"
    ).split()
)
"""Nouns that are looked through: in "the work of the mission" the mission is meant."""
ROYAL = {"king": "kingdom", "queen": "kingdom", "emir": "emirate", "sultan": "sultanate"}
OF_STATES = frozenset(
    "junta king queen emir sultan parliament army cabinet premier monarch kingdom capital country nation president "
    "presidency regime prince chancellor republic navy dictator".split()
)
"""Nouns that belong to states, never to organisations."""
VAGUE = frozenset("country nation state side capital republic summit statement document text council office".split())
"""Nouns that go with whoever is spoken of at the time, not with whom they were first said to belong to."""
RULERS = frozenset("junta general officer soldier putschist colonel army military".split())
"""Words for the same men in uniform."""
SEIZE = frozenset("take seize rule govern run lead hold grab head".split())
"""What those do who speak for a country, elected or not."""
OF_GOVERNMENT = frozenset(
    (
        "foreign defence defense interior prime military army navy air security national central state federal "
        "government ruling supreme armed border trade finance economy energy justice health transport deputy vice "
        "former new outgoing senior top chief high acting transitional revolutionary islamic diplomatic own"
    ).split()
)
"""What may stand before "the minister" and the like without making it somebody else's."""
ABSTRACT = ("tion", "sion", "ment", "ness", "ity", "ence", "ance", "sis", "ism", "ship", "al", "ure")
"""Endings of nouns that cannot act: where one is the subject, whoever acts is still to be found."""
PLACE_PREPS = ("of", "in", "from", "at", "for", "to")


@dataclass(frozen=True, slots=True)
class Ref:
    """Who a noun phrase stands for.

    Attributes:
        codes: party codes, in text order.
        sector: GOV, MIL, CVL, …, or None for the party as such.
        named: whether the phrase itself names the party (else it was worked out from the story so far).
    """

    codes: tuple[str, ...]
    sector: str | None = None
    named: bool = True

    def __or__(self, other: Ref | None) -> Ref:
        if other is None:
            return self
        return Ref(
            tuple(dict.fromkeys(self.codes + other.codes)), self.sector or other.sector, self.named and other.named
        )
