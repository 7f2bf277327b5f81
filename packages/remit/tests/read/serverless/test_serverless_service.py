from collections.abc import Callable

from remit.app.model import App, Role
from remit.read import Reading, code_of

FUNCTION = "functions:\n  get-it_all:\n    handler: src/a.b\n"


def granted(role: Role) -> list[str]:
    return [f"{','.join(grant.actions)} on {'|'.join(map(str, grant.resources))}" for grant in role.grants]


def test_names_of_what_the_framework_makes(service: Callable[..., App]) -> None:
    app = service(
        "service: shop\nprovider: {name: aws, runtime: python3.12}\nlayers: {tools: {path: layer}}\n"
        + FUNCTION
        + "    layers: [!Ref ToolsLambdaLayer]\n"
        + "    events: [http: 'GET /users/{id}', httpApi: 'GET /a', sns: news, s3: photos]\n"
    )
    (function,) = app.functions
    assert (function.id, function.handler, function.code, function.runtime, function.layers) == (
        "GetDashitUnderscoreallLambdaFunction",
        "src/a.b",
        ".",
        "python3.12",
        ("layer",),
    )
    assert {
        "IamRoleLambdaExecution",
        "GetDashitUnderscoreallLogGroup",
        "ApiGatewayRestApi",
        "ApiGatewayResourceUsersIdVar",
        "ApiGatewayMethodUsersIdVarGet",
        "HttpApi",
        "SNSTopicNews",
        "S3BucketPhotos",
        "ToolsLambdaLayer",
    } <= app.resources.keys()
    assert str(app.resources[function.id].name) == "shop-{stage}-get-it_all"


def test_the_shared_role_grants_logs_and_what_is_written(service: Callable[..., App]) -> None:
    app = service("""
        service: shop
        provider:
          name: aws
          iam:
            role:
              managedPolicies: [arn:aws:iam::aws:policy/AmazonSQSFullAccess, arn:aws:iam::1:policy/own]
              statements:
                - Effect: Allow
                  Action: [dynamodb:GetItem]
                  Resource: !GetAtt Orders.Arn
        functions:
          f: {handler: a.b, events: [sqs: !GetAtt Jobs.Arn]}
          g: {handler: a.b}
        resources:
          Resources:
            Orders: {Type: AWS::DynamoDB::Table}
            Jobs: {Type: AWS::SQS::Queue}
    """)
    role = app.roles["IamRoleLambdaExecution"]
    assert role.functions == ("FLambdaFunction", "GLambdaFunction")
    lines = granted(role)
    assert "dynamodb:GetItem on {Orders.Arn}" in lines
    assert "sqs:ReceiveMessage,sqs:DeleteMessage,sqs:GetQueueAttributes on {Jobs.Arn}" in lines
    assert any(line.startswith("logs:PutLogEvents") and "/aws/lambda/shop-{stage}*" in line for line in lines)
    assert [grant.origin for grant in role.grants if grant.actions == ("dynamodb:GetItem",)] == ["inline"]
    assert {grant.origin for grant in role.grants if grant.actions[0].startswith("logs:")} == {"sam"}
    assert any(grant.origin == "managed:AmazonSQSFullAccess" for grant in role.grants)
    assert [what for what, _ in role.opaque] == ["own"]


def test_the_plugin_gives_a_function_a_role_of_its_own(service: Callable[..., App]) -> None:
    text = """
        service: shop
        plugins: [serverless-iam-roles-per-function]
        provider:
          name: aws
          iamRoleStatements:
            - {{Effect: Allow, Action: "s3:GetObject", Resource: "*"}}
        functions:
          f:
            handler: a.b
            {inherit}
            iamRoleStatements:
              - {{Effect: Allow, Action: "sqs:SendMessage", Resource: "*"}}
          g: {{handler: a.b}}
    """
    alone = service(text.format(inherit=""))
    assert [line for line in granted(alone.roles["FIamRoleLambdaExecution"]) if "logs" not in line] == [
        "sqs:SendMessage on *"
    ]
    assert alone.roles["IamRoleLambdaExecution"].functions == ("GLambdaFunction",)
    both = service(text.format(inherit="iamRoleStatementsInherit: true"))
    assert [line for line in granted(both.roles["FIamRoleLambdaExecution"]) if "logs" not in line] == [
        "s3:GetObject on *",
        "sqs:SendMessage on *",
    ]


