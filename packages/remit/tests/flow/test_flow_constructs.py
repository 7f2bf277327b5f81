"""What programs are made of: the sender's value is followed through each construct, and only through it."""
# ruff: noqa: E501, ISC004  (programs under test stand on one line)

import pytest

OS = "import os\n"
FOUND = {
    "function": ("def run(a):\n    os.system(a)\n", "run(x)"),
    "nested calls": ("def one(a):\n    return two(a)\ndef two(b):\n    return b + '!'\n", "os.system(one(x))"),
    "keyword argument": ("def run(*, a, b='c'):\n    os.system(a + b)\n", "run(a=x)"),
    "default argument keeps other": ("def run(a, b='c'):\n    os.system(b)\n", "run('a', x)"),
    "star arguments": ("def run(*args):\n    os.system(args[0])\n", "run(x)"),
    "star call": ("def run(a, b):\n    os.system(b)\n", "run(*['a', x])"),
    "keywords": ("def run(**options):\n    os.system(options['a'])\n", "run(a=x)"),
    "keywords handed on": ("def run(a):\n    os.system(a)\ndef via(**o):\n    run(**o)\n", "via(a=x)"),
    "closure": ("", "def inner():\n    os.system(x)\ninner()"),
    "lambda": ("", "(lambda a: os.system(a))(x)"),
    "partial": ("from functools import partial\ndef run(a, b):\n    os.system(a)\n", "partial(run, x)('b')"),
    "own decorator": (
        "import functools\ndef logged(f):\n    @functools.wraps(f)\n    def around(*a, **k):\n        return f(*a, **k)\n"
        "    return around\n@logged\ndef run(a):\n    os.system(a)\n",
        "run(x)",
    ),
    "decorator with arguments": (
        "def retry(times):\n    def deco(f):\n        def around(*a):\n            return f(*a)\n        return around\n"
        "    return deco\n@retry(3)\ndef run(a):\n    os.system(a)\n",
        "run(x)",
    ),
    "foreign decorator": ("from lib import traced\n@traced(name='a')\ndef run(a):\n    os.system(a)\n", "run(x)"),
    "class": ("class Job:\n    def __init__(self, a):\n        self.a = a\n    def run(self):\n        os.system(self.a)\n", "Job(x).run()"),
    "inherited method": ("class A:\n    def run(self, a):\n        os.system(a)\nclass B(A):\n    pass\n", "B().run(x)"),
    "super": (
        "class A:\n    def __init__(self, a):\n        self.a = a\nclass B(A):\n    def __init__(self, a):\n"
        "        super().__init__(a)\n",
        "os.system(B(x).a)",
    ),
    "property": ("class A:\n    def __init__(self, a):\n        self._a = a\n    @property\n    def a(self):\n        return self._a\n", "os.system(A(x).a)"),
    "static method": ("class A:\n    @staticmethod\n    def run(a):\n        os.system(a)\n", "A.run(x)"),
    "class method": ("class A:\n    @classmethod\n    def make(cls, a):\n        o = cls()\n        o.a = a\n        return o\n", "os.system(A.make(x).a)"),
    "data class": ("from dataclasses import dataclass\n@dataclass\nclass A:\n    a: str\n    b: str = ''\n", "os.system(A(b='c', a=x).a)"),
    "named tuple": ("from typing import NamedTuple\nclass A(NamedTuple):\n    a: str\n    b: str\n", "os.system(A('b', x).b)"),
    "callable object": ("class A:\n    def __call__(self, a):\n        os.system(a)\n", "A()(x)"),
    "dispatch": ("def run(a):\n    os.system(a)\nJOBS = {'run': run}\n", "JOBS['run'](x)"),
    "dispatch by an unknown key": ("def run(a):\n    os.system(a)\ndef no(a):\n    pass\nJOBS = {'run': run, 'no': no}\n", "JOBS[os.environ['J']](x)"),
    "getattr": ("class A:\n    def run(self, a):\n        os.system(a)\n", "getattr(A(), 'run')(x)"),
    "dictionary": ("", "d = {'a': x, 'b': 'c'}\nos.system(d['a'])"),
    "dictionary written": ("", "d = {}\nd['a'] = x\nos.system(d.get('a'))"),
    "dictionary updated": ("", "d = {}\nd.update({'a': x})\nos.system(d['a'])"),
    "dictionary merged": ("", "d = {**{'b': 1}, **{'a': x}}\nos.system(d['a'])"),
    "list": ("", "parts = []\nparts.append(x)\nos.system(' '.join(parts))"),
    "list of lists": ("", "rows = [['a', x]]\nfor row in rows:\n    os.system(row[1])"),
    "tuple": ("", "a, b = 'c', x\nos.system(b)"),
    "star target": ("", "a, *rest = ['a', 'b', x]\nos.system(rest[1])"),
    "comprehension": ("", "os.system(' '.join([p.strip() for p in x.split(',') if p]))"),
    "dictionary comprehension": ("", "d = {k: x for k in ('a', 'b')}\nos.system(d['a'])"),
    "generator": ("def parts(a):\n    for p in a.split(','):\n        yield p\n", "for p in parts(x):\n    os.system(p)"),
    "yield from": ("def one(a):\n    yield a\ndef two(a):\n    yield from one(a)\n", "os.system(next(two(x)))"),
    "sorted": ("", "os.system(sorted([x, 'b'], key=lambda i: i)[0])"),
    "map": ("def low(a):\n    return a.lower()\n", "os.system(list(map(low, [x]))[0])"),
    "enumerate and zip": ("", "for i, (a, b) in enumerate(zip(['c'], [x])):\n    os.system(b)"),
    "walrus": ("", "if (y := x.strip()):\n    os.system(y)"),
    "conditional": ("", "os.system(x if len(x) > 3 else 'a')"),
    "or": ("", "os.system(x or 'a')"),
    "one branch": ("", "if len(x) > 3:\n    y = x\nelse:\n    y = 'a'\nos.system(y)"),
    "loop": ("", "y = ''\nfor i in range(3):\n    y = y + x\nos.system(y)"),
    "value of the next turn": ("", "a = b = 'c'\nfor i in range(3):\n    os.system(a)\n    a = b\n    b = x"),
    "while": ("", "y = 'a'\nwhile len(y) < 10:\n    y += x\nos.system(y)"),
    "try": ("", "y = 'a'\ntry:\n    y = x\n    work()\nexcept ValueError:\n    pass\nos.system(y)"),
    "finally": ("", "y = x\ntry:\n    work()\nfinally:\n    os.system(y)"),
    "exception of one's own": (
        "class Bad(Exception):\n    def __init__(self, text):\n        self.text = text\n",
        "try:\n    raise Bad(x)\nexcept Bad as bad:\n    os.system(bad.text)",
    ),
    "with": ("class C:\n    def __init__(self, a):\n        self.a = a\n    def __enter__(self):\n        return self.a\n    def __exit__(self, *a):\n        pass\n", "with C(x) as a:\n    os.system(a)"),
    "context manager": (
        "from contextlib import contextmanager\n@contextmanager\ndef c(a):\n    yield a\n", "with c(x) as a:\n    os.system(a)",
    ),
    "match": ("", "match {'a': x}:\n    case {'a': value}:\n        os.system(value)"),
    "global": ("LAST = ''\ndef keep(a):\n    global LAST\n    LAST = a\ndef run():\n    os.system(LAST)\n", "keep(x)\nrun()"),
    "nonlocal": ("", "y = 'a'\ndef keep():\n    nonlocal y\n    y = x\nkeep()\nos.system(y)"),
    "async": ("import asyncio\nasync def run(a):\n    os.system(a)\n", "asyncio.run(run(x))"),
    "await": ("async def run(a):\n    return a\nasync def main(a):\n    os.system(await run(a))\nimport asyncio\n", "asyncio.run(main(x))"),
    "executor": ("from concurrent.futures import ThreadPoolExecutor\ndef run(a):\n    os.system(a)\n", "with ThreadPoolExecutor() as pool:\n    pool.submit(run, x)"),
    "executor map": ("from concurrent.futures import ThreadPoolExecutor\ndef run(a):\n    os.system(a)\n", "ThreadPoolExecutor().map(run, [x])"),
    "thread": ("import threading\ndef run(a):\n    os.system(a)\n", "threading.Thread(target=run, args=(x,)).start()"),
    "slice": ("", "os.system(x[2:])"),
    "encode and decode": ("", "os.system(x.encode().decode('utf-8').strip())"),
    "json there and back": ("", "os.system(json.loads(json.dumps({'a': x}))['a'])"),
    "string format": ("", "os.system('run {job[a]}'.format(job={'a': x}))"),
    "recursion": ("def deep(a, n):\n    return a if n == 0 else deep(a, n - 1)\n", "os.system(deep(x, 3))"),
    "object kept in a module": ("class S:\n    pass\nSTATE = S()\n", "STATE.a = x\nos.system(STATE.a)"),
}  # fmt: skip

