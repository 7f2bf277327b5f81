"""Alexa: custom skills and smart home directives.

Fields as in https://developer.amazon.com/en-US/docs/alexa/custom-skills/request-and-response-json-reference.html.
Anyone who speaks to the skill chooses intents and slots; session attributes were written by the function, from what
was said.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="alexa",
    title="a request of Alexa",
    fields=(
        FieldSpec("request.**"),
        FieldSpec("session.**"),
        FieldSpec("context.**"),
        FieldSpec("directive.**"),
        FieldSpec("payload.**"),
        FieldSpec("header.**"),
    ),
    recognise=claims("alexa"),
)
