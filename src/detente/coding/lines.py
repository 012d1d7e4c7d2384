"""Lines of communication in noun phrases: whose, to whom, how many.

What always holds: a noun phrase yields a line only by the codebook's line nouns; the owner is the party that the phrase
names as possessor, the counterpart the one that it is accredited to or sits with; what the phrase leaves open stays
open here and is filled by the act that touches the line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.grammar import Sentence, children, conjuncts, lemma, obliques
from detente.coding.numbers import number_of
from detente.coding.references import OPAQUE
from detente.model import LineKind

if TYPE_CHECKING:
    from detente.coding.tokens import Token

SHARED = frozenset({"relations", "council", "contacts", "hotline", "talks", "verification"})
"""Kinds that belong to both sides; all others are posts of one side with the other."""
LOOSE = frozenset({"accreditation", "credential", "immunity", "rank", "ceiling", "head", "post", "quota", "headcount"})
"""Nouns that are a line themselves only where no line hangs on them: "the accreditation of eight employees"."""
PARTICIPATION = frozenset({"participation", "part", "involvement", "membership", "seat", "place", "attendance"})
"""What a party has in a body or in talks, and may give up."""
WORK = frozenset({"work", "activity", "operation", "mandate", "service", "presence"})
"""What a post does or has, looked through: "the services of the consulate", "operations at the embassy"."""
TASKS = frozenset("rights information press cultural trade interest interests visa economic".split())
"""What an office does, where it is not simply somebody's office in a capital."""
STATIONED = frozenset("accredit base post station assign".split())
"""Participles behind which the place of a post stands: "the envoy accredited to Peru"."""
EVERYONE = frozenset({"all", "every", "entire", "whole"})
"""Words that mean the whole number of people."""
_NOMINAL = ("nsubj", "nsubjpass", "dobj", "pobj", "attr")
"""Places that only a noun fills, whatever the tagger thought of the word ("Peruvian consulates remain open")."""
_HOUSES = ("embassy", "consulate", "mission", "liaison", "office")
"""Kinds that have staff and that one can enter."""
_TO = ("to", "with", "at")
_THERE = ("in", "at", "within")


@dataclass(frozen=True, slots=True)
class LineRef:
    """A line as a noun phrase names it.

    Attributes:
        kind: the kind of line.
        head: index of the head noun.
        owners: whose it is, as far as the phrase says.
        others: whom it reaches, as far as the phrase says.
        count: number of people or posts that the phrase gives.
        everyone: whether the phrase means all of them ("all its staff").
        plural: whether several posts are meant.
        name: what the text calls it, without owner.
        seat: place that the phrase gives.
        inner: kind of the post that it is part of ("staff of the mission").
    """

    kind: LineKind
    head: int
    owners: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    count: int | None = None
    everyone: bool = False
    plural: bool = False
    name: str | None = None
    seat: str | None = None
    inner: LineKind | None = None
    part_of: tuple[LineKind, tuple[str, ...], tuple[str, ...]] | None = None


def lines_in(sentence: Sentence, token: Token, story: Discourse, kinds: tuple[str, ...]) -> list[LineRef]:
    """Lines that a noun phrase names, its coordinates and "including …" among them.

    Args:
        sentence: where it stands.
        token: head of the phrase.
        story: what has been said so far.
        kinds: the kinds that count here.

    Returns:
        One reference a line, in text order.
    """
    out: list[LineRef] = []
    shared_owner: tuple[str, ...] = ()
    for part in conjuncts(token):
        ref = line_of(sentence, part, story, kinds)
        if ref is None:
            continue
        if not ref.owners and shared_owner and ref.kind not in SHARED:
            ref = replace(ref, owners=shared_owner)
        shared_owner = ref.owners or shared_owner
        out.append(ref)
    if not out:  # "the army, naval and air advisers" may be taken for an apposition
        out = [r for t in children(token, "appos") if (r := line_of(sentence, t, story, kinds))]
        if out and not out[0].owners and (who := story.owner(sentence, token)):
            out = [replace(out[0], owners=who.codes)]
    for word, noun in obliques(token):  # "the calls between Oslo and Rome, the talks on …": a list that was cut short
        if word in ("between", "with", "on", "of"):
            for part in conjuncts(noun)[1:]:
                ref = line_of(sentence, part, story, kinds)
                if ref and all(ref.head != r.head for r in out):
                    out.append(ref)
    for word, noun in obliques(token) + [o for r in token.children for o in obliques(r)]:
        if word in ("including", "with") and (extra := line_of(sentence, noun, story, kinds)):
            if all(extra.head != r.head for r in out):
                out.append(
                    extra if extra.owners or not out else replace(extra, owners=out[0].owners, others=out[0].others)
                )
    return out


