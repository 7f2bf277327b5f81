"""The hand-checked table: complete for the core services, and nothing in it that AWS does not know."""

import json
import re
from collections import Counter
from functools import cache

import pytest
from botocore.loaders import Loader

from remit.app.effect import SdkCall
from remit.app.location import Location
from remit.app.model import App
from remit.app.value import Unknown
from remit.iam import calls, catalog, dynamodb, inside, methods, resources, special
from remit.iam.abilities import TARGETS
from remit.iam.platform import _INSIGHTS, _LOGS, _POLLING, _VPC, _XRAY

CORE = [
    "apigateway",
    "apigatewaymanagementapi",
    "apigatewayv2",
    "appconfigdata",
    "bedrock-agent-runtime",
    "bedrock-runtime",
    "cloudwatch",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "dynamodb",
    "dynamodbstreams",
    "events",
    "firehose",
    "iot-data",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "pipes",
    "polly",
    "rds-data",
    "rekognition",
    "s3",
    "scheduler",
    "secretsmanager",
    "ses",
    "sesv2",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "sts",
    "textract",
    "transcribe",
    "translate",
    "xray",
]
APP = App("app", "SAM", "template.yaml")


@cache
def operations(service: str) -> tuple[str, ...]:
    return tuple(Loader().load_service_model(service, "service-2")["operations"])


def known(service: str, operation: str) -> bool:
    name = f"{service}.{operation}"
    if name in special.RULES or catalog.rules(service, operation):
        return True
    if service == "dynamodb" and operation in dynamodb.OPERATIONS:
        return True
    verb = re.match("[A-Z][a-z]+", operation)
    return service in ("apigateway", "apigatewayv2") and verb is not None and verb.group() in special.APIGATEWAY_VERBS


@pytest.mark.parametrize("service", CORE)
def test_every_operation_of_a_core_service_has_a_rule_or_is_newer_than_the_data(service: str) -> None:
    missing = {operation for operation in operations(service) if not known(service, operation)}
    # An operation without a rule is only excusable when the reference has no action of that name either.
    prefixes = Counter(
        rule.action.partition(":")[0] for name in operations(service) for rule in catalog.rules(service, name)
    )
    prefix = prefixes.most_common(1)[0][0]
    excusable = {operation for operation in missing if not catalog.spelled(f"{prefix}:{operation}")}
    assert missing == excusable


def test_hardly_any_operation_is_newer_than_the_data() -> None:
    every = [(service, operation) for service in CORE for operation in operations(service)]
    assert sum(not known(*pair) for pair in every) / len(every) < 0.05


def test_every_action_in_a_rule_exists() -> None:
    emitted = {action for pairs in special.RULES.values() for action, _ in pairs}
    emitted |= set(special.VERSIONED) | set(special.VERSIONED.values())
    emitted |= {f"apigateway:{verb}" for verb in special.APIGATEWAY_VERBS.values()}
    emitted |= set(dynamodb._ITEMS.values()) | set(dynamodb._VERBS.values())
    emitted |= {action for method in methods.methods() for action in method.actions}
    emitted |= {action for hold in (*inside.CONTROL, *inside.FEEDING) for action in hold.actions}
    emitted |= {action for target in TARGETS for ability in target.abilities for action in ability.actions}
    emitted |= {*_LOGS, *_INSIGHTS, *_XRAY, *_VPC, *(action for _, actions in _POLLING.values() for action in actions)}
    assert {action for action in emitted if catalog.spelled(action) != action} == set()


def test_every_action_in_the_data_exists() -> None:
    document = catalog.document()
    emitted = {rule[0] for names in document.operations.values() for rules in names.values() for rule in rules}
    assert {action for action in emitted if catalog.spelled(action) != action} == set()
    assert len(emitted) > 10_000


def test_every_rule_is_about_an_operation_that_exists() -> None:
    services = {name.partition(".")[0] for name in special.RULES}
    real = {f"{service}.{operation}" for service in services for operation in operations(service)}
    # Browsers post forms to S3: the SDKs sign them, no operation of that name exists.
    assert set(special.RULES) - real <= {"s3.PostObject"}


@pytest.mark.parametrize("name", sorted(special.RULES))
def test_no_rule_is_silent_when_parameters_are_missing(name: str) -> None:
    service, _, operation = name.partition(".")
    found = list(calls.needs(APP, "F", SdkCall(service, operation, {}, Location("a.py", 1))))
    assert len(found) >= len(special.RULES[name])
    assert all(item.on == "*" or isinstance(item.on, Unknown) or item.action for item in found)


def test_the_data_says_where_it_is_from_and_how_old_it_is() -> None:
    document = catalog.head()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", document.date)
    assert len(document.sources) == 4
    assert json.dumps(document.sources).count("MIT") == 3


def test_kinds_of_the_table_are_all_found() -> None:
    kinds = {kind for pairs in special.RULES.values() for _, kind in pairs}
    assert kinds - set(resources._SPECIAL) - set(resources._PARAMETERS) - set(resources._METHODS) == set()


def test_actions_depend_on_actions_that_exist() -> None:
    dependents = catalog.document().dependents
    assert len(dependents) > 1000
    assert {
        name for pair in dependents.items() for name in (pair[0], *pair[1]) if catalog.spelled(name) != name
    } == set()
    assert catalog.dependents("textract:detectdocumenttext") == ("s3:GetObject",)
    assert catalog.dependents("sqs:SendMessage") == catalog.dependents("no:Such") == ()
