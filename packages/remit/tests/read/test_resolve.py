"""Intrinsic functions, one by one: what is decided, what stays a symbol, what is open."""

import textwrap

import pytest

from remit.app.value import Choice, Ref, Text, Unknown, Value
from remit.read.document import Malformed, parse
from remit.read.resolve import Resolver, split

HEAD = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Size: {Type: Number, Default: 3}
  Public: {Type: String, Default: "true", AllowedValues: ["true", "false"]}
  Open: {Type: String}
  FromStore: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b}
Mappings:
  Names:
    dev: {table: orders-dev}
    prod: {table: orders}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  InEurope: !Equals [!Ref AWS::Region, eu-west-1]
  Both: !And [!Condition IsDev, !Condition InEurope]
  Neither: !And [!Condition IsProd, !Condition InEurope]
  Either: {"Fn::Or": [{Condition: IsDev}, {Condition: InEurope}]}
  Circle: !Not [!Condition Circle]
"""


def resolve(value: str) -> Value:
    raw = parse((HEAD + "Value: " + textwrap.dedent(value)).encode(), json=False).root
    node = Resolver("t.yaml", raw).node(raw.under("Value"))  # type: ignore[arg-type]
    return None if node is None else node.plain()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref Queue", Ref("Queue")),
        ("!Ref Stage", Ref("Stage")),
        ("!Ref Size", 3),
        ("!Ref Public", "true"),
        ("!Ref AWS::Region", Ref("AWS::Region")),
        ("{Ref: Queue}", Ref("Queue")),
        ("!GetAtt Queue.Arn", Ref("Queue", "Arn")),
        ("!GetAtt Nested.Outputs.Name", Ref("Nested", "Outputs.Name")),
        ("{'Fn::GetAtt': [Queue, Arn]}", Ref("Queue", "Arn")),
        ("!Sub plain", "plain"),
        ("!Sub '${Stage}-orders'", Text((Ref("Stage"), "-orders"))),
        ("!Sub '${Queue.Arn}/*'", Text((Ref("Queue", "Arn"), "/*"))),
        ("!Sub ['${x}-${Stage}', {x: 1}]", Text(("1-", Ref("Stage")))),
        ("!Sub '${!literal}'", "${literal}"),
        ("!Join ['-', [a, !Ref Stage, b]]", Text(("a-", Ref("Stage"), "-b"))),
        ("!Join [',', [a, b]]", "a,b"),
        ("!Join [',', !Ref Subnets]", Unknown("the elements of Fn::Join")),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['0', !Split ['/', 'x/y']]", "x"),
        ("!Select [9, [a]]", Unknown("an element chosen by Fn::Select")),
        ("!Split [',', 'a,b']", ("a", "b")),
        ("!Select [5, !Split [':', !Sub 'arn:aws:sqs:${AWS::Region}:1:${Stage}-q']]", Text((Ref("Stage"), "-q"))),
        ("!Split [':', !GetAtt Queue.Arn]", Unknown("a part of a value that only the deployment knows")),
        ("!FindInMap [Names, prod, table]", "orders"),
        ("!FindInMap [Names, !Ref Stage, table]", "orders-dev"),
        ("!FindInMap [Names, !Ref Open, table]", Choice(("orders-dev", "orders"))),
        ("!FindInMap [Nothing, a, b]", Unknown("an entry of the mapping Nothing")),
        ("!If [IsProd, a, b]", "b"),
        ("!If [IsDev, a, b]", "a"),
        ("!If [InEurope, a, b]", Choice(("a", "b"))),
        ("!If [InEurope, a, a]", "a"),
        ("!If [Both, a, b]", Choice(("a", "b"))),
        ("!If [Neither, a, b]", "b"),
        ("!If [Either, a, b]", "a"),
        ("!If [Circle, a, b]", Choice(("a", "b"))),
        ("!If [Unheard, a, b]", Choice(("a", "b"))),
        ("!If [InEurope, a, !Ref AWS::NoValue]", Choice(("a", None))),
        (
            "!If [InEurope, {a: 1, b: 2}, {b: 3, c: 4}]",
            {"a": Choice((1, None)), "b": Choice((2, 3)), "c": Choice((4, None))},
        ),
        ("[1, !If [InEurope, [2, 3], [4]], 5]", (1, 2, 3, 4, 5)),
        ("[1, !Ref AWS::NoValue]", (1,)),
        ("{a: !Ref AWS::NoValue, b: 1}", {"b": 1}),
        ("!Ref AWS::NoValue", None),
        ("!ImportValue Shared", Unknown("the export Shared of another stack")),
        ("!Base64 hi", "aGk="),
        ("!Base64 {Ref: Open}", Unknown("a text in base64")),
        ("!Cidr [a, 1, 2]", Unknown("Fn::Cidr")),
        ("!GetAZs ''", Unknown("Fn::GetAZs")),
        ("!Whatever x", Unknown("!Whatever, which is not a function of CloudFormation")),
        ("{'Fn::Length': [1, 2]}", 2),
        ("{'Fn::ToJsonString': {a: [1, 'x']}}", '{"a":[1,"x"]}'),
        ("{'Fn::ToJsonString': {a: !Ref Queue}}", Text(('{"a":"', Ref("Queue"), '"}'))),
    ],
)
def test_intrinsic(written: str, meant: Value) -> None:
    assert resolve(written) == meant


def test_a_macro_leaves_a_blind_spot() -> None:
    raw = parse(b"Value: {'Fn::Transform': {Name: Magic}}", json=False).root
    resolver = Resolver("t.yaml", raw)
    resolver.node(raw)
    ((where, why),) = resolver.blind
    assert str(where) == "t.yaml:1"
    assert why == "the macro Magic fills this in when the template is deployed"


def test_parameters_without_a_usable_default_stay_unknown() -> None:
    resolver = Resolver("t.yaml", parse(HEAD.encode(), json=False).root)
    assert resolver.parameters["Open"].value == Unknown("the parameter Open has no default")
    assert resolver.parameters["FromStore"].value == Unknown("the SSM parameter /a/b")
    assert resolver.settled(Text((Ref("Stage"), "-", Ref("Open")))) == Text(("dev-", Ref("Open")))


def test_places_are_those_of_the_file() -> None:
    raw = parse(b"a:\n  b: !Sub '${X}'\n  c: {Ref: Y}\n", json=False).root
    node = Resolver("t.yaml", raw).whole(raw)
    sub, ref = node.at("a", "b"), node.at("a", "c")
    assert sub
    assert ref
    assert (sub.location.line, sub.location.column, sub.location.end_column) == (2, 6, 17)
    assert sub.key
    assert sub.key.column == 3
    assert (ref.location.line, ref.location.column, ref.location.end_column) == (3, 6, 14)


@pytest.mark.parametrize("function", ["!Sub ['${a}${a}', {a: %s}]", "!Join ['', [%s, %s]]", "{'Fn::ToJsonString': %s}"])
def test_functions_that_double_a_text_end_in_a_bound(function: str) -> None:
    value = '\'""""""""\''
    for _ in range(9 if function.count("%s") == 2 else 30):
        value = function.replace("%s", value)
    result = resolve(value)
    assert len(str(result)) <= 2_000_000


def test_a_map_used_again_and_again_ends_in_a_bound() -> None:
    entries = ", ".join(f"k{i}: [{', '.join(['1'] * 50)}]" for i in range(20))
    text = f"Mappings: {{M: {{{entries}}}}}\nValue:\n" + "- !FindInMap [M, !Ref X, !Ref Y]\n" * 2000
    many = text.replace("[1,", "{a: [1,").replace("1]", "1]}")
    raw = parse(many.encode(), json=False).root
    with pytest.raises(Malformed, match="expand to far too much"):
        Resolver("t.yaml", raw).node(raw.under("Value"))  # type: ignore[arg-type]


def test_split_keeps_symbols() -> None:
    assert split("/", Text(("a/", Ref("X"), "b/c"))) == ["a", Text((Ref("X"), "b")), "c"]
    assert split("/", Ref("X")) is None
