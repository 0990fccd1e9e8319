"""The FastAPI service as a process of its own, on a socket that outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

HOME = Path(__file__).parents[2]
TOKEN = "a token for tests"  # noqa: S105  (of no use elsewhere)
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
PATIENCE = 60


class Service:
    """A server that can be killed and started again. Its socket stays open meanwhile: who connects then, waits."""

    def __init__(self, database, **settings):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        # Uvicorn takes a handle for a Unix socket and leaves this out; then each answer waits 40 ms for its own end.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        told = {"POINTS_DATABASE": database, "POINTS_TOKEN": TOKEN, **settings}
        paths = [str(HOME / "src"), str(HOME / "examples/fastapi_service")]
        self._environment = os.environ | told | {"PYTHONPATH": os.pathsep.join(paths)}
        self._process = None

    def start(self):
        words = ["points_service.app:create_app", "--factory", "--no-access-log", "--log-level", "warning"]
        handle = self._socket.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *words, "--fd", str(handle)], env=self._environment, pass_fds=[handle]
        )

    def wait(self):
        """Until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the service ended by itself"
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health", timeout=5).is_success:
                    return
            time.sleep(0.05)
        raise TimeoutError

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE)

    def close(self):
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(PATIENCE)
        self._socket.close()
