"""Claims: who holds what, and what kind of claim it is; in many shapes, and the same with the parties swapped."""

from __future__ import annotations

import pytest

from detente.coding.examples import read

pytestmark = pytest.mark.models

BEFORE = "{a} closed its embassy in {b} on Monday. "
"""An article must be about two parties before anybody's word on it counts."""
PAIRS = [("Peru", "Chile", "PER", "CHL"), ("Chile", "Peru", "CHL", "PER"), ("Kenya", "Norway", "KEN", "NOR")]

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
    "more of blame": [
        ("{a} put the blame for the collapse of the talks on {b}.", "A blame"),
        ("It was {b} that broke off the talks, the foreign minister of {a} said.", "A blame"),
        ("“They have lied to us,” the president of {a} said of {b}.", "A blame"),
        ("{a} sees {b} behind the attack.", "A blame"),
        ("In {a}, ministers blame {b} for the blackout.", "A blame"),
        ("{a} accused {b} of jamming its radars, which {b} denies.", "A blame, B denial"),
        ("{a} says {b} jammed its radars. {b} rejects that.", "A blame, B denial"),
        ("{a} accused {b} of jamming its radars, a charge that was denied.", "A blame, B denial"),
    ],
    "more of policy and demand": [
        ("{a} says it remains committed to the accord.", "A policy"),
        ("{a} insists that the islands are not up for discussion.", "A policy"),
        ("{a} does not recognise the ruling of the court.", "A policy"),
        ("{a} has made clear that its sovereignty is not negotiable.", "A policy"),
        ("“We will not be intimidated,” the foreign minister of {a} said.", "A policy"),
        ("{a} insists that {b} hand over the suspects.", "A demand"),
        ("{a} told {b} to free the sailors.", "A demand"),
        ("{b} must pay compensation, {a} says.", "A demand"),
        ("The president of {a} called for the immediate release of the sailors held by {b}.", "A demand"),
    ],
    "more of justification": [
        ("{a} said that the closure was a response to the attack on its envoy.", "A justification"),
        ("{a} said it had acted in self-defence.", "A justification"),
        ("{a} closed the border over what it called {b}'s hostile acts.", "A justification"),
        ("{a} justified the step with the attack on its envoy.", "A justification"),
    ],
    "people": [
        (
            "The foreign minister of {a}, Ana Ruiz, called the treaty a dead letter. Ruiz added that {b} should pay.",
            "A belief, A demand",
        ),
        (
            "The foreign minister of {a} called the treaty a dead letter. He added that {b} should pay for the damage.",
            "A belief, A demand",
        ),
        ("“The quarrel will last for years,” said Li Wen, an analyst at a think-tank in Singapore.", "AUTHOR forecast"),
        ("“Neither side can afford a war,” said Maria Lopez, a professor of law.", "AUTHOR belief"),
    ],
    "no claims": [
        ("{a} warned that it would respond in kind.", "-"),
        ("{b} said that it would reopen its consulate in {a}.", "-"),
        ("{b} announced that talks with {a} would resume in June.", "-"),
        ("{a} did not say whether {b} was to blame.", "-"),
        ("{b} regretted the decision.", "-"),
        ("{b} proposed talks with {a}.", "-"),
        ("{b} did not deny the report.", "-"),
        ("{b} vowed to retaliate.", "-"),
        ("{a} said the ambassador had left {b} on Tuesday.", "-"),
        ("{b} said it was ready for talks.", "-"),
        ("{a}'s ambassador told reporters that he would leave on Friday.", "-"),
        ("Will {a} say that {b} broke the treaty?", "-"),
    ],
}
CASES = [(f"{BEFORE}{text}", expected) for shape in SHAPES.values() for text, expected in shape]


def claims(text: str) -> list[tuple[str, str]]:
    return [(c.holder, c.kind) for c in read(text).claims]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_who_holds_what(text: str, expected: str) -> None:
    for a, b, first, second in PAIRS:
        codes = {"A": first, "B": second, "AUTHOR": "AUTHOR"}
        wanted = [(codes[h], k) for h, _, k in (item.partition(" ") for item in expected.split(", ")) if h in codes]
        assert claims(text.format(a=a, b=b)) == wanted


def test_the_quote_is_what_is_said() -> None:
    text = "Peru closed its embassy in Chile. The truce, Chile insists, was broken by Peru."
    (claim,) = read(text).claims
    assert text[claim.start : claim.end] == claim.quote == "The truce, Chile insists, was broken by Peru"
    assert claim.about == ("PER",)


def test_the_writer_judges_at_the_end_and_outside_quotation_marks() -> None:
    text = (
        "Peru closed its embassy in Chile on Monday. Chile expelled two Peruvian diplomats.\n\n"
        "What is gained by it? A closed embassy is no argument. The two will be talking again before long."
    )
    assert claims(text) == [("AUTHOR", "belief"), ("AUTHOR", "forecast")]
    assert claims(text.replace("A closed", "“A closed").replace("long.", "long.”")) == []


def test_plain_news_has_no_views_of_the_writer() -> None:
    text = "Peru closed its embassy in Chile on Monday. Chile expelled two Peruvian diplomats.\n\nA reply is expected."
    assert claims(text) == []
