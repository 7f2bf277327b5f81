"""The drawing: every way reads from left to right, nothing lies on anything else."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import App, Function, Resource, Sender, Trigger
from remit.app.node import Node
from remit.app.value import Ref
from remit.watch.graph import HEIGHT, WIDTH, draw

HERE = Location("template.yaml", 1)


def function(name: str, *targets: str, called: str = "") -> Function:
    environment = {f"V{number}": Node(Ref(target), HERE) for number, target in enumerate(targets)}
    properties = Node({"FunctionName": Node(called, HERE)} if called else {}, HERE)
    return Function(name, "app.handler", "python3.12", "src", HERE, environment, properties=properties)


def resource(name: str, kind: str = "AWS::SQS::Queue") -> Resource:
    return Resource(name, kind, Node({}, HERE), HERE)


def trigger(to: str, source: str, at: str = "", sender: Sender = Sender.ANYONE) -> Trigger:
    return Trigger(to, source, "t", HERE, sender, resource=at)


def app(functions, triggers=(), resources=()) -> App:
    return App("shop", "SAM", "template.yaml", tuple(functions), tuple(triggers), {one.id: one for one in resources})


def chain() -> App:
    return app(
        [function("Api", "Jobs"), function("Worker", "Results", "Unseen")],
        [trigger("Api", "http-api"), trigger("Worker", "sqs", "Jobs", Sender.APP)],
        [resource("Jobs"), resource("Results", "AWS::DynamoDB::Table"), resource("Unseen", "AWS::Logs::LogGroup")],
    )


def test_a_chain_reads_from_left_to_right():
    graph = draw([chain()])
    columns = {node.id: node.x for node in graph.nodes}
    way = ["sender:5", "door:http-api", "function:Api", "resource:Jobs", "function:Worker", "resource:Results"]
    assert sorted(columns, key=columns.get) == way
    assert len(set(columns.values())) == 6
    assert {(edge.start, edge.end) for edge in graph.edges} == set(pairwise(way))


def test_a_circle_is_drawn_too():
    graph = draw(
        [
            app(
                [function("A", "Q"), function("B", "R")],
                [trigger("B", "sqs", "Q"), trigger("A", "sqs", "R")],
                [resource("Q"), resource("R")],
            )
        ]
    )
    assert len(graph.edges) >= 5


def test_senders_know_which_functions_they_reach():
    graph = draw(
        [
            app(
                [function("A"), function("B")],
                [trigger("A", "http-api"), trigger("B", "http-api", sender=Sender.AUTHENTICATED)],
            )
        ]
    )
    assert {edge.start: edge.functions for edge in graph.edges if edge.start.startswith("sender")} == {
        "sender:5": ("A",),
        "sender:4": ("B",),
    }


def test_an_app_without_anything():
    graph = draw([])
    assert (graph.nodes, graph.edges, graph.functions) == ((), (), ())


def test_deployed_names_are_known():
    graph = draw([app([function("Thumbnail"), function("Orders", called="shop-orders-live")])])
    assert graph.resolve("Thumbnail") == "Thumbnail"
    assert graph.resolve("my-stack-Thumbnail-A1B2C3D4E5F6") == "Thumbnail"
    assert graph.resolve("shop-orders-live") == "Orders"
    assert graph.resolve("my-stack-Other-A1B2C3D4E5F6") == "my-stack-Other-A1B2C3D4E5F6"
    assert graph.resolve("<script>") == "<script>"


names = st.sampled_from([f"F{number}" for number in range(6)])
queues = st.sampled_from([f"Q{number}" for number in range(5)])


@given(
    st.lists(st.tuples(names, queues), max_size=12),
    st.lists(st.tuples(names, queues, st.sampled_from(Sender)), max_size=8),
)
@settings(max_examples=80)
def test_no_box_lies_on_another_and_all_are_inside(uses, triggers):
    functions = [function(f"F{n}", *(queue for name, queue in uses if name == f"F{n}")) for n in range(6)]
    graph = draw(
        [
            app(
                functions,
                [trigger(name, "sqs", queue, sender) for name, queue, sender in triggers],
                [resource(f"Q{n}") for n in range(5)],
            )
        ]
    )
    boxes = [(node.x, node.y) for node in graph.nodes]
    for number, (x, y) in enumerate(boxes):
        assert 0 <= x <= graph.width - WIDTH
        assert 0 <= y <= graph.height - HEIGHT
        assert all(abs(x - a) >= WIDTH or abs(y - b) >= HEIGHT for a, b in boxes[number + 1 :])
