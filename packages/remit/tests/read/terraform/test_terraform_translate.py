"""Terraform's resources in CloudFormation's words: what every reader after the translation sees."""

from collections.abc import Mapping
from pathlib import Path

from remit.app.location import Location
from remit.app.model import Sender
from remit.app.node import Node, graft
from remit.app.value import Ref, Text, Unknown, Value
from remit.read.document import Raw
from remit.read.draft import Draft
from remit.read.files import code_of
from remit.read.functions import read_functions
from remit.read.resolve import Resolver
from remit.read.roles import read_roles
from remit.read.senders import settle_senders
from remit.read.terraform.instance import Instance
from remit.read.terraform.translate import lower
from remit.read.triggers import read_triggers


def made(kind: str, called: str, line: int = 1, /, **arguments: Value) -> Instance:
    """One instance as the evaluator would make it."""
    mode, _, bare = kind.rpartition(".")
    at = Location("main.tf", line)
    id_ = f"{'data_' if mode else ''}{bare}_{called}"
    address = f"{'data.' if mode else ''}{bare}.{called}"
    return Instance(id_, address, mode or "resource", bare, graft(dict(arguments), at), at)


def lowered(*instances: Instance) -> Draft:
    """A draft with everything in it, and what the readers make of it."""
    draft = Draft("main.tf", "", Resolver("main.tf", Raw({}, (1, 1, 1, 1))), sam=False)
    lower(instances, draft)
    read_roles(draft)
    read_functions(draft)
    read_triggers(draft)
    settle_senders(draft)
    return draft


def block(**arguments: Value) -> tuple[Value, ...]:
    """A nested block, as it comes from the evaluator."""
    return (dict(arguments),)


def function(name: str = "orders", **arguments: Value) -> Instance:
    """A function with its code in ``src``."""
    given: dict[str, Value] = {
        "function_name": name,
        "handler": "app.handler",
        "runtime": "python3.13",
        "filename": "src",
    }
    return made("aws_lambda_function", name, **{**given, **arguments})


ROLE = made("aws_iam_role", "work", name="work", assume_role_policy="{}")


class TestFunctions:
    def test_environment_names_the_resource(self) -> None:
        draft = lowered(
            made("aws_dynamodb_table", "orders", name="orders", hash_key="id"),
            function(environment=block(variables={"TABLE_NAME": Ref("aws_dynamodb_table_orders", "name")})),
        )
        (found,) = draft.functions
        assert found.environment["TABLE_NAME"].plain() == Ref("aws_dynamodb_table_orders")
        assert draft.resources["aws_dynamodb_table_orders"].label == "aws_dynamodb_table.orders"
        assert draft.resources["aws_dynamodb_table_orders"].name == "orders"

    def test_code_is_what_goes_into_the_archive(self) -> None:
        archive = made("data.archive_file", "zip", type="zip", source_dir="src/orders", output_path="build/orders.zip")
        by_reference = function(filename=Ref("data_archive_file_zip", "output_path"))
        by_path = function("again", filename="./build/orders.zip")
        draft = lowered(archive, by_reference, by_path)
        assert [found.code for found in draft.functions] == ["src/orders", "src/orders"]

    def test_code_that_is_uploaded_to_a_bucket_first(self) -> None:
        draft = lowered(
            made("data.archive_file", "zip", source_file="src/app.py", output_path="x.zip"),
            made("aws_s3_object", "zip", key="x.zip", source=Ref("data_archive_file_zip", "output_path")),
            function(filename=None, s3_bucket="code", s3_key=Ref("aws_s3_object_zip", "key")),
        )
        assert draft.functions[0].code == "src/app.py"

    def test_code_that_lies_elsewhere_is_told(self) -> None:
        draft = lowered(function(filename=None, s3_bucket="code", s3_key="x.zip"))
        assert draft.functions[0].code is None
        assert [skip.blind for skip in draft.skips] == [True]


