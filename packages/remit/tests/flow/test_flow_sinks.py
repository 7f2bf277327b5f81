"""Every kind of sink: code that lets a sender in, and code that looks like it and does not."""
# ruff: noqa: ISC004  (programs under test stand on one line)

import pytest

DB = "import sqlite3\ncursor = sqlite3.connect('/tmp/shop.db').cursor()\n"
PG = "import os, psycopg2\nconnection = psycopg2.connect(os.environ['DSN'])\n"
BOTO = "import boto3\n"

VULNERABLE = [
    ("sql", DB, "cursor.execute('SELECT * FROM t WHERE a = ' + x)"),
    ("sql", DB, "cursor.execute(f\"SELECT * FROM t WHERE a = '{x}'\")"),
    ("sql", DB, "cursor.execute(\"SELECT * FROM t WHERE a = '%s'\" % x)"),
    ("sql", DB, "cursor.execute('SELECT * FROM t WHERE a = {}'.format(x))"),
    ("sql", DB, "cursor.execute(' '.join(['SELECT * FROM t WHERE a =', x]))"),
    ("sql", DB, "cursor.executescript('DELETE FROM ' + x)"),
    ("sql", PG, "with connection.cursor() as c:\n    c.execute('SELECT ' + x)"),
    ("sql", "import pymysql\n", "pymysql.connect(host='db').cursor().execute('SELECT ' + x)"),
    ("sql", "import mysql.connector as m\n", "m.connect(host='db').cursor().execute('SELECT ' + x)"),
    (
        "sql",
        "from sqlalchemy import create_engine, text\n",
        "create_engine('x').connect().execute(text('SELECT ' + x))",
    ),
    ("sql", "from mydata import cursor\n", "cursor.execute('SELECT ' + x)"),
    ("sql", BOTO, "boto3.client('rds-data').execute_statement(sql='SELECT ' + x, parameters=[])"),
    ("sql", BOTO, "boto3.client('athena').start_query_execution(QueryString='SELECT ' + x)"),
    ("sql", BOTO, "boto3.client('dynamodb').execute_statement(Statement=f\"SELECT * FROM t WHERE a='{x}'\")"),
    ("process", "import os\n", "os.system('convert ' + x)"),
    ("process", "import os\n", "os.popen(f'ls {x}').read()"),
    ("process", "import subprocess\n", "subprocess.run(f'ls {x}', shell=True)"),
    ("process", "import subprocess\n", "subprocess.check_output(['sh', '-c', 'ls ' + x])"),
    ("process", "import subprocess\n", "subprocess.Popen([x, '--version'])"),
    ("process", "import asyncio\n", "asyncio.run(asyncio.create_subprocess_shell('ls ' + x))"),
    ("process", "import os\n", "os.execvp('bash', ['bash', '-c', x])"),
    ("path", "", "open('/tmp/' + x).read()"),
    ("path", "import os\n", "os.remove(os.path.join('/tmp', x))"),
    ("path", "from pathlib import Path\n", "(Path('/tmp') / x).write_text('hello')"),
    ("path", "import shutil\n", "shutil.copy(x, '/tmp/a')"),
    ("path", BOTO, "boto3.client('s3').download_file('bucket', 'key', '/tmp/' + x)"),
    ("path", "import zipfile\n", "zipfile.ZipFile('/tmp/a.zip').extractall('/tmp/' + x)"),
    ("url", "import urllib.request\n", "urllib.request.urlopen(x)"),
    ("url", "import requests\n", "requests.get(f'https://{x}/status')"),
    ("url", "import requests\n", "s = requests.Session()\ns.post(x, json={})"),
    ("url", "import httpx\n", "httpx.get(x)"),
    ("url", "import urllib3\n", "urllib3.PoolManager().request('GET', x)"),
    ("url", "import http.client\n", "http.client.HTTPSConnection(x)"),
    ("code", "", "eval(x)"),
    ("code", "", "exec('a = ' + x)"),
    ("code", "import importlib\n", "importlib.import_module(x)"),
    ("template", "from jinja2 import Template\n", "Template('Hello ' + x).render()"),
    ("template", "import jinja2\n", "jinja2.Environment().from_string(x)"),
    ("deserialize", "import pickle, base64\n", "pickle.loads(base64.b64decode(x))"),
    ("deserialize", "import yaml\n", "yaml.load(x)"),
    ("deserialize", "import yaml\n", "yaml.load(x, Loader=yaml.UnsafeLoader)"),
    ("deserialize", "import jsonpickle\n", "jsonpickle.decode(x)"),
    ("response", "", "return {'statusCode': 200, 'headers': {'Content-Type': 'text/html'}, 'body': f'<b>{x}</b>'}"),
    ("response", "", "return {'statusCode': 302, 'headers': {'Location': x}}"),
    ("log", "", "print('got ' + x)"),
    ("log", "import logging\n", "logging.info('got %s', x)"),
    ("log", "import logging\nlog = logging.getLogger(__name__)\n", "log.warning(f'got {x}')"),
    ("call", BOTO, "boto3.client('dynamodb').scan(TableName=x)"),
    ("call", BOTO, "boto3.resource('dynamodb').Table(x).scan()"),
    ("call", BOTO, "boto3.client('lambda').invoke(FunctionName='shop-' + x)"),
    ("call", BOTO, "boto3.client('dynamodb').scan(TableName='t', FilterExpression='a = ' + x)"),
]

