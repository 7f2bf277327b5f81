"""Cognito Sync: data sets of one identity, before they are stored.

Fields as in https://docs.aws.amazon.com/cognitosync/latest/developerguide/cognito-events.html. The device writes
names and values of the records.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cognito-sync",
    title="a Cognito Sync trigger",
    fields=(
        FieldSpec("datasetName"),
        FieldSpec("datasetRecords{}.newValue", ("json",)),
        FieldSpec("datasetRecords{}.oldValue", ("json",)),
        FieldSpec("datasetRecords{}.op"),
    ),
    recognise=claims("cognito-sync"),
)