class TestRoles:
    def test_policies_by_every_way_of_attaching_them(self) -> None:
        document = made(
            "data.aws_iam_policy_document",
            "read",
            statement=block(actions=("s3:GetObject",), resources=(Ref("aws_s3_bucket_docs", "arn"),)),
        )
        draft = lowered(
            ROLE,
            document,
            made("aws_s3_bucket", "docs", bucket="docs"),
            made("aws_iam_policy", "own", policy=Ref("data_aws_iam_policy_document_read", "json")),
            made(
                "aws_iam_role_policy_attachment",
                "own",
                role=Ref("aws_iam_role_work", "name"),
                policy_arn=Ref("aws_iam_policy_own", "arn"),
            ),
            made(
                "aws_iam_role_policy",
                "mail",
                role="work",
                policy='{"Statement":[{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*"}]}',
            ),
            made(
                "aws_iam_policy_attachment",
                "a",
                roles=("work",),
                policy_arn="arn:aws:iam::aws:policy/AmazonSQSFullAccess",
            ),
            function(role=Ref("aws_iam_role_work", "arn")),
        )
        role = draft.roles["aws_iam_role_work"]
        assert role.functions == ("aws_lambda_function_orders",)
        told = {action: grant.resources for grant in role.grants for action in grant.actions}
        assert told["s3:GetObject"] == (Ref("aws_s3_bucket_docs", "Arn"),)
        assert told["ses:SendEmail"] == ("*",)
        assert told["sqs:*"] == ("*",)

    def test_documents_are_put_together_by_sid(self) -> None:
        base = made(
            "data.aws_iam_policy_document",
            "base",
            statement=(
                {"sid": "Read", "actions": ("s3:GetObject",), "resources": ("*",)},
                {"sid": "Mail", "actions": ("ses:SendEmail",), "resources": ("*",)},
            ),
        )
        whole = made(
            "data.aws_iam_policy_document",
            "whole",
            source_policy_documents=(Ref("data_aws_iam_policy_document_base", "json"),),
            override_policy_documents=('{"Statement":{"Sid":"Mail","Effect":"Deny","Action":"ses:*","Resource":"*"}}',),
            statement=block(
                actions=("sqs:SendMessage",),
                resources=("arn:aws:sqs:*:*:&{aws:PrincipalTag/team}",),
                condition=block(test="StringEquals", variable="aws:SourceAccount", values=("1",)),
            ),
        )
        draft = lowered(
            base, whole, made("aws_iam_policy", "p", policy=Ref("data_aws_iam_policy_document_whole", "json"))
        )
        policy = draft.declared["aws_iam_policy_p"].properties.get("PolicyDocument")
        assert isinstance(policy, Mapping)
        assert policy["Statement"] == (
            {"Effect": "Allow", "Sid": "Read", "Action": ("s3:GetObject",), "Resource": ("*",)},
            {"Sid": "Mail", "Effect": "Deny", "Action": "ses:*", "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": ("sqs:SendMessage",),
                "Resource": ("arn:aws:sqs:*:*:${aws:PrincipalTag/team}",),
                "Condition": {"StringEquals": {"aws:SourceAccount": ("1",)}},
            },
        )

    def test_a_role_whose_name_is_given_from_outside(self) -> None:
        role = made("aws_iam_role", "work", name=Ref("role_name"))
        attached = made(
            "aws_iam_role_policy_attachment",
            "a",
            role=Ref("role_name"),
            policy_arn="arn:aws:iam::aws:policy/AmazonSQSFullAccess",
        )
        assert lowered(role, attached).roles["aws_iam_role_work"].grants

    def test_a_list_that_is_not_known_stays_beside_what_is_attached(self) -> None:
        role = made("aws_iam_role", "work", name="work", managed_policy_arns=Unknown("a list from elsewhere"))
        attached = made(
            "aws_iam_role_policy_attachment", "a", role="work", policy_arn="arn:aws:iam::aws:policy/AmazonSQSFullAccess"
        )
        found = lowered(role, attached).roles["aws_iam_role_work"]
        assert [note for note, _ in found.opaque]
        assert any("sqs:*" in grant.actions for grant in found.grants)

    def test_a_policy_of_aws_that_is_looked_up(self) -> None:
        vpc = made(
            "data.aws_iam_policy", "vpc", arn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
        )
        by_text = made("aws_iam_role_policy", "p", role="work", policy=Ref(vpc.id, "policy"))
        attached = made(
            "aws_iam_role_policy_attachment", "a", role="work", policy_arn=Ref("data_aws_iam_policy_s3", "arn")
        )
        draft = lowered(ROLE, vpc, by_text, made("data.aws_iam_policy", "s3", name="AmazonS3ReadOnlyAccess"), attached)
        actions = {action for grant in draft.roles["aws_iam_role_work"].grants for action in grant.actions}
        assert {"ec2:CreateNetworkInterface", "s3:Get*"} <= actions
        assert not draft.roles["aws_iam_role_work"].opaque

    def test_a_document_that_is_made_of_itself_ends(self) -> None:
        loop = made(
            "data.aws_iam_policy_document",
            "loop",
            source_policy_documents=(Ref("data_aws_iam_policy_document_loop", "json"),),
        )
        draft = lowered(ROLE, loop, made("aws_iam_role_policy", "p", role="work", policy=Ref(loop.id, "json")))
        assert draft.roles["aws_iam_role_work"].opaque

    def test_symbols_inside_json_texts(self) -> None:
        text = Text(
            (
                '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["',
                Ref("aws_s3_bucket_b", "arn"),
                '/*",',
                Ref("var.more"),
                "]}]}",
            )
        )
        draft = lowered(ROLE, made("aws_s3_bucket", "b"), made("aws_iam_role_policy", "p", role="work", policy=text))
        (grant,) = draft.roles["aws_iam_role_work"].grants
        assert grant.resources == (Text((Ref("aws_s3_bucket_b", "Arn"), "/*")), Ref("var.more"))

    def test_what_is_no_json_is_not_taken_for_an_empty_policy(self) -> None:
        draft = lowered(ROLE, made("aws_iam_role_policy", "p", role="work", policy="{not json"))
        assert draft.roles["aws_iam_role_work"].opaque

    def test_a_heredoc_keeps_its_lines(self) -> None:
        text = '{\n  "Statement": [\n    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}\n  ]\n}\n'
        policy = Node(text, Location("main.tf", 10, 12, 16, 4))
        instance = made("aws_iam_role_policy", "p", 8, role="work")
        attributes = Node({**dict(instance.attributes.items()), "policy": policy}, instance.location)
        draft = lowered(
            ROLE, Instance(instance.id, instance.address, "resource", instance.type, attributes, instance.location)
        )
        (grant,) = draft.roles["aws_iam_role_work"].grants
        assert (grant.location.line, grant.location.column) == (13, 5)