NOT_FOUND = {
    "another key": "d = {'a': x, 'b': 'c'}\nos.system(d['b'])",
    "another element": "a = [x, 'b']\nos.system(a[1])",
    "overwritten": "y = x\ny = 'a'\nos.system(y)",
    "overwritten in a dictionary": "d = {'a': x}\nd['a'] = 'b'\nos.system(d['a'])",
    "another attribute": "class A: pass\na = A()\na.b = x\na.c = 'd'\nos.system(a.c)",
    "another instance": "class A:\n    def __init__(self, b):\n        self.b = b\none, two = A(x), A('c')\nos.system(two.b)",
    "never called": "def run():\n    os.system(x)\n",
    "after the return": "return None\nos.system(x)",
    "only when run by hand": "if __name__ == '__main__':\n    os.system(x)",
    "a comparison": "os.system(str(x == 'a'))",
    "a length": "os.system('head -c %s' % len(x))",
    "the loop's counter": "for i, part in enumerate(x.split(',')):\n    os.system(f'run {i}')",
    "shadowed": "def run(x):\n    os.system(x)\nrun('a')",
}


@pytest.mark.parametrize("name", FOUND)
def test_the_value_is_followed(body, name):
    before, code = FOUND[name]
    assert body(code, OS + before) == ["process"]