def test_roles_that_are_named(service: Callable[..., App]) -> None:
    text = """
        service: shop
        provider: {{name: aws, {provider}}}
        functions: {{f: {{handler: a.b, {function}}}}}
        resources: {{Resources: {{Own: {{Type: AWS::IAM::Role}}}}}}
    """
    for provider, function in (
        ("x: 1", "role: Own"),
        ("role: Own", "x: 1"),
        ("iam: {role: !GetAtt Own.Arn}", "x: 1"),
        ("x: 1", "role: {Fn::GetAtt: [Own, Arn]}"),
    ):
        app = service(text.format(provider=provider, function=function))
        assert app.functions[0].role == "Own", (provider, function)
        assert "IamRoleLambdaExecution" not in app.roles
    app = service(text.format(provider="x: 1", function="role: 'arn:aws:iam::1:role/away'"))
    assert app.roles["FLambdaFunctionRole"].opaque


def test_raw_cloudformation_refers_to_it_and_changes_it(service: Callable[..., App]) -> None:
    app = service("""
        service: shop
        provider: aws
        functions: {f: {handler: a.b, environment: {Q: !Ref Jobs, F: !GetAtt GLambdaFunction.Arn}}, g: {handler: a.b}}
        resources:
          - Resources:
              Jobs: {Type: AWS::SQS::Queue}
              FLambdaFunction: {Properties: {ReservedConcurrentExecutions: 3}}
              Rule:
                Type: AWS::Events::Rule
                Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt FLambdaFunction.Arn, Id: x}]}
          - extensions:
              GLambdaFunction: {Properties: {Timeout: 77}}
    """)
    f, g = app.functions
    assert app.resource_of(f.environment["Q"].plain()) is app.resources["Jobs"]
    assert app.resource_of(f.environment["F"].plain()) is app.resources["GLambdaFunction"]
    assert f.properties is not None
    assert f.properties.get("ReservedConcurrentExecutions") == 3
    assert g.timeout == 77
    assert [trigger.name for trigger in app.triggers_of(f.id)] == ["schedule rate(1 day)"]


def test_state_machines_of_the_plugin_name_functions(service: Callable[..., App]) -> None:
    app = service("""
        service: shop
        provider: aws
        plugins: [serverless-step-functions]
        functions: {work: {handler: a.b}}
        stepFunctions:
          stateMachines:
            flow: {definition: {States: {A: {Type: Task, Resource: {Fn::GetAtt: [work, Arn]}}}}}
    """)
    assert [trigger.name for trigger in app.triggers] == ["task A of FlowStepFunctionsStateMachine"]


def test_code_is_read_from_the_folder_of_the_service(read: Callable[..., Reading]) -> None:
    reading = read(
        "x: 1\n",
        services__a__serverless_yml="service: a\nprovider: {name: aws, runtime: python3.12}\n" + FUNCTION,
        **{"services__a__src__a.py": "def b(event, context): ...\n"},
    )
    (app,) = reading.apps
    assert (app.name, app.form, app.template) == ("a", "Serverless", "services/a/serverless.yml")
    assert "services/a/src/a.py" in code_of(reading.root, app.functions[0]).files


def test_what_is_not_read_is_said(read: Callable[..., Reading]) -> None:
    reading = read(
        "service: x\nprovider: aws\nplugins: [serverless-wsgi]\nfunctions:\n"
        "  image: {image: repo}\n  zip: {handler: a.b, package: {artifact: x.zip}}\n"
        "  bare: {events: []}\n  flask: {handler: wsgi_handler.handler}\n",
        **{"b__serverless.ts": "export default { service: 'x', provider: {} }\n"},
        c__serverless_yml="service: x\nprovider: google\n",
    )
    assert sorted(f"{skip.what}: {skip.why}" for skip in reading.skips if skip.blind) == [
        "ImageLambdaFunction: its code is a container image",
        'b/serverless.ts: a service written as a program is not run here; examine what "serverless print" makes of it',
        "bare: it has neither a handler nor an image",
        "c/serverless.yml: a service for google: only AWS is read",
        "flask: the plugin serverless-wsgi puts its own handler in front of the app",
    ]


