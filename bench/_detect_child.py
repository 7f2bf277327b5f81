"""Runs the peers' detectors, inside their own environment: rows in, one answer of each peer a row out.

    python _detect_child.py FOLDER < {"inputs": [...], "sinks": [...]} > {"peer": {"inputs": [...], ...}, ...}

Zen is given what its agent gives its detectors, the input and the text at the sink (its check of addresses inside needs DNS;
a host that is the input's and is written as an address inside counts). libddwaf is given the input as a query parameter and
the text at the sink's address, with the rules that ddtrace ships. libinjection sees the input alone.
"""

import ipaddress
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def zen(rows: list[dict[str, Any]]) -> tuple[list[bool | None], float]:
    from aikido_zen.vulnerabilities.nosql_injection import find_filter_part_with_operators  # type: ignore[import-not-found,unused-ignore]
    from aikido_zen.vulnerabilities.path_traversal.detect_path_traversal import detect_path_traversal  # type: ignore[import-not-found,unused-ignore]
    from aikido_zen.vulnerabilities.shell_injection.detect_shell_injection import detect_shell_injection  # type: ignore[import-not-found,unused-ignore]
    from aikido_zen.vulnerabilities.sql_injection import detect_sql_injection  # type: ignore[import-not-found,unused-ignore]
    from aikido_zen.vulnerabilities.ssrf.find_hostname_in_userinput import find_hostname_in_userinput  # type: ignore[import-not-found,unused-ignore]

    def judge(row: dict[str, Any]) -> bool | None:
        text, value = row["query_or_command"], row["untrusted_input"]
        if row["sink"] == "sql":
            return bool(
                detect_sql_injection(text, value, {"postgresql": "postgres"}.get(row["dialect"], row["dialect"]))
            )
        if row["sink"] == "shell":
            return bool(detect_shell_injection(text, value))
        if row["sink"] == "path":
            return bool(detect_path_traversal(text, value))
        if row["sink"] == "nosql" and row["dialect"] == "mongodb":
            return bool(find_filter_part_with_operators(json.loads(value), json.loads(text)).get("found"))
        if row["sink"] == "ssrf":
            try:
                host = urlsplit(text).hostname or ""
                inside = host == "localhost" or not ipaddress.ip_address(host).is_global
            except ValueError:
                inside = False
            return inside and bool(find_hostname_in_userinput(value, [host]))
        return None

    return _timed(rows, judge)


def waf(rows: list[dict[str, Any]], inputs: list[str]) -> tuple[list[bool | None], float, list[bool]]:
    import ddtrace.appsec  # type: ignore[import-not-found,unused-ignore]
    from ddtrace.appsec._ddwaf.waf import DDWaf  # type: ignore[import-not-found,unused-ignore]

    rules = Path(ddtrace.appsec.__file__).with_name("rules.json").read_bytes()
    engine = DDWaf(rules, b"", b"")
    address = {"sql": "server.db.statement", "shell": "server.sys.shell.cmd", "path": "server.io.fs.file"}
    address["ssrf"] = "server.io.net.url"

    def judge(row: dict[str, Any]) -> bool | None:
        if row["sink"] not in address:
            return None
        context = engine._at_request_start()  # noqa: SLF001
        engine.run(context, {"server.request.query": {"q": row["untrusted_input"]}}, 1000.0)
        data = {address[row["sink"]]: row["query_or_command"]}
        if row["sink"] == "sql":
            data["server.db.system"] = row["dialect"]
        begun = time.process_time()
        result = engine.run(engine.new_subcontext(context), data, 1000.0)
        spent.append((time.process_time() - begun) * 1e6)
        return any(str(event["rule"]["id"]).startswith("rasp") for event in result.data)

    spent: list[float] = []
    hits, _ = _timed(rows, judge)
    sql = [
        cost
        for cost, row in zip(spent, [row for row in rows if row["sink"] in address], strict=True)
        if row["sink"] == "sql"
    ]
    found = []
    for text in inputs:
        context = engine._at_request_start()  # noqa: SLF001
        data = {
            "server.request.query": {"q": text},
            "server.request.body": {"q": text},
            "server.request.uri.raw": f"/?q={text}",
        }
        found.append(bool(engine.run(context, data, 1000.0).data))
    return hits, _median(sql), found


def _timed(rows: list[dict[str, Any]], judge: Any) -> tuple[list[bool | None], float]:
    hits, spent = [], []
    for row in rows:
        begun = time.process_time()
        hits.append(judge(row))
        if row["sink"] == "sql":
            spent.append((time.process_time() - begun) * 1e6)
    return hits, _median(spent)


def _median(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 1) if values else 0.0


def main() -> None:
    """Reads the rows, answers."""
    import libinjection  # type: ignore[import-not-found,unused-ignore]

    given = json.load(sys.stdin)
    hits, cost = zen(given["sinks"])
    out: dict[str, Any] = {"zen": {"sinks": hits, "sql_p50_us": cost}}
    hits, cost, inputs = waf(given["sinks"], given["inputs"])
    out["libddwaf"] = {"sinks": hits, "sql_p50_us": cost, "inputs": inputs}

    def injected(text: str) -> bool:
        return bool(libinjection.is_sql_injection(text)["is_sqli"] or libinjection.is_xss(text)["is_xss"])

    out["libinjection"] = {
        "sinks": [injected(row["untrusted_input"]) if row["sink"] == "sql" else None for row in given["sinks"]],
        "inputs": [injected(text) for text in given["inputs"]],
    }
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
