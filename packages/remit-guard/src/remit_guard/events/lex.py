"""Lex V1 and V2: dialogue and fulfilment hooks.

Fields as in https://docs.aws.amazon.com/lexv2/latest/dg/lambda-input-format.html. Anyone who talks to the bot writes
transcripts, slots, session and request attributes and the user id of V1.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="lex",
    title="an utterance to a bot",
    fields=(
        FieldSpec("inputTranscript"),
        FieldSpec("userId"),
        FieldSpec("sessionId"),
        FieldSpec("currentIntent.**"),
        FieldSpec("sessionAttributes.**"),
        FieldSpec("requestAttributes.**"),
        FieldSpec("recentIntentSummaryView[].**"),
        FieldSpec("interpretations[].**"),
        FieldSpec("transcriptions[].**"),
        FieldSpec("sessionState.**"),
        FieldSpec("proposedNextState.**"),
    ),
    recognise=claims("lex"),
)
