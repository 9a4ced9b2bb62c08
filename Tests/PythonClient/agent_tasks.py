"""Tasks of the 2025 dialect, by the line of the official client that has calls for them: standard streams and HTTP.

Usage: agent_tasks.py PROGRAMS
PROGRAMS is the folder of chaosgarden and garden. Exits with 1 at the first thing that is not as it should be.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile

from mcp import ClientSession, McpError
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult

programs = sys.argv[1]
folder = tempfile.mkdtemp(prefix="cg-tasks-")
environment = dict(
    os.environ, HOME=folder, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder, XDG_DATA_HOME=folder,
    GARDEN_SOCKET_DIR=os.path.join(folder, "run"), GARDEN_HTTP_PORT="0", NO_COLOR="1")


def garden(*words):
    return subprocess.run([os.path.join(programs, "garden"), *words], env=environment, capture_output=True, timeout=60)


async def drive(session, way):
    told = await session.initialize()
    assert told.protocolVersion == "2025-11-25" and told.capabilities.tasks, told
    tasks = session.experimental
    made = await tasks.call_tool_as_task("phrase_generate", {"bars": 1, "no_region": True, "fresh": True}, ttl=600_000)
    last = None
    async for last in tasks.poll_task(made.task.taskId):
        pass
    assert last.status == "completed", last
    result = await tasks.get_task_result(made.task.taskId, CallToolResult)
    assert not result.isError and result.structuredContent["status"] == "complete", result
    assert made.task.taskId in {task.taskId for task in (await tasks.list_tasks()).tasks}
    # One that does not end by itself, and is ended.
    called = await session.call_tool(
        "host_add", dict(host=f"endless-{way}", kind="command", url="/bin/sleep 600", tools="reasoning", slots=1))
    assert not called.isError, called
    long = await tasks.call_tool_as_task("reasoning_task", {"prompt": way, "no_region": True}, ttl=600_000)
    assert (await tasks.get_task(long.task.taskId)).status == "working"
    assert (await tasks.cancel_task(long.task.taskId)).status == "cancelled"
    assert (await tasks.get_task(long.task.taskId)).status == "cancelled"
    for wrong in (tasks.get_task, tasks.cancel_task):
        try:
            await wrong("01a20270-0000-7000-8000-000000000000")
            raise AssertionError("a task that is none was found")
        except McpError as error:
            assert error.error.code == -32602, error.error
    print(f"agent-tasks: {way}: made, polled, read, listed and cancelled", flush=True)


async def main():
    server = StdioServerParameters(
        command=os.path.join(programs, "garden"), args=["mcp", "--audio", "timer", "--soundfont", "embedded"],
        env=environment)
    async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as session:
        await drive(session, "stdio")
    with open(os.path.join(folder, "chaosgarden", "chaosgarden.log"), encoding="utf-8") as log:
        place = re.findall(r"serves HTTP at (http://\S+)", log.read())[-1]
    token = garden("token").stdout.decode().strip()
    async with streamablehttp_client(f"{place}/mcp", headers={"Authorization": f"Bearer {token}"}) as (reads, writes, _):
        async with ClientSession(reads, writes) as session:
            await drive(session, "HTTP")


try:
    asyncio.run(main())
finally:
    garden("down")
shutil.rmtree(folder, ignore_errors=True)
