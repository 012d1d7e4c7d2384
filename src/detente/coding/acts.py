"""From words to acts: which frame fires on which word, who acts, upon whom, upon which line.

What always holds: one word shows one act at most; an act has a source, and a target unless both sides act together;
every act keeps the words that show it. Nothing here looks at dates or at other articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.discourse import Discourse, Ref
from detente.coding.drafts import CUT, Act, Move, quote
from detente.coding.grammar import (
    TIME,
    Sentence,
    antecedent,
    children,
    is_passive,
    lemma,
    near,
    obliques,
    patients,
    phrase,
    possessor,
    qualifiers,
    subject,
)
from detente.coding.lexicon import Codebook, Frame
from detente.coding.lines import SHARED, LineRef, line_of, lines_in
from detente.coding.mirror import Mirror
from detente.coding.mood import Mood, mood_of
from detente.coding.moves import Moves
from detente.coding.numbers import number_of
from detente.coding.roles import Roles
from detente.coding.settling import Judge
from detente.model import LINE_KINDS, LineKind

if TYPE_CHECKING:
    from spacy.tokens import Token


LIGHT_OBJECTS = frozenset(
    "work operation service session credential duty post place business door gate activity function".split()
)
"""Objects that leave the verb's subject as what is acted upon: "the office began work"."""
AGAIN = frozenset({"again", "back", "anew", "once"})
ORDERS = frozenset("order tell instruct direct command force compel oblige require make".split())
"""Verbs by which the one who says so acts, whoever carries it out."""
NEGATIVE = frozenset({"no", "not", "longer"})
"""Words of an entry that make its verb the opposite of what it says."""
BACKED = frozenset({"SANCTION", "CONCEDE", "RETREAT", "MOBILIZE", "COERCE", "AID"}) | plover.SPOKEN
"""Types whose target may be left to the story: a measure is taken against somebody even where nobody is named."""


POSTS = tuple(k for k in LINE_KINDS if k not in SHARED)

GRANTS = frozenset({"AGREE", "CONCEDE", "REJECT"})
"""Types that answer a request: what they answer is no act beside them."""


