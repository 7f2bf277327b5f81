"""The logical ids that the Serverless Framework gives to what it makes: people refer to them in ``resources``."""

import re

ROLE = "IamRoleLambdaExecution"
REST_API = "ApiGatewayRestApi"
HTTP_API = "HttpApi"
SOCKETS = "WebsocketsApi"

_STRANGE = re.compile(r"[^0-9A-Za-z]")


def upper_first(text: str) -> str:
    """``hello`` to ``Hello``; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def alphanumeric(name: str) -> str:
    """Letters and digits only, the first one a capital."""
    return upper_first(_STRANGE.sub("", name))


def normal(function: str) -> str:
    """A function's name inside ids: ``get-user_v2`` to ``GetDashuserUnderscorev2``."""
    return upper_first(function.replace("-", "Dash").replace("_", "Underscore"))


def function_id(function: str) -> str:
    """``hello`` to ``HelloLambdaFunction``."""
    return f"{normal(function)}LambdaFunction"


def log_group_id(function: str) -> str:
    """``hello`` to ``HelloLogGroup``."""
    return f"{normal(function)}LogGroup"


def layer_id(layer: str) -> str:
    """``tools`` to ``ToolsLambdaLayer``."""
    return f"{upper_first(layer)}LambdaLayer"


def path_part(part: str) -> str:
    """One part of a path inside an id: ``{id}`` to ``IdVar``, ``proxy+`` to ``Proxy``."""
    text = re.sub(r"\{([^{}]*)\}", r"\1Var", part.replace("-", "Dash"))
    return alphanumeric(text)


def path_id(path: str) -> str:
    """A path inside an id: ``users/{id}`` to ``UsersIdVar``."""
    return "".join(path_part(part) for part in path.split("/"))
