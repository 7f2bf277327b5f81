"""One vulnerable function per class of attack, and the same effect done properly: what the matrix runs, never a model to copy."""

import ast
import contextlib
import html
import json
import logging
import os
import pickle
import shlex
import sqlite3
import subprocess
import urllib.request
from hashlib import sha256
from urllib.parse import quote

import jinja2
import pymongo
import yaml
from lxml import etree
from pymongo.server_api import ServerApi

base = sqlite3.connect(":memory:", check_same_thread=False)
base.execute("create table users (name text, secret text)")
base.execute("insert into users values ('ada', 'CANARY-5f1d')")
# The stand-in speaks only the modern protocol; made late, so that no thread of the driver lives in the init phase.
_mongo = []


def users():
    if not _mongo:
        address = os.environ["MATRIX_MONGO"]
        _mongo.append(pymongo.MongoClient(address, server_api=ServerApi("1"), serverSelectionTimeoutMS=5000))
    return _mongo[0].shop.users


def temp(name):
    return os.path.join(os.environ["TMPDIR"], name)


def sql(value):
    return base.execute(f"select secret from users where name = '{value}'").fetchall()


def shell(value):
    return subprocess.run(f"echo {value}", shell=True, capture_output=True, text=True, check=False).stdout


def system(value):
    os.system(f"echo {value} > {temp('said')}")
    with open(temp("said")) as file:
        return file.read()


def path(value):
    with open(os.path.join(temp("in"), value)) as file:
        return file.read()


def url(value):
    with urllib.request.urlopen(value, timeout=5) as answer:
        return answer.read().decode()


def template(value):
    return jinja2.Environment().from_string(f"Dear {value}").render()


def nosql(value):
    return list(users().find({"name": json.loads(value)}, {"_id": 0}))


def unpickle(value):
    import base64

    return str(pickle.loads(base64.b64decode(value)))


def read_yaml(value):
    return str(yaml.load(value, Loader=yaml.UnsafeLoader))


def xml(value):
    return etree.fromstring(value, etree.XMLParser(resolve_entities=True, load_dtd=True)).text


def code(value):
    return str(eval(value))


def log(value):
    logging.getLogger().warning("login of %s", value)


def argv(value):
    return subprocess.run(["/bin/sh", "-c", f"echo {value}"], capture_output=True, text=True, check=False).stdout


def posix_spawn(value):
    pid = os.posix_spawn("/bin/sh", ["/bin/sh", "-c", f"echo {value} > {temp('spawned')}"], os.environ)
    os.waitpid(pid, 0)
    with open(temp("spawned")) as file:
        return file.read()


VULNERABLE = {
    "sql": sql,
    "shell": shell,
    "os.system": system,
    "path": path,
    "url": url,
    "template": template,
    "nosql": nosql,
    "pickle": unpickle,
    "yaml": read_yaml,
    "xml": xml,
    "code": code,
    "log": log,
    "argv": argv,
    "posix_spawn": posix_spawn,
}


def properly(value, *, program):
    """Every sink with the value in it, each used as its makers say it should be."""
    found = base.execute("select secret from users where name = ?", (value,)).fetchall()
    escaped = value.replace("\0", "").replace("'", "''").encode("utf-8", "replace").decode()
    base.execute(f"select secret from users where name = '{escaped}' and length(name) < 9").fetchall()
    name = temp("in/" + sha256(value.encode("utf-8", "replace")).hexdigest())
    with open(name, "w", encoding="utf-8", errors="replace") as file:
        file.write(value)
    os.remove(name)
    if program:
        plain = value.replace("\0", "").encode("utf-8", "replace").decode()
        subprocess.run(["/bin/true", "--", plain], check=True)
        subprocess.run("echo " + shlex.quote(plain) + " > /dev/null", shell=True, check=True)
    shown = jinja2.Environment(autoescape=True).from_string("Dear {{ name }}").render(name=value)
    document = etree.Element("name")
    clean = "".join(char for char in value if char.isprintable()).encode("utf-8", "replace").decode()
    document.text = clean
    etree.fromstring(etree.tostring(document), etree.XMLParser(resolve_entities=False))
    with_errors(lambda: yaml.safe_load(value))
    with_errors(lambda: json.loads(value))
    with_errors(lambda: ast.literal_eval(value))
    yaml.safe_load(yaml.safe_dump({"name": value}))
    pickle.loads(pickle.dumps({"name": value}))
    list(users().find({"name": value}))
    logging.getLogger().info("%s", json.dumps({"name": value}))
    address = os.environ["MATRIX_WEB"] + "?q=" + quote(value.encode("utf-8", "replace"), safe="")
    if program:
        urllib.request.urlopen(address[:2000], timeout=5).close()
    return {"found": len(found), "html": f"<p>{html.escape(value)}</p>", "shown": len(shown)}


def with_errors(action):
    """What parsers say to text that is not theirs is no disturbance."""
    with contextlib.suppress(ValueError, SyntaxError, yaml.YAMLError, RecursionError, MemoryError, TypeError):
        action()
