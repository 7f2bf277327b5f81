"""Values on their way through mappings, queues, buffers and objects whose keys a sender chooses."""

import textwrap

import pytest

FOUND = [
    "d = dict(DEFAULTS, **json.loads(x))\nos.system(d['a'])",
    "d = {'a': 'ls'}\nd.update(json.loads(x))\nos.system(d['a'])",
    "d = {**{'a': 'ls'}, **json.loads(x)}\nos.system(d['a'])",
    "d = {'a': 'ls'} | json.loads(x)\nos.system(d['a'])",
    "d = dict(DEFAULTS)\nfor key, value in json.loads(x).items():\n    d[key] = value\nos.system(d['a'])",
    "a = Settings()\na.name = 'ls'\nfor key, value in json.loads(x).items():\n    setattr(a, key, value)\nos.system(a.name)",
    "a = Settings()\nfor key, value in json.loads(x).items():\n    setattr(a, key, value)\nos.system(a.name)",
    "d = defaultdict(list)\nd['a'].append(x)\nos.system(d['a'][0])",
    "d = defaultdict(lambda: defaultdict(list))\nd['a']['b'].append(x)\nos.system(d['a']['b'][0])",
    "q = queue.Queue()\nq.put(x)\nos.system(q.get())",
    "b = io.StringIO()\nb.write('ls ')\nb.write(x)\nos.system(b.getvalue())",
    "b = io.BytesIO(x.encode())\nos.system(b.read().decode())",
]
CLEAN = [
    "d = {**json.loads(x), 'a': 'ls'}\nos.system(d['a'])",
    "d = json.loads(x) | {'a': 'ls'}\nos.system(d['a'])",
    "d = {'a': 'ls'}\nd.update({'b': x})\nos.system(d['a'])",
    "d = {'a': 'ls'}\nd.update(b=x)\nos.system(d['a'])",
    "d = defaultdict(list)\nd['a'].append(x)\nd['b'].append('ls')\nos.system(d['b'][0])",
    "b = io.StringIO()\nb.write('ls')\nc = io.StringIO(x)\nos.system(b.getvalue())",
]
BEFORE = """
import io, json, os, queue
from collections import defaultdict
DEFAULTS = {'a': 'ls'}
class Settings:
    pass
"""


def _whole(code):
    return f"{BEFORE}def handler(event, context):\n    x = event['body']\n{textwrap.indent(code, '    ')}\n"


@pytest.mark.parametrize("code", FOUND)
def test_what_goes_in_comes_out(flows, code):
    assert any(flow.startswith("process<-body") for flow in flows(_whole(code)))


@pytest.mark.parametrize("code", CLEAN)
def test_what_stands_beside_it_is_not_touched(flows, code):
    assert flows(_whole(code)) == []


ARCHIVES = {
    "tarfile.open(fileobj=io.BytesIO(x)).extractall('/tmp/a')": True,
    "with tarfile.open(fileobj=io.BytesIO(x)) as t:\n    t.extractall('/tmp/a', filter='data')": False,
    "zipfile.ZipFile(io.BytesIO(x)).extractall('/tmp/a')": False,
    "z = zipfile.ZipFile(io.BytesIO(x))\nfor n in z.namelist():\n    open('/tmp/' + n, 'wb').write(z.read(n))": True,
    "zipfile.ZipFile('/tmp/a.zip').extractall(x)": True,
    "zipfile.ZipFile('/tmp/' + x)": True,
}


@pytest.mark.parametrize(("code", "found"), ARCHIVES.items())
def test_members_of_an_archive_choose_a_path_where_nothing_takes_it_out(flows, code, found):
    told = flows("import tarfile, zipfile\n" + _whole(code))
    assert ("path<-body" in told or "archive<-body" in told) is found


def test_a_constant_written_over_a_part_of_the_event_is_no_longer_the_senders(flows):
    code = "d = json.loads(x)\nd['a'] = 'ls'\nos.system(d['a'])\nos.system(d['b'])"
    assert flows(_whole(code)) == ["process<-body→b"]
    assert len(flows(_whole("d = json.loads(x)\nif x:\n    d['a'] = 'ls'\nos.system(d['a'])"))) == 1
