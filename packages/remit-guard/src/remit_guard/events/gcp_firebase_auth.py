"""Firebase Authentication: users that come and go.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Anyone who can sign up chooses name, address, picture and what a
provider says (https://firebase.google.com/docs/functions/auth-events).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-auth",
    title="a user (Firebase)",
    fields=(
        FieldSpec("data.displayName"),
        FieldSpec("displayName"),
        FieldSpec("data.email"),
        FieldSpec("email"),
        FieldSpec("data.photoURL"),
        FieldSpec("photoURL"),
        FieldSpec("data.phoneNumber"),
        FieldSpec("phoneNumber"),
        FieldSpec("data.customClaims.**"),
        FieldSpec("customClaims.**"),
        FieldSpec("data.providerData[].**"),
        FieldSpec("providerData[].**"),
        FieldSpec("data.uid"),
        FieldSpec("uid"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-auth"),
)
