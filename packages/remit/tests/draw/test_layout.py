"""Boxes keep apart, ways go from left to right, and the same input gives the same drawing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.draw import Box, Link, layout
from remit.draw.columns import columns, forward
from remit.draw.order import arrange, crossings


def boxes(*names: str) -> list[Box]:
    return [Box(name, 100, 40) for name in names]


def test_every_way_leads_one_column_further() -> None:
    found = layout(boxes("a", "b", "c", "d"), [Link("a", "b"), Link("b", "c"), Link("a", "d"), Link("d", "c")])
    assert found.columns == {"a": 0, "b": 1, "d": 1, "c": 2}
    assert [found.places[name][0] for name in "abc"] == sorted(found.places[name][0] for name in "abc")


def test_a_circle_is_opened_where_it_closes() -> None:
    links = [Link("a", "b"), Link("b", "c"), Link("c", "a")]
    assert forward(boxes("a", "b", "c"), links) == [True, True, False]
    route = layout(boxes("a", "b", "c"), links).routes[2]
    assert route[0][0] > route[-1][0]  # drawn from c back to a


def test_a_first_column_may_be_asked_for() -> None:
    asked = [Box("a", 10, 10), Box("b", 10, 10, least=3)]
    assert layout(asked, []).columns == {"a": 0, "b": 1}  # empty columns are left out


def test_a_way_that_passes_a_column_has_a_place_of_its_own_in_it() -> None:
    links = [Link("a", "b", 20, 20), Link("b", "c", 20, 20), Link("a", "c", 20, 20)]
    found = layout(boxes("a", "b", "c"), links)
    left, width = found.spans[1]
    top = found.places["b"][1]
    through = [y for x, y in found.routes[2] if x in (left, left + width)]
    assert len(through) == 2
    assert all(not top <= y <= top + 40 for y in through)


def test_what_crosses_is_untangled() -> None:
    left, right = ["a", "b", "c"], ["x", "y", "z"]
    ties = [[("a", "z", 0.5, 0.5), ("b", "y", 0.5, 0.5), ("c", "x", 0.5, 0.5)]]
    assert crossings([left, right], ties) == 3
    assert crossings(arrange([left, right], ties), ties) == 0


def test_lines_of_a_list_count_for_the_order() -> None:
    ties = [[("api", "second", 0.8, 0.5), ("api", "first", 0.2, 0.5)]]
    assert arrange([["api"], ["second", "first"]], ties)[1] == ["first", "second"]


def test_what_has_many_ways_begins_where_they_begin() -> None:
    many = [f"f{number}" for number in range(30)]
    found = layout(boxes("door", *many), [Link("door", name, 20, 20) for name in many])
    assert found.places["door"][1] == min(found.places[name][1] for name in many)


names = st.integers(0, 14).map(str)
graphs = st.lists(st.tuples(names, names), max_size=50).map(
    lambda pairs: [Link(one, other, 5, 5) for one, other in pairs if one != other]
)
sizes = st.lists(st.tuples(st.integers(10, 300), st.integers(10, 300), st.integers(0, 4)), min_size=15, max_size=15)


@settings(max_examples=60)
@given(graphs, sizes)
def test_whatever_comes_nothing_overlaps_and_every_end_is_met(links: list[Link], measures) -> None:
    asked = [Box(str(number), *size) for number, size in enumerate(measures)]
    found = layout(asked, links)
    assert found == layout(asked, links)
    for one in asked:
        for other in asked:
            if one.id < other.id and found.columns[one.id] == found.columns[other.id]:
                upper, lower = sorted((one, other), key=lambda box: found.places[box.id][1])
                assert found.places[upper.id][1] + upper.height <= found.places[lower.id][1] + 0.2
    onward = forward(asked, links)
    at = columns(
        asked, [(a.start, a.end) if ahead else (a.end, a.start) for a, ahead in zip(links, onward, strict=True)]
    )
    assert at == found.columns
    for link, route in zip(links, found.routes, strict=True):
        assert {round(route[0][1] - 5, 1), round(route[-1][1] - 5, 1)} == {
            found.places[link.start][1],
            found.places[link.end][1],
        }
    assert min(y for _, y in found.places.values()) >= -0.1
