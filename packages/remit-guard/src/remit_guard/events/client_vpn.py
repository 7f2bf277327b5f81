"""Client VPN: a connection handler.

Fields as in https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/connection-authorization.html. Clients write
versions and platform; the user name was authenticated, the common name stands in a certificate.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="client-vpn",
    title="a connection to a VPN",
    fields=(
        FieldSpec("username"),
        FieldSpec("common-name"),
        FieldSpec("platform"),
        FieldSpec("platform-version"),
        FieldSpec("client-openvpn-version"),
    ),
    recognise=claims("client-vpn"),
)
