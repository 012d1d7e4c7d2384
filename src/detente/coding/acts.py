"""From words to acts: which frame fires on which word, who acts, upon whom, upon which line.

What always holds: one word shows one act at most; an act has a source, and a target unless both sides act together;
every act keeps the words that show it. Nothing here looks at dates or at other articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.discourse import Discourse, Ref
from detente.coding.grammar import (
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
    subject,
)
from detente.coding.lexicon import Codebook, Frame
from detente.coding.lines import SHARED, LineRef, line_of, lines_in
from detente.coding.mood import Mood, mood_of
from detente.model import LINE_KINDS

if TYPE_CHECKING:
    from spacy.tokens import Token

TARGET_PREPS = ("with", "to", "against", "on", "at", "from", "of", "upon", "towards", "toward", "into", "for", "in",
                "over", "between", "by", "about", "as")  # fmt: skip
_CUT = frozenset({"relcl", "advcl", "parataxis", "punct", "cc", "conj", "mark", "csubj"})


@dataclass(slots=True)
class Move:
    """A change to a line, in the making."""

    kind: str
    owner: str
    counterpart: str
    change: str
    by: tuple[str, ...]
    count: int | None = None
    cap: int | None = None
    name: str | None = None
    seat: str | None = None
    part_of: str | None = None
    head: int = 0
    status: str | None = None
    tokens: tuple[Token, ...] = ()


@dataclass(slots=True)
class Act:
    """An event and the line changes that it makes, in the making.

    ``type`` is None for what is no event but shows a line (expressly kept open).
    """

    sentence: Sentence
    trigger: Token
    frame: Frame
    mood: Mood
    source: tuple[str, ...]
    target: tuple[str, ...]
    type: str | None = None
    mode: str | None = None
    status: str = "actual"
    moves: list[Move] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    certainty: float = 0.8
    said_by: str | None = None
    date: str | None = None
    announced: str | None = None
    effective: str | None = None
    sector: tuple[str | None, str | None] = (None, None)

    @property
    def start(self) -> int:
        """Offset of the quote."""
        return min(self.sentence.starts[t.i] for t in self.tokens)

    @property
    def end(self) -> int:
        """Offset after the quote."""
        return max(self.sentence.ends[t.i] for t in self.tokens)


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
        self.last_kind: str | None = None
        self.proposed: list[Move] = []

    def acts(self, sentence: Sentence) -> list[Act]:
        """All acts that a sentence shows, the main clause's first."""
        out: list[Act] = []
        used: set[int] = set()
        for token in self._triggers(sentence):
            if token.i in used:
                continue
            out.extend(self._try(sentence, token, used))
        for token in self._triggers(sentence):
            if token.i not in used and (act := self._operator(sentence, token, used)):
                out.append(act)
        self.proposed = [m for a in out for m in a.moves if m.change == "propose"] or self.proposed
        for token in sentence.doc:
            if ref := line_of(sentence, token, self.story, LINE_KINDS) if token.pos_ in ("NOUN", "PROPN") else None:
                self.last_kind = ref.kind
        out = [a for a in out if not self._object_of_another(a, out)]
        out.sort(key=lambda a: (_depth(a.trigger), a.trigger.i))
        return out

    @staticmethod
    def _object_of_another(act: Act, acts: list[Act]) -> bool:
        """A noun that another act is about is no act beside it: "stopped cooperation", "rejected the proposal"."""
        if act.trigger.pos_ != "NOUN":
            return False
        return any(o is not act and (act.trigger.i in {m.head for m in o.moves} or act.trigger.head == o.trigger and
                                     act.trigger.dep_ in ("dobj", "nsubjpass")) for o in acts)  # fmt: skip

    def _triggers(self, sentence: Sentence) -> Iterator[Token]:
        """Words that may show an act, the deepest first, so that what governs an act is not coded beside it."""
        for token in sorted(sentence.doc, key=lambda t: (-_depth(t), t.i)):
            if token.i in sentence.mentions:
                continue
            word = lemma(token)
            if (token.pos_ in ("VERB", "AUX") and word in self.book.verbs) or (
                token.pos_ in ("NOUN", "PROPN") and word in self.book.nouns
            ) or (token.pos_ == "ADJ" and word in self.book.adjectives):
                yield token

    # -- one trigger --------------------------------------------------------------------------------------------------

    def _try(self, sentence: Sentence, token: Token, used: set[int]) -> list[Act]:
        verbal = token.pos_ in ("VERB", "AUX")
        mood: Mood | None = None
        close = near(token) if verbal else set()
        for frame, more in self._frames(token, verbal):
            if frame.operator or not more <= close:
                continue
            mood = mood or mood_of(token, self.book)
            if frame.change:
                acts = self._line_acts(sentence, token, frame, mood)
            else:
                acts = [a] if (a := self._event(sentence, token, frame, mood)) else []
            if not acts:
                continue
            used.add(token.i)
            used.update(m.head for a in acts for m in a.moves)
            used.update(t.i for t in token.subtree if lemma(t) in more or t.lower_ in more)
            if mood.governor is not None:
                used.add(mood.governor.i)
            return acts
        return []

    def _frames(self, token: Token, verbal: bool) -> Iterable[tuple[Frame, frozenset[str]]]:
        word = lemma(token)
        if verbal:
            return [(p.frame, p.more) for p in self.book.verbs.get(word, ())]
        table = self.book.nouns if token.pos_ != "ADJ" else self.book.adjectives
        return [(f, frozenset()) for f in table.get(word, ())]

    def _agent(self, sentence: Sentence, token: Token, mood: Mood) -> tuple[Ref | None, Token | None]:
        """Who does it, and the word that says so."""
        if token.pos_ in ("VERB", "AUX"):
            word = subject(token)
        else:
            word = possessor(token)
            if word is None and (owner := self.story.owner(sentence, token)) and owner.named:
                return owner, None
            if word is None:
                governor = mood.governor if mood.governor is not None else mood.reporter
                governor = governor if governor is not None else token.head
                if governor.pos_ in ("VERB", "AUX") and token.dep_ not in ("nsubj", "nsubjpass"):
                    word = subject(governor)
        return (self.story.who(sentence, word), word) if word is not None else (None, None)

    # -- lines --------------------------------------------------------------------------------------------------------

    def _line_acts(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood) -> list[Act]:
        refs, holder = self._touched(sentence, token, frame)
        if not refs:
            return []
        apart: set[int] = set()
        for noun in (n for t in token.subtree if t.lower_ == "including" for n in children(t, "pobj")):
            if all(noun.i != r.head for r in refs):
                extra = line_of(sentence, noun, self.story, LINE_KINDS)
                if extra:
                    whole = None if refs[0].kind not in ("mission", "embassy") else (refs[0].kind, refs[0].owners, refs[0].others)
                    refs.append(replace(extra, owners=extra.owners or refs[0].owners, others=extra.others or refs[0].others,
                                        part_of=whole))  # fmt: skip
                    apart.add(extra.head)
        agent, word = self._agent(sentence, token, mood)
        if word is not None and holder is not None and (word.i == holder.i or word.i in {r.head for r in refs}):
            agent = None  # "the embassy closed": the line is the subject, nobody is said to act
        if agent is not None and not agent.codes:
            agent = None
        moves = [m for ref in refs for m in self._moves(sentence, token, frame, ref, agent)]
        if not moves:
            return []
        self.last_kind = moves[-1].kind
        for move in moves:
            if move.head in apart:
                move.tokens = tuple(phrase(sentence.doc[move.head], skip=_CUT))
            self.story.posts[move.kind] = (move.owner, move.counterpart)
        for ref in refs:
            if ref.inner:
                self.story.posts[ref.inner] = (moves[0].owner, moves[0].counterpart)
        # "each expelled two of the other's diplomats" is two acts
        doers = list(dict.fromkeys(m.by for m in moves))
        if agent and len(agent.codes) == 2 and len(doers) == 2 and all(len(d) == 1 for d in doers):
            parts = [(Ref(d, agent.sector, agent.named), [m for m in moves if m.by == d]) for d in doers]
        else:
            parts = [(agent, moves)]
        acts = [self._judged(sentence, token, frame, mood, who, some, refs) for who, some in parts]
        return [a for a in acts if a is not None]

    def _touched(self, sentence: Sentence, token: Token, frame: Frame) -> tuple[list[LineRef], Token | None]:
        """The lines that the act touches, and the noun phrase in which they stand."""
        verbal = token.pos_ in ("VERB", "AUX")
        if frame.solo:
            if children(token, "dobj", "nsubjpass") or not any(c.dep_ == "prep" and c.lower_ == "with" for c in token.children):
                return [], None
            return [LineRef(frame.kinds[0], token.i, owners=self._with(sentence, token))], None
        spots = patients(token) if verbal else [t for prep, t in obliques(token) if prep in ("of", "to", "in")]
        if not verbal:
            spots += children(token, "poss", "compound")
        spots += [t for prep, t in obliques(token) if prep in frame.preps]
        if verbal and frame.intransitive and not is_passive(token) and not children(token, "dobj"):
            spots += [antecedent(t) for t in children(token, "nsubj")]
            if token.dep_ in ("conj", "xcomp", "acl", "relcl", "advcl") and not children(token, "nsubj"):
                shared = subject(token)
                spots += [shared] if shared is not None else []
        for spot in list(spots):
            if any(c.tag_ == "PRP$" for c in spot.children) and lemma(spot) in ("work", "activity", "operation", "session"):
                holder = subject(token)  # "the commission resumed its work"
                spots += [holder] if holder is not None else []
        for spot in spots:
            refs = lines_in(sentence, spot, self.story, frame.kinds)
            if refs:
                return refs, spot
            if ref := self._ellipsis(sentence, spot, frame):
                return [ref], spot
        return [], None

    def _ellipsis(self, sentence: Sentence, spot: Token, frame: Frame) -> LineRef | None:
        """ "expelled Israel's", "recalled theirs", "expelling the 20": the noun was named before."""
        kind = self.last_kind
        if "staff" in frame.kinds and spot.pos_ == "NUM" and not children(spot, "prep"):
            return line_of_number(spot)
        if kind not in frame.kinds:
            return None
        mine = spot.lower_ in ("theirs", "its", "own", "hers", "ours", "one")
        case = any(c.tag_ == "POS" for c in spot.children)
        if lemma(spot) == "home" and any(c.lower_ == "own" for c in spot.children):
            owner = self.story.owner(sentence, spot)
            return LineRef(kind or "", spot.i, owners=owner.codes if owner else ())
        if spot.lower_ == "own" or mine:
            owner = self.story.owner(sentence, spot) or self.story.pronoun(sentence, spot)
            return LineRef(kind or "", spot.i, owners=owner.codes if owner else ())
        if case and spot.i in sentence.mentions:
            return LineRef(kind or "", spot.i, owners=(self.story.choose(sentence.mentions[spot.i]),))
        return None

    def _with(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        for prep, noun in obliques(token):
            if prep in ("with", "to") and (ref := self.story.who(sentence, noun)):
                return ref.codes
        return ()

    def _moves(self, sentence: Sentence, token: Token, frame: Frame, ref: LineRef, agent: Ref | None) -> list[Move]:
        acting = agent.codes if agent else ()
        if ref.kind in SHARED:
            pairs = self._shared_pairs(sentence, ref, acting, token)
        else:
            pairs = self._post_pairs(sentence, frame, ref, acting, token)
        out = []
        for owner, counterpart in pairs:
            by = tuple(c for c in acting if c in (owner, counterpart)) or acting or tuple(sorted((owner, counterpart)))
            if len(acting) == 2 and ref.kind not in SHARED and frame.owner == "other":
                by = (counterpart,)
            if not acting and ref.kind not in SHARED:
                by = tuple(sorted((owner, counterpart))) if frame.change in ("keep",) else self._implied(frame, owner, counterpart)
            count, cap = self._figures(sentence, token, ref)
            change, kind = frame.change or "", ref.kind
            if change == "limit" and kind in ("embassy", "mission"):
                kind = "staff"  # an embassy is made smaller by its people
            if kind == "staff" and change in ("limit", "close"):
                change = "close" if ref.everyone or change == "close" and count is None else "limit"
            out.append(Move(kind, owner, counterpart, change, by, count, cap, _name(ref), ref.seat, _whole(ref, owner, counterpart),
                            ref.head))  # fmt: skip
        return out

    @staticmethod
    def _implied(frame: Frame, owner: str, counterpart: str) -> tuple[str, ...]:
        """Who did it where nobody is named: an expulsion is the host's act, a recall the owner's."""
        if frame.owner == "other":
            return (counterpart,)
        if frame.owner == "agent":
            return (owner,)
        return tuple(sorted((owner, counterpart)))

    def _shared_pairs(
        self, sentence: Sentence, ref: LineRef, acting: tuple[str, ...], token: Token
    ) -> list[tuple[str, str]]:
        named = tuple(dict.fromkeys(ref.owners + ref.others))
        sides = tuple(dict.fromkeys(named + acting))
        if len(named) >= 2 and not set(acting) & set(named):
            sides = named
        if len(sides) < 2 and self._with_outsider(sentence, token, ref):
            return []
        if not sides:
            sides = self.story.pair if ref.kind in ("talks", "relations", "council", "contacts", "hotline") else ()
        if len(sides) == 1:
            beside = self._beside(sentence, token, sides)
            sides = sides + (beside or self.story.other(sides, sentence, token.i))
        if len(sides) < 2:
            return []
        if len(sides) == 2:
            return [(min(sides), max(sides))]
        mine = [c for c in sides if c in acting] or [sides[0]]
        rest = [c for c in sides if c not in mine]
        if not rest:
            mine, rest = [sides[0]], list(sides[1:])
        return [(min(a, b), max(a, b)) for a in mine for b in rest]

    def _with_outsider(self, sentence: Sentence, token: Token, ref: LineRef) -> bool:
        """Whether "with …" names somebody who is no party: "talks with the regulator"."""
        for prep, noun in [*obliques(sentence.doc[ref.head]), *obliques(token)]:
            if prep in ("with", "between") and noun.pos_ in ("NOUN", "PROPN") and self.story.who(sentence, noun) is None:
                return True
        return False

    def _beside(self, sentence: Sentence, token: Token, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The other party that the verb itself names: "broke off relations … with Qatar"."""
        for prep, noun in obliques(token):
            if prep in ("with", "to", "between", "against", "from"):
                ref = self.story.who(sentence, noun)
                if ref and not set(ref.codes) & set(codes):
                    return ref.codes
        return ()

    def _post_pairs(
        self, sentence: Sentence, frame: Frame, ref: LineRef, acting: tuple[str, ...], token: Token
    ) -> list[tuple[str, str]]:
        owners, others = ref.owners, ref.others
        beside = self._beside_place(sentence, token)
        if not owners and ref.kind == "staff":  # "cut the number of accreditations for Peru to ten"
            who = next((r for p, n in obliques(token) if p == "for" and (r := self.story.who(sentence, n))), None)
            owners = who.codes if who else ()
        if not owners and len(acting) == 2 and frame.owner == "other":
            return [(acting[1], acting[0]), (acting[0], acting[1])]
        if not owners and not acting and not others:
            return self._known_posts(ref)
        if not owners:
            if frame.owner == "other" and acting:
                owners = tuple(c for c in others if c not in acting) or self.story.other(acting, sentence, token.i)
                others = ()
            else:
                owners = tuple(c for c in acting if c not in others) or acting
        if not owners and others:
            owners = self.story.other(others, sentence, token.i)
        others = tuple(c for c in others if c not in owners)
        if not others:
            others = tuple(c for c in acting if c not in owners)
        if not others and beside:
            others = tuple(c for c in beside if c not in owners)
        if not others and owners:
            others = self.story.other(owners, sentence, token.i)
        if len(owners) == 2 and not ref.others and set(acting) >= set(owners):
            return [(owners[0], owners[1]), (owners[1], owners[0])]
        return [(a, b) for a in owners for b in others if a != b]

    def _known_posts(self, ref: LineRef) -> list[tuple[str, str]]:
        """ "The embassy stays open": the one spoken of before, or that of the envoy spoken of; "both": each other's."""
        known = self.story.posts.get(ref.kind) or self.story.posts.get("envoy") or self.story.posts.get("embassy") or (
            self.story.posts.get("staff"))  # fmt: skip
        if ref.plural and (pair := known or self.story.pair) and len(pair) == 2:
            return [(pair[0], pair[1]), (pair[1], pair[0])]
        return [known] if known else []

    def _beside_place(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        for prep, noun in obliques(token):
            if prep in ("from", "of", "in", "to") and (ref := self.story.who(sentence, noun)) and ref.named:
                return ref.codes
        return ()

    def _figures(self, sentence: Sentence, token: Token, ref: LineRef) -> tuple[int | None, int | None]:
        """(count, cap): "by ten" counts, "to ten", "at ten" and "no more than ten" cap."""
        from detente.coding.numbers import number_of

        count, cap = ref.count, None
        if ref.kind != "staff" or token.pos_ not in ("VERB", "AUX", "NOUN"):
            return (count if ref.kind == "staff" else None), None
        for prep, noun in obliques(token) + obliques(sentence.doc[ref.head]) + [
            o for t in sentence.doc[ref.head].children for o in obliques(t)
        ]:
            if prep not in ("to", "at", "by"):
                continue
            value = number_of(noun) if noun.pos_ == "NUM" else next(
                (number_of(c) for c in noun.children if c.dep_ == "nummod"), None)  # fmt: skip
            if value is None or noun.ent_type_ == "DATE":
                continue
            if prep in ("to", "at") and lemma(noun) not in ("hour", "day", "week"):
                cap = value
            elif prep == "by" and lemma(noun) not in ("hour", "day", "week"):
                count = value
        close = near(token) if token.pos_ != "NOUN" else set()
        if cap is None and count is not None and (lemma(token) in ("cap", "limit", "do", "make") or (
            "than" in close and close & {"more"}) or "most" in close):  # fmt: skip
            count, cap = None, count
        if lemma(token) == "make" and "do" in close:
            cap = next((number_of(c) for prep, n in obliques(token) + [o for k in token.children for o in obliques(k)]
                        if prep == "with" for c in [n, *n.children] if c.pos_ == "NUM"), cap)  # fmt: skip
        return count, cap

    # -- events -------------------------------------------------------------------------------------------------------

    def _event(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood) -> Act | None:
        verbal = token.pos_ in ("VERB", "AUX")
        spots = patients(token) if verbal else [t for prep, t in obliques(token) if prep in ("of", "on", "against")]
        if frame.objects and not self._fits(token, spots, frame):
            return None
        if frame.unless and any(lemma(s) in self.book.expand(frame.unless) for s in spots):
            return None
        source, word = self._agent(sentence, token, mood)
        if frame.swap:
            source, target = self._target(sentence, token, frame, spots, None, word), source
        else:
            target = self._target(sentence, token, frame, spots, source, word)
        if source is None:
            return None
        codes, others = source.codes, target.codes if target else ()
        if frame.together:
            codes, others = tuple(sorted(set(codes + others))), ()
            if len(codes) < 2:
                rest = self.story.other(codes, sentence, token.i)
                codes = tuple(sorted(set(codes + rest)))
        elif not self.everyone or not set(others) <= set(codes):
            others = tuple(c for c in others if c not in codes)
        if not frame.together and not others:
            if len(codes) > 1 and frame.type in plover.RECIPROCAL:
                codes = tuple(sorted(codes))
            elif frame.type in plover.SPOKEN and not self.everyone:
                others = self.story.other(codes, sentence, token.i)
        act = Act(sentence, token, frame, mood, codes, others, frame.type, frame.mode)
        act.sector = (source.sector, target.sector if target else None)
        act.certainty = 0.8 if target is None or target.named else 0.65
        act.tokens = _quote(token, spots[:1])
        act = self._settled(act, [])
        if act and act.type == "REJECT" and any(lemma(s) in self.book.classes["demand"] for s in spots):
            self._turned_down(act)
        return act

    def _fits(self, token: Token, spots: list[Token], frame: Frame) -> bool:
        wanted = self.book.expand(frame.objects)
        heads = [*spots, *(t for prep, t in obliques(token) if prep in frame.preps)]
        for spot in heads:
            inner = [t for prep, t in obliques(spot) if prep == "of"]
            for noun in (spot, *inner, *(c for c in spot.children if c.dep_ in ("conj", "compound"))):
                if lemma(noun) in wanted or noun.lower_ in wanted:
                    return True
        return False

    def _target(
        self, sentence: Sentence, token: Token, frame: Frame, spots: list[Token], source: Ref | None, word: Token | None
    ) -> Ref | None:
        """The other party, looked for in the frame's order of places."""
        mine = set(source.codes) if source else set()
        found: Ref | None = None
        by_prep: dict[str, list[Token]] = {}
        for prep, noun in obliques(token):
            by_prep.setdefault(prep, []).append(noun)
        for spot in spots:  # "the attack on", "support for": phrases that hang on the object
            for prep, noun in obliques(spot):
                by_prep.setdefault(prep, []).append(noun)
        for place in frame.to or ("object", *TARGET_PREPS, "clause"):
            nouns = spots if place == "object" else by_prep.get(place, [])
            if place == "clause":
                nouns = _clause_nouns(token)
            for noun in nouns:
                if word is not None and noun.i == word.i:
                    continue
                ref = self.story.who(sentence, noun) or (self.story.owner(sentence, noun) if place != "clause" else None)
                if ref and (self.everyone or not set(ref.codes) <= mine):
                    if not set(ref.codes) <= mine:
                        return ref
                    found = found or ref
        return found

    # -- judgement ----------------------------------------------------------------------------------------------------

    def _judged(
        self, sentence: Sentence, token: Token, frame: Frame, mood: Mood, agent: Ref | None, moves: list[Move],
        refs: list[LineRef],
    ) -> Act | None:  # fmt: skip
        source = agent.codes if agent else tuple(dict.fromkeys(c for m in moves for c in m.by))
        sides = tuple(dict.fromkeys(c for m in moves for c in (m.owner, m.counterpart)))
        target = tuple(c for c in sides if c not in source)
        act = Act(sentence, token, frame, mood, tuple(sorted(source)) if len(source) > 1 else source, target)
        act.type, act.mode = frame.type, frame.mode
        if act.type is None and any(m.cap is not None for m in moves):
            act.type, act.mode = "SANCTION", "discontinue"
        elif act.type is None:
            act.type, act.mode = plover.of_change(moves[0].change, moves[0].kind, moves[0].owner, source)
        act.certainty = 0.85 if agent and agent.named else 0.7
        act.tokens = _quote(token, [sentence.doc[r.head] for r in refs])
        return self._settled(act, moves)

    def _settled(self, act: Act, moves: list[Move]) -> Act | None:
        """Apply the mood: what is refused, threatened, promised, denied or only possible is not done."""
        mood = act.mood
        act.moves = moves
        if mood.reporter is not None:
            who = self.story.who(act.sentence, subject(mood.reporter))
            act.said_by = who.codes[0] if who else None
        if mood.denied:
            act.status = "denied"
            return act
        operator = mood.operator.operator if mood.operator else None
        if operator == "try" and act.moves and act.frame.change in ("open", "restore", "raise") and act.source:
            act.type, act.mode, act.moves = "REQUEST", "meet", _moves_under("propose", act.moves, act.source)
            return act
        if operator in ("accuse", "try", "fail"):
            return None
        if mood.negated:
            return self._negated(act)
        if operator in plover.SPEECH_ACTS:
            return self._governed(act, operator or "")
        if mood.habitual or mood.future and mood.reporter is None and act.type in ("ACCUSE", "REQUEST", "REJECT"):
            return None  # what somebody is going to say is the writer's forecast
        if mood.condition or mood.ought or (mood.possible and act.frame.change != "keep"):
            return None
        if mood.future or operator in ("plan", "promise"):
            act.status = "planned"
            if act.frame.change is None or act.type == "SUPPORT":
                act.type, act.mode = plover.planned(act.type, act.mode)
        return act

    def _negated(self, act: Act) -> Act | None:
        """ "did not close the embassy" keeps it; "would not attend" rejects; other negations say nothing."""
        if act.moves and act.frame.change in ("close", "suspend", "limit"):
            act.type, act.mode = None, None
            for move in act.moves:
                move.change, move.count, move.cap = "keep", None, None
            return act
        if act.moves or act.type not in plover.COOPERATIVE:
            return None
        if act.type == "AGREE" and act.target:
            act.type, act.mode = "REJECT", None
            self._turned_down(act)
            return act
        if act.mood.future or act.mood.possible or (act.mood.operator and act.mood.operator.operator == "agree"):
            act.type, act.mode = "REJECT", None
            return act
        return None

    def _turned_down(self, act: Act) -> None:
        """A proposal that is refused refuses the lines that it proposed."""
        for move in self.proposed:
            if set(move.by) & set(act.target) and not act.moves:
                act.moves = [replace(m, change="refuse", by=act.source) for m in self.proposed if m.by == move.by]
                act.mode = "meet"

    def _governed(self, act: Act, operator: str) -> Act | None:
        """An act that is agreed to, threatened, refused, demanded or proposed is that speech act instead."""
        mood, governor, frame = act.mood, act.mood.governor, act.mood.operator
        assert governor is not None and frame is not None
        holder = self._agent(act.sentence, governor, mood)[0]
        if holder is None or mood.condition:
            return None
        addressed = self._target(act.sentence, governor, frame, patients(governor), holder, None)
        involved = tuple(dict.fromkeys(act.source + act.target))
        rest = tuple(c for c in involved if c not in holder.codes)
        act.source, act.said_by = holder.codes, act.said_by
        act.target = tuple(c for c in addressed.codes if c not in holder.codes) if addressed else ()
        act.target = act.target or rest or (self.story.other(holder.codes) if not self.everyone else ())
        conflict = act.type not in plover.COOPERATIVE
        base = act.type
        act.type, act.mode = frame.type, plover.mode_under(operator, base, act.mode, frame.mode)
        act.status = "planned" if operator in ("threaten", "promise", "agree") else "actual"
        act.tokens = _quote(governor, [act.trigger, *act.tokens])
        for move in act.moves:
            move.status = "planned" if operator in ("agree", "promise", "threaten") else None
        if operator == "agree":
            if len(act.source) > 1 or conflict:
                act.status = "actual"
                if len(act.source) > 1:
                    act.source, act.target = tuple(sorted(act.source)), ()
        if operator == "promise" and conflict:
            act.type, act.mode = ("THREATEN", None) if not act.moves else (base, act.mode)
            act.status = "planned"
        act.moves = _moves_under(operator, act.moves, holder.codes)
        return act

    # -- speech acts without an act of their own in the complement ------------------------------------------------------

    def _operator(self, sentence: Sentence, token: Token, used: set[int]) -> Act | None:
        close = near(token) if token.pos_ in ("VERB", "AUX") else set()
        for frame, more in self._frames(token, token.pos_ in ("VERB", "AUX")):
            if frame.operator and frame.type and more <= close:
                if token.pos_ == "VERB" and not any(c.i > token.i and c.dep_ not in ("punct", "advmod") for c in token.children):
                    continue
                if token.pos_ == "NOUN" and not any(c.dep_ in ("poss", "acl", "prep", "amod") for c in token.children):
                    continue
                used.add(token.i)
                return self._event(sentence, token, frame, mood_of(token, self.book))
        return None


def _name(ref: LineRef) -> str | None:
    """A name is kept where it tells a line from its like: a military representative, a liaison mission, a dialogue."""
    return ref.name if ref.kind in ("envoy", "council", "contacts", "hotline", "talks", "office", "liaison", "verification") else None


def _whole(ref: LineRef, owner: str, counterpart: str) -> str | None:
    """The line that this one is part of, as `kind OWNER-COUNTERPART`."""
    return f"{ref.part_of[0]} {owner}-{counterpart}" if ref.part_of else None


def _moves_under(operator: str, moves: list[Move], holder: tuple[str, ...]) -> list[Move]:
    """What a speech act leaves of the changes that it speaks of."""
    out = []
    for move in moves:
        if operator in ("refuse", "demand", "propose"):
            wanted = "refuse" if operator == "refuse" else "propose"
            if move.change in ("open", "restore", "raise"):
                move.change, move.by = wanted, holder
                out.append(move)
            elif move.change in ("propose", "refuse"):
                out.append(move)
        else:
            out.append(move)
    return out


def line_of_number(token: Token) -> LineRef | None:
    """ "expelling the 20": people counted without a noun."""
    from detente.coding.numbers import number_of

    value = number_of(token)
    return LineRef("staff", token.i, count=value, plural=True) if value else None


def _clause_nouns(token: Token) -> list[Token]:
    """Nouns of the clause that a verb governs: its subject first, then its objects, then possessors."""
    out: list[Token] = []
    for child in token.children:
        if child.dep_ in ("ccomp", "xcomp", "advcl", "prep", "acl", "pcomp"):
            inner = children(child, "pcomp") if child.dep_ == "prep" else [child]
            for clause in inner:
                out += [antecedent(t) for t in children(clause, "nsubj", "nsubjpass")] + patients(clause)
                out += [t for _, t in obliques(clause)]
                out += _clause_nouns(clause)
    return out


def _depth(token: Token) -> int:
    return sum(1 for a in token.ancestors if a.dep_ != "conj" and a != token) - (token.dep_ == "conj")


def _quote(trigger: Token, nouns: list[Token]) -> list[Token]:
    """The tokens of the shortest stretch that shows the act: the trigger, its particles and the noun phrases."""
    tokens = [trigger, *children(trigger, "prt", "acomp", "oprd", "auxpass")]
    for noun in nouns:
        tokens += phrase(noun, skip=_CUT) if noun != trigger else []
    if len(tokens) == 1:
        tokens += [t for c in children(trigger, "nsubj", "nsubjpass", "dobj", "prep") for t in phrase(c, skip=_CUT)]
    return tokens


__all__ = ["Act", "Coder", "Move", "line_of"]