SAFE = [
    (DB, "cursor.execute('SELECT * FROM t WHERE a = ?', (x,))"),
    (DB, "cursor.execute('SELECT * FROM t WHERE a = ' + str(int(x)))"),
    (DB, "cursor.execute('SELECT * FROM t WHERE a = %d' % x)"),
    (DB, "cursor.execute(f'SELECT * FROM t LIMIT {x:d}')"),
    (PG, "with connection.cursor() as c:\n    c.execute('SELECT %(a)s', {'a': x})"),
    ("from sqlalchemy import create_engine, text\n", "create_engine('x').connect().execute(text('SELECT :a'), {'a': x})"),
    (BOTO, "boto3.client('rds-data').execute_statement(sql='SELECT :a', parameters=[{'name': 'a', 'value': x}])"),
    (BOTO, "boto3.client('dynamodb').execute_statement(Statement='SELECT * FROM t WHERE a=?', Parameters=[x])"),
    ("import os, shlex\n", "os.system('convert ' + shlex.quote(x))"),
    ("import subprocess\n", "subprocess.run(['convert', '--', x])"),
    ("import subprocess\n", "subprocess.run(['convert', '/tmp/' + x])"),
    ("import os\n", "open('/tmp/' + os.path.basename(x))"),
    ("from pathlib import Path\n", "(Path('/tmp') / Path(x).name).read_text()"),
    ("from werkzeug.utils import secure_filename\n", "open('/tmp/' + secure_filename(x))"),
    ("import hashlib\n", "open('/tmp/' + hashlib.sha256(x.encode()).hexdigest())"),
    ("import tempfile\n", "tempfile.NamedTemporaryFile().write(x)"),
    ("import ast\n", "ast.literal_eval('1')"),
    ("", "exec('a = 1')"),
    ("from jinja2 import Template\n", "Template('Hello {{ name }}').render(name=x)"),
    ("import yaml\n", "yaml.safe_load(x)"),
    ("import yaml\n", "yaml.load(x, Loader=yaml.SafeLoader)"),
    ("import html\n", "return {'headers': {'Content-Type': 'text/html'}, 'body': f'<b>{html.escape(x)}</b>'}"),
    ("", "return {'statusCode': 200, 'headers': {'Content-Type': 'application/json'}, 'body': json.dumps({'x': x})}"),
    ("", "return {'statusCode': 200, 'body': x}"),
    ("", "return {'statusCode': 302, 'headers': {'Location': f'https://shop.example/orders/{x}'}}"),
    ("", "print('got', repr(x))"),
    ("", "print(json.dumps({'x': x}))"),
    ("import logging\n", "logging.info('length %d', len(x))"),
    (BOTO, "boto3.client('dynamodb').get_item(TableName='t', Key={'id': {'S': x}})"),
    (BOTO, "from boto3.dynamodb.conditions import Key\n"
           "boto3.resource('dynamodb').Table('t').query(KeyConditionExpression=Key('id').eq(x))"),
    (BOTO, "boto3.client('s3').put_object(Bucket='b', Key=x, Body=x)"),
    ("class Register:\n    def execute(self, what): return what\n", "Register().execute('SELECT ' + x)"),
]  # fmt: skip


@pytest.mark.parametrize(("sink", "before", "code"), VULNERABLE, ids=[f"{row[0]}-{row[2][:60]}" for row in VULNERABLE])
def test_the_sender_reaches_the_sink(body, sink, before, code):
    assert body(code, before) == [sink]


@pytest.mark.parametrize(("before", "code"), SAFE, ids=[row[1][:70] for row in SAFE])
def test_what_only_looks_like_it_is_not_reported(body, before, code):
    assert body(code, before) == []


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("requests.get(x)", "host"),
        ("requests.get('https://' + x)", "host"),
        ("requests.get(f'https://{x}.shop.example/a')", "host"),
        ("requests.get(f'https://api.shop.example/orders/{x}')", "path"),
        ("requests.get('https://api.shop.example/find?q=' + x)", "query"),
        ("requests.get(os.environ['API'] + '/orders/' + x)", "path"),
    ],
)
def test_which_part_of_the_address_the_sender_writes(study, code, part):
    found = study(
        f"import json, os, requests\ndef handler(event, context):\n    x = json.loads(event['body'])['x']\n    {code}\n"
    )
    assert [flow.detail["part"] for flow in found.flows] == [part]


def test_an_argument_that_may_be_an_option_is_a_guess_of_low_confidence(study):
    found = study("import subprocess\ndef handler(event, context):\n    subprocess.run(['tar', event['rawPath']])\n")
    assert [(flow.confidence, dict(flow.detail)) for flow in found.flows] == [
        ("low", {"shell": "false", "part": "argument"})
    ]


def test_a_shell_is_told_from_a_list(study):
    found = study(
        "import subprocess\ndef handler(event, context):\n"
        "    subprocess.run('ls ' + event['rawPath'], shell=True)\n    subprocess.run([event['rawPath']])\n"
    )
    assert [flow.detail["shell"] for flow in found.flows] == ["true", "false"]
