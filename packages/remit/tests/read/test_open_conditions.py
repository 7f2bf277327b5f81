"""What an open condition decides, in every form: what protects counts only if every branch has it, what opens counts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from remit.app.location import Location
from remit.app.model import App, Function, Role, Sender
from remit.app.node import Node, certain, graft, maybe, possible, unite
from remit.app.value import Choice, Ref, Text, Value, spread
from remit.read import load

AT = Location("t", 1, 1)
NOTHING = "!Ref AWS::NoValue"


# The tree


def test_what_only_one_branch_has_may_be_missing() -> None:
    node = unite(graft({"a": 1, "b": 2}, AT), graft({"b": 3, "c": {"d": 4}}, AT), AT, None)
    assert node.plain() == {"a": Choice((1, None)), "b": Choice((2, 3)), "c": {"d": 4}}
    assert certain(node.at("a")) is None
    assert certain(node.at("b")) is not None
    assert possible(node.at("a")) == (1,)
    assert possible(node.at("b")) == (2, 3)
    assert node.get("c", "d") == Choice((4, None))
    inner = node.at("c")
    assert inner is not None
    assert certain(inner.at("d")) is None


def test_what_is_gone_through_is_read_as_if_it_were_there() -> None:
    node = unite(graft({"list": ({"x": 1},)}, AT), graft({"list": ()}, AT), AT, None)
    (element,) = (node.at("list") or node).elements()
    assert (element.absent, element.get("x")) == (True, 1)
    (other,) = maybe(graft(({"x": 1},), AT)).elements()
    assert (other.absent, other.get("x")) == (True, 1)
    ((_, entry),) = maybe(graft({"k": {"x": 1}}, AT)).items()
    assert (entry.absent, entry.get("x")) == (True, 1)


def test_texts_of_both_lists_are_certain() -> None:
    node = unite(graft(("a", "b"), AT), graft(("b", "c"), AT), AT, None)
    assert [(item.plain(), item.absent) for item in node.elements()] == [("a", True), ("b", False), ("c", True)]


def test_a_structure_or_a_text() -> None:
    node = unite(graft("*", AT), graft({"AWS": ("1", "2")}, AT), AT, None)
    assert certain(node.at("AWS")) is None
    assert [item.plain() for item in (node.at("AWS") or node).elements()] == ["1", "2"]
    listed = unite(graft("a", AT), graft(("b", "c"), AT), AT, None)
    assert [(item.plain(), item.absent) for item in listed.elements()] == [("a", True), ("b", True), ("c", True)]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (Choice(("a", None)), ("a",)),
        (Text(("x-", Choice(("a", "b")))), ("x-a", "x-b")),
        (None, ()),
        (Ref("T"), (Ref("T"),)),
    ],
)
def test_every_value_that_is_meant(value: Value, meant: tuple[Value, ...]) -> None:
    assert spread(value) == meant


def test_uniting_many_choices_stays_linear() -> None:
    node = Node({}, AT)
    for number in range(3_000):
        node = unite(node, graft({f"k{number}": number}, AT), AT, None)
    assert len(dict(node.items())) == 3_000


# The forms: the same protection under a condition, three ways

HEAD = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\n"
SAM = "Transform: AWS::Serverless-2016-10-31\n" + HEAD
SERVERLESS = (
    "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions: {f: {handler: app.handler}}\nresources:\n"
)
FUNCTION = "Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.h, CodeUri: ."


def read(folder: Path, name: str, text: str) -> App:
    (folder / name).write_text(text)
    reading = load(folder)
    assert not reading.failures
    (app,) = reading.apps
    return app


def ways(protective: str, opened: str) -> dict[str, tuple[str, bool]]:
    """How it is written, and whether it surely protects."""
    return {
        "protective or nothing": (f"!If [C, {protective}, {NOTHING}]", False),
        "nothing or protective": (f"!If [C, {NOTHING}, {protective}]", False),
        "protective or open": (f"!If [C, {protective}, {opened}]", False),
        "open or protective": (f"!If [C, {opened}, {protective}]", False),
        "protective": (protective, True),
        "protective twice": (f"!If [C, {protective}, {protective}]", True),
    }


WAYS = list(ways("", ""))


def widest(app: App) -> Sender:
    return max(trigger.sender for trigger in app.triggers)


def grants(app: App) -> tuple[set[str], set[str]]:
    """What the role of the first function allows, and what it denies."""
    role = app.role_of(app.functions[0])
    assert role is not None
    return tuple(  # type: ignore[return-value]
        {action for grant in role.grants if grant.effect == effect for action in grant.actions}
        for effect in ("Allow", "Deny")
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("opened", "text"),
    [
        ("NONE", "A: {Type: Api, Properties: {Path: /, Method: get, Auth: {Authorizer: %s}}}"),
        ("NONE", "A: {Type: HttpApi, Properties: {Path: /, Method: get, Auth: {Authorizer: %s}}}"),
    ],
)
def test_the_authorizer_of_an_event(way: str, opened: str, text: str, tmp_path: Path) -> None:
    written, protects = ways("AWS_IAM", opened)[way]
    app = read(tmp_path, "template.yaml", f"{SAM}Resources:\n  F: {{{FUNCTION}, Events: {{{text % written}}}}}}}\n")
    assert widest(app) is (Sender.ACCOUNT if protects else Sender.ANYONE)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("protective", "opened", "api"),
    [
        ("{DefaultAuthorizer: AWS_IAM}", "{}", "Auth: %s"),
        ("AWS_IAM", "NONE", "Auth: {DefaultAuthorizer: %s}"),
    ],
)
def test_the_authorizer_of_an_api(way: str, protective: str, opened: str, api: str, tmp_path: Path) -> None:
    written, protects = ways(protective, opened)[way]
    events = "{A: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /, Method: get}}}"
    text = f"  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: v, {api % written}}}}}\n"
    app = read(tmp_path, "template.yaml", f"{SAM}Resources:\n{text}  F: {{{FUNCTION}, Events: {events}}}}}\n")
    assert widest(app) is (Sender.ACCOUNT if protects else Sender.ANYONE)


@pytest.mark.parametrize("way", WAYS)
def test_the_check_of_a_function_url(way: str, tmp_path: Path) -> None:
    written, protects = ways("AWS_IAM", "NONE")[way]
    app = read(
        tmp_path,
        "template.yaml",
        f"{SAM}Resources:\n  F: {{{FUNCTION}, FunctionUrlConfig: {{AuthType: {written}}}}}}}\n",
    )
    assert widest(app) is (Sender.ACCOUNT if protects else Sender.ANYONE)


QUEUE = """\
  Q: {Type: AWS::SQS::Queue}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: %s, EventSourceArn: !GetAtt Q.Arn}}
  Open: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q], PolicyDocument: {Statement: [
    {Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}%s]}}}
