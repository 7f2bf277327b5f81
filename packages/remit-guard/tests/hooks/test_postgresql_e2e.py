"""Drivers of PostgreSQL against a real server: attacks are refused, what is bound or escaped goes through and comes back."""
# ruff: noqa: ISC004  (programs under test stand on one line)

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not (shutil.which("initdb") and shutil.which("postgres")), reason="there is no PostgreSQL here"),
]


def _as_postgres() -> list[str]:
    """The server refuses to run as root."""
    if os.getuid():
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user for it")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    folder = Path("/tmp") / f"remit-pg-{os.getpid()}"
    folder.mkdir()
    prefix = _as_postgres()
    if prefix:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    process = None
    try:
        subprocess.run(
            [*prefix, "initdb", "-N", "-A", "trust", "-U", "postgres", str(data)],
            check=True,
            capture_output=True,
            cwd="/",
        )
        process = subprocess.Popen(
            [*prefix, "postgres", "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        if process is not None:
            process.terminate()
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


CHILD = """
import json, sys
from remit_guard.platforms.start import install
install()
from remit_guard import Blocked, guard
from types import SimpleNamespace
PORT = int(sys.argv[1])
{before}

@guard
def handler(event, context):
    x = event["x"]
    {call}

told = {{}}
for value in ("Ann", "O'Neil", "x' OR '1'='1", "a\\\\"):
    try:
        told[value] = handler({{"x": value}}, SimpleNamespace(aws_request_id="r"))
    except Blocked as error:
        told[value] = error.verdict.rule
    except Exception as error:
        told[value] = type(error).__name__
print("TOLD " + json.dumps(told))
"""

WAYS = {
    "psycopg": (
        "import psycopg\nc = psycopg.connect(host='127.0.0.1', port=PORT, user='postgres', autocommit=True)",
        "return c.execute({}).fetchone()[0]",
        "%s",
    ),
    "asyncpg": (
        "import asyncio, asyncpg\n"
        "async def run(*a):\n"
        "    async with asyncpg.create_pool(host='127.0.0.1', port=PORT, user='postgres', min_size=1) as pool:\n"
        "        async with pool.acquire() as c:\n"
        "            return await c.fetchval(*a)\n",
        "return asyncio.run(run({}))",
        "$1::text",
    ),
    "sqlalchemy": (
        "import sqlalchemy\n"
        "e = sqlalchemy.create_engine(f'postgresql+psycopg://postgres@127.0.0.1:{PORT}/postgres')\n"
        "def run(text, *a):\n"
        "    with e.connect() as c:\n"
        "        return c.execute(sqlalchemy.text(text), *[{'v': i} for i in a]).scalar()\n",
        "return run({})",
        ":v",
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", ["raw", "escaped", "bound"])
def test_a_real_server(server, way, how):
    before, call, mark = WAYS[way]
    if how == "bound":
        given = f'"SELECT CAST({mark} AS text)", {"(x,)" if way == "psycopg" else "x"}'
    else:
        given = '"SELECT \'" + x' + ('.replace("\'", "\'\'")' if how == "escaped" else "") + ' + "\'"'
    code = CHILD.format(before=textwrap.dedent(before), call=call.format(given))
    done = subprocess.run([sys.executable, "-c", code, str(server)], capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("TOLD ")]
    assert lines, done.stderr
    told = json.loads(lines[0][5:])
    assert told["Ann"] == "Ann"
    if how == "raw":
        assert told["x' OR '1'='1"] == "sql-injection"
        assert told["O'Neil"] != "O'Neil"
    else:
        assert told == {value: value for value in told}
