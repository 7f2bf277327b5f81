"""AppSync: direct resolvers, their batches (a bare list), Amplify's older form and handlers of its Events API.

Fields as in https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference.html. Whoever may call the
API writes arguments, headers and the selection; ``source`` and ``prev`` are what other resolvers read, so stored text
of strangers; ``identity`` is vouched for by the API's authorization (but its ``sourceIp`` list repeats headers).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="appsync",
    title="a GraphQL request",
    fields=(
        FieldSpec("arguments.**"),
        FieldSpec("request.headers{}"),
        FieldSpec("info.variables.**"),
        FieldSpec("info.selectionSetGraphQL"),
        FieldSpec("info.selectionSetList[]"),
        FieldSpec("info.channel.**"),
        FieldSpec("events.**"),
        FieldSpec("source.**"),
        FieldSpec("prev.**"),
        FieldSpec("stash.**"),
        FieldSpec("identity.**", claim=True),
    ),
    recognise=claims("appsync"),
)