"""
DENY = "{Effect: Deny, Principal: '*', Action: 'sqs:*', Resource: '*'}"
PLAIN = (
    "  F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.h, "
    "Role: 'arn:aws:iam::1:role/r', Code: {ZipFile: 'x'}}}\n"
)
FORMS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "SAM": lambda policy, more: (
        "template.yaml",
        f"{SAM}Resources:\n  F: {{{FUNCTION}}}}}\n{QUEUE % ('!Ref F', policy)}{more}",
    ),
    "CloudFormation": lambda policy, more: (
        "template.yaml",
        f"{HEAD}Resources:\n{PLAIN}{QUEUE % ('!Ref F', policy)}{more}",
    ),
    "Serverless": lambda policy, more: (
        "serverless.yml",
        SERVERLESS
        + "".join(
            f"  {line}\n"
            for line in (f"{HEAD}Resources:\n{QUEUE % ('!Ref FLambdaFunction', policy)}{more}").splitlines()
        ),
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["protective or nothing", "nothing or protective", "protective"])
def test_a_statement_that_refuses_everyone(form: str, way: str, tmp_path: Path) -> None:
    written, protects = ways(DENY, "{}")[way]
    app = read(tmp_path, *FORMS[form](f", {written}", ""))
    assert widest(app) is (Sender.APP if protects else Sender.ANYONE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("condition", "protects"), [("", True), ("Condition: C, ", False)])
def test_a_policy_that_refuses_everyone_and_may_not_be_there(
    form: str, condition: str, protects: bool, tmp_path: Path
) -> None:
    document = f"PolicyDocument: {{Statement: [{DENY}]}}"
    more = f"  Shut: {{Type: AWS::SQS::QueuePolicy, {condition}Properties: {{Queues: [!Ref Q], {document}}}}}\n"
    assert widest(read(tmp_path, *FORMS[form]("", more))) is (Sender.APP if protects else Sender.ANYONE)


@pytest.mark.parametrize("way", WAYS)
def test_the_condition_of_a_statement(way: str, tmp_path: Path) -> None:
    condition, protects = ways("{StringEquals: {'aws:PrincipalOrgID': o-1}}", "{}")[way]
    policy = f", {{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*', Condition: {condition}}}"
    name, text = FORMS["SAM"](policy, "")
    only = text.replace("{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'},", "")
    assert widest(read(tmp_path, name, only)) is not Sender.ANYONE if protects else True
    if not protects:
        assert widest(read(tmp_path, name, only)) is Sender.ANYONE


ROLES = """\
  One: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, ManagedPolicyArns: %s, Policies: %s}}
  F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.h, Role: !GetAtt One.Arn, Code: {ZipFile: 'x'}}}
