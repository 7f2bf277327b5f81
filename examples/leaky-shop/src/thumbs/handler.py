"""Makes a preview of every photo that customers upload."""

import os
import tempfile
from urllib.parse import unquote_plus

import boto3

from lib import images

s3 = boto3.client("s3")


def handler(event, context):
    images.prepare()
    made = []
    for record in event.get("Records", []):
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        made.append(make(bucket, key))
    return {"made": made}


def make(bucket, key):
    local = os.path.join(tempfile.gettempdir(), "photo-" + os.path.basename(key)[-80:])
    with open(local, "wb") as photo:
        photo.write(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    small = images.preview(local, key)
    os.remove(local)
    if not os.path.exists(small):
        return None
    with open(small, "rb") as content:
        s3.put_object(
            Bucket=os.environ["THUMBNAIL_BUCKET"], Key=key, Body=content.read(), Metadata={"sha256": images.checksum(small)}
        )
    return key
