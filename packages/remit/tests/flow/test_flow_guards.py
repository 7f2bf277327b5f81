"""Checks that clean a value in what they dominate, and checks that do not."""

import pytest

BEFORE = """
import os, re, uuid, enum, subprocess, requests, hmac, pickle
LIST = ['a', 'b']
KEY = b'key'
from pathlib import Path
from urllib.parse import urlparse, quote
ALLOWED = ('a', 'b')
TABLE = {'a': 'x', 'b': 'y'}
NAME = re.compile(r'[A-Za-z0-9_-]{1,20}')
BASE = '/tmp/files'
HOSTS = {'api.shop.example'}
class Color(enum.Enum):
    RED = 'red'
def allowed(value):
    return value in ALLOWED
def check(value):
    if not NAME.fullmatch(value):
        raise ValueError('bad name')
def valid(value):
    if len(value) > 20:
        return False
    return re.fullmatch('[a-z]+', value) is not None or value in ALLOWED
"""

CLEAN = [
    "if x not in ALLOWED:\n    raise ValueError()\nos.system('run ' + x)",
    "if x not in ALLOWED:\n    return None\nos.system('run ' + x)",
    "if x in ALLOWED:\n    os.system('run ' + x)",
    "if x.lower() in ALLOWED:\n    os.system('run ' + x)",
    "if x == 'a' or x == 'b':\n    os.system('run ' + x)",
    "if x != 'a':\n    return None\nos.system('run ' + x)",
    "assert x in ALLOWED\nos.system('run ' + x)",
    "os.system('run ' + TABLE[x])",
    "os.system('run ' + TABLE.get(x, 'a'))",
    "os.system('run ' + {'a': 'b'}[x])",
    "os.system('run ' + Color(x).value)",
    "os.system('run ' + str(uuid.UUID(x)))",
    "os.system('run ' + str(float(x)))",
    "if not NAME.fullmatch(x):\n    raise ValueError()\nos.system('run ' + x)",
    "m = NAME.fullmatch(x)\nif not m:\n    return None\nos.system('run ' + x)",
    "if m := re.fullmatch('[a-z]+', x):\n    os.system('run ' + x)",
    "if re.match(r'^[\\w-]+$', x):\n    os.system('run ' + x)",
    "if not re.match(r'[0-9]+\\Z', x):\n    return None\nos.system('run ' + x)",
    "if x.isdigit():\n    os.system('run ' + x)",
    "if not x.isalnum():\n    raise ValueError()\nos.system('run ' + x)",
    "if isinstance(x, int):\n    os.system(f'run {x}')",
    "try:\n    int(x)\nexcept ValueError:\n    return None\nos.system('run ' + x)",
    "os.system('run ' + re.sub(r'[^a-zA-Z0-9]', '', x))",
    "if not allowed(x):\n    return None\nos.system('run ' + x)",
    "check(x)\nos.system('run ' + x)",
    "if all(c in 'abc' for c in x):\n    os.system('run ' + x)",
    "if set(x) <= set('abc'):\n    os.system('run ' + x)",
    "match x:\n    case 'a' | 'b':\n        os.system('run ' + x)\n    case _:\n        pass",
    "os.system('run ' + ('yes' if x == 'a' else 'no'))",
    "os.system('run ' + (x if x in ALLOWED else 'a'))",
    "x in ALLOWED and os.system('run ' + x)",
    "while x not in ALLOWED:\n    x = 'a'\nos.system('run ' + 'b')",
    "p = os.path.realpath(os.path.join(BASE, x))\nif not p.startswith(BASE + '/'):\n    raise ValueError()\nopen(p)",
    "p = os.path.abspath(os.path.join(BASE, x))\nif os.path.commonpath([BASE, p]) != BASE:\n    raise ValueError()\nopen(p)",
    "p = (Path(BASE) / x).resolve()\nif not p.is_relative_to(BASE):\n    raise ValueError()\np.read_text()",
    "p = (Path(BASE) / x).resolve()\nif Path(BASE) not in p.parents:\n    raise ValueError()\np.read_text()",
    "if '..' in x or x.startswith('/'):\n    raise ValueError()\nopen(BASE + '/' + x)",
    "if '/' in x or '..' in x:\n    raise ValueError()\nopen(BASE + '/' + x)",
    "open(BASE + '/' + x.replace('/', '_'))",
    "if urlparse(x).hostname not in HOSTS:\n    raise ValueError()\nrequests.get(x)",
    "u = urlparse(x)\nif u.hostname != 'api.shop.example':\n    return None\nrequests.get(x)",
    "if not x.startswith('https://api.shop.example/'):\n    return None\nrequests.get(x)",
    "requests.get('https://' + quote(x, safe='') + '.shop.example')",
    "if NAME.fullmatch(x) is None:\n    raise ValueError()\nos.system('run ' + x)",
    "if NAME.fullmatch(x) is not None:\n    os.system('run ' + x)",
    "m = NAME.fullmatch(x)\nif m is None:\n    return None\nos.system('run ' + x)",
    "if (m := NAME.fullmatch(x)) is None:\n    return None\nos.system('run ' + x)",
    "ok = x in ALLOWED\nif not ok:\n    return None\nos.system('run ' + x)",
    "ok = isinstance(x, str) and x in ALLOWED\nif ok is False:\n    return None\nos.system('run ' + x)",
    "odd = x not in ALLOWED\nif odd:\n    return None\nos.system('run ' + x)",
    "fine = allowed(x)\nif fine:\n    os.system('run ' + x)",
    "if re.search('[^a-z]', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if re.search(r'\\W+', x) is not None:\n    raise ValueError()\nos.system('run ' + x)",
    "if any(c not in 'abc' for c in x):\n    return None\nos.system('run ' + x)",
    "if set(x) - set('abc'):\n    return None\nos.system('run ' + x)",
    "if set(x).difference('abc'):\n    return None\nos.system('run ' + x)",
    "p = (Path(BASE) / x).resolve()\nif not str(p).startswith(BASE + '/'):\n    raise ValueError()\np.read_text()",
    "p = (Path(BASE) / x).resolve()\ntry:\n    p.relative_to(BASE)\nexcept ValueError:\n    return None\nopen(p)",
    "if not os.path.realpath(os.path.join(BASE, x)).startswith(BASE + '/'):\n    raise ValueError()\nopen(os.path.join(BASE, x))",
    "try:\n    LIST.index(x)\nexcept ValueError:\n    return None\nos.system('run ' + x)",
    "mac = hmac.new(KEY, x, 'sha256').hexdigest()\nif not hmac.compare_digest(mac, 'given'):\n    return None\npickle.loads(x)",
]

