"""PLOVER 2021: types, what follows from a change to a line, and the crosswalk to CAMEO, quad class and Goldstein score.

What always holds: the tables here say what the manual says; where the official crosswalk differs, ``docs/decisions``
has the reason. No text is looked at here.
"""

from __future__ import annotations

from detente.model import EventType

VERBAL_COOPERATION = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE"})
MATERIAL_COOPERATION = frozenset({"COOPERATE", "AID", "RETREAT"})
VERBAL_CONFLICT = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN"})
COOPERATIVE = VERBAL_COOPERATION | MATERIAL_COOPERATION
RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
SPOKEN = VERBAL_COOPERATION | VERBAL_CONFLICT
SPEECH_ACTS = frozenset({"agree", "promise", "threaten", "refuse", "demand", "propose"})
POSTS = frozenset({"embassy", "consulate", "mission", "liaison", "office", "envoy", "staff"})

_CAMEO = {
    "AGREE": "030", "CONSULT": "040", "SUPPORT": "050", "COOPERATE": "060", "AID": "070", "CONCEDE": "080",
    "RETREAT": "087", "REQUEST": "100", "ACCUSE": "110", "REJECT": "120", "THREATEN": "130", "PROTEST": "140",
    "MOBILIZE": "150", "SANCTION": "160", "COERCE": "170", "ASSAULT": "180",
}  # fmt: skip
"""CAMEO root by PLOVER type, written as the first code of the root."""
_CAMEO_BY_MODE = {
    ("SANCTION", "expel"): "161", ("SANCTION", "withdraw"): "161", ("SANCTION", "discontinue"): "161",
    ("REQUEST", "meet"): "1041", ("REQUEST", "change"): "1012", ("REQUEST", "assist"): "1023",
    ("REQUEST", "yield"): "1050", ("ACCUSE", "disapprove"): "111", ("ACCUSE", "allege"): "112",
    ("REJECT", "meet"): "125", ("REJECT", "change"): "123", ("REJECT", "assist"): "122", ("REJECT", "yield"): "124",
    ("THREATEN", "relations"): "1313", ("THREATEN", "expel"): "1313", ("THREATEN", "violence"): "138",
    ("CONSULT", "visit"): "042", ("CONSULT", "third-party"): "045", ("CONSULT", "phone"): "041",
    ("RETREAT", "release"): "0841", ("RETREAT", "withdraw"): "0874", ("RETREAT", "access"): "0861",
    ("RETREAT", "return"): "0842", ("RETREAT", "ceasefire"): "0871", ("RETREAT", "disarm"): "0873",
    ("RETREAT", "resign"): "0831", ("AID", "economic"): "071", ("AID", "military"): "072",
    ("AID", "humanitarian"): "073", ("AID", "asylum"): "075",
    ("COERCE", "arrest"): "173", ("COERCE", "restrict"): "172", ("COERCE", "cyber"): "176",
    ("MOBILIZE", "troops"): "152", ("MOBILIZE", "weapons"): "154", ("ASSAULT", "destroy"): "1712",
    ("ASSAULT", "aerial"): "195", ("ASSAULT", "heavy-weapons"): "194",
}  # fmt: skip
_THREAT = {
    "expel": "expel", "discontinue": "relations", "withdraw": "relations", "arrest": "arrest", "deport": "expel",
    "ban": "ban", "restrict": "restrict", "censor": "restrict", "curfew": "restrict", "martial-law": "restrict",
    "obstruct": "restrict", "boycott": "restrict", "strike": "restrict",
}  # fmt: skip
"""Mode of a threat by the mode of the act that is threatened."""
_GOLDSTEIN = {
    "030": 4.0, "040": 1.0, "041": 1.0, "042": 1.9, "045": 5.0, "050": 3.5, "060": 6.0, "070": 7.0, "080": 5.0,
    "071": 7.4, "072": 8.3, "073": 7.4, "075": 7.0, "0831": 5.0, "0842": 7.0, "0871": 9.0, "0873": 9.0,
    "0841": 7.0, "0861": 9.0, "0874": 9.0, "087": 9.0, "100": -5.0, "1012": -5.0, "1023": -5.0, "1041": -5.0,
    "1050": -5.0, "110": -2.0, "111": -2.0, "112": -2.0, "120": -4.0, "122": -4.0, "123": -4.0, "124": -5.0,
    "125": -5.0, "130": -4.4, "1313": -5.8, "138": -7.0, "140": -6.5, "150": -7.2, "152": -7.2, "154": -7.2,
    "160": -4.0, "161": -4.0, "170": -7.0, "1712": -9.2, "172": -5.0, "173": -5.0, "176": -7.0, "180": -9.0,
    "194": -10.0, "195": -10.0,
}  # fmt: skip


