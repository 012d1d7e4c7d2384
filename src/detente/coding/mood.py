"""Whether an act is done, announced, threatened, refused, denied or only spoken of.

What always holds: the mood of a verb or noun is read off its own auxiliaries and off the words that govern it, up to
the root; words that only report ("said", "announced") change nothing but on whose word it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.grammar import children, coordinate, is_negated, lemma, near, qualifiers
from detente.coding.lexicon import Codebook, Frame

if TYPE_CHECKING:
    from detente.coding.tokens import Token

_FUTURE = frozenset({"will", "shall", "'ll", "wo"})
_MODALS = frozenset("will would shall should can could may might must ll 'll 'd wo ca".split())
_POSSIBLE = frozenset({"may", "might", "could", "can"})
_OUGHT = frozenset({"should", "must", "ought", "need"})
_CONDITION = frozenset({"if", "unless", "whether", "until", "till", "lest", "once", "before"})
_HABIT = frozenset(
    {"rarely", "seldom", "often", "usually", "always", "regularly", "sometimes", "frequently", "routinely"}
)
_CAUSES = frozenset("after over since following amid despite during before within because without".split())
_EQUATES = frozenset("amount be constitute mean equal represent spell imply entail".split())
"""Verbs by which one thing is said to be another: "amounts to a break of relations"."""
_FALSE = frozenset({"false", "untrue", "wrong", "fabricated", "invented", "baseless", "unfounded", "incorrect", "fake"})
_FUTURE_ADJECTIVES = frozenset(
    {"due", "set", "ready", "likely", "prepared", "poised", "about", "expected", "scheduled", "bound", "supposed"}
)


@dataclass(slots=True)
class Mood:
    """How an act stands in its sentence.

    Attributes:
        future: it is to come.
        possible: it may or could happen.
        ought: it should happen.
        obliged: somebody has to do it.
        condition: it stands in an if-, unless- or until-clause.
        negated: it did not, or does not, happen.
        perfect: told in the past perfect, so before the story's own time.
        operator: the verb's or noun's frame that governs it, if any ("agreed to …").
        governor: the word of that frame.
        reporter: the word that reports it, if any ("said").
        denied: a party says that it is not so.
        habitual: it happens now and then, or always, rather than once.
        purpose: a noun that says what something is for or about ("an envoy for the normalisation of ties").
    """

    future: bool = False
    possible: bool = False
    ought: bool = False
    obliged: bool = False
    condition: bool = False
    negated: bool = False
    perfect: bool = False
    operator: Frame | None = None
    governor: Token | None = None
    reporter: Token | None = None
    denied: bool = False
    habitual: bool = False
    purpose: bool = False


def operator_of(token: Token, book: Codebook) -> Frame | None:
    """The operator frame of a verb or noun, if the codebook has one for it."""
    word = lemma(token)
    if token.pos_ in ("VERB", "AUX"):
        close = near(token) if any(p.more for p in book.verbs.get(word, ())) else set()
        for pattern in book.verbs.get(word, ()):
            if pattern.frame.operator not in (None, "mirror") and pattern.more <= close:
                return pattern.frame
    elif token.pos_ in ("NOUN", "PROPN", "ADJ"):
        for pattern in book.nouns.get(word, ()):
            if pattern.frame.operator and pattern.more <= qualifiers(token):
                return pattern.frame
        for frame in book.adjectives.get(word, ()):
            if frame.operator:
                return frame
    return None


def mood_of(token: Token, book: Codebook) -> Mood:
    """The mood of an act's trigger.

    Args:
        token: verb or noun that shows the act.
        book: the codebook, for the operators.

    Returns:
        Its mood.
    """
    mood = Mood()
    node = token
    mood.purpose = token.pos_ == "NOUN" and token.dep_ == "pobj" and token.head.lower_ in ("for", "about", "towards")
    _auxiliaries(node, mood)
    if token.pos_ == "ADJ" and token.dep_ == "acomp":
        _auxiliaries(token.head, mood)
    for _ in range(12):
        head = node.head
        if node.dep_ == "ROOT" or head == node:
            mood.condition = mood.condition or _is_asked(node)
            break
        dep = node.dep_
        if dep == "conj":
            head = coordinate(node) if head.pos_ in ("VERB", "AUX") else head
            if not children(node, "nsubj", "nsubjpass") and head.pos_ in ("VERB", "AUX"):
                _auxiliaries(head, mood, negation=False)
            node = head
            continue
        if dep == "advcl" and _is_complement(node, head, book):
            dep = "xcomp"
        if dep == "advcl" and _is_condition(node):
            mood.condition = True
        if _ends(node, token, dep):
            break
        frame = (
            operator_of(head, book) if dep not in ("nsubj", "amod", "advmod", "compound", "poss", "nsubjpass") else None
        )
        if frame is not None and _governs(node, token, dep, frame):
            if frame.operator == "report":
                mood.reporter = mood.reporter or head
                mood.denied = mood.denied or _called_false(head)
            elif mood.operator is None:
                mood.operator, mood.governor = frame, head
                _auxiliaries(head, mood, aspect=False)
            elif frame.operator == "deny":
                mood.denied = True
        elif lemma(head) in _EQUATES and dep in ("attr", "dobj", "prep") and token.pos_ == "NOUN":
            mood.negated = mood.negated or is_negated(head)  # "does not amount to a break of relations"
        elif head.pos_ in ("ADJ", "AUX", "VERB") and dep == "xcomp":
            if lemma(head) in _FUTURE_ADJECTIVES:
                mood.future = True
            _auxiliaries(head, mood)
        node = head
    if mood.operator and mood.operator.operator == "deny":
        mood.denied, mood.operator = True, None
    return mood


def _is_asked(root: Token) -> bool:
    """Whether a main clause asks if something is so: "Will Peru close its embassy?"; "Why did …?" takes it as done."""
    if root.doc[-1].text != "?":
        return False
    subjects = children(root, "nsubj", "nsubjpass", "expl")
    words = [t for t in (*children(root, "aux", "auxpass"), root) if t.pos_ == "AUX" or t.dep_ in ("aux", "auxpass")]
    inverted = bool(subjects) and any(t.i < subjects[0].i for t in words)
    return inverted and not any(t.tag_ in ("WRB", "WP", "WDT") for t in root.doc[: subjects[0].i])


def _is_condition(clause: Token) -> bool:
    marks = _marks(clause)
    return bool(marks & _CONDITION) and not ("before" in marks and clause.tag_ in ("VBD", "VBG"))


def _marks(clause: Token) -> set[str]:
    return {c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod")}


def _ends(node: Token, token: Token, dep: str) -> bool:
    """Whether what governs a word above the act's own says nothing of the act."""
    match dep:
        case "ccomp":
            return _divided(node, node.head)
        case "advcl":
            return not _marks(node) & {"as", "that"}
        case "relcl":
            return True
        case "acl":
            return node.tag_ != "VB" and node.head.pos_ != "NOUN"
        case "prep":  # "ordered them out after a cyberattack": the attack is not what was ordered
            return node.lower_ in _CAUSES or (node.lower_ == "at" and bool(children(node, "pobj")))
    return dep in ("nsubj", "nsubjpass", "poss", "appos", "npadvmod", "parataxis") and node != token


