"""Firebase Analytics: conversion events.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Apps on strangers' devices write names and parameters
(https://firebase.google.com/docs/functions/analytics-events).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-analytics",
    title="an event (Firebase Analytics)",
    fields=(
        FieldSpec("data.eventDim[].**"),
        FieldSpec("eventDim[].**"),
        FieldSpec("data.userDim.**"),
        FieldSpec("userDim.**"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-analytics"),
)