def test_wrong_shapes_fail_alone(read: Callable[..., Reading]) -> None:
    reading = read("""\
        service: x
        provider: {name: aws, environment: 3}
        functions:
          bad: 3
          list: [1]
          odd: {handler: [1], events: {http: x}, environment: [1], layers: 3, timeout: []}
          route: {handler: a.b, events: [3, http: {}, httpApi: 3, s3: {}, sns: {}, sqs: {}, websocket: {}]}
          good: {handler: a.b}
        resources: {Resources: {A: 3, B: {Type: AWS::SQS::Queue}}, Parameters: 3}
    """)
    (app,) = reading.apps
    assert [function.id for function in app.functions] == [
        "OddLambdaFunction",
        "RouteLambdaFunction",
        "GoodLambdaFunction",
    ]
    assert "B" in app.resources
    assert all(failure.location and failure.location.line for failure in reading.failures)
    assert {failure.location.line for failure in reading.failures if failure.location} == {2, 4, 5, 6, 7, 9}


def test_constructs_of_lift_that_hold_data(read: Callable[..., Reading]) -> None:
    reading = read("""
        service: shop
        provider: {name: aws, environment: {Q: "${construct:jobs.queueUrl}", B: "${construct:files.bucketName}"}}
        plugins: [serverless-lift]
        constructs:
          jobs: {type: queue, worker: {handler: a.work}}
          files: {type: storage}
          site: {type: static-website, path: x}
        functions: {f: {handler: a.b}}
    """)
    (app,) = reading.apps
    assert [(function.id, function.handler) for function in app.functions] == [
        ("FLambdaFunction", "a.b"),
        ("JobsWorkerLambdaFunction", "a.work"),
    ]
    environment = app.functions[0].environment
    assert app.resource_of(environment["Q"].plain()) is app.resources["jobsQueue"]
    assert app.resource_of(environment["B"].plain()) is app.resources["filesBucket"]
    assert [trigger.name for trigger in app.triggers_of("JobsWorkerLambdaFunction")] == ["messages of jobsQueue"]
    assert "sqs:SendMessage on {jobsQueue.Arn}" in granted(app.roles["IamRoleLambdaExecution"])
    assert [skip.what for skip in reading.skips if skip.blind] == ["site"]


def test_a_syntax_of_its_own_for_variables_is_a_blind_spot(read: Callable[..., Reading]) -> None:
    reading = read(
        "service: x\nprovider: {name: aws, variableSyntax: '\\\\${{([^}]+)}}'}\nfunctions: {a: {handler: a.b}}\n"
    )
    assert [(skip.what, skip.blind) for skip in reading.skips] == [("provider.variableSyntax", True)]


def test_what_a_composition_hands_over_is_a_blind_spot(read: Callable[..., Reading]) -> None:
    compose = "services:\n  a: {path: a}\n  b: {path: b, params: {table: '${a.table}'}}\n"
    reading = read(
        "service: x\nprovider: aws\nfunctions: {a: {handler: a.b}}\n",
        **{"serverless-compose.yml": compose, "x/serverless-compose.ts": "export default {}\n"},
    )
    assert len(reading.apps) == 1
    assert [(skip.what, str(skip.location), skip.blind) for skip in reading.skips] == [
        ("b", "serverless-compose.yml:3", True),
        ("x/serverless-compose.ts", "x/serverless-compose.ts", True),
    ]


def test_sections_of_plugins_that_are_not_known_are_blind_spots(read: Callable[..., Reading]) -> None:
    reading = read(
        "service: shop\nprovider: {name: aws}\nplugins: [serverless-pipes]\nuseDotenv: true\nx-note: {a: b}\n"
        + FUNCTION
        + "pipes:\n  orders: {source: a, target: b}\nfargate: [{name: c}]\n"
    )
    assert [(skip.what, skip.why, str(skip.location)) for skip in reading.skips if skip.blind] == [
        ("pipes", 'the section "pipes" is of a plugin: what it makes is not read', "serverless.yml:9"),
        ("fargate", 'the section "fargate" is of a plugin: what it makes is not read', "serverless.yml:11"),
    ]
