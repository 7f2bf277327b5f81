"""Cognito user pool: sign-up, sign-in, tokens, challenges, messages, migration and senders.

Fields as in
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html. Anyone
who can sign up chooses attributes, metadata, validation data, answers and, in migration, a password; user names too.
Attributes of federated users are what their provider says.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cognito",
    title="a user pool trigger",
    fields=(
        FieldSpec("userName"),
        FieldSpec("request.userAttributes{}"),
        FieldSpec("request.newDeviceUsed"),
        FieldSpec("request.clientMetadata{}"),
        FieldSpec("request.validationData{}"),
        FieldSpec("request.challengeAnswer"),
        FieldSpec("request.password"),
        FieldSpec("request.code"),
        FieldSpec("request.usernameParameter"),
        FieldSpec("request.session[].**"),
        FieldSpec("request.attributes.**"),
        FieldSpec("request.groupConfiguration.**"),
        FieldSpec("request.scopes[]"),
    ),
    recognise=claims("cognito"),
)
