"""What is told about a flow: its steps, places and confidence."""
# ruff: noqa: E501  (programs under test stand on one line)

from inline_snapshot import snapshot

IMAGES = """
import os

def render(path):
    out = "/tmp/out.png"
    os.system(f"convert {path} -resize 200 {out}")
"""
HANDLER = """
from urllib.parse import unquote_plus
from lib.images import render

def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        render(key)
"""


def test_the_way_from_the_key_to_the_shell(study):
    [flow] = study(HANDLER, "s3", files={"lib/images.py": IMAGES}).flows
    assert [f"{step.location} {step.text}" for step in flow.steps] == snapshot(
        [
            "src/app.py:7 takes Records[].s3.object.key from the event",
            "src/app.py:8 passed to render()",
            "src/lib/images.py:6 joined into the command",
        ]
    )
    assert (flow.call, flow.confidence, flow.function) == ("os.system", "high", "Shop")
    assert (flow.location.file, flow.location.line, flow.location.column, flow.location.end_column) == (
        "src/lib/images.py", 6, 15, 50,
    )  # fmt: skip
    assert (flow.origin.location.line, flow.origin.source) == (7, "s3")


def test_columns_count_characters(study):
    [flow] = study("import os\ndef handler(event, context):\n    é = 'ü'; os.system(event['rawPath'])\n").flows
    assert (flow.location.column, flow.location.end_column) == (24, 40)


def test_the_place_of_a_leak_is_where_its_text_is_chosen(study):
    helper = "import json\ndef answer(status, data):\n    return {'statusCode': status, 'body': json.dumps(data)}\n"
    code = "from web import answer\ndef handler(event, context):\n    try:\n        work()\n    except ValueError as error:\n        return answer(500, {'detail': str(error)})\n"
    [flow] = study(code, files={"web.py": helper}).flows
    assert str(flow.location) == "src/app.py:6"


def test_one_sink_many_fields_one_flow_each(study):
    code = "import os\ndef handler(event, context):\n    q = event['queryStringParameters']\n    os.system(q['a'] + q['b'] + q['a'])\n"
    assert [flow.origin.path for flow in study(code).flows] == ["queryStringParameters.a", "queryStringParameters.b"]


def test_files_that_were_read(study):
    assert study(HANDLER, "s3", files={"lib/images.py": IMAGES, "unused.py": ""}).files == (
        "src/app.py",
        "src/lib/images.py",
    )


def test_a_helper_of_the_same_file_is_not_the_place_of_a_leak(study):
    code = "import json\ndef answer(message):\n    return {'statusCode': 400, 'body': json.dumps({'message': message})}\ndef handler(event, context):\n    try:\n        work()\n    except ValueError as error:\n        return answer(f'bad: {error}')\n"
    [flow] = study(code).flows
    assert str(flow.location) == "src/app.py:8"
