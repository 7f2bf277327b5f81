"""S3 Batch Operations: one task for each object of a manifest.

Fields as in https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html. Keys are chosen by
whoever wrote the objects, and arrive URL-encoded; user arguments by whoever starts the job.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="s3-batch",
    title="a task of S3 Batch",
    fields=(
        FieldSpec("tasks[].s3Key", ("url",)),
        FieldSpec("job.userArguments{}"),
    ),
    recognise=claims("s3-batch"),
    records="tasks",
)