@pytest.mark.parametrize("name", NOT_FOUND)
def test_other_values_are_told_apart(body, name):
    assert body(NOT_FOUND[name], OS) == []


MODULES = [
    ({"lib/__init__.py": "", "lib/run.py": "import os\ndef run(a):\n    os.system(a)\n"}, "from lib.run import run", "run(x)"),
    ({"lib/__init__.py": "", "lib/run.py": "import os\ndef run(a):\n    os.system(a)\n"}, "import lib.run", "lib.run.run(x)"),
    ({"lib/run.py": "import os\ndef run(a):\n    os.system(a)\n"}, "import lib.run as r", "r.run(x)"),
    ({"lib/run.py": "import os\ndef run(a):\n    os.system(a)\n"}, "from lib import run", "run.run(x)"),
    ({"lib/__init__.py": "from .run import *\n", "lib/run.py": "import os\ndef run(a):\n    os.system(a)\n"}, "from lib import run", "run(x)"),
    ({"lib/__init__.py": "", "lib/a.py": "from . import b\ndef run(a):\n    b.run(a)\n", "lib/b.py": "import os\ndef run(a):\n    os.system(a)\n"}, "from lib.a import run", "run(x)"),
    ({"lib/__init__.py": "", "lib/c/__init__.py": "from ..b import run\n", "lib/b.py": "import os\ndef run(a):\n    os.system(a)\n"}, "from lib.c import run", "run(x)"),
    ({"a.py": "import b\nimport os\ndef run(a):\n    os.system(b.name(a))\n", "b.py": "import a\ndef name(c):\n    return c\n"}, "import a", "a.run(x)"),
    ({"layer/python/shared.py": "import os\ndef run(a):\n    os.system(a)\n"}, "import shared", "shared.run(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "imports", "code"), MODULES)
def test_modules_of_the_function(flows, files, imports, code):
    text = f"{imports}\ndef handler(event, context):\n    x = event['rawPath']\n    {code}\n"
    assert flows(text, files=files) == ["process<-rawPath"]


HANDLERS = {
    "app.handler": "def handler(event, context):\n    os.system(event['rawPath'])\n",
    "app.main": "def real(event, context):\n    os.system(event['rawPath'])\nmain = real\n",
    "app.wrapped": "def real(event, context):\n    os.system(event['rawPath'])\nfrom lib import middleware\nwrapped = middleware(real)\n",
    "app.own": "def real(e, c):\n    os.system(e['rawPath'])\ndef wrap(f):\n    return lambda e, c: f(e, c)\nown = wrap(real)\n",
    "app.thing": "class A:\n    def __call__(self, e, c):\n        os.system(e['rawPath'])\nthing = A()\n",
    "app.method": "class A:\n    def run(self, e, c):\n        os.system(e['rawPath'])\nmethod = A().run\n",
    "app.traced": "from aws_lambda_powertools import Tracer\n@Tracer().capture_lambda_handler\ndef traced(e, c):\n    os.system(e['rawPath'])\n",
}  # fmt: skip


@pytest.mark.parametrize("handler", HANDLERS)
def test_handlers_of_every_kind(flows, handler):
    assert flows("import os\n" + HANDLERS[handler], handler=handler) == ["process<-rawPath"]


@pytest.mark.parametrize("handler", ["jobs/run.handler", "jobs.run.handler"])
def test_handlers_in_folders(flows, handler):
    files = {"jobs/run.py": "import os\ndef handler(event, context):\n    os.system(event['rawPath'])\n"}
    assert flows("", files=files, handler=handler) == ["process<-rawPath"]


FRAMEWORKS = [
    (
        "from aws_lambda_powertools.event_handler import APIGatewayHttpResolver\napp = APIGatewayHttpResolver()\n"
        "@app.get('/jobs/<job>')\ndef show(job):\n    os.system(job)\ndef handler(event, context):\n    return app.resolve(event, context)\n",
        ["process<-pathParameters.job"],
    ),
    (
        "from aws_lambda_powertools.event_handler import APIGatewayHttpResolver\napp = APIGatewayHttpResolver()\n"
        "@app.post('/jobs')\ndef make():\n    os.system(app.current_event.json_body['name'])\n"
        "    os.system(app.current_event.get_query_string_value('q'))\n"
        "def handler(event, context):\n    return app.resolve(event, context)\n",
        ["process<-body→name", "process<-queryStringParameters.q"],
    ),
    (
        "from flask import Flask, request\nimport serverless_wsgi\napp = Flask(__name__)\n@app.route('/')\ndef show():\n"
        "    os.system(request.args.get('a'))\n    os.system(request.get_json()['b'])\n"
        "def handler(event, context):\n    return serverless_wsgi.handle_request(app, event, context)\n",
        ["process<-queryStringParameters.a", "process<-body→b"],
    ),
    (
        "from fastapi import FastAPI\nfrom mangum import Mangum\napp = FastAPI()\n@app.get('/jobs/{job}')\n"
        "async def show(job: str, count: int, q: str = ''):\n    os.system(job + q)\n    os.system(str(count))\nhandler = Mangum(app)\n",
        ["process<-pathParameters.job", "process<-queryStringParameters.q"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), FRAMEWORKS)
def test_frameworks_call_what_was_registered(flows, code, expected):
    assert flows("import os\n" + code) == expected


def test_powertools_batches_and_data_classes(flows):
    code = """
    import os
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    processor = BatchProcessor(event_type=EventType.SQS)
    def one(record: SQSRecord):
        os.system(record.json_body['job'])
        os.system(record.message_id)
    def handler(event, context):
        return process_partial_response(event=event, record_handler=one, processor=processor, context=context)
    """
    assert flows(code, "sqs") == ["process<-Records[].body→job"]
    code = """
    import os
    from aws_lambda_powertools.utilities.data_classes import event_source, S3Event
    @event_source(data_class=S3Event)
    def handler(event: S3Event, context):
        for record in event.records:
            os.system(record.s3.get_object.key)
            os.system(record.s3.bucket.name)
    """
    assert flows(code, "s3") == ["process<-Records[].s3.object.key"]


def test_a_third_party_call_may_hand_the_value_on(study):
    found = study("import os, slug\ndef handler(event, context):\n    os.system(slug.make(event['rawPath']))\n")
    assert [(flow.confidence, flow.steps[-1].text) for flow in found.flows] == [
        ("medium", "takes rawPath from the event, goes through slug.make()")
    ]


def test_what_is_kept_in_the_event_or_the_environment_is_found_again(body):
    assert body("event['parsed'] = x\nos.system('a ' + event['parsed'])", "import os") == ["process"]
    assert body("os.environ['X'] = x\nos.system('a ' + os.environ['X'])", "import os") == ["process"]
    assert body("os.environ['X'] = 'fixed'\nos.system('a ' + os.environ['X'])", "import os") == []


def test_a_script_of_the_database_is_code(body):
    assert body("r.eval('return ' + x, 0)", "import redis\nr = redis.Redis(host='h')") == ["code"]
    assert body("r.eval('return ARGV[1]', 0, x)", "import redis\nr = redis.Redis(host='h')") == []


def test_a_class_of_the_code_has_the_methods_of_its_library_base(body):
    before = "import requests\nclass Shop(requests.Session):\n    def far(self, url):\n        return self.get(url)"
    assert body("Shop().get(x)", before) == ["url"]
    assert body("Shop().far(x)", before) == ["url"]