"""
ADMIN = "'arn:aws:iam::aws:policy/AdministratorAccess'"


@pytest.mark.parametrize(
    "arns",
    [
        f"[!If [C, {ADMIN}, {NOTHING}]]",
        f"[!If [C, {NOTHING}, {ADMIN}]]",
        f"!If [C, [{ADMIN}], {NOTHING}]",
        f"[!If [C, 'arn:aws:iam::aws:policy/ReadOnlyAccess', {ADMIN}]]",
    ],
)
def test_a_policy_that_may_be_attached_is(arns: str, tmp_path: Path) -> None:
    allowed, _ = grants(read(tmp_path, "template.yaml", f"{HEAD}Resources:\n{ROLES % (arns, '[]')}"))
    assert "*" in allowed


@pytest.mark.parametrize("way", ["protective or nothing", "nothing or protective", "protective"])
@pytest.mark.parametrize("place", ["statement", "policy", "action"])
def test_what_is_denied_must_be_sure(way: str, place: str, tmp_path: Path) -> None:
    statement = "{Effect: Deny, Action: %s, Resource: '*'}"
    written, protects = ways(statement % "'sqs:*'", "{}")[way]
    policy = f"{{PolicyName: p, PolicyDocument: {{Statement: [{written}]}}}}"
    if place == "policy":
        written, protects = ways(f"{{PolicyName: p, PolicyDocument: {{Statement: [{statement % 'sqs:*'}]}}}}", "{}")[
            way
        ]
        policy = written
    if place == "action":
        written, protects = ways("'sqs:*'", "''")[way]
        policy = f"{{PolicyName: p, PolicyDocument: {{Statement: [{statement % f'[{written}]'}]}}}}"
    _, denied = grants(read(tmp_path, "template.yaml", f"{HEAD}Resources:\n{ROLES % ('[]', f'[{policy}]')}"))
    assert denied == ({"sqs:*"} if protects else set())


@pytest.mark.parametrize("way", WAYS)
def test_a_boundary_must_be_sure(way: str, tmp_path: Path) -> None:
    bound, protects = ways("'arn:aws:iam::aws:policy/ReadOnlyAccess'", "'arn:aws:iam::aws:policy/AdministratorAccess'")[
        way
    ]
    text = (ROLES % ("[]", "[]")).replace("AssumeRole", f"PermissionsBoundary: {bound}, AssumeRole")
    app = read(tmp_path, "template.yaml", f"{HEAD}Resources:\n{text}")
    role: Role | None = app.role_of(app.functions[0])
    assert role is not None
    bounded = role.boundary is not None and not any("*" in grant.actions for grant in role.boundary)
    assert bounded is protects


def test_every_source_and_every_receiver_of_a_mapping(tmp_path: Path) -> None:
    text = (
        f"{HEAD}Resources:\n{PLAIN}{PLAIN.replace('F:', 'G:')}  Q: {{Type: AWS::SQS::Queue}}\n  R: {{Type: AWS::SQS::Queue}}\n"
        "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !If [C, !Ref F, !GetAtt G.Arn], "
        "EventSourceArn: !If [C, !GetAtt Q.Arn, !GetAtt R.Arn]}}\n"
    )
    app = read(tmp_path, "template.yaml", text)
    found = {(trigger.function, trigger.resource) for trigger in app.triggers if trigger.source == "sqs"}
    assert found == {("F", "Q"), ("F", "R"), ("G", "Q"), ("G", "R")}


def test_every_route_an_event_may_be(tmp_path: Path) -> None:
    event = "{Type: !If [C, Api, HttpApi], Properties: {Path: !If [C, /a, /b], Method: get}}"
    app = read(tmp_path, "template.yaml", f"{SAM}Resources:\n  F: {{{FUNCTION}, Events: {{E: {event}}}}}}}\n")
    found = {(trigger.source, trigger.name) for trigger in app.triggers}
    assert found == {(api, f"GET {path}") for api in ("rest-api", "http-api") for path in ("/a", "/b")}


def test_far_too_many_combinations_are_said(tmp_path: Path) -> None:
    queues = "".join(f"  Q{number}: {{Type: AWS::SQS::Queue}}\n" for number in range(70))
    chosen = "!GetAtt Q0.Arn"
    for number in range(1, 70):
        chosen = f"!If [C, !GetAtt Q{number}.Arn, {chosen}]"
    mapping = f"Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref F, EventSourceArn: {chosen}}}"
    (tmp_path / "template.yaml").write_text(f"{HEAD}Resources:\n{PLAIN}{queues}  M: {{{mapping}}}\n")
    skips = [skip for skip in load(tmp_path).skips if skip.what == "EventSourceArn"]
    assert [skip.blind for skip in skips] == [True]


def test_codes_that_a_condition_decides_between_are_not_called_examined(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{PLAIN}".replace("{ZipFile: 'x'}", "!If [C, {ZipFile: 'a = 1'}, {ZipFile: 'a = 2'}]")
    (tmp_path / "template.yaml").write_text(text)
    assert [skip.why for skip in load(tmp_path).skips if skip.what == "F" and skip.blind] == [
        "its code is one of several, as a condition that is open decides; none was examined"
    ]


def test_a_setting_that_may_be_missing_is_still_read(tmp_path: Path) -> None:
    text = f"{SAM}Resources:\n  F: {{{FUNCTION}}}}}\n".replace("Handler: a.h", f"Handler: !If [C, a.h, {NOTHING}]")
    function: Function = read(tmp_path, "template.yaml", text).functions[0]
    assert function.handler == "a.h"


# Terraform

TERRAFORM = """\
variable "open" { type = bool }
resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = "{}"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role = aws_iam_role.r.arn
  handler = "app.handler"
  runtime = "python3.13"
  filename = "app.zip"
}
resource "aws_sqs_queue" "q" { name = "q" }
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name = aws_lambda_function.f.arn
}
"""
ALLOW_ALL = '{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }'
DENY_ALL = '{ Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = "*" }'


@pytest.mark.parametrize(
    ("statements", "protects"),
    [
        (f"concat([{ALLOW_ALL}], var.open ? [{DENY_ALL}] : [])", False),
        (f"concat([{ALLOW_ALL}], var.open ? [] : [{DENY_ALL}])", False),
        (f"var.open ? [{ALLOW_ALL}] : [{DENY_ALL}]", False),
        (f"var.open ? [{ALLOW_ALL}, {DENY_ALL}] : [{ALLOW_ALL}]", False),
        (f"[{ALLOW_ALL}, {DENY_ALL}]", True),
    ],
)
def test_statements_of_a_terraform_policy(statements: str, protects: bool, tmp_path: Path) -> None:
    policy = f"policy = jsonencode({{ Statement = {statements} }})"
    text = f'{TERRAFORM}resource "aws_sqs_queue_policy" "p" {{\n  queue_url = aws_sqs_queue.q.id\n  {policy}\n}}\n'
    assert widest(read(tmp_path, "main.tf", text)) is (Sender.APP if protects else Sender.ANYONE)


BLOCKS = """\
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["sqs:SendMessage"]
    resources = ["*"]
    principals {
      type = "*"
      identifiers = ["*"]
    }
    dynamic "condition" {
      for_each = %s
      content {
        test = "StringEquals"
        variable = "aws:PrincipalOrgID"
        values = ["o-1"]
      }
    }
  }
}
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy = data.aws_iam_policy_document.d.json
}
"""


@pytest.mark.parametrize(
    ("each", "protects"),
    [("var.open ? [1] : []", False), ("var.open ? [] : [1]", False), ("var.open ? [1] : [2]", False), ("[1]", True)],
)
def test_a_dynamic_condition(each: str, protects: bool, tmp_path: Path) -> None:
    sender = widest(read(tmp_path, "main.tf", TERRAFORM + BLOCKS % each))
    assert (sender is not Sender.ANYONE) is protects


@pytest.mark.parametrize(
    ("count", "protects"),
    [("var.open ? 1 : 0", False), ("var.open ? 0 : 1", False), ("var.open ? 1 : 2", True), ("1", True)],
)
def test_a_deny_that_may_not_be_made(count: str, protects: bool, tmp_path: Path) -> None:
    deny = 'jsonencode({ Statement = [{ Effect = "Deny", Action = "sqs:*", Resource = "*" }] })'
    policy = f"count = {count}\n  role = aws_iam_role.r.id\n  policy = {deny}"
    text = f'{TERRAFORM}resource "aws_iam_role_policy" "p" {{\n  {policy}\n}}\n'
    _, denied = grants(read(tmp_path, "main.tf", text))
    assert denied == ({"sqs:*"} if protects else set())


@pytest.mark.parametrize(
    "arn",
    [
        'var.open ? "arn:aws:iam::aws:policy/ReadOnlyAccess" : "arn:aws:iam::aws:policy/AdministratorAccess"',
        'var.open ? "arn:aws:iam::aws:policy/AdministratorAccess" : null',
    ],
)
def test_a_terraform_policy_that_may_be_attached_is(arn: str, tmp_path: Path) -> None:
    attachment = f"role = aws_iam_role.r.id\n  policy_arn = {arn}"
    text = f'{TERRAFORM}resource "aws_iam_role_policy_attachment" "a" {{\n  {attachment}\n}}\n'
    allowed, _ = grants(read(tmp_path, "main.tf", text))
    assert "*" in allowed


@pytest.mark.parametrize("principal", ['var.open ? "s3.amazonaws.com" : "*"', 'var.open ? "*" : "s3.amazonaws.com"'])
def test_a_permission_for_everyone_perhaps(principal: str, tmp_path: Path) -> None:
    given = f'principal = {principal}\n  source_account = var.open ? "1" : null'
    whom = 'function_name = aws_lambda_function.f.function_name\n  action = "lambda:InvokeFunction"'
    text = f'{TERRAFORM}resource "aws_lambda_permission" "p" {{\n  {whom}\n  {given}\n}}\n'
    assert widest(read(tmp_path, "main.tf", text)) is Sender.ANYONE


@pytest.mark.parametrize(
    "role",
    ["var.open ? aws_iam_role.r.arn : aws_iam_role.wide.arn", "var.open ? aws_iam_role.wide.arn : aws_iam_role.r.arn"],
)
def test_one_terraform_role_or_another(role: str, tmp_path: Path) -> None:
    wide = (
        'resource "aws_iam_role" "wide" {\n  name = "w"\n  assume_role_policy = "{}"\n'
        f"  managed_policy_arns = [{ADMIN.replace(chr(39), chr(34))}]\n}}\n"
    )
    text = TERRAFORM.replace("role = aws_iam_role.r.arn", f"role = {role}") + wide
    allowed, _ = grants(read(tmp_path, "main.tf", text))
    assert "*" in allowed


def test_statements_that_may_be_overridden_hold(tmp_path: Path) -> None:
    documents = "".join(
        f'data "aws_iam_policy_document" "{name}" {{\n  statement {{\n    sid = "A"\n    effect = "{effect}"\n'
        '    actions = ["sqs:*"]\n    resources = ["*"]\n  }\n}\n'
        for name, effect in (("base", "Allow"), ("lock", "Deny"))
    )
    text = (
        f'{TERRAFORM}{documents}data "aws_iam_policy_document" "d" {{\n'
        "  source_policy_documents = [data.aws_iam_policy_document.base.json]\n"
        "  override_policy_documents = var.open ? [data.aws_iam_policy_document.lock.json] : []\n}\n"
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.id\n  policy = data.aws_iam_policy_document.d.json\n}\n'
    )
    assert grants(read(tmp_path, "main.tf", text)) == ({"sqs:*"}, set())
