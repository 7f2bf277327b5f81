"""An App on this machine: its resources in a local cloud, its functions on the real runtime, its events delivered.

>>> with Bed(app, root) as bed:
...     bed.request("GET", "/products?q=kettle").status
200

The cloud delivers S3, SQS and SNS events itself; HTTP goes through our own front. Permissions are not enforced here.
"""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from remit.app.errors import RemitError
from remit.app.model import App
from remit.local import resources
from remit.local.front import Door, Gateway, deliveries
from remit.local.http_events import Response
from remit.local.ministack import CloudError, Ministack
from remit.local.plan import ACCOUNT, REGION, Plan, plan
from remit.local.runtime_api import LocalFunction
from remit.local.spec import FunctionSpec, Invocation

__all__ = ["Bed", "CloudError", "Served"]

Prepare = Callable[[FunctionSpec], FunctionSpec]


@dataclass(frozen=True, slots=True)
class Served:
    """One event that reached a function, and what came of it."""

    function: str
    event: object
    invocation: Invocation


class Bed:
    """One App, running.

    Args:
        app: the App.
        root: the folder it was read from.
        prepare: changes the plan of each function before it starts: adds a guard, a wrapper, variables.
        program: the local cloud's executable; ``None`` looks for it.
    """

    def __init__(self, app: App, root: Path, prepare: Prepare | None = None, program: Path | None = None) -> None:
        self._app = app
        self._root = root
        self._prepare = prepare
        self._program = program
        self._stack = ExitStack()
        self._seen = threading.Condition()
        self._served: list[Served] = []
        self._functions: dict[str, LocalFunction] = {}
        self._gateway = Gateway((), self._invoke)
        self._door: Door | None = None
        self._clients: dict[str, Any] = {}
        self.plan = Plan((), (), (), ())
        self.endpoint = ""

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def served(self) -> tuple[Served, ...]:
        """Every event so far, in the order in which they were finished."""
        with self._seen:
            return tuple(self._served)

    def client(self, service: str) -> Any:
        """A boto3 client for the local cloud."""
        if service not in self._clients:
            self._clients[service] = _client(service, self.endpoint)
        return self._clients[service]

    def token(self, claims: Mapping[str, str]) -> str:
        """A bearer token that the app's authorizers accept."""
        return self._gateway.issue(claims)

    def request(
        self, method: str, path: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Sends one HTTP request to the app's API, over a socket.

        Raises:
            RuntimeError: the bed is not up.
            OSError: the connection broke.
        """
        if self._door is None:
            raise RuntimeError("the bed is not up: use it in a with statement")
        connection = http.client.HTTPConnection("127.0.0.1", self._door.port, timeout=60)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers or {}))
            answer = connection.getresponse()
            return Response(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def wait(self, wanted: Callable[[Served], bool], seconds: float, after: int = 0) -> Served | None:
        """Waits for a served event.

        Args:
            wanted: says whether it is the one.
            seconds: how long to wait at most.
            after: how many of ``served`` to leave out.

        Returns:
            It, or ``None`` when it did not come.
        """
        end = time.monotonic() + seconds
        with self._seen:
            looked = after
            while True:
                for served in self._served[looked:]:
                    if wanted(served):
                        return served
                looked = len(self._served)
                if not self._seen.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    return None

    def function(self, name: str) -> LocalFunction:
        """The running function with a logical id.

        Raises:
            KeyError: there is none.
        """
        return self._functions[name]

    def _start(self) -> None:
        cloud = self._stack.enter_context(Ministack(self._program))
        self.endpoint = cloud.endpoint
        self.plan = plan(self._app, self._root, cloud.endpoint)
        for spec in self.plan.functions:
            function = LocalFunction(self._finished(spec))
            self._functions[spec.name] = function
            self._stack.callback(function.stop)
        resources.create(self.client, self.plan)
        self._gateway = Gateway(self.plan.routes, self._invoke)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(LocalFunction.start, self._functions.values()))
        inner = Door(deliveries(self._invoke), "remit-deliveries")
        self._stack.callback(inner.stop)
        self._door = Door(self._gateway.answer, "remit-front")
        self._stack.callback(self._door.stop)
        resources.connect(self.client, self.plan, f"http://127.0.0.1:{inner.port}")

    def _finished(self, spec: FunctionSpec) -> FunctionSpec:
        # What the SDK needs to find the local cloud instead of the real one.
        variables = {**spec.environment, "AWS_ENDPOINT_URL": self.endpoint}
        spec = replace(spec, environment=variables, init_timeout=max(spec.init_timeout, 60.0))
        return self._prepare(spec) if self._prepare is not None else spec

    def _invoke(self, name: str, event: object, request_id: str) -> Invocation:
        function = self._functions.get(name)
        if function is None:
            raise KeyError(name)
        invocation = function.invoke(event, request_id=request_id)
        with self._seen:
            self._served.append(Served(name, event, invocation))
            self._seen.notify_all()
        return invocation


def _client(service: str, endpoint: str) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise RemitError("the local cloud is set up with boto3: install it beside remit") from error
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}),
    )
