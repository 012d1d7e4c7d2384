"""Quotation marks over several sentences: which sentences are somebody's own words as a whole.

What always holds: marks count within a paragraph only, since newspapers open them anew in each.
"""

from __future__ import annotations

from detente.coding.grammar import Sentence


class Quotation:
    """Tells which sentences stand within quotation marks as a whole, so that their speaker is named before or after.

    Attributes:
        inside: whether the sentence read last stands within them.
    """

    def __init__(self) -> None:
        self.inside = False
        self._open = False
        self._paragraph = -1
        self._spoken_in = -1
        self._waiting: list[Sentence] = []

    def enter(self, sentence: Sentence) -> None:
        """Read a sentence's quotation marks."""
        if sentence.span.paragraph != self._paragraph:
            self._open, self._waiting = False, []
        self._paragraph = sentence.span.paragraph
        text = sentence.text.strip()
        before, unquoted = self._open, ""
        for character in text:
            if character in '"“”':
                self._open = character == "“" or (character == '"' and not self._open)
            elif not self._open and character.isalnum():
                unquoted += character
        self.inside = (before or text[:1] in '"“') and not unquoted

    def spoken(self, sentence: Sentence, *, heard: bool, known: bool) -> list[Sentence]:
        """The sentences whose speaker is known now: this one after an attributed one, or those that waited for it.

        Args:
            sentence: the one read last.
            heard: whether it names a speaker itself.
            known: whether anybody has been named as one.
        """
        if heard:
            self._spoken_in = self._paragraph
        if self.inside and not heard:
            if known and self._spoken_in == self._paragraph:
                return [sentence]
            self._waiting.append(sentence)
            return []
        waiting, self._waiting = self._waiting, []
        return waiting if heard else []
