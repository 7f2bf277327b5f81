"""The local cloud's process: found, started on a free port of 127.0.0.1, waited for, and ended by its id."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from remit.app.errors import RemitError
from remit.local import process
from remit.local.plan import ACCOUNT, REGION

#: How long it may take to come up, in seconds. It takes half a second on a calm machine.
PATIENCE = 40.0


class CloudError(RemitError):
    """The local cloud is not there or does not come up; the text says what to do."""


class Ministack:
    """One running ministack.

    Args:
        program: its executable; ``None`` looks for it (``locate``).
    """

    def __init__(self, program: Path | None = None) -> None:
        self._program = program or locate()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers.

        Raises:
            CloudError: it ended at once, or did not answer in time; with the end of what it said.
        """
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="remit-cloud-"))
        log = self._folder / "log"
        variables = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            "LANG": "C.UTF-8",
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            # Two listeners that would open on every interface.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        with log.open("wb") as output:
            self._process = process.start([str(self._program)], variables, self._folder, output.fileno(), leash=True)
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                said = log.read_text("utf-8", "replace").strip()[-400:]
                self.stop()
                raise CloudError(f"the local cloud ({self._program}) does not come up: {said}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends it and removes its folder; harmless when it does not run."""
        if self._process is not None:
            process.end(self._process)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return isinstance(json.load(connection.getresponse()), dict)
        except (OSError, ValueError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def locate() -> Path:
    """The executable: ``REMIT_CLOUD``, an environment ``.venv-cloud`` beside this one, or on the path.

    Raises:
        CloudError: there is none.
    """
    named = os.environ.get("REMIT_CLOUD")
    beside = Path(sys.prefix).parent / ".venv-cloud" / "bin" / "ministack"
    found = named or (str(beside) if beside.exists() else shutil.which("ministack"))
    if not found or not Path(found).exists():
        raise CloudError(
            "there is no local cloud: install ministack in an environment of its own, REMIT_CLOUD names it"
        )
    return Path(found)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