class TestTriggers:
    def test_routes_of_an_http_api(self) -> None:
        api = Ref("aws_apigatewayv2_api_web", "id")
        draft = lowered(
            function(),
            made("aws_apigatewayv2_api", "web", name="web", protocol_type="HTTP"),
            made("aws_apigatewayv2_authorizer", "users", api_id=api, authorizer_type="JWT", name="users"),
            made(
                "aws_apigatewayv2_integration",
                "orders",
                api_id=api,
                integration_type="AWS_PROXY",
                integration_uri=Ref("aws_lambda_function_orders", "invoke_arn"),
                payload_format_version="2.0",
            ),
            made(
                "aws_apigatewayv2_route",
                "safe",
                api_id=api,
                route_key="POST /orders",
                target=Text(("integrations/", Ref("aws_apigatewayv2_integration_orders", "id"))),
                authorization_type="JWT",
                authorizer_id=Ref("aws_apigatewayv2_authorizer_users", "id"),
            ),
            made(
                "aws_apigatewayv2_route",
                "open",
                api_id=api,
                route_key="GET /orders",
                target=Text(("integrations/", Ref("aws_apigatewayv2_integration_orders", "id"))),
            ),
        )
        told = {trigger.name: (trigger.source, trigger.sender, trigger.resource) for trigger in draft.triggers}
        assert told == {
            "POST /orders": ("http-api", Sender.AUTHENTICATED, "aws_apigatewayv2_api_web"),
            "GET /orders": ("http-api", Sender.ANYONE, "aws_apigatewayv2_api_web"),
        }

    def test_a_method_and_its_integration_are_one(self) -> None:
        api, resource = Ref("aws_api_gateway_rest_api_web", "id"), Ref("aws_api_gateway_resource_orders", "id")
        draft = lowered(
            function(),
            made("aws_api_gateway_rest_api", "web", name="web"),
            made(
                "aws_api_gateway_resource",
                "orders",
                rest_api_id=api,
                parent_id=Ref("aws_api_gateway_rest_api_web", "root_resource_id"),
                path_part="orders",
            ),
            made(
                "aws_api_gateway_method",
                "post",
                rest_api_id=api,
                resource_id=resource,
                http_method="POST",
                authorization="AWS_IAM",
            ),
            made(
                "aws_api_gateway_method",
                "get",
                rest_api_id=api,
                resource_id=resource,
                http_method="GET",
                authorization="NONE",
            ),
            made(
                "aws_api_gateway_integration",
                "post",
                rest_api_id=api,
                resource_id=resource,
                http_method=Ref("aws_api_gateway_method_post", "http_method"),
                type="AWS_PROXY",
                uri=Ref("aws_lambda_function_orders", "invoke_arn"),
            ),
            made(
                "aws_api_gateway_integration",
                "get",
                rest_api_id=api,
                resource_id=resource,
                http_method="GET",
                type="AWS_PROXY",
                uri=Ref("aws_lambda_function_orders", "invoke_arn"),
            ),
        )
        told = {trigger.name: (trigger.source, trigger.sender) for trigger in draft.triggers}
        assert told == {"POST /orders": ("rest-api", Sender.ACCOUNT), "GET /orders": ("rest-api", Sender.ANYONE)}

    def test_a_public_bucket_notifies(self) -> None:
        bucket = Ref("aws_s3_bucket_up", "id")
        draft = lowered(
            function(),
            made("aws_s3_bucket", "up"),
            made("aws_s3_bucket_acl", "up", bucket=bucket, acl="public-read-write"),
            made(
                "aws_s3_bucket_notification",
                "up",
                bucket=bucket,
                lambda_function=block(
                    lambda_function_arn=Ref("aws_lambda_function_orders", "arn"),
                    events=("s3:ObjectCreated:*",),
                    filter_suffix=".png",
                ),
            ),
        )
        (trigger,) = draft.triggers
        assert (trigger.source, trigger.sender, trigger.resource) == ("s3", Sender.ANYONE, "aws_s3_bucket_up")
        blocked = made("aws_s3_bucket_public_access_block", "up", bucket=bucket, block_public_acls=True)
        draft = lowered(
            *(Instance("x", "x", "resource", "aws_kms_key", graft({}, Location("m")), Location("m")), blocked),
            made("aws_s3_bucket", "up"),
        )
        assert (
            draft.declared["aws_s3_bucket_up"].properties.get("PublicAccessBlockConfiguration", "BlockPublicAcls")
            is True
        )

    def test_queue_rule_schedule_topic(self) -> None:
        target = Ref("aws_lambda_function_orders", "arn")
        draft = lowered(
            function(),
            made(
                "aws_sqs_queue",
                "jobs",
                name="jobs",
                policy='{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}}',
            ),
            made(
                "aws_lambda_event_source_mapping",
                "jobs",
                event_source_arn=Ref("aws_sqs_queue_jobs", "arn"),
                function_name=target,
            ),
            made("aws_cloudwatch_event_rule", "daily", schedule_expression="rate(1 day)"),
            made(
                "aws_cloudwatch_event_target", "daily", rule=Ref("aws_cloudwatch_event_rule_daily", "name"), arn=target
            ),
            made("aws_sns_topic", "news"),
            made(
                "aws_sns_topic_subscription",
                "news",
                topic_arn=Ref("aws_sns_topic_news", "arn"),
                protocol="lambda",
                endpoint=target,
            ),
            made(
                "aws_lambda_function_url",
                "url",
                function_name=Ref("aws_lambda_function_orders", "function_name"),
                authorization_type="NONE",
            ),
        )
        told = {trigger.source: (trigger.sender, trigger.resource) for trigger in draft.triggers}
        assert told == {
            "sqs": (Sender.ANYONE, "aws_sqs_queue_jobs"),
            "schedule": (Sender.PLATFORM, ""),
            "sns": (Sender.APP, "aws_sns_topic_news"),
            "function-url": (Sender.ANYONE, "aws_lambda_function_url_url"),
        }


