"""Bedrock: action groups of agents (API schema and function form), prompt overrides, flow nodes.

Fields as in https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html. A model chose the parameters,
led by whoever talked to it and by every text it read: all of it is hostile, the path and the names of functions
included.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="bedrock-agent",
    title="a call by an agent",
    fields=(
        FieldSpec("inputText"),
        FieldSpec("apiPath"),
        FieldSpec("httpMethod"),
        FieldSpec("function"),
        FieldSpec("parameters[].**"),
        FieldSpec("requestBody.**", ("json",)),
        FieldSpec("sessionAttributes.**"),
        FieldSpec("promptSessionAttributes.**"),
        FieldSpec("sessionId"),
        FieldSpec("invokeModelRawResponse", ("json",)),
        FieldSpec("knowledgeBasesConfiguration.**"),
        FieldSpec("node.**"),
    ),
    recognise=claims("bedrock-agent"),
)