class Coder:
    """Codes the acts of one sentence after another.

    Args:
        book: the codebook.
        story: what has been said so far; the caller feeds it the sentences in order.
        everyone: scope "all": domestic acts count, too.
    """

    def __init__(self, book: Codebook, story: Discourse, *, everyone: bool = False) -> None:
        self.book = book
        self.story = story
        self.everyone = everyone
        self.roles = Roles(book, story, everyone=everyone)
        self.moves = Moves(story)
        self.judge = Judge(self.roles)
        self.mirror = Mirror(book, self.roles, self.judge)
        self.last_kind: LineKind | None = None

    def acts(self, sentence: Sentence) -> list[Act]:
        """All acts that a sentence shows, the main clause's first."""
        out: list[Act] = []
        used: set[int] = set()
        triggers = self._triggers(sentence)
        for token in triggers:
            if token.i in used:
                continue
            out.extend(self._try(sentence, token, used))
        for token in triggers:
            if token.i not in used:
                out.extend(_each_other(self._operator(sentence, token, used)))
        for act in out:  # "proposed a summit with Peru, which Lima turned down"
            if act.type == "REJECT" and not act.moves and any(t.tag_ == "WDT" for t in act.trigger.children):
                self.judge.proposed = [m for a in out for m in a.moves if m.change == "propose"] or self.judge.proposed
                self.judge.turned_down(act)
        self.judge.proposed = [m for a in out for m in a.moves if m.change == "propose"] or self.judge.proposed
        self.judge.asked = next((a for a in out if a.type == "REQUEST" and a.target), self.judge.asked)
        for token in sentence.doc:
            if ref := line_of(sentence, token, self.story, LINE_KINDS) if token.pos_ in ("NOUN", "PROPN") else None:
                self.last_kind = ref.kind
                if len(ref.owners) == 1 and len(ref.others) == 1:
                    self.story.posts.setdefault(ref.kind, (ref.owners[0], ref.others[0]))
        out = [a for a in out if not self._object_of_another(a, out)]
        out += self._uses(sentence)
        out += self.mirror.acts(sentence, out)
        out.sort(key=lambda a: (_depth(a.trigger), a.trigger.i))
        return _joined(out)

    @staticmethod
    def _object_of_another(act: Act, acts: list[Act]) -> bool:
        """What another act is about is no act beside it: "rejected the proposal", "summoned the envoy to complain"."""
        if act.trigger.tag_ == "VB" and act.trigger.dep_ in ("xcomp", "advcl"):
            return any(o.trigger == act.trigger.head and o.type == act.type == "ACCUSE" for o in acts)
        if act.trigger.pos_ != "NOUN":
            return False
        return any(
            o is not act
            and (
                act.trigger.i in {m.head for m in o.moves}
                or (act.trigger.head == o.trigger and act.trigger.dep_ in ("dobj", "nsubjpass"))
                or (o.type in GRANTS and any(p in ("to", "with") and n == act.trigger for p, n in obliques(o.trigger)))
            )
            for o in acts
        )

    def _triggers(self, sentence: Sentence) -> list[Token]:
        """Words that may show an act, the deepest first, so that what governs an act is not coded beside it."""
        tables: dict[str, Mapping[str, object]] = dict.fromkeys(("VERB", "AUX"), self.book.verbs)
        tables |= dict.fromkeys(("NOUN", "PROPN"), self.book.nouns) | {"ADJ": self.book.adjectives}
        found = [
            t
            for t in sentence.doc
            if (table := tables.get(t.pos_)) is not None
            and t.i not in sentence.mentions
            and lemma(t) in table
            and not (t.pos_ == "PROPN" and t.lower_ in TIME)  # March
            and not self._part_of_verb(t)
        ]
        return sorted(found, key=lambda t: (-_depth(t), t.i))

    def _part_of_verb(self, token: Token) -> bool:
        """ "ordered the closure": an object that an entry names together with its verb is no trigger of its own."""
        head = token.head.head if token.dep_ == "pobj" else token.head
        more = [p.more for p in self.book.verbs.get(lemma(head), ()) if lemma(token) in p.more]
        named = bool(more) and any(words <= near(head) for words in more)
        if token.pos_ == "VERB":  # "let the envoy return", "ordered them to leave", "stopped applying the treaty"
            touches = any(p.frame.change for p in self.book.verbs.get(lemma(token), ()))
            if token.dep_ == "xcomp" and not touches and named:
                return True
            return named and token.dep_ in ("ccomp", "xcomp") and not children(token, "dobj")
        if token.pos_ == "ADJ":
            return named
        if token.dep_ == "pobj":  # "went on strike"
            first = token.head == next(iter(children(head, "prep")), None)
            return first and head.pos_ == "VERB" and named
        if token.pos_ != "NOUN":
            return False
        if token.dep_ == "attr" and any(c.tag_ in ("PRP", "DT") for c in children(token.head, "nsubj")):
            return True  # "It was the largest expulsion in thirty years": tells more of an act told before
        if token.dep_ == "nsubjpass" and possessor(token) is not None:
            return False  # "Peru's protest was lodged": the noun says who acts, the verb does not
        return named and token.dep_ in ("dobj", "nsubjpass")

    def _try(self, sentence: Sentence, token: Token, used: set[int]) -> list[Act]:
        verbal = token.pos_ in ("VERB", "AUX")
        mood: Mood | None = None
        close = near(token) if verbal else qualifiers(token)
        for frame, more in self._frames(token, verbal):
            if frame.operator or frame.use or not more <= close:
                continue
            if "complement" in frame.to and any(c.i in used for c in children(token, "ccomp")):
                continue  # what is said is an act of its own
            mood = mood or mood_of(token, self.book)
            if frame.obliged and not (mood.ought or mood.obliged):
                continue
            lapsed = frame.change not in (None, "propose", "refuse")  # what was not renewed has run out
            if "not" in more and not (mood.negated and (lapsed or mood.future or mood.possible)):
                continue  # "has not yielded" tells of nothing done
            if frame.change:
                acts = self._line_acts(sentence, token, frame, _stated(mood, frame) if more & NEGATIVE else mood, more)
            else:
                acts = _each_other(self._event(sentence, token, frame, _affirmed(mood) if more & NEGATIVE else mood))
            if not acts:
                continue
            used.add(token.i)
            used.update(m.head for a in acts for m in a.moves)
            used.update(t.i for t in token.subtree if lemma(t) in more or t.lower_ in more)
            if mood.governor is not None and not _done_to(token, mood):
                used.add(mood.governor.i)
            return acts
        return []

    def _uses(self, sentence: Sentence) -> list[Act]:
        """Lines that are seen in use, or ring out, beside whatever else the sentence tells of them."""
        out = []
        for token in sentence.doc:
            if token.pos_ not in ("VERB", "AUX"):
                continue
            for frame, more in self._frames(token, True):
                if not frame.use or not more <= near(token):
                    continue
                mood = mood_of(token, self.book)
                idle = mood.negated and frame.use == "answered"
                if idle or mood.future or mood.possible or mood.ought or mood.condition or mood.operator or mood.denied:
                    continue
                acts = self._line_acts(sentence, token, replace(frame, change="keep"), Mood(), more)
                for act in acts:
                    act.uses, act.moves, act.type, act.mode = act.moves, [], None, None
                out += acts
                if acts:
                    break
        return out

    def _frames(self, token: Token, verbal: bool) -> Iterable[tuple[Frame, frozenset[str]]]:
        word = lemma(token)
        if verbal:
            return [(p.frame, p.more) for p in self.book.verbs.get(word, ())]
        if token.pos_ == "ADJ":
            return [(f, frozenset()) for f in self.book.adjectives.get(word, ())]
        return [(p.frame, p.more) for p in self.book.nouns.get(word, ())]

    def _line_acts(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood, more: frozenset[str]) -> list[Act]:
        if _in_time(token):
            return []
        refs, holder = self._touched(sentence, token, frame, more)
        if frame.objects:
            refs = [r for r in refs if self._named(sentence, r, frame.objects)]
        refs = [r for r in refs if not self._named(sentence, r, frame.unless)]
        if not refs:
            return []
        apart: set[int] = set()
        for noun in (n for t in token.subtree if t.lower_ == "including" for n in children(t, "pobj")):
            if all(noun.i != r.head for r in refs):
                extra = line_of(sentence, noun, self.story, LINE_KINDS)
                if extra:
                    whole = (
                        None
                        if refs[0].kind not in ("mission", "embassy")
                        else (refs[0].kind, refs[0].owners, refs[0].others)
                    )
                    refs.append(
                        replace(
                            extra,
                            owners=extra.owners or refs[0].owners,
                            others=extra.others or refs[0].others,
                            part_of=whole,
                        )
                    )
                    apart.add(extra.head)
        agent, word = self.roles.agent(sentence, token, mood)
        if word is not None and holder is not None and (word.i == holder.i or word.i in {r.head for r in refs}):
            agent = word = None  # "the embassy closed": the line is the subject, nobody is said to act
        if self.roles.outsider(word, agent):
            return []
        if agent is not None and not agent.codes:
            agent = None
        if frame.change in ("close", "limit", "suspend") and not mood.negated:
            post = frame.change == "close" and refs[0].kind not in SHARED
            if orderer := self._orderer(sentence, token, post=post):
                agent, frame = orderer, replace(frame, owner="other")
                mood = replace(mood, operator=None, governor=None) if lemma(token.head) == "ask" else mood
        beside = [*token.children, *(token.head.children if token.dep_ == "acomp" else ())]
        if frame.change in ("keep", "open") and AGAIN & {c.lower_ for c in beside}:
            frame = replace(frame, change="restore")  # "is working again", "started up once more"
        moves = [m for ref in refs for m in self.moves.of(sentence, token, frame, ref, agent)]
        if not moves:
            return []
        if agent and frame.owner == "other" and frame.change in ("close", "limit") and len(moves) == 1:
            (move,) = moves
            if move.owner in agent.codes and move.by == (move.owner,):  # nobody throws out his own: the parse is wrong
                move.by = (move.counterpart,)
                agent = Ref(move.by, None, False)
        if frame.together:
            sides = tuple(sorted({c for m in moves for c in (m.owner, m.counterpart)}))
            agent = Ref(sides)
            for move in moves:
                move.by = tuple(sorted((move.owner, move.counterpart)))
        self.last_kind = moves[-1].kind
        for move in moves:
            if move.head in apart:
                move.tokens = tuple(phrase(sentence.doc[move.head], skip=CUT))
            self.story.posts[move.kind] = (move.owner, move.counterpart)
        for ref in refs:
            if ref.inner:
                self.story.posts[ref.inner] = (moves[0].owner, moves[0].counterpart)
        # "each expelled two of the other's diplomats" is two acts
        doers = list(dict.fromkeys(m.by for m in moves))
        mutual = {m.owner for m in moves} <= set(agent.codes) if agent else False
        if agent and mutual and len(agent.codes) == 2 and len(doers) == 2 and all(len(d) == 1 for d in doers):
            parts: list[tuple[Ref | None, list[Move]]] = [
                (Ref(d, agent.sector, agent.named), [m for m in moves if m.by == d]) for d in doers
            ]
        else:
            parts = [(agent, moves)]
        acts = [self._judged(sentence, token, frame, mood, who, some, refs) for who, some in parts]
        return [a for a in acts if a is not None]

    def _named(self, sentence: Sentence, ref: LineRef, words: tuple[str, ...]) -> bool:
        """Whether a line's noun, or what stands before it, is one of the given ones."""
        noun = sentence.doc[ref.head]
        return bool(words) and bool({lemma(t) for t in (noun, *noun.lefts)} & self.book.expand(words))

    def _orderer(self, sentence: Sentence, token: Token, *, post: bool) -> Ref | None:
        """ "Peru ordered Chile to close its consulate" is Peru's act; so is "Chile was told to …", by whoever told.

        A host that asks for a post to be shut orders it, however politely.
        """
        verb = token.head
        if token.dep_ not in ("xcomp", "ccomp") or token.tag_ != "VB":
            return None
        if lemma(verb) == "have" and any(p in ("until", "till") for p, _ in obliques(verb)):  # "has until May to …"
            told = self.story.who(sentence, subject(verb))
            return Ref(self.story.other(told.codes, sentence, token.i), None, False) if told else None
        if lemma(verb) not in ORDERS and not (post and lemma(verb) == "ask"):
            return None
        if not is_passive(verb):
            return self.story.who(sentence, subject(verb))
        told = next((self.story.who(sentence, t) for t in children(verb, "nsubjpass")), None)
        if told is None:
            return None
        by = self.story.who(sentence, subject(verb))
        return by or Ref(self.story.other(told.codes, sentence, token.i), None, False)

    def _touched(
        self, sentence: Sentence, token: Token, frame: Frame, more: frozenset[str]
    ) -> tuple[list[LineRef], Token | None]:
        """The lines that the act touches, and the noun phrase in which they stand."""
        verbal = token.pos_ in ("VERB", "AUX")
        idiom = _idiom(token, more) if verbal else []
        if frame.solo:
            words = {word for verb in frame.verbs for word in verb.split()}
            if any({lemma(t), t.lower_}.isdisjoint(words) for t in children(token, "dobj", "nsubjpass")):
                return [], None
            places = [token, *idiom, *(n for t in patients(token) for n in (t, *(o for _, o in obliques(t))))]
            partner = next((p for place in places if (p := self._with(sentence, place))), ())
            together = self.story.who(sentence, subject(token)) if not partner else None
            if not partner and not (together and len(together.codes) > 1):
                return [], None
            return [LineRef(frame.kinds[0], token.i, owners=partner)], None
        if frame.motion and (is_passive(token) or not verbal):
            return [], None
        spots: list[Token] = []
        if not frame.motion:
            spots = patients(token) if verbal else [t for prep, t in obliques(token) if prep in ("of", "to", "in")]
        if not verbal:
            spots += children(token, "poss", "compound")
        if token.pos_ == "ADJ" and token.dep_ in ("acomp", "oprd", "ROOT"):
            spots += children(token.head, "nsubj", "nsubjpass")
        spots += [t for word in (token, *idiom) for prep, t in obliques(word) if prep in frame.preps]
        spots += [t for word in idiom if word.pos_ == "VERB" and not self._touches(word) for t in patients(word)]
        spots += children(token, "attr") if token.pos_ == "VERB" else []  # "became an embassy"
        own = [
            t
            for t in children(token, "dobj")
            if t not in idiom and lemma(t) not in LIGHT_OBJECTS and t.i not in sentence.mentions
        ]
        if verbal and (frame.intransitive or frame.motion) and not is_passive(token) and not own:
            spots += [antecedent(t) for t in children(token, "nsubj")]
            if token.dep_ in ("conj", "xcomp", "acl", "relcl", "advcl") and not children(token, "nsubj"):
                shared = subject(token)
                spots += [shared] if shared is not None else []
        for spot in list(spots):
            if any(c.tag_ == "PRP$" for c in spot.children) and lemma(spot) in (
                "work",
                "activity",
                "operation",
                "session",
            ):
                holder = subject(token)  # "the commission resumed its work"
                spots += [holder] if holder is not None else []
        spots += [n for t in spots for prep, n in obliques(t) if verbal and prep == "of" and t.pos_ == "NOUN"]
        for spot in spots:
            refs = lines_in(sentence, spot, self.story, frame.kinds)
            if refs:
                refs = self._turned(sentence, token, spot, refs)
                for twin in spots:  # the parser may give two coordinated subjects to the verb
                    if twin.dep_ == spot.dep_ == "nsubj" and all(r.head != twin.i for r in refs):
                        refs += lines_in(sentence, twin, self.story, frame.kinds)
                return refs, spot
            if ref := self._ellipsis(sentence, spot, frame):
                return [ref], spot
        return [], None

    def _touches(self, verb: Token) -> bool:
        """Whether a verb changes lines by itself: then its objects are its own, "told them to close the embassy"."""
        return any(p.frame.change and not p.more for p in self.book.verbs.get(lemma(verb), ()))

    def _turned(self, sentence: Sentence, verb: Token, spot: Token, refs: list[LineRef]) -> list[LineRef]:
        """ "The Cuban section became an embassy": the new post is whose the old one was."""
        if spot.dep_ not in ("pobj", "attr") or refs[0].owners or refs[0].others or refs[0].kind in SHARED:
            return refs
        for old in [*patients(verb), *children(verb, "nsubj")]:
            if old != spot and (was := line_of(sentence, antecedent(old), self.story, POSTS)):
                return [replace(r, owners=was.owners, others=was.others) for r in refs]
        return refs

    def _ellipsis(self, sentence: Sentence, spot: Token, frame: Frame) -> LineRef | None:
        """ "expelled Israel's", "recalled theirs", "expelling the 20": the noun was named before."""
        kind = self._kind_before(sentence, spot, frame.kinds)
        if spot.lower_ in ("it", "them") and spot.tag_ == "PRP":
            if self.story.other_subject(sentence, spot):
                return None
            for noun in reversed(sentence.doc[: spot.i]):  # "has no hotline with Peru since Lima cut it"
                here = line_of(sentence, noun, self.story, frame.kinds) if noun.pos_ == "NOUN" else None
                if here is not None:
                    return self._anew(sentence, spot, here)
        if kind in frame.kinds and kind in self.story.posts and spot.lower_ in ("it", "them") and spot.tag_ == "PRP":
            whose, other = self.story.posts[kind]
            return LineRef(kind, spot.i, owners=(whose,), others=(other,))
        if "staff" in frame.kinds and spot.pos_ == "NUM" and spot.dep_ != "pobj" and not children(spot, "prep"):
            return line_of_number(spot)
        if kind is None or kind not in frame.kinds:
            return None
        mine = spot.lower_ in ("theirs", "its", "own", "hers", "ours", "one")
        case = any(c.tag_ == "POS" for c in spot.children)
        if lemma(spot) == "home" and any(c.lower_ == "own" for c in spot.children):
            owner = self.story.owner(sentence, spot)
            return LineRef(kind, spot.i, owners=owner.codes if owner else ())
        if spot.lower_ == "own" or mine:
            owner = self.story.owner(sentence, spot) or self.story.pronoun(sentence, spot)
            return LineRef(kind, spot.i, owners=owner.codes if owner else (), others=self._host(kind, owner))
        if case and spot.i in sentence.mentions:
            return LineRef(kind, spot.i, owners=(self.story.choose(sentence.mentions[spot.i]),))
        return None

    def _host(self, kind: LineKind, owner: Ref | None) -> tuple[str, ...]:
        """Where a third party's post of the same kind is: "Peru is back in Syria; Chile, which shut its own …"."""
        known = self.story.posts.get(kind)
        if owner is None or known is None or kind in SHARED or set(owner.codes) & set(known):
            return ()
        return known[1:]

    def _kind_before(self, sentence: Sentence, spot: Token, kinds: tuple[LineKind, ...]) -> LineKind | None:
        """The kind of line named last, in the same sentence or before it, of those that the act can touch."""
        for noun in reversed(sentence.doc[: spot.i]):
            if noun.pos_ == "NOUN" and (ref := line_of(sentence, noun, self.story, kinds)):
                return ref.kind
        return self.last_kind

    def _anew(self, sentence: Sentence, spot: Token, ref: LineRef) -> LineRef:
        """The line that a pronoun stands for; "cut ties with Peru and established them with Chile" is another pair."""
        fresh = self._with(sentence, spot.head) if ref.kind in SHARED else ()
        if fresh and not set(fresh) & set(ref.owners):
            return LineRef(ref.kind, spot.i, owners=fresh)
        return replace(ref, head=spot.i)

    def _with(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        for prep, noun in obliques(token):
            if prep in ("with", "to") and (ref := self.story.who(sentence, noun)):
                return ref.codes
        return ()

    def _event(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood) -> Act | None:
        verbal = token.pos_ in ("VERB", "AUX")
        spots = patients(token) if verbal else [t for prep, t in obliques(token) if prep in ("of", "on", "against")]
        if frame.solo and children(token, "dobj", "nsubjpass"):
            return None
        asked = _movers(token) if frame.intransitive else spots  # "the troops left", "the truce holds"
        if frame.objects and not self.roles.fits(token, asked, frame):
            return None
        named = token.dep_ != "csubj" and any(t.lower_ == "what" for t in children(token, "dobj", "nsubj"))
        if frame.type == "ACCUSE" and named:
            return None  # "complained of what it called interference": one complaint
        if frame.unless and any(lemma(s) in self.book.expand(frame.unless) for s in spots):
            return None
        if "clause" in frame.unless and children(token, "ccomp"):
            return None
        source, word = self.roles.agent(sentence, token, mood, frame)
        if frame.subjects and not self.roles.doer_fits(sentence, token, word, frame):
            return None
        if frame.swap:
            source, target = self.roles.target(sentence, token, frame, spots, None, word), source
        else:
            target = self.roles.target(sentence, token, frame, spots, source, word)
        if source is None and self.everyone:
            source = self.story.owner(sentence, word) if word is not None else None
            if source is None and (word is not None or is_passive(token) or frame.domestic):
                source = self._only(sentence, token)
            source = source or self.roles.kind_of(word)
        if source is None and (frame.together or frame.type in plover.RECIPROCAL):
            source = self._between(sentence, [token, *spots, *asked])
        if source is None and frame.kinds and target and is_passive(token):
            source = Ref(self.story.other(target.codes, sentence, token.i), None, False)  # an envoy's host
        if source is None or not source.codes or (target is None and "complement" in frame.to):
            return None
        codes, others = source.codes, target.codes if target else ()
        if frame.together:
            codes, others = tuple(sorted(set(codes + others))), ()
            if len(codes) < 2 and not source.named:
                rest = self.story.other(codes, sentence, token.i)
                codes = tuple(sorted(set(codes + rest)))
            if len(codes) < 2 and not (self.everyone and frame.type != "COOPERATE"):
                return None  # nobody cooperates alone
        elif not self.everyone or not set(others) <= set(codes):
            others = tuple(c for c in others if c not in codes)
        if not frame.together and not others:
            if len(codes) > 1 and (frame.type in plover.RECIPROCAL or _mutual(spots)):
                codes = tuple(sorted(codes))
            elif not self.everyone:
                request = self.judge.asked if frame.type in GRANTS else None
                if request and set(codes) <= set(request.target):  # "Peru has accepted": whoever asked it
                    others = request.source
                elif frame.type in BACKED:
                    others = self.story.other(codes, sentence, token.i)
                if not others:
                    return None
        if self.everyone and not frame.together and not others and len(codes) == 1:
            others = self._someone(sentence, token, frame, source, mood)
        act = Act(sentence, token, frame, mood, codes, others, frame.type, frame.mode)
        act.sector = (source.sector, target.sector if target else None)
        act.certainty = 0.8 if target is None or target.named else 0.65
        act.tokens = quote(token, spots[:1])
        settled = self.judge.settled(act, [])
        if settled and settled.type == "REJECT" and any(lemma(s) in self.book.classes["demand"] for s in spots):
            self.judge.turned_down(settled)
        return settled

    def _someone(self, sentence: Sentence, token: Token, frame: Frame, source: Ref, mood: Mood) -> tuple[str, ...]:
        """Scope "all": the next other party that the sentence names as a party, else the doer's own people."""
        away = set(mood.reporter.subtree) - set(token.subtree) if mood.reporter is not None else set()
        away |= {t for noun in sentence.doc if lemma(noun) in ("border", "frontier") for t in noun.subtree}
        skip = {t.i for t in away}
        named = [
            i
            for i in sorted(sentence.mentions.keys() - skip)
            if self.story.choose(sentence.mentions[i]) not in source.codes
            and not any(c.lower_ == "ethnic" for c in sentence.doc[i].children)
        ]
        if named:
            nearest = next((i for i in named if i > token.i), named[-1])
            return (self.story.choose(sentence.mentions[nearest]),)
        return source.codes

    def _only(self, sentence: Sentence, token: Token) -> Ref | None:
        """Scope "all": whoever acts is of the one country that the sentence names, or of that in which it happens."""
        where = [sentence.mentions[t.i] for prep, t in obliques(token) if prep == "in" and t.i in sentence.mentions]
        named = {self.story.choose(m) for m in where or sentence.mentions.values() if not m.group}
        return Ref(tuple(named), None, False) if len(named) == 1 else None

    def _between(self, sentence: Sentence, words: list[Token]) -> Ref | None:
        """ "A pact was reached between Peru and Chile": both act, and nobody is the subject."""
        for word in words:
            for prep, noun in obliques(word):
                if prep == "between" and (ref := self.story.who(sentence, noun)) and len(ref.codes) > 1:
                    return ref
        return None

    def _judged(
        self,
        sentence: Sentence,
        token: Token,
        frame: Frame,
        mood: Mood,
        agent: Ref | None,
        moves: list[Move],
        refs: list[LineRef],
    ) -> Act | None:
        source = agent.codes if agent else tuple(dict.fromkeys(c for m in moves for c in m.by))
        sides = tuple(dict.fromkeys(c for m in moves for c in (m.owner, m.counterpart)))
        target = tuple(c for c in sides if c not in source)
        act = Act(sentence, token, frame, mood, tuple(sorted(source)) if len(source) > 1 else source, target)
        act.type, act.mode = frame.type, frame.mode
        if act.type is None and any(m.cap is not None for m in moves):
            act.type, act.mode = "SANCTION", "discontinue"
        elif act.type is None:
            act.type, act.mode = plover.of_change(moves[0].change, moves[0].kind, moves[0].owner, source)
            if frame.change in ("keep", "suspend") and mood_of(token, self.book).negated and not mood.negated:
                act.type, act.mode = None, None  # what a body leaves undone is no event
        act.certainty = 0.85 if agent and agent.named else 0.7
        act.tokens = quote(token, [sentence.doc[r.head] for r in refs])
        return self.judge.settled(act, moves)

    def _operator(self, sentence: Sentence, token: Token, used: set[int]) -> Act | None:
        close = near(token) if token.pos_ in ("VERB", "AUX") else qualifiers(token)
        for frame, more in self._frames(token, token.pos_ in ("VERB", "AUX")):
            if frame.operator and frame.type and more <= close:
                if token.pos_ == "VERB" and not any(
                    c.i > token.i and c.dep_ not in ("punct", "advmod") for c in token.children
                ):
                    continue
                if token.pos_ == "NOUN" and not _speaks(token):
                    continue
                used.add(token.i)
                return self._event(sentence, token, frame, mood_of(token, self.book))
        return None


def _done_to(token: Token, mood: Mood) -> bool:
    """ "ended its cooperation": the verb may show an act of its own upon the noun."""
    return token.dep_ in ("dobj", "nsubjpass") and mood.operator is not None and mood.operator.operator == "act"


def _joined(acts: list[Act]) -> list[Act]:
    """ "agreed to resume relations and to reopen their embassies" is one agreement upon several lines."""
    out: list[Act] = []
    for act in acts:
        first = next(
            (
                a
                for a in out
                if act.mood.governor is not None
                and a.mood.governor is not None
                and a.mood.governor.i == act.mood.governor.i
                and (a.type, a.source, a.target) == (act.type, act.source, act.target)
                and act.type in plover.SPOKEN
            ),
            None,
        )
        if first is None:
            out.append(act)
        else:
            for move in act.moves:
                move.tokens = move.tokens or tuple(act.tokens)
            first.moves = [*first.moves, *act.moves]
    return out


def line_of_number(token: Token) -> LineRef | None:
    """ "expelling the 20": people counted without a noun."""

    value = number_of(token)
    return LineRef("staff", token.i, count=value, plural=True) if value else None


def _speaks(noun: Token) -> bool:
    """Whether a noun of speech says who or what: "Rome's demand", "a call for talks", "the offer to mediate"."""
    return any(
        c.dep_ == "poss"
        or (c.dep_ == "prep" and c.lower_ in ("for", "between", "by"))
        or (c.dep_ in ("acl", "relcl") and any(k.lower_ in ("to", "that") for k in c.children))
        for c in noun.children
    )


def _affirmed(mood: Mood) -> Mood:
    """The mood of an entry that holds the "not" itself: "will not yield" refuses."""
    return replace(mood, negated=False, future=False, possible=False)


def _stated(mood: Mood, frame: Frame) -> Mood:
    """The mood of a line's entry that holds the "not" itself: "will not renew the mandate" is to end the mission."""
    return replace(mood, negated=False) if frame.change == "close" else _affirmed(mood)


def _in_time(token: Token) -> bool:
    """ "At the end of the talks": a noun that only says when."""
    return token.pos_ == "NOUN" and token.dep_ == "pobj" and token.head.lower_ in ("at", "until", "till", "towards")


def _idiom(verb: Token, more: frozenset[str]) -> list[Token]:
    """The nouns and verbs that an entry names beside its verb: "end" in "put an end to", "apply" in "stop applying"."""
    hanging = children(verb, "dobj", "nsubjpass", "xcomp")
    hanging += [n for prep in children(verb, "prep", "prt") for n in children(prep, "pobj", "pcomp")]
    return [t for t in hanging if more & {t.lower_, lemma(t)}]


def _mutual(objects: list[Token]) -> bool:
    return any(t.lower_ in ("other", "another") for t in objects)


def _each_other(act: Act | None) -> list[Act]:
    """ "Each accuses the other": two acts, one each way."""
    if act is None:
        return []
    if len(act.source) == 2 and _mutual(patients(act.trigger)):
        one, two = act.source
        return [replace(act, source=(one,), target=(two,)), replace(act, source=(two,), target=(one,))]
    return [act]


def _movers(verb: Token) -> list[Token]:
    """Who leaves, arrives or begins: the verb's own subject, or the one that "began to leave" or "came and left"."""
    if is_passive(verb) or verb.dep_ in ("acl", "advcl"):
        return []
    if verb.dep_ == "xcomp" and children(verb.head, "dobj", "dative"):
        return []
    doer = subject(verb)
    return [doer] if doer is not None else []


def _depth(token: Token) -> int:
    return sum(1 for a in token.ancestors if a.dep_ != "conj" and a != token) - (token.dep_ == "conj")
