"""Plans and states as ``terraform show -json`` prints them."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from remit.app.model import App, Sender
from remit.app.value import Choice, Ref
from remit.read.context import Context
from remit.read.discover import Found
from remit.read.json_document import parse_json
from remit.read.reading import load
from remit.read.terraform.plan import is_plan, read_plan, read_plan_files
from remit.scan import Plan, run

ROLE_ARN = "arn:aws:iam::111122223333:role/work"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:jobs"


def resource(address: str, mode: str = "managed", **values: Any) -> dict[str, Any]:
    """One entry of ``resources`` in a module of values."""
    kind, name = address.split("[")[0].split(".")[-2:]
    return {"address": address, "mode": mode, "type": kind, "name": name, "values": values}


def change(
    address: str, unknown: dict[str, Any], after: dict[str, Any] | None = None, mode: str = "managed"
) -> dict[str, Any]:
    """One entry of ``resource_changes``."""
    kind, name = address.split("[")[0].split(".")[-2:]
    inner = {"after": after or {}, "after_unknown": unknown}
    return {"address": address, "mode": mode, "type": kind, "name": name, "change": inner}


def refs(*texts: str) -> dict[str, Any]:
    """An expression that refers to something."""
    return {"references": list(texts)}


def configured(address: str, **expressions: Any) -> dict[str, Any]:
    """One entry of ``resources`` in a module of the configuration."""
    return {"address": address, "expressions": expressions}


PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "planned_values": {
        "root_module": {
            "resources": [
                resource("aws_sqs_queue.jobs", name="jobs", policy=""),
                resource(
                    "aws_lambda_function.work",
                    function_name="work",
                    handler="app.handler",
                    runtime="python3.13",
                    filename="./build/work.zip",
                    environment=[{"variables": {"TABLE": "orders"}}],
                ),
                resource("aws_lambda_event_source_mapping.jobs", batch_size=10),
            ],
            "child_modules": [
                {
                    "address": "module.store",
                    "resources": [resource("module.store.aws_dynamodb_table.orders", name="orders", hash_key="id")],
                },
                {
                    "address": "module.role",
                    "resources": [resource("module.role.aws_iam_role.work", name="work")],
                },
            ],
        }
    },
    "prior_state": {
        "values": {
            "root_module": {
                "resources": [
                    resource("data.archive_file.work", "data", source_dir="./src", output_path="./build/work.zip")
                ]
            }
        }
    },
    "resource_changes": [
        change("aws_sqs_queue.jobs", {"arn": True, "url": True, "id": True, "policy": True}),
        change(
            "aws_lambda_function.work",
            {"arn": True, "role": True, "environment": [{"variables": {"QUEUE": True}}]},
        ),
        change("aws_lambda_event_source_mapping.jobs", {"event_source_arn": True, "function_name": True}),
        change("module.role.aws_iam_role.work", {"arn": True, "id": True}),
        change(
            "data.aws_iam_policy_document.send",
            {"json": True, "statement": [{"resources": [True]}]},
            {"statement": [{"actions": ["sqs:SendMessage"], "effect": "Allow", "resources": [None], "sid": None}]},
            "data",
        ),
        change("module.role.aws_iam_role_policy.send", {"policy": True, "role": True}, mode="managed"),
    ],
    "configuration": {
        "root_module": {
            "resources": [
                configured(
                    "aws_lambda_function.work",
                    role=refs("module.role.arn", "module.role"),
                    environment=[
                        {
                            "variables": refs(
                                "module.store.name", "module.store", "aws_sqs_queue.jobs.url", "aws_sqs_queue.jobs"
                            )
                        }
                    ],
                ),
                configured(
                    "aws_lambda_event_source_mapping.jobs",
                    event_source_arn=refs("aws_sqs_queue.jobs.arn", "aws_sqs_queue.jobs"),
                    function_name=refs("aws_lambda_function.work.arn", "aws_lambda_function.work"),
                ),
                configured(
                    "data.aws_iam_policy_document.send",
                    statement=[
                        {
                            "actions": {"constant_value": ["sqs:SendMessage"]},
                            "resources": refs("aws_sqs_queue.jobs.arn", "aws_sqs_queue.jobs"),
                        }
                    ],
                ),
            ],
            "module_calls": {
                "store": {
                    "expressions": {},
                    "module": {
                        "outputs": {
                            "name": {"expression": refs("aws_dynamodb_table.orders.name", "aws_dynamodb_table.orders")}
                        },
                        "resources": [],
                    },
                },
                "role": {
                    "expressions": {
                        "policy": refs("data.aws_iam_policy_document.send.json", "data.aws_iam_policy_document.send")
                    },
                    "module": {
                        "outputs": {"arn": {"expression": refs("aws_iam_role.work.arn", "aws_iam_role.work")}},
                        "resources": [
                            configured(
                                "aws_iam_role_policy.send",
                                policy=refs("var.policy"),
                                role=refs("aws_iam_role.work.name", "aws_iam_role.work"),
                            )
                        ],
                    },
                },
            },
        }
    },
}
PLAN["planned_values"]["root_module"]["child_modules"][1]["resources"].append(  # type: ignore[index]
    resource("module.role.aws_iam_role_policy.send", name="send")
)


def read(folder: Path, document: object, name: str = "plan.json") -> App:
    """The App of one plan."""
    (folder / name).write_text(json.dumps(document, indent=1))
    context = Context(folder)
    (app,) = read_plan_files(context, Found(others={"plan": [name]}), [])
    assert not context.failures
    return app


class TestPlan:
    def test_what_is_known_and_what_is_referred_to(self, tmp_path: Path) -> None:
        app = read(tmp_path, PLAN)
        (function,) = app.functions
        table = "module_store_aws_dynamodb_table_orders"
        assert function.code == "src"
        assert function.environment["TABLE"].plain() == Ref(table)
        assert function.environment["QUEUE"].plain() == Ref("aws_sqs_queue_jobs")
        assert app.resources[table].label == "module.store.aws_dynamodb_table.orders"
        assert function.location.file == "plan.json"

    def test_roles_through_modules(self, tmp_path: Path) -> None:
        app = read(tmp_path, PLAN)
        role = app.roles[app.functions[0].role]
        (grant,) = role.grants
        assert (grant.actions, grant.resources) == (("sqs:SendMessage",), (Ref("aws_sqs_queue_jobs", "Arn"),))

    def test_triggers(self, tmp_path: Path) -> None:
        app = read(tmp_path, PLAN)
        (trigger,) = app.triggers
        assert (trigger.source, trigger.sender, trigger.resource) == ("sqs", Sender.APP, "aws_sqs_queue_jobs")

    def test_several_references_stay_a_choice(self) -> None:
        plan = json.loads(json.dumps(PLAN))
        plan["planned_values"]["root_module"]["resources"].append(resource("aws_sns_topic.news"))
        plan["configuration"]["root_module"]["resources"][0]["expressions"]["environment"][0]["variables"][
            "references"
        ].append("aws_sns_topic.news.arn")
        root, _ = parse_json(json.dumps(plan))
        instances, _ = read_plan(root, "plan.json")
        function = next(item for item in instances if item.type == "aws_lambda_function")
        (block,) = function.attributes.at("environment").value  # type: ignore[union-attr,misc]
        assert block.get("variables", "QUEUE") == Choice(
            (Ref("aws_sqs_queue_jobs", "url"), Ref("aws_sns_topic_news", "arn"))
        )

    def test_instances_of_one_index_belong_together(self) -> None:
        plan = {
            "planned_values": {
                "root_module": {
                    "resources": [
                        {**resource(f'aws_sqs_queue.q["{name}"]', name=name), "index": name} for name in ("a", "b")
                    ]
                    + [{**resource(f'aws_lambda_function.f["{name}"]'), "index": name} for name in ("a", "b")]
                }
            },
            "resource_changes": [change(f'aws_lambda_function.f["{name}"]', {"role": True}) for name in ("a", "b")],
            "configuration": {
                "root_module": {
                    "resources": [configured("aws_lambda_function.f", role=refs("aws_sqs_queue.q", "each.key"))]
                }
            },
        }
        root, _ = parse_json(json.dumps(plan))
        instances, _ = read_plan(root, "plan.json")
        assert [item.attributes.get("role") for item in instances[2:]] == [
            Ref("aws_sqs_queue_q_a"),
            Ref("aws_sqs_queue_q_b"),
        ]


STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "resources": [
        {
            "mode": "managed",
            "type": "aws_sqs_queue",
            "name": "jobs",
            "instances": [
                {
                    "attributes": {
                        "name": "jobs",
                        "arn": QUEUE_ARN,
                        "url": "https://sqs/1/jobs",
                        "id": "https://sqs/1/jobs",
                    }
                }
            ],
        },
        {
            "mode": "managed",
            "type": "aws_iam_role",
            "name": "work",
            "instances": [
                {
                    "attributes": {
                        "name": "work",
                        "id": "work",
                        "arn": ROLE_ARN,
                        "inline_policy": [
                            {
                                "name": "send",
                                "policy": json.dumps(
                                    {
                                        "Statement": [
                                            {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE_ARN}
                                        ]
                                    }
                                ),
                            }
                        ],
                    }
                }
            ],
        },
        {
            "mode": "managed",
            "type": "aws_lambda_function",
            "name": "work",
            "instances": [
                {
                    "attributes": {
                        "function_name": "work",
                        "role": ROLE_ARN,
                        "handler": "app.handler",
                        "runtime": "python3.13",
                        "filename": "src",
                        "environment": [{"variables": {"QUEUE": "https://sqs/1/jobs"}}],
                    }
                }
            ],
        },
    ],
}


def test_a_state_file_is_tied_together_by_its_names(tmp_path: Path) -> None:
    app = read(tmp_path, STATE, "terraform.tfstate")
    (function,) = app.functions
    assert function.environment["QUEUE"].plain() == Ref("aws_sqs_queue_jobs")
    (grant,) = app.roles[function.role].grants
    assert grant.resources == (Ref("aws_sqs_queue_jobs", "Arn"),)


def test_a_plan_that_was_written_by_a_shell_of_windows(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(json.dumps(STATE).encode("utf-16"))
    context = Context(tmp_path)
    (app,) = read_plan_files(context, Found(others={"plan": ["plan.json"]}), [])
    assert [function.id for function in app.functions] == ["aws_lambda_function_work"]
    (tmp_path / "plan.json").write_bytes(json.dumps(STATE).encode("utf-16")[:-1])
    assert read_plan_files(context, Found(others={"plan": ["plan.json"]}), []) == []
    assert [failure.what for failure in context.failures] == ["plan.json"]


def test_a_plan_of_any_name_that_is_given_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "tonight.json").write_text(json.dumps(STATE))
    (app,) = load(tmp_path / "tonight.json").apps
    assert [function.id for function in app.functions] == ["aws_lambda_function_work"]


def test_a_plan_beside_its_configuration_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    context = Context(tmp_path)
    known = App("x", "Terraform", "main.tf")
    assert read_plan_files(context, Found(others={"plan": ["plan.json"]}), [known]) == []
    assert [skip.what for skip in context.skips] == ["plan.json"]


def test_what_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"planned_values": ')
    context = Context(tmp_path)
    assert read_plan_files(context, Found(others={"plan": ["plan.json", "gone.json"]}), []) == []
    assert [failure.what for failure in context.failures] == ["plan.json", "gone.json"]


_MORE = (
    "root_module",
    "values",
    "address",
    "type",
    "name",
    "mode",
    "expressions",
    "references",
    "change",
    "after",
    "module",
)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "a.b", "module.x.y", "aws_sqs_queue", "data.a.b[0]"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (*PLAN, *_MORE, "after_unknown", "module_calls", "outputs", "expression", "index", "resources")
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(JUNK, JUNK, JUNK)
def test_any_shape_is_read_without_a_crash(one: object, two: object, three: object) -> None:
    document = {
        "planned_values": {"root_module": one},
        "configuration": {"root_module": two},
        "resource_changes": three,
    }
    root, _ = parse_json(json.dumps(document))
    assert is_plan(root)
    instances, skips = read_plan(root, "plan.json")
    assert bool(instances) != bool(skips)


def test_a_plan_is_scanned_but_never_mended(tmp_path: Path) -> None:
    document = json.loads(json.dumps(STATE))
    document["resources"][2]["instances"][0]["attributes"]["runtime"] = "python3.8"
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("def handler(event, context):\n    return 1\n")
    (tmp_path / "terraform.tfstate").write_text(json.dumps(document, indent=1))
    report = run(Plan((tmp_path,), today="2026-10-01"))
    (old,) = [finding for finding in report.findings if finding.rule == "end-of-life-runtime"]
    assert old.location.file.endswith("terraform.tfstate")
    assert [fix.edits for fix in old.fixes] == [()]
