"""Documents: layouts that come with the code, results that go to the document bucket."""

import os

import boto3

LAYOUTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "layouts")

_s3 = boto3.client("s3")


def layout(name):
    with open(os.path.join(LAYOUTS, name)) as text:
        return text.read()


def store(key, text):
    _s3.put_object(Bucket=os.environ["DOCUMENT_BUCKET"], Key=key, Body=text.encode())
