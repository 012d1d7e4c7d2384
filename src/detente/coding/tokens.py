"""A parsed sentence as plain objects: its words, and the tree that they make.

What always holds: attributes are named as spaCy names them and hold what the parse says; children stand in text order;
nothing here points into spaCy's own memory, so that words outlive the parse, and reading one costs no look-up.
"""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category


class Token:
    """A word of the placeholder text.

    Attributes:
        doc: the sentence that it stands in.
        i: its place there.
        text, lower_: the word.
        tag_, pos_, dep_, lemma_: what the parse says of it; without one, nothing, and the lower-case word as lemma.
        head: the word that it hangs on, itself at the root.
        children: the words that hang on it, in text order.
    """

    __slots__ = (
        "_ancestors",
        "_subtree",
        "children",
        "dep_",
        "doc",
        "head",
        "i",
        "lemma_",
        "lower_",
        "pos_",
        "tag_",
        "text",
    )

    def __init__(self, doc: Doc, i: int, text: str) -> None:
        self.doc = doc
        self.i = i
        self.text = text
        self.lower_ = self.lemma_ = text.lower()
        self.tag_ = self.pos_ = self.dep_ = ""
        self.head = self
        self.children: list[Token] = []
        self._ancestors: tuple[Token, ...] | None = None
        self._subtree: tuple[Token, ...] | None = None

    def __repr__(self) -> str:
        return self.text

    @property
    def lefts(self) -> list[Token]:
        """The children before it."""
        return [c for c in self.children if c.i < self.i]

    @property
    def ancestors(self) -> tuple[Token, ...]:
        """Its head, the head of that, and so on up to the root."""
        if self._ancestors is None:
            self._ancestors = () if self.head is self else (self.head, *self.head.ancestors)
        return self._ancestors

    @property
    def subtree(self) -> tuple[Token, ...]:
        """It and all that hangs on it, the left branches first."""
        if self._subtree is None:
            before = [t for c in self.children if c.i < self.i for t in c.subtree]
            self._subtree = (*before, self, *(t for c in self.children if c.i > self.i for t in c.subtree))
        return self._subtree

    @property
    def left_edge(self) -> Token:
        """The first word of its subtree."""
        return min(self.subtree, key=lambda t: t.i)

    @property
    def is_punct(self) -> bool:
        """Whether it is a punctuation mark."""
        return all(category(c).startswith("P") for c in self.text)

    def is_ancestor(self, other: Token) -> bool:
        """Whether the other hangs on it, at whatever depth."""
        return self in other.ancestors

    def nbor(self, distance: int = 1) -> Token:
        """The word so many places further on.

        Raises:
            IndexError: there is none.
        """
        if self.i + distance < 0:
            raise IndexError(distance)
        return self.doc[self.i + distance]


class Doc(list[Token]):
    """The words of a sentence, in text order.

    Args:
        words: the words, and whether a space follows each.
    """

    __slots__ = ("spaces",)

    def __init__(self, words: Iterable[str], spaces: list[bool]) -> None:
        super().__init__(Token(self, i, word) for i, word in enumerate(words))
        self.spaces = spaces

    @property
    def text(self) -> str:
        """The placeholder text."""
        return "".join(f"{t.text} " if space else t.text for t, space in zip(self, self.spaces, strict=True))

    @property
    def parsed(self) -> bool:
        """Whether the words have a tree."""
        return bool(self) and bool(self[0].dep_)

    def hang(self, heads: Iterable[int], classes: Iterable[tuple[str, str, str, str]]) -> None:
        """Make the tree.

        Args:
            heads: for each word how far off its head stands.
            classes: for each word its tag, part of speech, dependency label and lemma.
        """
        for token, distance, labels in zip(self, heads, classes, strict=True):
            token.tag_, token.pos_, token.dep_, token.lemma_ = labels
            if distance:
                token.head = self[token.i + distance]
                token.head.children.append(token)
