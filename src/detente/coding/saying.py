"""The grammar of saying: clauses that are said, asides, complements, told by form alone.

What always holds: nothing here looks at whose names stand in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.coding.grammar import (
    Sentence,
    antecedent,
    children,
    is_negated,
    is_passive,
    lemma,
    obliques,
    patients,
    phrase,
    subject,
)

if TYPE_CHECKING:
    from detente.coding.tokens import Token

UNREAL = frozenset("will would may might could should must shall can 'll wo ca 'd to".split())
CONDITION = frozenset({"if", "unless", "until", "whether", "before", "lest"})
PUNCT = frozenset({"punct"})


def enclosing(sentence: Sentence, clause: Token, word: Token) -> Token:
    """The innermost clause into which an aside ("it said") was put, by its place in the article; else the clause."""
    at, best = sentence.starts[word.i], clause
    for verb in phrase(clause):
        if verb.pos_ in ("VERB", "AUX") and verb.dep_ in ("advcl", "relcl", "conj", "ccomp"):
            around = [sentence.starts[t.i] for t in phrase(verb, skip=PUNCT)]
            if min(around) < at < max(around) and len(phrase(verb)) < len(phrase(best)):
                best = verb
    return best


def is_real(word: Token) -> bool:
    """Whether it is said, not only to be said, unsaid, or said on a condition."""
    words = {c.lower_ for c in word.children if c.dep_ == "aux"}
    if words & UNREAL and not (words & {"to"} and word.dep_ == "xcomp"):
        return False
    if is_negated(word) and not any(c.dep_ == "nsubj" and c.lower_ == "neither" for c in word.children):
        return False
    return not any(c.lower_ in CONDITION for c in children(word, "mark")) or bool(children(word, "ccomp"))


def parts(clause: Token, *, whole: bool) -> Iterator[tuple[Token, list[Token]]]:
    """A clause and the finite verbs coordinated with it, each with its tokens.

    Args:
        clause: head of the first.
        whole: true to take all for said; else one that follows a comma without "that" is the writer's again.
    """
    more = [c for c in children(clause, "conj") if c.tag_ in ("VBD", "VBZ", "VBP") or children(c, "aux", "nsubj")]
    more = [c for c in more if c.pos_ in ("VERB", "AUX") and clause.pos_ in ("VERB", "AUX")]
    apart = {t for c in more for t in phrase(c)}
    yield clause, [t for t in phrase(clause, skip=PUNCT) if t not in apart]
    for other in more:
        marked = any(c.lower_ == "that" for c in children(other, "mark"))
        comma = any(t.text == "," for t in clause.doc[max(0, other.left_edge.i - 2) : other.left_edge.i])
        if whole or marked or not comma or not children(other, "nsubj", "nsubjpass", "expl"):
            yield from parts(other, whole=whole)


def gives(verb: Token) -> bool:
    """ "Denied us an inspection", "neither confirmed nor denied": no denial of a charge."""
    first = verb.head if verb.dep_ == "conj" else verb
    return bool(children(verb, "dative")) or any(c.lower_ == "neither" for c in first.children)


def lasts(verb: Token) -> bool:
    """ "Has not changed", "remains", "stands"."""
    return lemma(verb) in ("remain", "stand", "hold") or (
        lemma(verb) in ("change", "waver", "shift") and is_negated(verb)
    )


def is_stance(verb: Token) -> bool:
    """ "Caracas, which does not recognise the court": in the present, of a thing, in no question or side clause."""
    helpers = {c.lower_ for c in children(verb, "aux")}
    present = verb.tag_ in ("VBZ", "VBP") or helpers & {"do", "does", "did"}
    things = children(verb, "dobj") or (children(verb, "ccomp") if lemma(verb) == "want" else [])
    marked = children(verb, "mark", "advmod") and verb.dep_ == "advcl"
    asked = any(t.text == "?" or t.tag_ in ("WP", "WRB") for t in verb.children)
    things = [t for t in things if "to" not in {a.lower_ for a in children(t, "aux")} and t.tag_ != "VB"]
    return (
        bool(present and things) and not marked and not asked and not children(verb, "xcomp") and not helpers & UNREAL
    )


def told_to(verb: Token) -> Token | None:
    """What somebody is told to do: "told us to hand in our cards"."""
    if is_passive(verb) or not children(verb, "dobj", "dative"):
        return None
    return next(
        (
            c
            for c in children(verb, "xcomp", "ccomp")
            if c.tag_ == "VB" and "to" in {a.lower_ for a in children(c, "aux")}
        ),
        None,
    )


def characterised(verb: Token) -> Token | None:
    """What somebody or something is called: "an asset" in "called it an asset", "opportunism" after "as"."""
    for prep in children(verb, "prep", "advmod", "mark"):
        if prep.lower_ == "as":
            for noun in (*children(prep, "pobj", "pcomp", "amod"),):
                return noun
    for complement in children(verb, "oprd", "acomp", "attr"):
        return complement
    if any(c.lower_ == "what" for c in children(verb, "dobj", "nsubj", "nsubjpass", "pobj")):
        for complement in children(verb, "dobj"):
            if complement.i > verb.i:
                return complement
    for preposition in {"see": ("in", "behind"), "liken": ("to",), "compare": ("to", "with")}.get(lemma(verb), ()):
        if any(p == preposition for p, _ in obliques(verb)) and (seen := children(verb, "dobj")):
            return seen[0]
    for thing in children(verb, "dobj"):
        for complement in children(thing, "amod"):
            if complement.i > thing.i:  # "called the charge absurd", however it is parsed
                return complement
    for complement in children(verb, "ccomp", "xcomp"):
        if complement.pos_ in ("ADJ", "NOUN", "PROPN") and not children(complement, "mark", "cop", "aux"):
            return complement
    return None


def objects_of(verb: Token) -> list[Token]:
    """Objects and complements of a verb, whole."""
    out = [t for p in patients(verb) if p.i > verb.i for t in phrase(p)]
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("prep", "ccomp", "xcomp", "dobj", "oprd", "acomp", "attr"):
            out += phrase(child, skip=frozenset({"punct", "parataxis"}))
    return out


def that_clause(noun: Token) -> Token | None:
    """The clause of "the charge that …", wherever the parser hangs it."""
    clause = next((c for c in children(noun, "acl", "ccomp", "relcl") if children(c, "mark")), None)
    if clause is None and noun.i + 1 < len(noun.doc):
        that = noun.nbor()
        clause = that.head if that.lower_ == "that" and that.dep_ == "mark" else None
    return clause


def as_phrase(verb: Token) -> list[Token]:
    """The words after "as"."""
    return [t for p in children(verb, "prep", "advmod") if p.lower_ == "as" for t in phrase(p)]


def is_said(clause: Token, word: Token) -> bool:
    """Whether a clause is what a word says: it has a subject of its own, and no colon parts it from a word after it."""
    if clause.dep_ == "advcl" and not any(c.lower_ == "that" for c in children(clause, "mark")):
        return False
    if clause.tag_ == "VB" and clause.i < word.i and '"' in clause.doc.text:
        return True  # "Let them go," he said
    if clause.tag_ not in ("VBD", "VBZ", "VBP", "MD") and not children(clause, "aux", "auxpass", "mark"):
        return False  # "declared the matter settled"
    if clause.i > word.i and any(t.text == ":" and t.nbor(-1).i != word.i for t in clause.doc[word.i + 2 : clause.i]):
        return '"' in clause.doc.text or not any(c.i > word.i for c in children(word, "nsubj"))
    if clause.i < word.i and any(t.text in (":", ";") for t in clause.doc[clause.i : word.i]):
        return False
    return bool(children(clause, "nsubj", "nsubjpass", "expl", "csubj", "attr")) or clause.tag_ in ("VBD", "VBZ", "MD")


def strayed(verb: Token) -> set[Token]:
    """ "The charges, said Lima, were false": the charges, where the parser gives them to "said"."""
    return {t for c in children(verb, "nsubj")[:-1] for t in phrase(c)}


def is_aside(verb: Token) -> bool:
    """ ", it said, ": a short clause between commas, or after one at the end."""
    other = strayed(verb)
    inner = [t for t in phrase(verb) if t.dep_ != "punct" and t not in other]
    left = min(t.i for t in inner)
    before = verb.doc[left - 1].text if left else ""
    return bool(children(verb, "nsubj")) and before in (",", "-", "--", "—", '"', "(")


def is_definite(noun: Token) -> bool:
    """Whether "the" stands before a noun."""
    return any(c.lower_ == "the" for c in children(noun, "det"))


def comes_after_what_it_says(pronoun: Token) -> bool:
    """Whether a pronoun speaks after its words or within them: "They had come, it said"."""
    verb = pronoun.head
    return verb.dep_ == "parataxis" or any(c.i < pronoun.i for c in children(verb, "ccomp"))


def subject_of_predicate(adjective: Token) -> Token | None:
    """Of whom an adjective is said: "Oslo is convinced", "Lima made clear"."""
    verb = adjective.head
    if adjective.dep_ in ("acomp", "oprd", "ccomp") and verb.pos_ in ("VERB", "AUX"):
        own = subject(verb)
        return antecedent(own) if own is not None else None
    return None