BROKEN = [
    "if x not in ALLOWED:\n    print('odd')\nos.system('run ' + x)",
    "if x in ALLOWED:\n    pass\nos.system('run ' + x)",
    "if x == 'a' or len(x) > 3:\n    os.system('run ' + x)",
    "if x in ALLOWED:\n    return None\nos.system('run ' + x)",
    "if x in ALLOWED:\n    x = 'a'\nos.system('run ' + x)",
    "if not re.match('[a-z]+', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if not re.search('[a-z]+$', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if not re.fullmatch('.*', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if not re.fullmatch('[^;]+', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if ';' in x:\n    raise ValueError()\nos.system('run ' + x)",
    "if len(x) > 20:\n    raise ValueError()\nos.system('run ' + x)",
    "if not x:\n    return None\nos.system('run ' + x)",
    "os.system('run ' + x.replace(';', ''))",
    "os.system('run ' + re.sub('[;]', '', x))",
    "try:\n    int(x)\nexcept ValueError:\n    pass\nos.system('run ' + x)",
    "if isinstance(x, str):\n    os.system('run ' + x)",
    "if valid(x) or x:\n    os.system('run ' + x)",
    "if '..' in x:\n    raise ValueError()\nopen(BASE + '/' + x)",
    "p = os.path.join(BASE, x)\nif not p.startswith(BASE):\n    raise ValueError()\nopen(p)",
    "open(BASE + '/' + x.replace('../', ''))",
    "p = Path(BASE) / x\nif not p.is_relative_to(BASE):\n    raise ValueError()\np.read_text()",
    "if 'shop.example' not in x:\n    return None\nrequests.get(x)",
    "if not x.startswith('https://api.shop.example'):\n    return None\nrequests.get(x)",
    "if urlparse(x).scheme != 'https':\n    return None\nrequests.get(x)",
    "requests.get('https://' + quote(x))",
    "if NAME.fullmatch(x) is None:\n    os.system('run ' + x)",
    "if NAME.fullmatch(x) is not None:\n    return None\nos.system('run ' + x)",
    "ok = x in ALLOWED\nif ok:\n    return None\nos.system('run ' + x)",
    "ok = x in ALLOWED\nok = True\nif ok:\n    os.system('run ' + x)",
    "y = x\nok = x in ALLOWED\nif ok:\n    x = y\n    os.system('run ' + x)",
    "ok = True\nif len(x) > 3:\n    ok = x in ALLOWED\nif ok:\n    os.system('run ' + x)",
    "if re.search('[;&|]', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if re.match('[^a-z]', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if re.search('[^a-z]{2}', x):\n    raise ValueError()\nos.system('run ' + x)",
    "if any(c in 'abc' for c in x):\n    return None\nos.system('run ' + x)",
    "if all(c not in 'abc' for c in x):\n    return None\nos.system('run ' + x)",
    "p = Path(BASE) / x\nif not str(p).startswith(BASE + '/'):\n    raise ValueError()\np.read_text()",
    "p = Path(BASE) / x\ntry:\n    p.relative_to(BASE)\nexcept ValueError:\n    return None\nopen(p)",
    "p = (Path(BASE) / x).resolve()\ntry:\n    p.relative_to(BASE)\nexcept ValueError:\n    pass\nopen(p)",
    "mac = hmac.new(KEY, x, 'sha256').hexdigest()\nhmac.compare_digest(mac, 'given')\npickle.loads(x)",
    "mac = hmac.new(KEY, b'', 'md5').digest()\nif not hmac.compare_digest(mac, 'given'):\n    return None\npickle.loads(x)",
]