def line_of(
    sentence: Sentence, token: Token, story: Discourse, kinds: tuple[str, ...], depth: int = 0
) -> LineRef | None:
    """The line that one noun names, looking through "the work of", "two of", "the rest of"."""
    if depth > 4:
        return None
    word = lemma(token)
    if word in LOOSE:
        for prep, inner in obliques(token):
            if prep == "of" and (ref := line_of(sentence, inner, story, kinds, depth + 1)):
                return replace(ref, head=token.i)
    own = _direct(sentence, token, story, kinds)
    if own:
        return own
    owner = next(iter(children(token, "poss")), None)
    if word in ("work", "activity", "operation") and owner is not None and owner.tag_ != "PRP$":
        return line_of(sentence, owner, story, kinds, depth + 1)
    if (
        word in OPAQUE | WORK
        or token.pos_ in ("NUM", "DET", "PRON")
        or word in ("accreditation", "credential", "post", "head")
    ):
        for prep, inner in obliques(token):
            if prep == "of" or (prep == "at" and word in WORK):
                ref = line_of(sentence, inner, story, kinds, depth + 1)
                if ref:
                    if EVERYONE & {c.lower_ for c in token.children} | EVERYONE & {word}:  # "every one of"
                        return replace(ref, head=token.i, everyone=True)
                    count = number_of(token) if token.pos_ == "NUM" or word == "dozen" else _count(token)
                    return replace(ref, head=token.i, count=count or ref.count)
    if word in PARTICIPATION:
        for prep, inner in obliques(token):
            ref = line_of(sentence, inner, story, kinds, depth + 1) or _body(sentence, inner, story)
            if prep == "in" and ref:
                return replace(ref, head=token.i)
    return None


def _body(sentence: Sentence, token: Token, story: Discourse) -> LineRef | None:
    """A body of an organisation in which another party takes part: "its seat in the committee of the alliance"."""
    owner = story.owner(sentence, token)
    bodies = {needed for needed, kind, _ in story.book.line_nouns.get(lemma(token), ()) if kind == "council"}
    if bodies and owner and all(story.is_organisation(c) for c in owner.codes):
        return LineRef("council", token.i, owners=owner.codes)
    return None


def _direct(sentence: Sentence, token: Token, story: Discourse, kinds: tuple[str, ...]) -> LineRef | None:
    mention = sentence.mentions.get(token.i)
    if mention is not None:
        # "expelled three Bolivians": people of a nationality, counted, are staff where staff can be meant
        count = _count(token) or (1 if any(c.lower_ in ("a", "an", "another") for c in token.children) else None)
        if "staff" in kinds and mention.form in ("plural", "demonym", "adjective") and count:
            return LineRef("staff", token.i, owners=(story.choose(mention),), count=count, plural=count > 1)
        return None
    if token.pos_ not in ("NOUN", "PROPN") and not (token.pos_ in ("VERB", "ADJ") and token.dep_ in _NOMINAL):
        return None
    left = _modifiers(token)
    # "the exchange of data" is a data exchange, "calls between commanders" are commanders' calls
    words = left | {lemma(noun) for prep, noun in obliques(token) if prep in ("of", "between", "among", "with")}
    for needed, kind, condition in story.book.line_nouns.get(lemma(token), ()):
        if kind not in kinds or not needed <= words:
            continue
        if kind not in ("talks", "contacts") and (left - needed) & story.book.classes["not-a-line"]:
            continue  # "family ties", "good offices", "the railway line"
        if condition == "seen" and kind not in story.kinds_seen:
            continue
        if condition == "counted" and not children(token, "nummod"):
            continue
        ref = _parties(sentence, token, story, LineRef(kind, token.i))
        if kind == "staff" and not (ref.owners or ref.others) and (post := _post_beside(sentence, token, story)):
            ref = replace(ref, owners=post.owners, others=post.others, inner=post.kind)
        if condition == "owned" and not (ref.owners or ref.others) and not _possessed(token):
            known = story.posts.get(kind) if any(c.lower_ == "the" for c in token.children) else None
            if known is None:
                continue
            ref = replace(ref, owners=known[:1], others=known[1:])
        if kind == "council" and condition == "owned" and len({*ref.owners, *ref.others}) < 2 and not ref.plural:
            if story.posts.get(kind) is None or not set(ref.owners) <= set(story.posts[kind]):
                continue  # one side's own council is no body of both
        if kind == "office" and not left & TASKS and "mission" in kinds and _of_organisation(ref, story):
            ref = replace(ref, kind="mission")
        return _numbers(sentence, token, ref)
    return None