class TestGraph:
    def test_resolvers_lead_through_sources_to_functions(self) -> None:
        api = Ref("aws_appsync_graphql_api_shop", "id")
        draft = lowered(
            function(),
            made("aws_appsync_graphql_api", "shop", name="shop", authentication_type="API_KEY"),
            made(
                "aws_appsync_datasource",
                "orders",
                api_id=api,
                name="orders",
                type="AWS_LAMBDA",
                lambda_config=block(function_arn=Ref("aws_lambda_function_orders", "arn")),
            ),
            made(
                "aws_appsync_resolver",
                "order",
                api_id=api,
                type="Query",
                field="order",
                data_source=Ref("aws_appsync_datasource_orders", "name"),
            ),
        )
        assert [(trigger.source, trigger.name, trigger.sender) for trigger in draft.triggers] == [
            ("appsync", "Query.order", Sender.ANYONE)
        ]


class TestReferences:
    def test_data_sources(self) -> None:
        draft = lowered(
            made("data.aws_caller_identity", "me"),
            made("data.aws_sqs_queue", "other", name="other"),
            made("data.aws_ssm_parameter", "key", name="/app/key"),
            function(
                environment=block(
                    variables={
                        "ACCOUNT": Ref("data_aws_caller_identity_me", "account_id"),
                        "QUEUE": Ref("data_aws_sqs_queue_other", "arn"),
                        "KEY": Ref("data_aws_ssm_parameter_key", "value"),
                    }
                )
            ),
        )
        environment = draft.functions[0].environment
        assert environment["ACCOUNT"].plain() == Ref("AWS::AccountId")
        assert str(environment["QUEUE"].plain()) == "arn:{AWS::Partition}:sqs:{AWS::Region}:{AWS::AccountId}:other"
        assert environment["KEY"].plain() == Unknown("the SSM parameter /app/key")

    def test_where_a_stage_is_called(self) -> None:
        draft = lowered(
            made("aws_apigatewayv2_api", "ws", name="ws", protocol_type="WEBSOCKET"),
            made("aws_apigatewayv2_stage", "live", api_id=Ref("aws_apigatewayv2_api_ws", "id"), name="live"),
            function(
                environment=block(
                    variables={
                        "URL": Ref("aws_apigatewayv2_stage_live", "invoke_url"),
                        "ARN": Ref("aws_apigatewayv2_stage_live", "execution_arn"),
                    }
                )
            ),
        )
        environment = draft.functions[0].environment
        api = "{aws_apigatewayv2_api_ws}"
        region, account = "{AWS::Region}", "{AWS::AccountId}"
        assert str(environment["URL"].plain()) == f"https://{api}.execute-api.{region}.{{AWS::URLSuffix}}/live"
        assert str(environment["ARN"].plain()) == f"arn:{{AWS::Partition}}:execute-api:{region}:{account}:{api}/live"

    def test_a_setting_of_a_bucket_leads_to_the_bucket(self) -> None:
        draft = lowered(
            made("aws_s3_bucket", "b"),
            made(
                "aws_s3_bucket_versioning",
                "b",
                bucket=Ref("aws_s3_bucket_b", "id"),
                versioning_configuration=block(status="Enabled"),
            ),
            function(environment=block(variables={"B": Ref("aws_s3_bucket_versioning_b", "bucket")})),
        )
        assert draft.functions[0].environment["B"].plain() == Ref("aws_s3_bucket_b")
        assert draft.declared["aws_s3_bucket_b"].properties.get("VersioningConfiguration", "Status") == "Enabled"

    def test_what_no_table_has_is_declared_all_the_same(self) -> None:
        draft = lowered(made("aws_glue_catalog_table", "t", name="orders", retention_days=3), made("aws_vpc", "v"))
        glue = draft.resources["aws_glue_catalog_table_t"]
        assert (glue.type, glue.properties.get("RetentionDays")) == ("AWS::Glue::CatalogTable", 3)
        assert draft.resources["aws_vpc_v"].type == "AWS::EC2::VPC"


