"""What parties hold or say about the relation, and what the writer does.

What always holds: a claim has a holder whom the text names or clearly means; the writer's own view is AUTHOR's, never a
party's; acts are not repeated as claims but for accusations and demands, which the guide counts as both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.drafts import Act
from detente.coding.grammar import (
    Sentence,
    children,
    is_negated,
    is_passive,
    lemma,
    near,
    obliques,
    patients,
    phrase,
    subject,
)
from detente.coding.lines import line_of
from detente.model import LINE_KINDS, ClaimKind

if TYPE_CHECKING:
    from spacy.tokens import Token

SAY = frozenset(
    (
        "say argue maintain insist contend claim explain note add stress complain warn declare state assert "
        "reckon suggest tell believe think hold consider regard view see feel judge find accept know admit "
        "acknowledge convince persuade describe call denounce condemn dismiss brand label term reject decry "
        "portray present"
    ).split()
)
CALLS = frozenset(
    (
        "call describe denounce condemn dismiss brand label term reject decry portray present regard see view consider"
    ).split()
)
HOLD = frozenset(["see", "view", "regard", "consider", "perceive", "interpret", "understand", "take", "read"])
VIEWS = frozenset(
    ["view", "viewpoint", "eye", "opinion", "perspective", "standpoint", "mind", "judgment", "judgement", "reading"]
)
DENY = frozenset(["deny", "dispute", "refute", "repudiate", "disclaim"])
FALSE = frozenset(
    (
        "absurd baseless groundless false untrue fabricated unfounded fallacious invented invention lie "
        "nonsense slander fiction wrong unproven untruth fabrication ridiculous"
    ).split()
)
WRONG = frozenset(
    (
        "break violate breach trample harm poison undermine provoke destroy betray abuse cheat meddle "
        "interfere escalate responsible guilty blame fault spread back bankroll sponsor attack"
    ).split()
)
WILL = frozenset({"will", "shall", "'ll", "wo", "would"})
OUGHT = frozenset({"should", "must", "ought"})
FIRST_PERSON = frozenset({"i", "we", "our", "my", "us"})
_CAUSE = re.compile(
    r"\b(?:because|in response to|on the grounds?|in retaliation|only obeying|in order to|so as to|"
    r"to restore|justif\w+|necessary|forced to|no choice|compelled)\b"
)
_UNTIL = re.compile(
    r"\b(?:until|as long as|so long as|unless|nothing to discuss|no return|policy|remain\w* committed|"
    r"will not|would not|must not|has not changed|first|only)\b"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A claim, in the making."""

    holder: str
    kind: ClaimKind
    about: tuple[str, ...]
    start: int
    end: int
    rule: str
    certainty: float


