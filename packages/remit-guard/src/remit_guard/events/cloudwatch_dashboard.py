"""CloudWatch dashboard: a custom widget.

Fields as in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html.
Whoever looks at the dashboard may write parameters and form fields; what comes back is drawn as HTML.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cloudwatch-dashboard",
    title="a widget of a dashboard",
    fields=(FieldSpec("**"),),
    recognise=claims("cloudwatch-dashboard"),
)
