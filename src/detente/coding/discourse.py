"""Who is meant: names, nouns that act for a party, pronouns and "the other side".

What always holds: a party is returned only where the text names it, or where what the article has said so far leaves
it; the rules look at forms, places and grammar, never at which party it is, so that swapping two parties swaps the
answers. Sentences are processed in order; what is remembered is only what has been read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.gazetteer import Gazetteer, Mention
from detente.coding.grammar import Sentence, antecedent, children, conjuncts, lemma, obliques, subject
from detente.coding.lexicon import Codebook
from detente.model import LineKind

if TYPE_CHECKING:
    from spacy.tokens import Token

PAIR_NOUNS = frozenset(
    (
        "side country neighbour neighbor capital party government nation power state ally rival foe army "
        "leader adversary kingdom republic monarchy two pair duo antagonist signatory partner delegation military "
        "enemy opponent"
    ).split()
)
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
JOINT = frozenset({"agree", "meet", "talk", "negotiate"})
"""What "they" mostly do together: "they agreed to …"."""
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


class Discourse:
    """What has been said so far about whom.

    Args:
        gazetteer: the party table as a matcher.
        book: the codebook, for actor nouns.
        everyone: true to take domestic actors (scope "all") for parties, too.
    """

    def __init__(self, gazetteer: Gazetteer, book: Codebook, *, everyone: bool = False) -> None:
        self.table = gazetteer.table
        self.book = book
        self.everyone = everyone
        self.counts: Counter[str] = Counter()
        self.recent: list[str] = []
        self.last_subject: Ref | None = None
        self.previous_subject: Ref | None = None
        self.last_group: tuple[str, ...] = ()
        self.together: Counter[tuple[str, str]] = Counter()
        self.first_person: str | None = None
        self.last_many: tuple[str, ...] = ()
        self.kinds_seen: set[str] = set()
        self._asked: set[tuple[int, int]] = set()
        self.posts: dict[str, tuple[str, str]] = {}
        self.bearers: dict[str, tuple[str, ...]] = {}
        self.actors = PAIR_NOUNS | OPAQUE | book.sectors.keys() | book.line_nouns.keys() | self.table.nouns.keys()

    # -- what the article is about ------------------------------------------------------------------------------------

    def survey(self, sentences: Iterable[Sentence]) -> None:
        """Count the parties of the whole article once, before coding: they settle spellings with several readings."""
        sentences = list(sentences)
        for sentence in sentences:
            for mention in sentence.mentions.values():
                if mention.form == "city":
                    continue
                if len(mention.codes) == 1:
                    self.counts[self.choose(mention)] += 1
                elif mention.group:
                    self.counts.update(mention.codes)
        for sentence in sentences:
            for mention in sentence.mentions.values():
                if len(mention.codes) > 1 and not mention.group and mention.form != "city":
                    self.counts[self.choose(mention)] += 1
        paragraphs: dict[int, set[str]] = {}
        for sentence in sentences:
            here = {c for m in sentence.mentions.values() for c in (m.codes if m.group else (self.choose(m),))}
            nouns = [t for t in sentence.doc if t.lower_ in self.table.nouns or t.lower_ in ROYAL]
            here |= {c for t in nouns if (c := self._common_noun(sentence, t, t.lower_))}
            self.together.update((a, b) for a in here for b in here if a != b)
            paragraphs.setdefault(sentence.span.paragraph, set()).update(here)
            self.kinds_seen |= set(self._kinds(sentence))
        self._interview(sentences)
        for told in paragraphs.values():
            self.together.update((a, b) for a in told for b in told if a != b)

    def choose(self, mention: Mention) -> str:
        """The party that a spelling stands for in this article: one named otherwise, too, else the likeliest."""
        known = [c for c in mention.codes if self.counts[c]]
        if mention.form in ("capital", "metonym") and known:
            return max(known, key=lambda c: self.counts[c])
        code = known[0] if known else mention.codes[0]
        party = self.table.parties.get(code)
        # Scope "all" codes armed movements as rebels of the country in which they mainly act, as PLOVER does.
        return party.host if self.everyone and party and party.kind == "movement" and party.host else code

    def _interview(self, sentences: list[Sentence]) -> None:
        """Who "we" is in an interview: the official introduced at its beginning."""
        asked = sum(1 for s in sentences if s.text.rstrip().endswith("?"))
        if asked < 2 or sum("we" in {t.lower_ for t in s.doc} for s in sentences) < 2:
            return
        for sentence in sentences[:3]:
            for token in sentence.doc:
                if self.book.sectors.get(lemma(token)) == "GOV" and (owner := self.owner(sentence, token)):
                    self.first_person = owner.codes[0]
                    return

    def _kinds(self, sentence: Sentence) -> list[LineKind]:
        """Kinds of line named in full, in text order."""
        out = []
        for token in sentence.doc:
            if token.pos_ not in ("NOUN", "PROPN") or lemma(token) not in self.book.line_nouns:
                continue
            words = {w for c in token.lefts for w in (c.lower_, lemma(c))}
            for needed, kind, condition in self.book.line_nouns.get(lemma(token), ()):
                if condition == "" and needed <= words:
                    out.append(kind)
                    break
        return out

    def is_organisation(self, code: str) -> bool:
        """Whether a code is an organisation's or a movement's."""
        party = self.table.parties.get(code)
        return party is not None and party.kind in ("organisation", "movement")

    @property
    def pair(self) -> tuple[str, ...]:
        """The two parties that the article names most."""
        return tuple(code for code, _ in self.counts.most_common(2))

    def other(self, codes: tuple[str, ...], sentence: Sentence | None = None, at: int = -1) -> tuple[str, ...]:
        """The party opposite, where the phrase does not name it.

        Of the parties that the article tells of together with the given ones, the one told of most often; those of
        the same sentence and the one read last come before the rest.
        """
        here = {self.choose(m) for m in sentence.mentions.values()} if sentence is not None else set()
        scores: Counter[str] = Counter()
        for code in self.counts:
            if code not in codes:
                scores[code] = (
                    2 * sum(self.together[code, mine] for mine in codes)
                    + (5 if code in here else 0)
                    + (3 if code in self.recent[-2:] else 0)
                    + min(self.counts[code], 5)
                )
        return (max(scores, key=lambda c: scores[c]),) if scores else ()

    def note(self, sentence: Sentence) -> None:
        """Remember a sentence after it was coded: its parties, and who was its subject."""
        for i in sorted(sentence.mentions):
            code = self.choose(sentence.mentions[i])
            if code in self.recent:
                self.recent.remove(code)
            self.recent.append(code)
        for i in sentence.mentions:
            token = sentence.doc[i]
            if (
                token.dep_ != "conj"
                and (listed := [t for t in conjuncts(token) if t.i in sentence.mentions])
                and len(listed) > 1
            ):
                self.last_group = tuple(dict.fromkeys(self.choose(sentence.mentions[t.i]) for t in listed))
                if len(self.last_group) > 2:
                    self.last_many = self.last_group
        for token in sentence.doc:
            if token.dep_ == "ROOT":
                surface = next(iter(children(token, "nsubj", "nsubjpass")), None)
                ref = self.who(sentence, surface) or self._holder(sentence, surface) if surface is not None else None
                if ref:
                    self.previous_subject, self.last_subject = self.last_subject, ref
                    if len(ref.codes) > 1:
                        self.last_group = ref.codes
                break
        for token in sentence.doc:  # "Peru's ambassador …": from here on, "the ambassador" is Peru's
            if token.pos_ == "NOUN" and (sector := self.book.sectors.get(lemma(token))) and lemma(token) not in VAGUE:
                owner = self.owner(sentence, token)
                if owner and owner.named and len(owner.codes) == 1:
                    self.bearers[lemma(token)] = owner.codes
                    if lemma(token) in RULERS:
                        self.bearers.setdefault(sector, owner.codes)

    def _holder(self, sentence: Sentence, noun: Token) -> Ref | None:
        """ "Peru's patience ran out": whose the subject is, where it is nobody itself."""
        possessor = next((c for c in children(noun, "poss") if c.tag_ != "PRP$"), None)
        return self.who(sentence, possessor) if possessor is not None else None

    # -- noun phrases -------------------------------------------------------------------------------------------------

    def who(self, sentence: Sentence, token: Token | None, depth: int = 0) -> Ref | None:
        """The party or parties that a noun stands for, its coordinates included.

        Args:
            sentence: where it stands.
            token: head of the noun phrase.

        Returns:
            A reference, or None where no party can be told.
        """
        if token is None or depth > 5:
            return None
        out: Ref | None = None
        head = antecedent(token)
        for part in [*conjuncts(head), *self._listed(sentence, head)]:
            ref = self._one(sentence, part, depth)
            if ref:
                out = ref if out is None else out | ref
        return out

    @staticmethod
    def _listed(sentence: Sentence, head: Token) -> list[Token]:
        """Headlines list with commas alone: "Oslo, Rome enlarge …"."""
        if head.i not in sentence.mentions:
            return []
        out = [c for c in children(head, "appos") if c.i in sentence.mentions and not children(c, "neg")]
        if head.i == 2 and head.doc[1].text == "," and 0 in sentence.mentions and head.dep_ == "nsubj":
            out.append(head.doc[0])
        return [t for t in out if not any(n.lower_ == "not" for n in head.doc[head.i : t.i])]

    def _one(self, sentence: Sentence, token: Token, depth: int) -> Ref | None:
        mention = sentence.mentions.get(token.i)
        if mention:
            return self._mentioned(sentence, token, mention)
        word = lemma(token)
        named = next((c for c in children(token, "appos", "nmod", "compound") if c.i in sentence.mentions), None)
        if named is not None and named.i > token.i:  # "the regional bloc ECOWAS"
            return self._mentioned(sentence, named, sentence.mentions[named.i])
        if word in ("former", "latter") and token.pos_ != "VERB" and len(self.last_group) == 2:
            return Ref((self.last_group[word == "latter"],), None, False)
        if token.pos_ in ("PRON", "DET") or token.tag_ in ("PRP", "PRP$", "WP$"):
            return self.pronoun(sentence, token)
        if token.pos_ not in ("NOUN", "PROPN", "NUM", "ADJ"):
            return None
        owner = self.owner(sentence, token, depth)
        sector = self.book.sectors.get(word) or self._title(token)
        if sector is None and self.everyone:  # "a guerrilla stronghold"
            beside = (self.book.sectors.get(lemma(c)) for c in children(token, "compound", "amod"))
            sector = next((s for s in beside if s in ("REB", "OPP")), None)
        if word in OTHER_NOUNS and (counterpart := self._opposite(sentence, token, owner)):
            return counterpart
        if word in OPAQUE or token.pos_ == "NUM":
            inner = next((p for prep, p in obliques(token) if prep == "of"), None)
            if inner is not None and (ref := self.who(sentence, inner, depth + 1)):
                return ref
        if sector and owner:
            return Ref(owner.codes, sector, owner.named)
        if word in ROYAL and not owner and (royal := self._common_noun(sentence, token, word)):
            return Ref((royal,), "GOV", False)
        if group := self._group(token, word):
            return Ref(group, "GOV", False)
        if meant := self._common_noun(sentence, token, word):
            return Ref((meant,), None, False)
        if sector and (sector in ("GOV", "MIL", "LEG") or self.everyone):
            return self._definite(sentence, token, sector)
        return None

    def _title(self, token: Token) -> str | None:
        """The sector that a title before a name gives: "Peru's President Ana Ruiz", "Chilean Foreign Minister Soto"."""
        if token.pos_ != "PROPN":
            return None
        return next(
            (s for c in token.children if c.dep_ in ("compound", "nmod") and (s := self.book.sectors.get(lemma(c)))),
            None,
        )

    def _mentioned(self, sentence: Sentence, token: Token, mention: Mention) -> Ref | None:
        if mention.group:
            return Ref(mention.codes)
        code = self.choose(mention)
        if code not in mention.codes:
            return Ref((code,), "REB")
        if any(c.lower_ == "ethnic" for c in token.children):
            return None  # "ethnic Albanians" are not Albania's
        if mention.form == "city" and not (token.dep_ == "pobj" and token.head.lower_ in PLACE_PREPS):
            return None  # a city other than the capital is a place, never an actor
        if (
            mention.form in ("demonym", "plural", "adjective")
            and "plural" not in mention.forms
            and mention.form != "plural"
        ):
            return Ref((code,), "CVL")
        if mention.form == "plural" and any(c.dep_ == "nummod" for c in token.children):
            return Ref((code,), "CVL")
        return Ref((code,))

    def owner(
        self, sentence: Sentence, noun: Token, depth: int = 0, *, whole: bool = True, venue: bool = True
    ) -> Ref | None:
        """Whose: the party that a noun's possessor, adjective or prepositional phrase names.

        Args:
            sentence: where it stands.
            noun: the head.
            whole: whether what stands behind "of" counts.
            venue: whether a capital behind "in" or "at" counts ("the talks in Lima" are not Peru's).
        """
        out: Ref | None = None
        for child in noun.children:
            if child.i in sentence.mentions and child.dep_ in (
                "amod",
                "compound",
                "nmod",
                "appos",
                "poss",
                "nummod",
                "dep",
            ):
                ref = self._mentioned(sentence, child, sentence.mentions[child.i])
                more = [c for c in child.children if c.dep_ == "conj" and c.i in sentence.mentions]
                for extra in more:
                    code = self.choose(sentence.mentions[extra.i])
                    ref = (ref or Ref(())) | Ref((code,))
                if ref:
                    out = Ref(ref.codes) if out is None else out | Ref(ref.codes)
            elif child.dep_ == "poss" and depth < 4:
                ref = (
                    self.pronoun(sentence, child)
                    if child.tag_ in ("PRP$", "WP$")
                    else self.who(sentence, child, depth + 1)
                )
                if ref:
                    return Ref(ref.codes, None, ref.named)
            elif child.dep_ in ("compound", "amod", "nmod") and depth < 3:
                # "the Russian foreign ministry spokesman": the adjective may hang on an inner noun
                inner = self.owner(sentence, child, depth + 1)
                if inner:
                    out = inner if out is None else out | inner
        if out:
            return out
        for prep, inner_noun in obliques(noun):
            if prep in PLACE_PREPS and (prep != "to" or lemma(noun) in ("ambassador", "envoy", "mission")):
                if prep == "to" or (prep == "of" and not whole):
                    continue
                if prep in ("in", "at") and not venue:
                    continue
                if inner_noun.i in sentence.mentions:
                    if sentence.mentions[inner_noun.i].form == "city" and prep != "of":
                        continue  # "detectives in Glasgow" are not the British state
                    return self.who(sentence, inner_noun, depth + 1)
                if (
                    (prep == "of" or (prep == "in" and self.everyone))
                    and depth < 3
                    and (ref := self.who(sentence, inner_noun, depth + 1))
                ):
                    return ref
        for clause in children(noun, "relcl"):  # "the officers who seized power in Peru", "the men who rule Peru"
            if lemma(clause) in SEIZE:
                for place in (*children(clause, "dobj"), *(t for prep, t in obliques(clause) if prep in PLACE_PREPS)):
                    if place.i in sentence.mentions:
                        return self._mentioned(sentence, place, sentence.mentions[place.i])
        # "Aliyev, the president" / "President Aliyev"
        for child in children(noun, "appos"):
            if child.i in sentence.mentions:
                return self._mentioned(sentence, child, sentence.mentions[child.i])
        return None

    # -- what the story so far leaves ---------------------------------------------------------------------------------

    def pronoun(self, sentence: Sentence, token: Token) -> Ref | None:
        """Who a pronoun stands for; one that leads back to itself stands for nobody."""
        key = (sentence.index, token.i)
        if key in self._asked:
            return None
        self._asked.add(key)
        try:
            return self._stands_for(sentence, token)
        finally:
            self._asked.remove(key)

    def _stands_for(self, sentence: Sentence, token: Token) -> Ref | None:
        """Who "it", "its", "they", "both" or "each" stands for."""
        word = token.lower_
        if word in ("it", "its", "itself", "he", "she", "his", "her", "him", "one", "which", "who", "that", "whose"):
            relative = antecedent(token)
            if relative != token:
                return self._one(sentence, relative, 1)
            if word in ("who", "which", "that", "one", "whose"):
                return None
            return self._singular(sentence, token)
        if word in ("they", "their", "them", "themselves", "theirs"):
            local = self._clause_subject(sentence, token)
            if local:
                return Ref(local.codes, None, False)
            if self.other_subject(sentence, token):
                return None
            if token.dep_ == "nsubj" and lemma(token.head) in JOINT and len(both := self._both()) == 2:
                return Ref(both, None, False)
            return Ref(self.last_subject.codes, None, False) if self.last_subject else None
        if word in ("we", "our", "us", "ours", "here"):
            return Ref((self.first_person,), "GOV", False) if self.first_person else None
        if word in ("both", "each", "either", "neither"):
            return Ref(self._both(), None, False) if len(self._both()) == 2 else None
        return None

    def _singular(self, sentence: Sentence, token: Token) -> Ref | None:
        local = self._clause_subject(sentence, token)
        if local and len(local.codes) == 1:
            return Ref(local.codes, None, False)
        if token.lower_ in ("it", "its") and self.other_subject(sentence, token):
            return None
        if whose := self._subjects_owner(sentence, token):
            return whose
        if self.last_subject and len(self.last_subject.codes) == 1:
            return Ref(self.last_subject.codes, None, False)
        before = [i for i in sentence.mentions if i < token.i]
        if before:
            return Ref((self.choose(sentence.mentions[before[-1]]),), None, False)
        return Ref((self.recent[-1],), None, False) if self.recent else None

    def _subjects_owner(self, sentence: Sentence, token: Token) -> Ref | None:
        """ "Peru's flag was raised over the embassy that it had shut": the possessor of what the sentence is about."""
        for noun in sentence.doc[: token.i]:
            if noun.dep_ in ("nsubj", "nsubjpass") and noun.head.dep_ == "ROOT" and noun.pos_ == "NOUN":
                holder = next((c for c in children(noun, "poss") if c.i in sentence.mentions), None)
                return self._mentioned(sentence, holder, sentence.mentions[holder.i]) if holder is not None else None
        return None

    def other_subject(self, sentence: Sentence, token: Token) -> bool:
        """Whether "it" more likely means something named before it that is no party: "The group … after it warned"."""
        many = token.lower_ in ("they", "their", "them", "theirs")
        for noun in sentence.doc[: token.i]:
            if noun.dep_ in ("nsubj", "nsubjpass") and noun.pos_ in ("NOUN", "PROPN") and (noun.tag_ == "NNS") == many:
                word = lemma(noun)
                named = {noun.i, *(t.i for t in noun.subtree)} & sentence.mentions.keys()
                return not named and word not in self.actors and not word.endswith(ABSTRACT)
        return False

    def _clause_subject(self, sentence: Sentence, token: Token) -> Ref | None:
        """The nearest party to the left, in the same sentence, that is a subject and does not hold the pronoun."""
        above = set(token.ancestors)
        best: Ref | None = None
        if token.tag_ == "PRP$" and (verb := next((a for a in token.ancestors if a.pos_ == "VERB"), None)) is not None:
            # "ordered Peru to close its embassy": whoever is told to act is meant
            told = children(verb.head, "dobj") if verb.dep_ == "xcomp" and verb.tag_ == "VB" else []
            if told and (ref := self._one(sentence, told[0], 3)):
                return ref
        for candidate in sentence.doc[: token.i]:
            if candidate.dep_ in ("nsubj", "nsubjpass", "agent", "pobj") and candidate not in above:
                if candidate.dep_ == "pobj" and candidate.head.lower_ != "by":
                    continue
                if candidate.tag_ in ("PRP", "WDT", "WP"):
                    if candidate.tag_ == "PRP" and candidate.i != token.i and token.tag_ == "PRP$":
                        best = self.pronoun(sentence, candidate) or best
                    continue
                ref = self._one(sentence, candidate, 3)
                if ref:
                    best = self.who(sentence, candidate, 3)
        if best is None and token.tag_ == "PRP$":
            verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
            controller = subject(verb) if verb is not None else None
            if controller is not None and controller not in above and controller.i != token.i:
                best = self._one(sentence, controller, 3)
        return best

    def _both(self) -> tuple[str, ...]:
        if len(self.last_group) == 2:
            return self.last_group
        recent = list(self.recent[-4:])
        pairs = [(a, b) for a in recent for b in recent if a < b]
        best = max(pairs, key=lambda p: self.together[p] * 2 + sum(recent.index(c) for c in p), default=None)
        return best if best and self.together[best] else self.pair

    def _group(self, token: Token, word: str) -> tuple[str, ...]:
        """ "the two countries", "both sides", "the neighbours", "the pair"."""
        marks = {c.lower_ for c in token.children if c.dep_ in ("det", "nummod", "amod", "predet", "preconj")}
        plural = token.tag_ in ("NNS", "NNPS") or word in ("pair", "duo", "two") or bool(marks & {"each", "either"})
        if token.lower_ in ("three", "four", "five") and token.pos_ == "NUM":
            return self.last_many
        if not plural or word not in PAIR_NOUNS:
            return ()
        if marks & {"three", "four", "five", "other", "all", "several", "many", "some", "neighbouring"}:
            return self.last_many if marks & {"four", "three", "five"} else ()
        if marks & {"each", "either"}:
            marks |= {"both"}
        if marks & {"the", "both", "two", "their"} or word in ("pair", "duo"):
            both = self._both()
            return both if len(both) == 2 else ()
        return ()

    def _opposite(self, sentence: Sentence, token: Token, owner: Ref | None) -> Ref | None:
        """ "its northern neighbour", "his Iranian counterpart": the other party of the possessor."""
        adjective = next(
            (c for c in token.children if c.i in sentence.mentions and c.dep_ in ("amod", "compound")), None
        )
        if adjective is not None:
            return Ref((self.choose(sentence.mentions[adjective.i]),), "GOV")
        if owner is None or token.tag_ in ("NNS", "NNPS"):
            return None
        codes = self.other(owner.codes)
        return Ref(codes, "GOV", False) if codes else None

    def _common_noun(self, sentence: Sentence, token: Token, word: str) -> str | None:
        """ "the alliance", "the kingdom", "the North": a noun that the table gives to a party of this article."""
        if not any(c.lower_ in ("the", "this", "that") for c in token.children if c.dep_ == "det"):
            return None
        if any(c.dep_ in ("compound", "amod") and c.pos_ in ("NOUN", "PROPN") for c in token.children):
            return None
        word = ROYAL.get(word, word)
        candidates = [c for c in self.table.nouns.get(word, ()) if self.counts[c]]
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            return max(candidates, key=lambda c: (self.counts[c], -self.table.nouns[word].index(c)))
        return None

    def _definite(self, sentence: Sentence, token: Token, sector: str) -> Ref | None:
        """ "the ministry", "the minister": of whoever was the last single subject."""
        if not self.everyone and any(
            c.dep_ in ("compound", "amod", "nmod") and lemma(c) not in OF_GOVERNMENT for c in token.children
        ):
            return None  # "the works council", "the county court"
        if not any(c.lower_ in ("the", "its", "a", "an") for c in token.children if c.dep_ in ("det", "poss")):
            if not self.everyone:
                return None
        known = self.bearers.get(lemma(token)) or (self.bearers.get(sector) if lemma(token) in RULERS else None)
        if known and any(c.lower_ == "the" for c in token.children):
            return Ref(known, sector, False)
        local = self.last_subject if self.last_subject and len(self.last_subject.codes) == 1 else None
        if local and lemma(token) in OF_STATES and self.is_organisation(local.codes[0]):
            states = [c for c, _ in self.counts.most_common() if not self.is_organisation(c)]
            local = Ref((states[0],)) if states else None
        if local:
            return Ref(local.codes, sector, False)
        if self.recent:
            return Ref((self.recent[-1],), sector, False)
        if self.everyone and self.counts:
            return Ref((self.counts.most_common(1)[0][0],), sector, False)
        return None