class Claims:
    """Finds claims, sentence by sentence.

    Args:
        story: what has been said so far about whom.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story

    def of(self, sentence: Sentence, acts: list[Act]) -> list[Held]:
        """The claims of one sentence, given its acts."""
        out: list[Held] = []
        for held in (
            *self._from_acts(sentence, acts),
            *self._reported(sentence, {a.trigger.i for a in acts if a.moves}),
        ):
            if all(
                held.holder != o.holder or held.kind != o.kind or held.end <= o.start or held.start >= o.end
                for o in out
            ):
                out.append(held)
        return out

    def _from_acts(self, sentence: Sentence, acts: list[Act]) -> Iterator[Held]:
        for act in acts:
            if not act.source or act.type is None:
                continue
            end = max([act.end, *(sentence.ends[t.i] for t in _clause(act.trigger))])
            for holder in act.source:
                if act.type == "ACCUSE" and act.mode == "allege":
                    yield Held(holder, "blame", act.target, act.start, end, "claims.accusation", 0.75)
                elif act.type == "REQUEST" and act.mode not in ("meet", "assist"):
                    yield Held(holder, "demand", act.target, act.start, end, "claims.demand", 0.7)
                elif act.type == "ACCUSE" and lemma(act.trigger) in CALLS:
                    kind: ClaimKind = "denial" if _near_words(act.trigger) & FALSE else "belief"
                    if len(phrase(act.trigger)) > 3 and children(
                        act.trigger, "oprd", "acomp", "xcomp", "ccomp", "prep"
                    ):
                        yield Held(holder, kind, act.target, act.start, end, "claims.characterisation", 0.6)

    def _reported(self, sentence: Sentence, deeds: set[int]) -> Iterator[Held]:
        """Claims by verbs of saying and holding; to declare somebody unwelcome is a deed, not a claim."""
        for verb in sentence.doc:
            if verb.i in deeds:
                continue
            word = lemma(verb)
            if verb.pos_ not in ("VERB", "ADJ", "AUX") or word not in SAY | DENY:
                continue
            holders = self._holders(sentence, verb)
            if not holders or (verb.tag_ == "VBG" and verb.dep_ == "amod"):
                continue
            if word in DENY or (word in CALLS and near(verb) & FALSE):
                if not is_negated(verb):
                    yield from self._held(sentence, holders, "denial", [verb, *phrase_of(verb)], "claims.denial", 0.75)
                continue
            if (
                is_passive(verb)
                and word in HOLD
                and (tail := [t for p in children(verb, "prep", "advmod") if p.lower_ == "as" for t in phrase(p)])
            ):
                yield from self._held(sentence, holders, "belief", [verb, *tail], "claims.seen-as", 0.7)
                continue
            clause = next(iter(children(verb, "ccomp", "acomp", "xcomp")), None)
            if (
                clause is None
                and verb.dep_ in ("advcl", "parataxis")
                and any(c.lower_ == "as" for c in children(verb, "mark", "advmod"))
            ):
                tokens = list(phrase(verb.head, skip=frozenset({"punct", "advcl", "conj", "cc"})))
                yield from self._held(
                    sentence,
                    holders,
                    self._kind(sentence, verb, verb.head, tokens, holders),
                    tokens,
                    "claims.as-said",
                    0.55,
                )
                continue
            if (
                clause is None
                or (word in CALLS and clause.dep_ != "ccomp")
                or (clause.dep_ == "xcomp" and clause.pos_ == "VERB")
            ):
                continue
            tokens = phrase(clause, skip=frozenset({"punct"}))
            if verb.dep_ == "relcl":  # "the business as usual that Peru says it is unwilling to return to"
                tokens += phrase(verb.head, skip=frozenset({"punct", "relcl"}))
            if len(tokens) < 3:
                continue
            kind = self._kind(sentence, verb, clause, tokens, holders)
            yield from self._held(sentence, holders, kind, tokens, "claims.reported", 0.6)
        yield from self._viewpoint(sentence)

    def _holders(self, sentence: Sentence, verb: Token) -> tuple[str, ...]:
        """Who says or believes: the subject, the by-agent, or the capital in which it "is seen" so."""
        speaker = subject(verb)
        if speaker is None and lemma(verb) in ("convince", "persuade", "aware", "sure"):
            speaker = next(iter(children(verb, "nsubj", "nsubjpass")), None) or subject(verb.head)
        if speaker is None and is_passive(verb):
            place = next((n for p, n in obliques(verb) if p in ("in", "by") and n.i in sentence.mentions), None)
            speaker = place
        if is_passive(verb) and lemma(verb) in ("convince", "persuade"):
            own = next(iter(children(verb, "nsubjpass", "nsubj")), None)
            speaker = own if own is not None else speaker
        ref = self.story.who(sentence, speaker) if speaker is not None else None
        return ref.codes if ref else ()

    def _viewpoint(self, sentence: Sentence) -> Iterator[Held]:
        """ "From the Peruvian viewpoint, …", "In Moscow's eyes, …", "According to Oslo, …"."""
        for noun in sentence.doc:
            if noun.dep_ == "pobj" and (
                (lemma(noun) in VIEWS and noun.head.lower_ in ("from", "in", "to"))
                or (noun.head.lower_ == "to" and noun.head.head.lower_ == "according")
            ):
                ref = self.story.owner(sentence, noun) if lemma(noun) in VIEWS else self.story.who(sentence, noun)
                verb = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX")), None)
                if ref is None or verb is None:
                    continue
                apart = set(phrase(next(c for c in [noun, *noun.ancestors] if c.head == verb)))
                tokens = [t for t in phrase(verb, skip=frozenset({"punct"})) if t not in apart]
                kind = self._kind(sentence, verb, verb, tokens, ref.codes)
                yield from self._held(sentence, ref.codes, kind, tokens, "claims.viewpoint", 0.6)

    def _kind(
        self, sentence: Sentence, verb: Token, clause: Token, tokens: list[Token], holder: tuple[str, ...]
    ) -> ClaimKind:
        text = " ".join(t.lower_ for t in sorted(tokens, key=lambda t: t.i))
        auxiliaries = {c.lower_ for c in clause.children if c.dep_ == "aux"}
        actor = self.story.who(sentence, subject(clause)) if subject(clause) is not None else None
        others = bool(actor and not set(actor.codes) & set(holder))
        if others and {lemma(t) for t in tokens} & WRONG:
            return "blame"
        if _CAUSE.search(text):
            return "justification"
        if _UNTIL.search(text) or auxiliaries & OUGHT:
            return "demand" if others and auxiliaries & OUGHT else "policy"
        if auxiliaries & WILL:
            return "policy" if actor and set(actor.codes) & set(holder) else "forecast"
        if is_negated(clause) and actor and set(actor.codes) & set(holder):
            return "denial"
        return "belief"

    def _held(
        self,
        sentence: Sentence,
        holder: tuple[str, ...],
        kind: ClaimKind,
        tokens: list[Token],
        rule: str,
        certainty: float,
    ) -> Iterator[Held]:
        about: list[str] = []
        for token in tokens:
            if token.i in sentence.mentions:
                about.append(self.story.choose(sentence.mentions[token.i]))
        start = min(sentence.starts[t.i] for t in tokens)
        end = max(sentence.ends[t.i] for t in tokens)
        for code in holder:
            named = tuple(dict.fromkeys(c for c in about if c != code)) or tuple(c for c in holder if c != code)
            yield Held(code, kind, named or self.story.other((code,)), start, end, rule, certainty)


def is_opinion(sentences: list[Sentence]) -> bool:
    """Whether the writer speaks in the first person, asks or exhorts, outside quotation marks."""
    signs = 0
    for sentence in sentences:
        if '"' in sentence.doc.text:
            continue
        words = {t.lower_ for t in sentence.doc}
        signs += bool(words & FIRST_PERSON) + ("?" in words) + bool(words & OUGHT and not _reporter(sentence))
    return signs >= 1


def written(sentences: list[Sentence], acts: list[Act], story: Discourse, held: list[Held]) -> list[Held]:
    """The writer's own views: in an opinion piece, sentences that judge or foretell and report nobody's words."""
    if not is_opinion(sentences):
        return []
    busy = {a.sentence.index for a in acts if a.type is not None}
    out = []
    for sentence in sentences:
        words = {t.lower_ for t in sentence.doc}
        if _reporter(sentence) or '"' in sentence.doc.text or "?" in words or len(words) < 5:
            continue
        if any(h.start >= sentence.span.start and h.end <= sentence.span.end for h in held):
            continue
        root = next((t for t in sentence.doc if t.dep_ == "ROOT"), None)
        if root is None or (sentence.index in busy and not words & (WILL | OUGHT)):
            continue
        auxiliaries = {c.lower_ for c in root.children if c.dep_ == "aux"}
        kind: ClaimKind | None = None
        if auxiliaries & {"will", "shall", "wo", "'ll"}:
            kind = "forecast"
        elif auxiliaries & OUGHT:
            kind = "demand"
        elif (root.tag_ in ("VBZ", "VBP") or auxiliaries & {"can", "may", "might"}) and (
            lemma(root) == "be" or words & FIRST_PERSON or _topical(sentence, story)
        ):
            kind = "belief"
        if kind and (sentence.mentions or words & FIRST_PERSON or _topical(sentence, story) or kind != "belief"):
            out.append(
                Held(
                    "AUTHOR",
                    kind,
                    tuple(sorted(story.pair)),
                    sentence.starts[0],
                    sentence.ends[-1] - 1
                    if sentence.source(sentence.doc[len(sentence.doc) - 1]) in ".!"
                    else sentence.ends[-1],
                    "claims.author",
                    0.5,
                )
            )
    return out


def _topical(sentence: Sentence, story: Discourse) -> bool:
    return any(
        story.who(sentence, t) or line_of(sentence, t, story, LINE_KINDS) for t in sentence.doc if t.pos_ == "NOUN"
    )


def _reporter(sentence: Sentence) -> bool:
    return any(lemma(t) in SAY | DENY and t.pos_ == "VERB" and children(t, "nsubj") for t in sentence.doc)


def _near_words(token: Token) -> set[str]:
    return near(token)


def _clause(verb: Token) -> list[Token]:
    """What a speech verb governs, to be quoted with it."""
    out: list[Token] = []
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("prep", "ccomp", "xcomp", "dobj", "oprd", "acomp"):
            out += phrase(child, skip=frozenset({"punct", "parataxis"}))
    return out


def phrase_of(verb: Token) -> list[Token]:
    """Objects and complements of a verb, whole."""
    out = [t for p in patients(verb) if p.i > verb.i for t in phrase(p)]
    return out + _clause(verb)