@pytest.mark.parametrize("code", CLEAN)
def test_a_real_check_cleans_what_it_dominates(body, code):
    assert body(code, BEFORE) == []


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_check_cleans_nothing(body, code):
    assert [sink for sink in body(code, BEFORE) if sink != "log"]


def test_a_place_below_the_event_is_checked_too(flows):
    code = """
    import os
    def handler(event, context):
        if event['queryStringParameters']['job'] not in ('a', 'b'):
            return None
        os.system('run ' + event['queryStringParameters'].get('job'))
        os.system('run ' + event['queryStringParameters']['other'])
    """
    assert flows(code) == ["process<-queryStringParameters.other"]


def test_what_is_clean_for_a_shell_is_not_clean_for_a_query(body):
    code = (
        "import sqlite3\nsqlite3.connect('a').execute('SELECT ' + shlex.quote(x))\nos.system('echo ' + shlex.quote(x))"
    )
    assert body(code, "import os, shlex") == ["sql"]


def test_a_number_field_of_a_model_is_checked_by_the_model(body):
    before = "import os\nfrom pydantic import BaseModel\nclass Order(BaseModel):\n    count: int\n    name: str\n"
    assert body("order = Order(count=x, name='a')\nos.system(f'run {order.count}')", before) == []
    assert body("order = Order(count=1, name=x)\nos.system(f'run {order.name}')", before) == ["process"]


CHECKED_AROUND = """
    import functools, os
    def checked(function):
        @functools.wraps(function)
        def inner(event, context):
            if event['body'] not in ('a', 'b'):
                return None
            return function(event, context)
        return inner
    @checked
    def handler(event, context):
        os.system('run ' + event['body'])
        os.system('run ' + event['rawPath'])
"""


def test_what_a_decorator_checks_holds_in_the_function_under_it(flows):
    assert flows(CHECKED_AROUND) == ["process<-rawPath"]


def test_what_a_helper_checks_below_its_argument_holds_for_the_caller(flows):
    code = """
    import os
    def check(event):
        if event['body'] not in ('a', 'b'):
            raise ValueError()
    def handler(event, context):
        check(event)
        os.system('run ' + event['body'])
        os.system('run ' + event['rawPath'])
    """
    assert flows(code) == ["process<-rawPath"]


SCHEMA = """
    import json, jsonschema, os
    SCHEMA = {'type': 'object', 'properties': {
        'kind': {'enum': ['a', 'b']}, 'count': {'type': 'integer'}, 'name': {'type': 'string'},
        'code': {'type': 'string', 'pattern': '^[a-z]+$'}}}
    def handler(event, context):
        order = json.loads(event['body'])
        jsonschema.validate(order, SCHEMA)
        os.system(f"run {order['kind']} {order['count']} {order['code']}")
        os.system(f"run {order['name']}")
"""


def test_a_document_that_fits_a_schema_holds_what_the_schema_lets_through(flows):
    assert flows(SCHEMA) == ["process<-body→name"]
