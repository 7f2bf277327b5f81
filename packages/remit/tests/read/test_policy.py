"""Policy documents, SAM policy templates and managed policies as grants; roles of functions."""

import pytest

from remit.app.model import Role
from remit.app.value import Ref, Text, Unknown
from remit.read.policy_data import managed_policies, policy_templates

FUNCTION = """\
F:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.12
    Policies:
      {policies}
Table: {{Type: AWS::Serverless::SimpleTable}}
"""
BASIC = "managed:AWSLambdaBasicExecutionRole"


def role_with(resources, policies: str) -> Role:  # type: ignore[no-untyped-def]
    return resources(FUNCTION.format(policies=policies)).roles["FRole"]


def test_a_policy_template_is_filled_in(resources) -> None:  # type: ignore[no-untyped-def]
    role = role_with(resources, "- DynamoDBReadPolicy: {TableName: !Ref Table}")
    basic, grant = role.grants
    assert (basic.origin, role.implied, role.functions) == (BASIC, True, ("F",))
    assert grant.origin == "template:DynamoDBReadPolicy"
    assert set(grant.actions) == {
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
    }
    head = ("arn:", Ref("AWS::Partition"), ":dynamodb:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":table/")
    assert grant.resources == (Text((*head, Ref("Table"))), Text((*head, Ref("Table"), "/index/*")))
    assert (grant.location.line, grant.location.column) == (9, 11)


def test_a_template_with_a_condition(resources) -> None:  # type: ignore[no-untyped-def]
    grant = role_with(resources, "- EFSWriteAccessPolicy: {FileSystem: fs, AccessPoint: ap}").grants[-1]
    assert list(grant.conditions["StringEquals"]) == ["elasticfilesystem:AccessPointArn"]  # type: ignore[index,call-overload]
    assert str(grant.resources[0]).endswith(":file-system/fs")


def test_a_missing_template_parameter_is_unknown(resources) -> None:  # type: ignore[no-untyped-def]
    grant = role_with(resources, "- SQSPollerPolicy: {}").grants[-1]
    assert isinstance(grant.resources[0], Text)
    assert grant.resources[0].parts[-1] == Unknown("QueueName of SQSPollerPolicy, which is not given")


@pytest.mark.parametrize("name", sorted(policy_templates()))
def test_every_template_expands_to_complete_statements(resources, name: str) -> None:  # type: ignore[no-untyped-def]
    given = ", ".join(f"{parameter}: value-of-{parameter}" for parameter in policy_templates()[name].parameters)
    role = role_with(resources, f"- {name}: {{{given}}}")
    assert not role.opaque
    grants = [grant for grant in role.grants if grant.origin == f"template:{name}"]
    assert grants
    for grant in grants:
        assert all(":" in action for action in grant.actions)
        assert grant.resources
        assert "?" not in "".join(map(str, grant.resources))


def test_the_packaged_data_is_well_formed() -> None:
    assert len(policy_templates()) > 75
    for policy in (*policy_templates().values(), *managed_policies().values()):
        assert policy.statements
        for statement in policy.statements:
            assert statement.resources
            assert bool(statement.actions) != bool(statement.not_actions)


def test_inline_statements_managed_names_and_what_is_not_known(resources) -> None:  # type: ignore[no-untyped-def]
    role = role_with(
        resources,
        """\
      - Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Action: ['S3:GetObject'], Resource: !Sub '${Table}/*'}
          - {Effect: Deny, NotAction: 's3:*', NotResource: '*', Condition: {Bool: {x: true}}}
      - Effect: Allow
        Action: sqs:SendMessage
        Resource: '*'
      - AmazonSQSFullAccess
      - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
      - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaRole
      - arn:aws:iam::aws:policy/SomethingRare
      - arn:aws:iam::123456789012:policy/AmazonSQSFullAccess
      - UnheardPolicy: {}
""".strip(),
    )
    assert [(grant.origin, grant.effect, grant.actions or grant.not_actions) for grant in role.grants[1:]] == [
        ("inline", "Allow", ("s3:GetObject",)),
        ("inline", "Deny", ("s3:*",)),
        ("inline", "Allow", ("sqs:SendMessage",)),
        ("managed:AmazonSQSFullAccess", "Allow", ("sqs:*",)),
        (
            "managed:AmazonS3ReadOnlyAccess",
            "Allow",
            ("s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"),
        ),
        ("managed:AWSLambdaRole", "Allow", ("lambda:InvokeFunction",)),
    ]
    assert [what for what, _ in role.opaque] == [
        "SomethingRare",
        "AmazonSQSFullAccess",
        "the policy template UnheardPolicy, which is not known",
    ]


def test_what_sam_adds_by_itself(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources("""\
        F:
          Type: AWS::Serverless::Function
          Properties:
            Handler: app.handler
            Tracing: Active
            VpcConfig: {SubnetIds: [a]}
            DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Q.Arn}
            Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}}
        Q: {Type: AWS::SQS::Queue}
        """)
    grants = app.roles["FRole"].grants
    assert [grant.origin for grant in grants] == [
        BASIC,
        "managed:AWSLambdaVPCAccessExecutionRole",
        "managed:AWSXrayWriteOnlyAccess",
        "managed:AWSLambdaSQSQueueExecutionRole",
        "sam",
    ]
    assert (grants[-1].actions, grants[-1].resources) == (("sqs:SendMessage",), (Ref("Q", "Arn"),))


def test_a_role_of_the_template_with_policies_attached_from_elsewhere(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources("""\
        F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Role: !GetAtt R.Arn}}
        G: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Role: !GetAtt R.Arn}}
        R:
          Type: AWS::IAM::Role
          Properties:
            ManagedPolicyArns: [!Ref Own, arn:aws:iam::aws:policy/AdministratorAccess]
            Policies: [{PolicyName: p, PolicyDocument: {Statement: {Effect: Allow, Action: 'a:One', Resource: '*'}}}]
        Own:
          Type: AWS::IAM::ManagedPolicy
          Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:Two', Resource: '*'}]}}
        Other:
          Type: AWS::IAM::Policy
          Properties: {Roles: [!Ref R], PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:Three', Resource: '*'}]}}
        """)
    role = app.roles["R"]
    assert role.functions == ("F", "G")
    assert [grant.actions for grant in role.grants] == [("a:One",), ("a:Two",), ("*",), ("a:Three",)]
    assert [function.role for function in app.functions] == ["R", "R"]


def test_a_role_from_elsewhere_is_opaque(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources("F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Role: 'arn:aws:iam::1:role/x'}}")
    role = app.roles[app.functions[0].role]
    assert not role.grants
    assert [what for what, _ in role.opaque] == ["the role x, which is not in this template"]


def test_an_action_that_is_not_written_out_is_noted(resources) -> None:  # type: ignore[no-untyped-def]
    role = role_with(resources, "- {Effect: Allow, Action: [!Ref Thing, 'a:B'], Resource: '*'}")
    assert role.grants[-1].actions == ("a:B",)
    assert [what for what, _ in role.opaque] == ["an action that is not written out: the value of Thing"]
