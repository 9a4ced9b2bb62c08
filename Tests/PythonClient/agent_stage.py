"""What an agent's way through the garden is made of: a daemon of its own, and clients of both dialects by both ways."""

import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
from typing import Literal

import anyio
import httpx2
import mcp_types
from mcp import Client
from mcp.client.extension import ClientExtension, ResultClaim
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

TASKS = "io.modelcontextprotocol/tasks"
# Waits are a hundredth: 45 s are 0.45 s here, and jobs of 45, 100 and 1,200 s likewise.
SCALE = "0.01"
BEGAN = time.monotonic()


class TaskHandle(mcp_types.Result):
    result_type: Literal["task"] = "task"
    taskId: str
    status: str
    ttlMs: int | None
    pollIntervalMs: int | None = None


class AnyResult(mcp_types.Result):
    model_config = {"extra": "allow"}


class AnyRequest(mcp_types.Request[dict, str]):
    pass


class Tasks(ClientExtension):
    """The tasks extension, as a client has it: a handle is polled until its result is there."""

    identifier = TASKS

    def __init__(self):
        self.handles = []

    def claims(self):
        return [ResultClaim(result_type="task", model=TaskHandle, resolve=self.resolve)]

    async def resolve(self, handle, context):
        self.handles.append(handle)
        while True:
            task = await ask(context.session, "tasks/get", taskId=handle.taskId)
            if task["status"] != "working":
                assert task["status"] == "completed", task
                return mcp_types.CallToolResult.model_validate(task["result"])
            await anyio.sleep(min(task["pollIntervalMs"], 100) / 1000)


async def ask(session, method, **params):
    result = await session.send_request(AnyRequest(method=method, params=params), AnyResult)
    return result.model_dump(by_alias=True)


class Stage:
    """A folder of its own for a daemon, and the ways there."""

    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix="cg-agent-")
        self.environment = dict(
            os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
            XDG_DATA_HOME=self.folder, GARDEN_SOCKET_DIR=os.path.join(self.folder, "run"), NO_COLOR="1")
        os.makedirs(os.path.join(self.folder, "chaosgarden"))
        with open(os.path.join(self.folder, "chaosgarden", "config.toml"), "w") as config:
            config.write("[http]\nport = 0\n")

    def server(self):
        """As a client's configuration names it; the daemon is started by it where none runs."""
        return StdioServerParameters(
            command=os.path.join(self.programs, "garden"),
            args=["mcp", "--audio", "timer", "--soundfont", "embedded", "--scale", SCALE], env=self.environment)

    @contextlib.asynccontextmanager
    async def web(self):
        """The daemon's own door, which a daemon has that runs."""
        address = re.findall(r"serves HTTP at (http://\S+)", self.log())[-1]
        token = self.garden("token").stdout.decode().strip()
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
            async with streamable_http_client(f"{address}/mcp", http_client=client) as streams:
                yield streams

    def client(self, way, mode, **more):
        return Client(stdio_client(self.server()) if way == "stdio" else self.web(), mode=mode, **more)

    def log(self):
        with open(os.path.join(self.folder, "chaosgarden", "chaosgarden.log")) as log:
            return log.read()

    def garden(self, *words):
        return subprocess.run(
            [os.path.join(self.programs, "garden"), *words], env=self.environment, capture_output=True, timeout=60)


def good(result):
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def proved(words):
    """As the Swift tests say it, for scripts/requirements."""
    print(f'Test "{words}" passed after {time.monotonic() - BEGAN:.3f} seconds')