def _called_false(noun: Token) -> bool:
    """ "Reports that … were false": the noun is what a party says is not so."""
    verb = noun.head
    if noun.dep_ in ("nsubj", "nsubjpass") and lemma(verb) in ("be", "prove", "seem"):
        return any(lemma(c) in _FALSE for c in children(verb, "acomp", "attr")) or (
            is_negated(verb)
            and any(lemma(c) in ("true", "genuine", "correct", "accurate") for c in children(verb, "acomp", "attr"))
        )
    return (noun.dep_ == "dobj" and lemma(verb) in ("deny", "dispute", "refute")) or (
        noun.dep_ in ("dobj", "nsubj") and any(lemma(c) in _FALSE for c in [*verb.children, verb])
    )


def _is_complement(node: Token, head: Token, book: Codebook) -> bool:
    """ "Threatened on Monday to close it": an infinitive that only a date parts from the verb that asks for one."""
    bare = node.tag_ == "VB" and any(c.lower_ == "to" for c in children(node, "aux")) and not children(head, "dobj")
    frame = operator_of(head, book) if bare and node.i > head.i else None
    return frame is not None and frame.operator in ("agree", "promise", "threaten", "refuse", "plan", "fail", "propose")


def _divided(node: Token, head: Token) -> bool:
    """Whether a semicolon stands between: then the parser has tied together two sentences."""
    left, right = sorted((node.i, head.i))
    return any(t.text in (";", ":") for t in node.doc[left:right])


def _governs(node: Token, token: Token, dep: str, frame: Frame) -> bool:
    if dep in ("ccomp", "xcomp", "acl", "pcomp"):
        return True
    if dep in ("dobj", "pobj", "nsubjpass"):
        return frame.operator not in ("accuse",) or dep == "pobj"
    return dep == "prep"


def _auxiliaries(verb: Token, mood: Mood, *, negation: bool = True, aspect: bool = True) -> None:
    words = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if words & _FUTURE:
        mood.future = True
    if words & {"would", "'d"}:
        mood.future = True
    if words & _POSSIBLE:
        mood.possible = True
    if words & _OUGHT:
        mood.ought = True
    passive = [c for c in verb.children if c.dep_ == "auxpass"]
    if verb.tag_ == "VBN" and passive and passive[0].lower_ == "be" and not words & {"to", *_MODALS}:
        mood.ought = True  # the subjunctive: "demanded that the office be shut"
    if aspect and words & {"had"}:
        mood.perfect = True
    # "is to close", "are to begin": be + infinitive
    if verb.dep_ == "xcomp" and lemma(verb.head) == "be" and "to" in words and verb.head.tag_ in ("VBZ", "VBP", "VBD"):
        mood.future = True
    if verb.dep_ == "xcomp" and lemma(verb.head) == "have" and "to" in words:
        mood.obliged = True
    if verb.tag_ == "VB" and verb.dep_ == "ROOT" and "to" in words:
        mood.future = True  # headline style: "Fiji to add six diplomats"
    if any(c.lower_ in _HABIT for c in verb.children if c.dep_ == "advmod"):
        mood.habitual = True
    if negation and is_negated(verb):
        mood.negated = not mood.negated
