"""What the picture says is what template, code and findings say."""

from collections.abc import Callable

import pytest

from remit.app.model import Sender
from remit.graph import Picture, focused
from remit.graph.attacks import letter
from remit.graph.nouns import Way

Draw = Callable[..., list[Picture]]


def ways(whole: Picture) -> dict[tuple[str, str, int], Way]:
    return {(way.start, way.end, way.row): way for way in whole.ways}


def test_who_can_send_stands_in_front_of_what_they_send_to(whole: Picture) -> None:
    found = ways(whole)
    anyone = found["sender:anyone", "resource:Api", -1]
    user = found["sender:signed-in", "resource:Api", -1]
    assert (anyone.functions, anyone.sender) == (("Create",), Sender.ANYONE)
    assert user.sender is Sender.AUTHENTICATED
    assert ("sender:platform", "door:schedule", -1) in found
    assert ("sender:app", "resource:Jobs", -1) not in found  # Create is seen to send there


def test_a_trigger_is_a_line_of_what_it_belongs_to(whole: Picture) -> None:
    api = next(node for node in whole.nodes if node.id == "resource:Api")
    assert [(row.name, row.sender, row.authorizer) for row in api.rows] == [
        ("POST /orders", Sender.ANYONE, ""),
        ("GET /orders/{id}", Sender.AUTHENTICATED, "jwt Login"),
    ]
    assert ways(whole)["resource:Api", "function:Create", 1].sender is Sender.AUTHENTICATED


def test_what_code_touches_comes_with_verbs_and_place(whole: Picture) -> None:
    found = ways(whole)
    table = found["function:Create", "resource:Orders", -1]
    assert (table.kind, table.verbs, str(table.location)) == ("use", ("writes",), "src/create.py:11")
    assert found["function:Create", "resource:Jobs", -1].verbs == ("sends",)
    assert ("function:Work", "outside:host:hooks.partner.example:443", -1) in found


def test_code_that_was_not_read_only_names_things(whole: Picture) -> None:
    card = whole.card("Tick")
    assert card is not None
    assert card.gap
    assert (card.needed, card.granted, card.power.word) == (-1, -1, "role not known here")
    assert ways(whole)["function:Tick", "resource:Orders", -1].kind == "named"


def test_an_attack_path_takes_nodes_in_order(whole: Picture) -> None:
    first = whole.attacks[0]
    assert (first.letter, first.finding.function, first.short) == ("A", "Create", "shell injection")
    assert first.nodes[:3] == ("sender:anyone", "resource:Api", "function:Create")
    found = ways(whole)
    assert "A" in found["resource:Api", "function:Create", 0].attacks
    assert "A" not in found["resource:Api", "function:Create", 1].attacks


def test_a_path_through_a_queue_goes_on_where_the_first_function_sends(whole: Picture) -> None:
    relayed = next(attack for attack in whole.attacks if attack.finding.function == "Work")
    assert relayed.nodes[:5] == (
        "sender:anyone",
        "resource:Api",
        "function:Create",
        "resource:Jobs",
        "function:Work",
    )
    assert [step.node for step in relayed.steps[:5]] == list(relayed.nodes[:5])
    assert relayed.steps[2].text == "Create passes it on"
    assert relayed.letter in ways(whole)["function:Create", "resource:Jobs", -1].attacks


def test_lines_of_a_path_carry_the_code(whole: Picture) -> None:
    lines = [line for step in whole.attacks[0].steps for line in step.lines]
    assert any(line.code == 'os.system("echo " + order["name"])' for line in lines)


def test_what_a_taken_over_role_opens_is_told_apart_from_what_the_app_does(whole: Picture) -> None:
    way = ways(whole)["function:Work", "resource:Key", -1]
    relayed = next(attack for attack in whole.attacks if attack.finding.function == "Work")
    assert (way.reach, way.attacks) == (True, (relayed.letter,))


def test_badges_say_how_far_a_role_gets(whole: Picture) -> None:
    words = {card.function: card.power.word for card in whole.cards}
    assert words["Work"] == "reads secrets"
    assert words["Create"] == "2 own resources"


def test_what_no_way_leads_to_is_said(whole: Picture) -> None:
    assert whole.apart == ("Spare",)


def test_granted_is_compared_with_needed(whole: Picture) -> None:
    card = whole.card("Create")
    assert card is not None
    assert card.needed == 2
    assert card.granted > card.needed


def test_without_code_there_are_triggers_and_names_but_no_claims(draw: Draw) -> None:
    (found,) = draw(code=False)
    assert not found.attacks
    assert {card.gap for card in found.cards} == {"its code was not read"}
    assert {way.kind for way in found.ways} == {"event", "named"}
    assert ways(found)["function:Create", "resource:Orders", -1].kind == "named"


def test_the_same_app_gives_the_same_picture(draw: Draw) -> None:
    assert draw() == draw()


@pytest.mark.parametrize(("number", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")])
def test_letters(number: int, text: str) -> None:
    assert letter(number) == text


def test_focus_keeps_what_leads_there_and_what_it_leads_to(whole: Picture) -> None:
    part = focused(whole, "Work")
    ids = {node.id for node in part.nodes}
    assert {"sender:anyone", "resource:Api", "function:Create", "resource:Jobs", "resource:Key"} <= ids
    assert "function:Tick" not in ids
    assert [attack.finding.function for attack in part.attacks] == ["Create", "Work"]  # who has Create goes on to Work
    for way in part.ways:  # every line that a way begins at is the one of its function
        node = next(node for node in part.nodes if node.id == way.start)
        if way.row >= 0:
            assert f"function:{node.rows[way.row].function}" == way.end