def _post_beside(sentence: Sentence, token: Token, story: Discourse) -> LineRef | None:
    """ "cut the number of staff at the embassy": the parser hangs "at the embassy" on the verb."""
    verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
    places = obliques(verb) if verb is not None else []
    if verb is not None and lemma(verb) in ("have", "employ", "keep", "retain", "allow"):  # "the embassy may have …"
        places += [("of", t) for t in children(verb, "nsubj", "nsubjpass")]
    for prep, noun in places:
        if prep in ("at", "of", "from", "in"):
            post = _direct(sentence, noun, story, _HOUSES)
            if post is not None and (post.owners or post.others):
                return post
    return None


def _of_organisation(ref: LineRef, story: Discourse) -> bool:
    """An organisation's "office" in a capital is its mission there; an information office says so."""
    return bool(ref.owners) and all(story.is_organisation(c) for c in ref.owners)


def _modifiers(token: Token) -> set[str]:
    out: set[str] = set()
    for child in token.children:
        if child.dep_ in ("compound", "amod", "nmod", "npadvmod", "poss") and child.i < token.i:
            out |= {child.lower_, lemma(child)} | _modifiers(child)
    return out


def _possessed(token: Token) -> bool:
    return any(c.dep_ == "poss" for c in token.children)


def _parties(sentence: Sentence, token: Token, story: Discourse, ref: LineRef) -> LineRef:
    """A line with the parties whose it is, or between whom."""
    ref = _behind(sentence, token, story, _before(sentence, token, story, ref))
    owners = tuple(dict.fromkeys(ref.owners))
    return replace(ref, owners=owners, others=tuple(c for c in dict.fromkeys(ref.others) if c not in owners))


def _before(sentence: Sentence, token: Token, story: Discourse, ref: LineRef) -> LineRef:
    """A line with the parties that stand before its noun."""
    owners: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    seat = None
    inner_kind: LineKind | None = None
    for child in token.children:
        if child.i in sentence.mentions and child.dep_ in ("compound", "nmod", "amod", "npadvmod"):
            mention = sentence.mentions[child.i]
            codes = tuple(
                dict.fromkeys(
                    story.choose(sentence.mentions[c.i])
                    for c in [child, *child.children]
                    if c.i in sentence.mentions and c.dep_ in ("conj", "compound", child.dep_, "nmod")
                )
            )
            held = any(c.dep_ == "poss" for c in token.children)
            if ref.kind in SHARED and len(codes) == 1 and mention.form in ("capital", "city") and _joined(token):
                seat = sentence.source(child)  # "the Geneva talks with Peru"
                continue
            if (mention.form == "capital" or (held and child.dep_ != "amod")) and ref.kind not in SHARED:
                others, seat = others + codes, sentence.source(child)
            else:
                owners += codes
        elif child.dep_ == "poss" and (post := _known_post(sentence, child, story)):
            owners, others = owners + post[:1], others + post[1:]
        elif child.dep_ == "poss" and (who := story.owner(sentence, token)):
            owners += who.codes
        elif child.dep_ in ("compound", "amod") and child.pos_ in ("NOUN", "PROPN"):
            inner = _direct(sentence, child, story, _HOUSES)
            if inner:
                owners, others, inner_kind = owners + inner.owners, others + inner.others, inner.kind
            elif who := story.owner(sentence, child):
                owners += who.codes
    return replace(ref, owners=owners, others=others, seat=seat, inner=inner_kind)


