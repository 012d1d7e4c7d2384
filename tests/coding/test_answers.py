"""Which act answers which: what is said, what is inferred, and what is no answer; whoever the parties are."""

import re

import pytest

from detente.coding.examples import read

pytestmark = pytest.mark.models

# text; pairs "reaction verb <- action verb: basis"
PAIRS = [
    # the text says so
    ("Peru expelled the Cuban ambassador on Thursday. Cuba responded on Friday by closing its embassy in Lima.",
     ["closing <- expelled: stated"]),
    ("Kenya recalled its ambassador from Uganda on Friday after Ugandan soldiers had bombed a Kenyan village.",
     ["recalled <- bombed: stated"]),
    ("In retaliation for the closure of its consulate by Iran, Norway expelled the Iranian ambassador on Friday.",
     ["expelled <- closure: stated"]),
    # what words take up
    ("Chile shut its consulate in Bolivia on Thursday. Bolivia called the step unjustified.",
     ["called <- shut: inferred"]),
    ("Ghana offered Togo talks on the border. Togo rejected the offer.", ["rejected <- offered: inferred"]),
    ("Ghana proposed talks to Togo on Friday. Togo accepted the proposal.", ["accepted <- proposed: inferred"]),
    ("Serbia named an ambassador to Croatia on Friday. Croatia welcomed the appointment.",
     ["welcomed <- named: inferred"]),
    # the same line of the other side, rather than the main act; the main act, where nothing is alike
    ("On Thursday Laos banned imports from Vietnam and expelled the Vietnamese ambassador. On Friday Vietnam expelled "
     "the Laotian ambassador.", ["expelled <- expelled: inferred"]),
    # told in the other order
    ("Mali expelled the Danish ambassador on Friday. On Tuesday Denmark had suspended its aid to Mali.",
     ["expelled <- suspended: inferred"]),
    # a third party, where the words take the act up or say that it joins in
    ("Egypt expelled the Qatari ambassador on Sunday. Turkey condemned the expulsion.",
     ["condemned <- expelled: inferred"]),
]  # fmt: skip

NONE = [
    # only said to be untrue
    "Spain accused Portugal of spying on its fishing boats. Portugal rejected the accusation.",
    # the same party twice, and two parties against a third
    "Peru expelled the Cuban ambassador on Thursday and closed its consulate in Havana on Friday.",
    "Peru expelled the Cuban ambassador on Thursday. Chile expelled the Cuban ambassador in 2019.",
    # what is answered came later
    "On Friday Mali expelled the Danish ambassador. On 3 April 2012 Denmark had closed its embassy in Mali. ",
]


def pairs(text: str) -> list[str]:
    """The answers of a text, each act by its first word."""
    reading = read(text)
    by_id = {e.id: e for e in reading.events}
    out = []
    for answer in reading.answers:
        action, reaction = by_id[answer.action_event], by_id[answer.reaction_event]
        out.append(f"{reaction.quote} <- {action.quote}: {answer.basis}")
    return out


def fits(found: str, wanted: str) -> bool:
    reaction, action, basis = re.split(r" <- |: ", wanted)
    left, right = found.rsplit(": ", 1)[0].split(" <- ")
    return reaction in left and action in right and found.endswith(basis)


@pytest.mark.parametrize(("text", "wanted"), PAIRS)
def test_answers(text: str, wanted: list[str]) -> None:
    found = pairs(text)
    assert len(found) == len(wanted), found
    assert all(fits(f, w) for f, w in zip(found, wanted, strict=True)), found


@pytest.mark.parametrize("text", NONE)
def test_no_answers(text: str) -> None:
    assert pairs(text) == []


SWAPS = [("Peru", "Cuba"), ("Kenya", "Uganda"), ("Norway", "Iran"), ("Chile", "Bolivia"), ("Ghana", "Togo")]
FRAMES = [
    "{0} closed its consulate in {1} on Thursday. {1} retaliated on Friday by recalling its ambassador.",
    "{0} invited {1} to talks. {1} turned the invitation down.",
    "{0} severed relations with {1} on Sunday. {1} deplored the decision.",
    "{1} recalled its ambassador from {0} after {0} had banned imports from {1}.",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("parties", SWAPS)
def test_swapping_the_parties_swaps_the_pairs(frame: str, parties: tuple[str, str]) -> None:
    def links(first: str, second: str) -> list[tuple[str, str, str]]:
        reading = read(frame.format(first, second))
        by_id = {e.id: e for e in reading.events}
        return [
            (by_id[a.action_event].type, by_id[a.reaction_event].type, a.basis)
            for a in reading.answers
            if by_id[a.action_event].source == by_id[a.reaction_event].target
            and by_id[a.action_event].target == by_id[a.reaction_event].source
        ]

    assert len(links(*parties)) == 1
    assert links(*parties) == links(*reversed(parties))
