"""Who can call an operation of a definition that a SAM API brings along: SAM adds the API's own defaults to it."""

from remit.app.model import Sender
from remit.app.node import Node
from remit.read.access import Access, of_authorizer, sam_default
from remit.read.draft import Declared, Draft
from remit.read.openapi import Operation, access_of, written_operation


def defined_access(draft: Draft, api: Declared, operation: Operation) -> Access:
    """What checks the callers of an operation once SAM has added the API's default authorizer and key.

    Args:
        draft: the app so far.
        api: a SAM API with a definition.
        operation: one of its operations.
    """
    access = operation.access
    asked = access.authorizer.kind if access.authorizer is not None else ""
    if operation.decided and asked not in ("", "api-key"):
        return access
    auth = api.properties.at("Auth")
    names = {name for item in _security(operation) for name in item}
    rest = api.type == "AWS::Serverless::Api"
    if "NONE" not in names and (rest or not operation.decided):
        named = next((name for name in names if auth is not None and auth.at("Authorizers", name) is not None), "")
        found = sam_default(draft, auth, operation.name, rest=rest, named=named)
        if found is not None:
            return found
    key = auth.at("ApiKeyRequired") if auth is not None else None
    if (
        rest
        and access.sender is Sender.ANYONE
        and key is not None
        and draft.truth(key)
        and "api_key_false" not in names
    ):
        return of_authorizer("api-key", "", ((key.key or key.location, "an API key is required"),))
    return access


def written_access(draft: Draft, api: Node, name: str, event: Node) -> Access | None:
    """What an HTTP API's own definition asks for on a route to which a SAM event only adds the integration.

    Args:
        draft: the app so far.
        api: properties of the API.
        name: the route.
        event: properties of the event; what it asks for itself comes first.

    Returns:
        ``None`` when the definition has no say.
    """
    operation = written_operation(api, name)
    body = api.at("DefinitionBody")
    if operation is None or body is None or operation.at("security") is None or event.at("Auth") is not None:
        return None
    return access_of(draft, body, operation, operation.key or operation.location)


def _security(operation: Operation) -> list[list[str]]:
    security = operation.node.at("security")
    return [[name for name, _ in item.items()] for item in security.elements()] if security is not None else []