def _behind(sentence: Sentence, token: Token, story: Discourse, ref: LineRef) -> LineRef:
    """A line with the parties that the phrases behind its noun name, too."""
    owners, others, seat, inner_kind, part_of = ref.owners, ref.others, ref.seat, ref.inner, ref.part_of
    stationed = [o for c in children(token, "acl") if lemma(c) in STATIONED for o in obliques(c)]
    for prep, noun in [*obliques(token), *stationed]:
        if prep == "of" and ref.kind == "contacts" and (body := line_of(sentence, noun, story, ("council",), 3)):
            part_of = (body.kind, body.owners, body.others)
            owners += body.owners
            continue
        inner = line_of(sentence, noun, story, _HOUSES, 3)
        if inner and prep in ("of", "at", "in", "from", "for", "on") and ref.kind in ("staff", "envoy"):
            owners, others, inner_kind = owners + inner.owners, others + inner.others, inner.kind
            continue
        if ref.kind == "talks" and prep == "on":  # "negotiations on accession to the Union"
            nouns = [n for p, n in obliques(noun) if p == "to"]
            owners += tuple(c for n in nouns if (with_whom := story.who(sentence, n)) for c in with_whom.codes)
        who = story.who(sentence, noun)
        if who is None:
            continue
        if ref.kind in SHARED:
            shared = ("with", "between", "to", "of", "and", "from", "among")
            if prep in shared or (ref.kind == "verification" and prep in ("by", "in")):
                owners += who.codes
        elif prep in _TO or prep in _THERE:
            others += who.codes
            if prep in _THERE:
                seat = sentence.source(noun)
        elif prep == "from" and owners and ref.kind not in SHARED:
            others += who.codes  # "its ambassador from Quito"
        elif prep in ("of", "from") or (prep in ("for", "on") and ref.kind == "staff"):
            owners += who.codes
    return replace(ref, owners=owners, others=others, seat=seat, inner=inner_kind, part_of=part_of)


def _joined(token: Token) -> bool:
    return any(prep in ("with", "between") for prep, _ in obliques(token))


def _known_post(sentence: Sentence, token: Token, story: Discourse) -> tuple[str, ...]:
    """ "the mission's ceiling": the mission spoken of before."""
    if token.pos_ != "NOUN" or story.owner(sentence, token):
        return ()
    kinds = (kind for needed, kind, _ in story.book.line_nouns.get(lemma(token), ()) if not needed)
    return next((story.posts[k] for k in kinds if k in story.posts), ())


def _numbers(sentence: Sentence, token: Token, ref: LineRef) -> LineRef:
    plural = token.tag_ in ("NNS", "NNPS") or lemma(token) in ("staff", "personnel")
    marks = {c.lower_ for c in token.children if c.dep_ in ("det", "predet", "amod", "nummod", "preconj")}
    everyone = bool(marks & (EVERYONE | {"remaining", "last"}))
    count = _count(token)
    person = ref.kind == "staff" and lemma(token) not in LOOSE
    if count is None and person and not plural and marks & {"a", "an", "another", "one", "the"}:
        count = 1
    skip = [
        t for t in token.subtree if t.i < token.i and t.i not in sentence.mentions and t.dep_ in ("amod", "compound")
    ]
    name = " ".join(sentence.source(t) for t in [*skip, token]) or None
    return replace(ref, count=count, everyone=everyone, plural=plural, name=name)


def _count(token: Token) -> int | None:
    for child in children(token, "nummod"):
        value = number_of(child)
        if value is not None:
            return value
    for child in children(token, "compound"):  # "eighteen embassy staff"
        if (value := _count(child)) is not None:
            return value
    return number_of(token) if token.pos_ == "NUM" else None