def quad(type_: str) -> int:
    """Quad class of a PLOVER type: 1 verbal, 2 material cooperation, 3 verbal, 4 material conflict.

    Example:
        >>> quad("AID"), quad("SANCTION")
        (2, 4)
    """
    if type_ in VERBAL_COOPERATION:
        return 1
    if type_ in MATERIAL_COOPERATION:
        return 2
    return 3 if type_ in VERBAL_CONFLICT else 4


def cameo(type_: str, mode: str | None) -> str:
    """CAMEO code, as text, of a PLOVER type and mode.

    Example:
        >>> cameo("SANCTION", "expel"), cameo("AGREE", None)
        ('161', '030')
    """
    return _CAMEO_BY_MODE.get((type_, mode or ""), _CAMEO[type_])


def goldstein(code: str) -> float | None:
    """Goldstein score of a CAMEO code (scale of Goldstein 1992 as carried over to CAMEO).

    Example:
        >>> goldstein("161")
        -4.0
    """
    return _GOLDSTEIN.get(code)


def of_change(change: str, kind: str, owner: str, source: tuple[str, ...]) -> tuple[EventType | None, str | None]:
    """PLOVER type and mode of an act that changes a line, by the guide's conventions.

    Args:
        change: what happens to the line.
        kind: the kind of line.
        owner: whose line it is.
        source: who acts.

    Returns:
        (type, mode); (None, None) where the guide sees no event ("keep").

    Example:
        >>> of_change("close", "embassy", "PER", ("PER",)), of_change("close", "embassy", "PER", ("EGY",))
        (('SANCTION', 'withdraw'), ('SANCTION', 'expel'))
    """
    match change:
        case "open" | "restore" | "raise":
            return ("CONSULT", None) if kind == "talks" else ("SUPPORT", None)
        case "keep":
            return None, None
        case "propose":
            return "REQUEST", "meet"
        case "refuse":
            return "REJECT", "meet"
    if kind not in POSTS or (len(source) > 1 and owner in source):
        return "SANCTION", "discontinue"
    if owner in source:
        return "SANCTION", "withdraw"
    return "SANCTION", "discontinue" if change == "suspend" and kind != "staff" else "expel"


def planned(type_: EventType | None, mode: str | None) -> tuple[EventType | None, str | None]:
    """What an act that is announced for later is: a promise if it helps, a threat if it hurts."""
    if type_ in COOPERATIVE and type_ != "AGREE":
        return "AGREE", None
    if type_ in ("SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST"):
        return "THREATEN", mode_under("threaten", type_, mode, None)
    return type_, mode


def mode_under(operator: str, base: str | None, mode: str | None, default: str | None) -> str | None:
    """The mode of a speech act from the act that it speaks of ("threatened to expel": THREATEN, expel)."""
    if operator == "threaten":
        return "violence" if base in ("ASSAULT", "MOBILIZE") else _THREAT.get(mode or "")
    if operator in ("demand", "refuse", "propose"):
        match base:
            case "CONSULT":
                return "meet"
            case "AID" | "COOPERATE":
                return "assist"
            case "RETREAT" | "CONCEDE":
                return "yield"
        return default
    return None
