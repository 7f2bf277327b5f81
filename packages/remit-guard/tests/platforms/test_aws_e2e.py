"""The guard under the real runtime client: attacks by HTTP, SQS and S3, benign traffic, and every way to fail."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import remit_guard
from remit.local.runtime_api import FunctionSpec, Invocation, LocalFunction

pytestmark = pytest.mark.e2e

PACKAGE = Path(remit_guard.__file__).parent
APP = textwrap.dedent(
    """
    import base64, json, logging, os, sqlite3, subprocess, threading
    from concurrent.futures import ThreadPoolExecutor
    from urllib.parse import unquote_plus

    base = sqlite3.connect(":memory:", check_same_thread=False)
    base.execute("create table users (name text, secret text)")
    base.execute("insert into users values ('ada', 'tea'), ('o''brien', 'rum')")

    def answer(value, status=200):
        return {"statusCode": status, "headers": {}, "body": json.dumps(value)}

    def find(name):
        return base.execute(f"select secret from users where name = '{name}'").fetchall()

    def sql(event, context):
        return answer(find(json.loads(event["body"])["name"]))

    def sql_safe(event, context):
        name = json.loads(event["body"])["name"]
        bound = base.execute("select secret from users where name = ?", (name,)).fetchall()
        return answer(bound + find(name.replace("'", "''")))

    def sql_swallowed(event, context):
        try:
            return answer(find(json.loads(event["body"])["name"]))
        except Exception:
            return answer("nothing to see")

    def sql_thread(event, context):
        name = json.loads(event["body"])["name"]
        found = []
        thread = threading.Thread(target=lambda: found.append(find(name)))
        thread.start()
        thread.join()
        return answer(found)

    def sql_executor(event, context):
        name = base64.b64decode(json.loads(event["body"])["name"]).decode()
        with ThreadPoolExecutor(2) as pool:
            return answer(pool.submit(find, name).result())

    def shell(event, context):
        for record in event["Records"]:
            name = json.loads(record["body"])["file"]
            subprocess.run(f"echo {name} > /dev/null", shell=True, check=True)
            open(os.path.join(os.environ["TMPDIR"], "ran"), "a").write("x")
        return None

    def shell_partial(event, context):
        failed = []
        for record in event["Records"]:
            try:
                os.system("echo " + json.loads(record["body"])["file"] + " > /dev/null")
            except Exception:
                failed.append(record["messageId"] + "-own")
        return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}

    def path(event, context):
        key = unquote_plus(event["Records"][0]["s3"]["object"]["key"])
        with open(os.path.join(os.environ["TMPDIR"], "in", key)) as file:
            return file.read()

    def fails(event, context):
        logging.getLogger().error("card 4111 1111 1111 1111 of ada@example.org")
        print("password=hunter2secret", json.dumps({"headers": {"authorization": "Bearer abcdef1234567890"}}))
        raise RuntimeError("no row for ada@example.org with password=hunter2secret")

    def shows(event, context):
        try:
            base.execute("select * from " + "nowhere")
        except Exception as error:
            return answer({"error": str(error)}, 500)

    def logs(event, context):
        logging.getLogger().warning("login of %s", json.loads(event["body"])["name"])
        return answer("ok")

    def plain(event, context):
        return answer("ok")
    """
)


def http(body: object) -> dict[str, object]:
    return {
        "version": "2.0",
        "routeKey": "POST /",
        "rawPath": "/",
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "user-agent": "curl/8.4.0"},
        "requestContext": {
            "http": {"method": "POST", "path": "/", "sourceIp": "198.51.100.7", "userAgent": "curl/8.4.0"},
            "domainName": "abc.execute-api.eu-central-1.amazonaws.com",
            "requestId": "r-1",
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def sqs(*bodies: object) -> dict[str, object]:
    return {
        "Records": [
            {
                "messageId": f"m{index}",
                "body": json.dumps(body),
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:q",
            }
            for index, body in enumerate(bodies)
        ]
    }


def s3(key: str) -> dict[str, object]:
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "b"}, "object": {"key": key}},
    }
    return {"Records": [record]}


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder


class Run:
    """Starts guarded functions and invokes them."""

    def __init__(self, code: Path) -> None:
        self.code = code
        self.open: dict[str, LocalFunction] = {}

    def spec(self, handler: str, environment: Mapping[str, str]) -> FunctionSpec:
        return FunctionSpec(
            "Orders", "remit_guard.platforms.aws.handler", self.code,
            {"REMIT_HANDLER": handler, **environment}, path=(PACKAGE.parent,),
        )  # fmt: skip

    def __call__(self, handler: str, event: object, **environment: str) -> Invocation:
        key = handler + str(environment)
        if key not in self.open:
            self.open[key] = LocalFunction(self.spec(f"app.{handler}", environment))
            self.open[key].start()
        return self.open[key].invoke(event)


@pytest.fixture
def run(code: Path) -> Iterator[Run]:
    runs = Run(code)
    yield runs
    for function in runs.open.values():
        function.stop()


def signals(invocation: Invocation) -> list[dict[str, object]]:
    return [json.loads(line) for line in invocation.logs if line.startswith('{"class_uid"')]


def rejected(invocation: Invocation) -> bool:
    payload = invocation.payload
    if not isinstance(payload, dict) or payload.get("statusCode") != 403:
        return False
    return json.loads(payload["body"]) == {"message": "Request rejected", "id": invocation.request_id}


ATTACK = "x' or '1'='1"


@pytest.mark.parametrize("handler", ["sql", "sql_swallowed", "sql_thread"])
def test_injection_over_http_is_refused_with_403(run: Run, handler: str) -> None:
    answer = run(handler, http({"name": ATTACK}))
    assert rejected(answer), answer
    assert len(signals(answer)) == 1, answer.logs
    (signal,) = signals(answer)
    assert (signal["verdict"], signal["rule"], signal["sink"]) == ("block", "sql-injection", "sql")
    assert signal["field"] == "body→name"
    assert signal["invocation"] == answer.request_id
    assert ATTACK not in str(answer.logs)
    benign = run(handler, http({"name": "ada"}))
    assert isinstance(benign.payload, dict)
    assert "tea" in benign.payload["body"]
    assert signals(benign) == []


def test_injection_decoded_by_the_app_in_an_executor(run: Run) -> None:
    import base64

    assert rejected(run("sql_executor", http({"name": base64.b64encode(ATTACK.encode()).decode()})))
    good = run("sql_executor", http({"name": base64.b64encode(b"ada").decode()}))
    assert isinstance(good.payload, dict)
    assert "tea" in good.payload["body"]


@pytest.mark.parametrize("name", ["ada", "o'brien", "Robert'); drop table users;--", "a -- b", "x' or '1'='1"])
def test_bound_and_escaped_values_pass(run: Run, name: str) -> None:
    answer = run("sql_safe", http({"name": name}))
    assert isinstance(answer.payload, dict)
    assert answer.payload["statusCode"] == 200, answer
    assert signals(answer) == []


def test_shell_injection_by_queue_fails_the_batch(run: Run) -> None:
    answer = run("shell", sqs({"file": "a.png"}, {"file": "b.png; touch pwned"}))
    assert answer.error is not None
    assert answer.error.type == "Blocked"
    assert "touch" not in answer.error.message
    (signal,) = signals(answer)
    assert (signal["rule"], signal["field"]) == ("shell-injection", "Records[1].body→file")
    assert not (run.code / "pwned").exists()
    assert run("shell", sqs({"file": "a.png"}, {"file": "b.png"})).error is None


def test_partial_batch_names_the_blocked_record(run: Run) -> None:
    answer = run("shell_partial", sqs({"file": "a"}, {"file": "b; id"}, {"file": "c"}))
    assert answer.payload == {"batchItemFailures": [{"itemIdentifier": "m1-own"}, {"itemIdentifier": "m1"}]}


def test_path_traversal_by_object_key(run: Run) -> None:
    answer = run("path", s3("..%2F..%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd"))
    assert answer.error is not None
    assert answer.error.type == "Blocked"
    assert [signal["rule"] for signal in signals(answer)] == ["path-traversal"]
    missing = run("path", s3("a+b.txt"))
    assert missing.error is not None
    assert missing.error.type == "FileNotFoundError"
    assert signals(missing) == []


def test_an_unhandled_error_reaches_the_caller_as_an_id_and_the_log_redacted(run: Run) -> None:
    answer = run("fails", http({}))
    assert isinstance(answer.payload, dict)
    assert answer.payload["statusCode"] == 500
    assert json.loads(answer.payload["body"]) == {"message": "Internal server error", "id": answer.request_id}
    log = "\n".join(answer.logs)
    assert "RuntimeError" in log
    assert answer.request_id in log
    for secret in ("hunter2secret", "ada@example.org", "4111", "abcdef1234567890"):
        assert secret not in log, log


def test_an_error_of_a_queue_function_stays_an_error_with_its_name(run: Run) -> None:
    answer = run("fails", sqs({}))
    assert answer.error is not None
    assert answer.error.type == "RuntimeError"
    assert answer.error.message == "no row for [redacted email] with password=[redacted]"
    assert "hunter2secret" not in "\n".join(answer.logs)


def test_an_error_text_in_the_answer_is_shaped(run: Run) -> None:
    answer = run("shows", http({}))
    assert isinstance(answer.payload, dict)
    assert json.loads(answer.payload["body"]) == {"message": "Internal server error", "id": answer.request_id}
    assert [signal["rule"] for signal in signals(answer)] == ["exception-to-caller"]


def test_log_lines_stay_lines(run: Run) -> None:
    answer = run("logs", http({"name": "eve\n[ERROR] login of root"}))
    assert isinstance(answer.payload, dict)
    assert answer.payload["statusCode"] == 200
    assert any("login of eve\\n[ERROR] login of root" in line for line in answer.logs), answer.logs
    assert [signal["rule"] for signal in signals(answer)] == ["log-injection"]


def test_a_missing_module_and_a_missing_handler_look_as_without_the_guard(run: Run, code: Path) -> None:
    (code / "broken.py").write_text("def handler(:\n")
    for handler in ("nowhere.handler", "app.nothing", "broken.handler"):
        seen = []
        bare = FunctionSpec("Orders", handler, code)
        guarded = run.spec(handler, {})
        for spec in (bare, guarded):
            with LocalFunction(spec) as function:
                error = function.invoke({}).error
                assert error is not None
                seen.append((error.kind, error.type, error.message))
        assert seen[0] == seen[1]


def test_the_kill_switch_lets_everything_pass_and_says_so(run: Run) -> None:
    answer = run("sql", http({"name": ATTACK}), REMIT_GUARD="off")
    assert isinstance(answer.payload, dict)
    assert "rum" in answer.payload["body"]
    assert [signal["rule"] for signal in signals(answer)] == ["guard-off"]


def test_alert_mode_tells_and_lets_pass(run: Run) -> None:
    answer = run("sql", http({"name": ATTACK}), REMIT_MODE="alert")
    assert isinstance(answer.payload, dict)
    assert answer.payload["statusCode"] == 200
    assert [(s["verdict"], s["rule"]) for s in signals(answer)] == [("alert", "sql-injection")]


def test_exec_wrapper(code: Path) -> None:
    spec = FunctionSpec(
        "Orders", "app.sql", code, path=(PACKAGE.parent,), wrapper=str(PACKAGE / "platforms" / "exec_wrapper.sh")
    )
    with LocalFunction(spec) as function:
        assert rejected(function.invoke(http({"name": ATTACK})))


def test_decorator(code: Path) -> None:
    (code / "own.py").write_text(
        "from app import find, answer\nimport json\nfrom remit_guard import guard\n"
        "@guard\ndef handler(event, context):\n    return answer(find(json.loads(event['body'])['name']))\n"
    )
    # The connection of app.py was opened before the guard was there, so this one opens its own.
    text = (code / "app.py").read_text()
    (code / "app.py").write_text(text.replace("def find(name):", "def find(name):\n    base = late()", 1))
    (code / "app.py").write_text(
        (code / "app.py").read_text()
        + "\ndef late():\n    one = sqlite3.connect(':memory:')\n"
        + "    one.execute('create table users (name text, secret text)')\n    return one\n"
    )
    with LocalFunction(FunctionSpec("Orders", "own.handler", code, path=(PACKAGE.parent,))) as function:
        assert rejected(function.invoke(http({"name": ATTACK})))
        fine = function.invoke(http({"name": "ada"}))
        assert isinstance(fine.payload, dict)
        assert fine.payload["statusCode"] == 200


def test_changed_code_is_told_or_refused(run: Run, code: Path) -> None:
    from hashlib import sha256

    remit = json.dumps({"version": 1, "function": "Orders", "modes": {"code-changed": "block"}})
    (code / ".remit").mkdir()
    files = {"app.py": sha256(APP.encode()).hexdigest()}
    (code / ".remit" / "manifest.json").write_text(json.dumps({"version": 1, "function": "Orders", "files": files}))
    assert signals(run("plain", http({}))) == []
    (code / "app.py").write_text(APP + "\n")
    (code / "late.py").write_text("")
    told = run("plain", http({}), A="told")
    assert isinstance(told.payload, dict)
    assert told.payload["statusCode"] == 200
    assert sorted((str(s["verdict"]), str(s["reason"])) for s in signals(told)) == [
        ("alert", "app.py: changed"),
        ("alert", "late.py: not in the manifest"),
    ]
    (code / ".remit" / "remit.json").write_text(remit)
    files[".remit/remit.json"] = sha256(remit.encode()).hexdigest()  # its modes are believed when the manifest has it
    (code / ".remit" / "manifest.json").write_text(json.dumps({"version": 1, "function": "Orders", "files": files}))
    refused = run("plain", http({}), A="refused")
    assert refused.error is not None
    assert refused.error.kind == "init"


def test_outside_the_remit_is_told_and_on_demand_refused(run: Run, code: Path) -> None:
    (code / ".remit").mkdir()
    remit: dict[str, object] = {"version": 1, "function": "Orders", "runs": ["convert"], "modes": {}}
    (code / ".remit" / "remit.json").write_text(json.dumps(remit))
    told = run("shell", sqs({"file": "a.png"}))
    assert told.error is None
    assert ("alert", "process-outside-remit") in [(s["verdict"], s["rule"]) for s in signals(told)]
    (code / ".remit" / "remit.json").write_text(json.dumps({**remit, "modes": {"runs": "block"}}))
    refused = run("shell", sqs({"file": "a.png"}), A="2")
    assert refused.error is not None
    assert refused.error.type == "Blocked"
    (code / ".remit" / "remit.json").write_text(
        json.dumps({**remit, "modes": {"runs": "block"}, "unresolved": ["runs"]})
    )
    assert run("shell", sqs({"file": "a.png"}), A="3").error is None