def test_functions_of_other_clouds_are_not_taken_for_examined() -> None:
    draft = lowered(
        made("azurerm_linux_function_app", "f"), made("random_id", "x"), made("google_cloudfunctions2_function", "g")
    )
    assert [(skip.what, skip.blind) for skip in draft.skips] == [
        ("azurerm_linux_function_app.f", True),
        ("google_cloudfunctions2_function.g", True),
    ]
    assert not draft.resources


class TestWrittenCode:
    def test_a_text_in_the_configuration_is_code_under_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "main.tf").write_text("# 1\n# 2\n# 3\n    def handler(event, context):\n        return 1\n")
        content = Node("def handler(event, context):\n    return 1\n", Location("main.tf", 3, 1, 6, 1))
        archive = made("data.archive_file", "zip", output_path="w.zip", source=())
        blocks = Node(
            (Node({"filename": Node("work.py", content.location), "content": content}, content.location),),
            content.location,
        )
        attributes = Node({**dict(archive.attributes.items()), "source": blocks}, archive.location)
        archive = Instance(archive.id, archive.address, "data", archive.type, attributes, archive.location)
        draft = lowered(archive, function(filename="w.zip", handler="work.handler"))
        tree = code_of(tmp_path, draft.functions[0])
        (name,) = tree.files
        assert name.endswith("/work.py")
        assert tree.locate(Location(name, 4, 1)) == Location("main.tf", 4, 5)

    def test_a_file_that_is_read_for_the_archive(self) -> None:
        content = Node("x = 1", Location("src/work.py", 1))
        block_ = Node({"filename": Node("work.py", content.location), "content": content}, content.location)
        archive = made("data.archive_file", "zip", output_path="w.zip")
        attributes = Node(
            {**dict(archive.attributes.items()), "source": Node((block_,), content.location)}, archive.location
        )
        archive = Instance(archive.id, archive.address, "data", archive.type, attributes, archive.location)
        assert lowered(archive, function(filename="w.zip", handler="work.handler")).functions[0].code == "src/work.py"

    def test_where_sam_is_told_that_the_sources_are(self) -> None:
        told = made(
            "null_resource",
            "sam_metadata_orders",
            triggers={
                "resource_name": "aws_lambda_function.orders",
                "resource_type": "ZIP_LAMBDA_FUNCTION",
                "original_source_code": '[{"path": "handlers/orders", "pip": true}]',
                "source_code_property": "path",
            },
        )
        assert lowered(told, function(filename="build/x.zip")).functions[0].code == "handlers/orders"

    def test_where_an_image_is_built(self) -> None:
        draft = lowered(
            made(
                "docker_image",
                "orders",
                name="orders",
                build=block(context="images/orders", dockerfile="Dockerfile.prod"),
            ),
            made("docker_registry_image", "orders", name=Ref("docker_image_orders", "name")),
            function(package_type="Image", filename=None, image_uri=Ref("docker_registry_image_orders", "name")),
        )
        metadata = draft.resources["aws_lambda_function_orders"].metadata
        assert metadata is not None
        assert metadata.plain() == {"DockerContext": "images/orders", "Dockerfile": "Dockerfile.prod"}


