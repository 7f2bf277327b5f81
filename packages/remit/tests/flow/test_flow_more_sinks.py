"""Sinks of document databases, directories, XML, mail, templates and GraphQL: what lets a sender in, and what does not."""

import pytest

MONGO = "import os, pymongo\nusers = pymongo.MongoClient(os.environ['M'])['shop']['users']\n"
LDAP = "import ldap3\nfrom ldap3.utils.conv import escape_filter_chars\nd = ldap3.Connection(ldap3.Server('d'))\n"
PYLDAP = "import ldap, ldap.filter\nd = ldap.initialize('ldap://d')\n"
LXML = "from lxml import etree\ntree = etree.parse('a.xml')\n"
MAIL = "import smtplib\nmail = smtplib.SMTP('m')\n"

VULNERABLE = [
    ("nosql", MONGO, "users.find_one({'name': 'a', 'password': x})"),
    ("nosql", MONGO, "users.find({'$and': [{'a': 1}, {'p': x}]})"),
    ("nosql", MONGO, "users.update_one({'p': x}, {'$set': {'a': 1}})"),
    ("nosql", MONGO, "users.count_documents(x)"),
    ("nosql", MONGO, "users.find_one({'$where': 'this.a == ' + x})"),
    ("nosql", MONGO, "users.aggregate([{'$match': {'p': x}}])"),
    ("nosql", "import os\ncollection = os.environ\n", "context.collection.delete_many({'p': x})"),
    ("nosql", "from bson import Code\n", "Code('return ' + x)"),
    ("ldap", LDAP, "d.search('dc=e', f'(uid={x})')"),
    ("ldap", LDAP, "d.search(f'cn={x},dc=e', '(a=b)')"),
    ("ldap", PYLDAP, "d.search_s('dc=e', 2, '(uid=%s)' % x)"),
    ("xpath", LXML, 'tree.xpath("//a[b=\'" + x + "\']")'),
    ("xpath", LXML, "etree.XPath(f\"//a[b='{x}']\")"),
    ("xml", LXML, "etree.fromstring(x)"),
    ("xml", LXML, "etree.fromstring(x, etree.XMLParser(load_dtd=True))"),
    ("header", MAIL, "mail.sendmail('a', ['b'], f'Subject: {x}\\n\\nhi')"),
    ("template", "from mako.template import Template\n", "Template('Hi ' + x)"),
    ("template", "from flask import render_template_string\n", "render_template_string('Hi ' + x)"),
    ("graphql", "from gql import gql\n", "gql('{ user(name: \"' + x + '\") { id } }')"),
    ("graphql", "import httpx\n", "httpx.post('https://a.example/', json={'query': f'{{ user(id: {x}) {{ id }} }}'})"),
    ("archive", "import io, tarfile\n", "tarfile.open(fileobj=io.BytesIO(x)).extractall('/tmp/a')"),
]
SAFE = [
    (MONGO, "users.find_one({'name': str(x)})"),
    (MONGO, "name = str(x)\nusers.find_one({'name': name})"),
    (MONGO, "users.find_one({'age': int(x)})"),
    (MONGO, "users.find_one({'name': {'$eq': x}})"),
    (MONGO, "users.find_one({'name': 'shop:' + x})"),
    (MONGO, "users.insert_one({'name': x})"),
    ("", "'abc'.find(x)"),
    (LDAP, "d.search('dc=e', f'(uid={escape_filter_chars(x)})')"),
    (PYLDAP, "d.search_s('dc=e', 2, ldap.filter.filter_format('(uid=%s)', [x]))"),
    (LXML, "tree.xpath('//a[b=$n]', n=x)"),
    (LXML, "etree.fromstring(x, etree.XMLParser(resolve_entities=False))"),
    ("import xml.etree.ElementTree as E\n", "E.fromstring(x)"),
    (MAIL, "mail.sendmail('a', ['b'], f'Subject: hi\\n\\n{x}')"),
    ("from jinja2 import Template\n", "Template('Hi {{ n }}').render(n=x)"),
    ("from jinja2.sandbox import SandboxedEnvironment\n", "SandboxedEnvironment().from_string(x)"),
    ("from gql import gql\n", "gql('query($n: String!) { user(name: $n) { id } }')"),
    (
        "import requests\n",
        "requests.post('https://a.example/', json={'query': 'query($n: ID) { a(n: $n) }', 'variables': {'n': x}})",
    ),
    ("import io, tarfile\n", "tarfile.open(fileobj=io.BytesIO(x)).extractall('/tmp/a', filter='data')"),
]


@pytest.mark.parametrize(("sink", "before", "code"), VULNERABLE)
def test_the_sender_reaches_the_sink(body, sink, before, code):
    assert sink in body(code, before)


@pytest.mark.parametrize(("before", "code"), SAFE)
def test_what_cannot_change_the_structure(body, before, code):
    assert body(code, before) == []


def test_texts_whoever_wrote_them_bring_no_operators(flows):
    code = (
        MONGO + "def handler(event, context):\n    users.find_one({'name': event['queryStringParameters']['name']})\n"
    )
    assert flows(code) == []
    direct = MONGO + "def handler(event, context):\n    users.find_one({'name': event['name']})\n"
    assert [flow.partition("<-")[0] for flow in flows(direct, "direct")] == ["nosql"]
