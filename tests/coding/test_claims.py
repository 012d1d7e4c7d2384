"""Claims: who holds what, and what kind of claim it is; in many shapes, and the same with the parties swapped."""

from __future__ import annotations

import pytest

from detente.coding.examples import read

pytestmark = pytest.mark.models

BEFORE = "{a} closed its embassy in {b} on Monday. "
"""An article must be about two parties before anybody's word on it counts."""
PAIRS = [("Peru", "Chile", "PER", "CHL"), ("Kenya", "Norway", "KEN", "NOR")]

# What is said, and who holds what: "A belief" for the first party, "B denial" for the second, "-" for no claim.
SHAPES = {
    "reported": [
        ("{a} said that {b} had broken the treaty on the border rivers.", "A blame"),
        ("The government of {a} insisted it had done nothing wrong.", "A denial"),
        ("{a} argued that the quarrel had lasted too long.", "A belief"),
        ("{b} maintained that the islands had always been a part of its territory.", "B belief"),
        ("{a} says that it will not recognise the border.", "A policy"),
        ("{a} predicted that the boycott would harm both economies.", "A forecast"),
        ("{b} said {a} should apologise for the raid.", "B demand"),
        ("{a} said that it was only following the ruling of the court.", "A justification"),
        ("{a} complained that {b} was arming the rebels in its north.", "A blame"),
    ],
    "aside": [
        ("The dispute, {a} argued, was none of its making.", "A belief"),
        ("The ceasefire, {b} insists, was broken by {a}.", "B blame"),
        ("{a} had, according to {b}, violated its airspace eleven times.", "B blame"),
        ("The allegations, said {b}, were baseless.", "B denial"),
        ("It had no choice, {a} said.", "A justification"),
        ("As {b} sees it, the accord is dead.", "B belief"),
        ("There can be no normal relations, {a} says, until the prisoners are freed.", "A policy"),
    ],
    "quoted": [
        ("“{b} has violated the accord,” said {a}'s foreign minister.", "A blame"),
        ("“We will never accept an ultimatum,” the president of {a} said.", "A policy"),
        ("“{a} must withdraw its troops,” the foreign minister of {b} told reporters.", "B demand"),
        ("The foreign ministry of {a} called the accusation “a fairy tale”.", "A denial"),
        ("“The charges are untrue,” a spokesman for {b} said. “We have never spied on anyone.”", "B denial, B denial"),
    ],
    "characterised": [
        ("{a} described the treaty as a relic of the past.", "A belief"),
        ("{b} called the allegations absurd.", "B denial"),
        ("{b} dismissed the report as fiction.", "B denial"),
        ("{a} considers the agreement null and void.", "A belief"),
        ("{b} sees the exercise as a rehearsal for war.", "B belief"),
        ("{a} denounced the law as a breach of the convention.", "A blame"),
        ("{b} called the decision regrettable.", "-"),
        ("The accord is seen in {a} as a surrender.", "A belief"),
    ],
    "nouns": [
        ("The view in {a} is that the treaty has outlived its purpose.", "A belief"),
        ("In the view of {a}, the treaty has outlived its purpose.", "A belief"),
        ("{a} repeated its claim that {b} had poisoned the river.", "A blame"),
        ("{b} rejected the charge that it had poisoned the river.", "B denial"),
        ("{a} is convinced that time is on its side.", "A belief"),
        ("{b} rejects the accusations.", "B denial"),
        ("{a} did so on the ground that {b} had ignored its letters.", "A justification"),
        ("{a} cited {b}'s failure to pay its debts.", "A justification"),
        ("The position of {a} has not changed.", "A policy"),
    ],
    "acts": [
        ("{a} accused {b} of backing the rebels.", "A blame"),
        ("{b} blamed {a} for the attack on its consulate.", "B blame"),
        ("{b} demanded an apology from {a}.", "B demand"),
        ("{a} called on {b} to release the fishermen.", "A demand"),
        ("{b} denied any part in the plot.", "B denial"),
        ("{b} denies that its agents were involved.", "B denial"),
        ("{a} holds {b} responsible for the blast.", "A blame"),
        ("{a} threatened {b} with sanctions unless the prisoners were freed.", "A demand"),
    ],
    "no claims": [
        ("{a} warned that it would respond in kind.", "-"),
        ("{b} said that it would reopen its consulate in {a}.", "-"),
        ("{b} announced that talks with {a} would resume in June.", "-"),
        ("{a} did not say whether {b} was to blame.", "-"),
        ("{b} regretted the decision.", "-"),
        ("{b} proposed talks with {a}.", "-"),
        ("Will {a} say that {b} broke the treaty?", "-"),
    ],
}
CASES = [(f"{BEFORE}{text}", expected) for shape in SHAPES.values() for text, expected in shape]


def claims(text: str) -> list[tuple[str, str]]:
    return [(c.holder, c.kind) for c in read(text).claims]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_who_holds_what(text: str, expected: str) -> None:
    for a, b, first, second in PAIRS:
        codes = {"A": first, "B": second}
        wanted = [(codes[h], k) for h, _, k in (item.partition(" ") for item in expected.split(", ")) if h in codes]
        assert claims(text.format(a=a, b=b)) == wanted