class TestDefinitions:
    def test_a_definition_in_yaml_with_symbols_in_it(self) -> None:
        body = Text(
            (
                "openapi: 3.0.1\npaths:\n  /orders:\n    post:\n      x-amazon-apigateway-integration:\n        uri: ",
                Ref("aws_lambda_function_orders", "invoke_arn"),
                "\n        type: aws_proxy\n",
            )
        )
        draft = lowered(function(), made("aws_api_gateway_rest_api", "web", name="web", body=body))
        assert [(trigger.name, trigger.sender) for trigger in draft.triggers] == [("POST /orders", Sender.ANYONE)]

    def test_a_definition_that_is_neither_stays_a_text(self) -> None:
        draft = lowered(made("aws_sfn_state_machine", "m", definition="{ not: [json"))
        assert draft.declared["aws_sfn_state_machine_m"].properties.get("DefinitionString") == "{ not: [json"

    def test_the_provider_that_speaks_cloudformation(self) -> None:
        draft = lowered(
            made(
                "awscc_iam_role",
                "r",
                role_name="work",
                managed_policy_arns=("arn:aws:iam::aws:policy/AmazonSQSFullAccess",),
            ),
            made(
                "awscc_lambda_function",
                "f",
                function_name="f",
                handler="app.handler",
                role=Ref("awscc_iam_role_r", "arn"),
                code={"s3_bucket": "code", "s3_key": "x.zip"},
                environment={"variables": {"lower_name": "1"}},
            ),
        )
        (found,) = draft.functions
        assert found.environment["lower_name"].plain() == "1"
        assert found.role == "awscc_iam_role_r"
        assert draft.declared["awscc_lambda_function_f"].properties.get("Code", "S3Key") == "x.zip"
