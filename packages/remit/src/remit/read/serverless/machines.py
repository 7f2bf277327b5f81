"""State machines of the plugin serverless-step-functions: their definition calls functions by their short names."""

from collections.abc import Mapping

from remit.app.node import Node
from remit.app.value import Ref, Text, Value
from remit.read.serverless import ids
from remit.read.serverless.service import Service, arn, tree

PLUGIN = "serverless-step-functions"


def add_machines(service: Service) -> None:
    """Declares every state machine; what starts one by HTTP is said not to be examined."""
    if PLUGIN not in service.plugins:
        return
    machines = service.config.at("stepFunctions", "stateMachines")
    for name, node in service.section(machines, "stepFunctions.stateMachines"):
        at = node.key or node.location
        definition = node.at("definition")
        properties = {
            "Definition": _named(service, definition) if definition is not None else None,
            "RoleArn": node.at("role"),
            "StateMachineName": node.at("name"),
        }
        id_ = service.word(node.at("id")) or f"{ids.upper_first(name)}StepFunctionsStateMachine"
        service.add(id_, "AWS::StepFunctions::StateMachine", properties, at)
        for event in service.listed(node.at("events"), "events"):
            service.blind(name, "what starts this state machine is not read", event.location)


def _named(service: Service, node: Node) -> Node:
    """A definition in which functions have their logical ids."""
    value = node.value
    if isinstance(value, Mapping):
        return Node({key: _named(service, item) for key, item in value.items()}, node.location, node.key, node.absent)
    if isinstance(value, tuple):
        return Node(tuple(_named(service, item) for item in value), node.location, node.key, node.absent)
    found = _function(service, value)
    return tree(arn(found), node.location) if found else node


def _function(service: Service, value: Value) -> str:
    if isinstance(value, Text):
        return next((found for part in value.parts if (found := _function(service, part))), "")
    return service.entries[value.target].id if isinstance(value, Ref) and value.target in service.entries else ""
