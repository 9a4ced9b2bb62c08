"""An agent's way through the garden: the official MCP client, in both dialects, over standard input and output.

Usage: agent.py PROGRAMS
PROGRAMS is the folder of chaosgarden and garden. Exits with 1 at the first thing that is not as it should be.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid

import anyio
import mcp_types
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.extension import ClientExtension, ResultClaim
from mcp.shared.exceptions import MCPError
from jsonschema.validators import Draft202012Validator
from typing import Literal

programs = sys.argv[1]
TASKS = "io.modelcontextprotocol/tasks"
# Waits are a hundredth: 45 s are 0.45 s here, and jobs of 45, 100 and 1,200 s likewise.
SCALE = "0.01"


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
    """A folder of its own for a daemon."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cg-agent-")
        self.environment = dict(
            os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
            XDG_DATA_HOME=self.folder, GARDEN_SOCKET_DIR=os.path.join(self.folder, "run"), NO_COLOR="1")

    def transport(self):
        # The daemon is started by it, and its own words go nowhere but to the log.
        return stdio_client(
            StdioServerParameters(
                command=os.path.join(programs, "garden"),
                args=["mcp", "--audio", "timer", "--soundfont", "embedded", "--scale", SCALE], env=self.environment))

    def garden(self, *words):
        return subprocess.run(
            [os.path.join(programs, "garden"), *words], env=self.environment, capture_output=True, timeout=60)


def good(result):
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def compose(client, stage, dialect):
    """A whole piece: tracks, music from generators, a person's yes, playing, a sound file."""

    async def call(tool, /, **arguments):
        return good(await client.call_tool(tool, arguments))

    await call("tempo", bpm=240)
    for name in ("drums", "lead"):
        await call("track_add", name=f"{name}-{dialect}")
    lead = await call(
        "phrase_generate", key="A", scale="minor", bars=4, seed=7, track=f"lead-{dialect}", at="1:1", async_timeout=45)
    assert lead["status"] == "complete" and lead["region"]["track"] == f"lead-{dialect}", lead
    assert "16 beats" in lead["summary"] and "in A minor" in lead["summary"], lead["summary"]
    waiting = await call(
        "phrase_loops", bars=2, seed=3, track=f"drums-{dialect}", at="1:1", approve="manual", async_timeout=45)
    assert waiting["region"]["status"] == "resolved", waiting
    approved = await call("approve", region=waiting["region_id"])
    assert approved["approved"] == [waiting["region_id"]], approved
    bridge = await call(
        "phrase_continue", input_hash=lead["artifacts"][0]["hash"], beats=8, at="5:1", track=f"lead-{dialect}",
        async_timeout=45)
    assert bridge["status"] == "complete", bridge
    resource = await client.read_resource(lead["artifacts"][0]["uri"])
    assert json.loads(resource.contents[0].text)["notes"] == lead["artifacts"][0]["notes"]
    await call("seek", position="1:1")
    assert "rolling" in (await call("play"))["summary"]
    for _ in range(300):
        status = await call("status")
        if status["transport"]["state"] == "rolling" and status["transport"]["beat"] > 1:
            break
        await anyio.sleep(0.05)
    else:
        raise AssertionError(status["transport"])
    await call("stop")
    output = os.path.join(stage.folder, f"{dialect}.wav")
    await call("render", output=output)
    assert os.path.getsize(output) > 100_000
    info = await call("audio_info", file=output)
    assert info["integrated_lufs"] > -60, info


async def common(client, stage, dialect):
    tools = (await client.list_tools()).tools
    names = {tool.name for tool in tools}
    assert len(names) == len(tools) > 150, len(tools)
    wanted = """play pause stop seek tempo status timeline_region_create timeline_region_list orpheus_generate job_list job_poll
        job_cancel task_async task_status task_cancel list_tasks approve reject vary artifact_upload render midi_render""".split()
    assert not set(wanted) - names, set(wanted) - names
    for tool in tools:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert '"default"' not in json.dumps(tool.input_schema) and tool.description, tool.name
    for name in ("status", "limits", "doctor", "meter", "track_ls", "region_ls", "clip_ls", "soundfont_ls", "device_ls", "bus_ls",
                 "send_ls", "marker_ls", "host_ls", "artifact_list", "job_list", "session_ls", "cas_stats", "cas_ls", "peers",
                 "capture_ls", "input_status", "midi_status", "automation_ls", "list_tasks", "garden_graph", "help",
                 "storage_stats", "audio_list_devices", "audio_output_status", "midi_list_ports", "session_export"):
        good(await client.call_tool(name, {}))
    refused = await client.call_tool("seek", {"position": "nowhere at all"})
    assert refused.is_error and refused.content[0].text.count("\n") == 2, refused
    try:
        await client.call_tool("sing", {})
        raise AssertionError("a tool that is not there")
    except MCPError as error:
        assert error.error.code == -32602, error
    resources = (await client.list_resources()).resources
    assert {"garden://transport", "garden://timeline", "garden://artifacts/recent", "garden://soundfonts"} <= {
        str(resource.uri) for resource in resources}
    for resource in resources:
        json.loads((await client.read_resource(resource.uri)).contents[0].text)
    prompts = (await client.list_prompts()).prompts
    assert len(prompts) == 2
    for prompt in prompts:
        assert "soul" in (await client.get_prompt(prompt.name, {"style": "soul"})).messages[0].content.text
    await compose(client, stage, dialect)


async def give_up(client, seconds):
    """A client gives up after a minute, whatever the job takes: the job goes on, and its outcome is there."""
    host = f"slow-{seconds}".replace(".", "-")
    good(await client.call_tool("host_add", dict(
        host=host, kind="command", url=f"/bin/sleep {seconds}", tools="code", slots=1)))
    job = str(uuid.uuid4())
    asked = {"prompt": "x", "host": host, "no_region": True, "fresh": True, "job_id": job, "async_timeout": 45}
    try:
        good(await client.call_tool("code_task", asked, read_timeout_seconds=0.6))
    except MCPError:
        pass  # A busy machine; the minute is 0.6 s here.
    deadline = time.monotonic() + 60
    while True:
        task = await client.call_tool("task_status", {"task_id": job})
        if not task.is_error and good(task)["status"] not in ("pending", "running"):
            break
        assert time.monotonic() < deadline, task
        await anyio.sleep(0.1)
    assert good(task)["status"] == "completed" and good(task)["result"]["status"] == "complete", task


async def stateless(stage):
    extension = Tasks()
    async with Client(stage.transport(), mode="auto", extensions=[extension]) as client:
        assert client.session.protocol_version == "2026-07-28", client.session.protocol_version
        await common(client, stage, "stateless")
        good(await client.call_tool("host_add", dict(
            host="sleeper", kind="command", url="/bin/sleep 0.3", tools="text", slots=4)))
        outcome = good(await client.call_tool("text_task", {"prompt": "x", "no_region": True}))
        assert len(extension.handles) == 1 and outcome["status"] == "complete", (extension.handles, outcome)
        task = extension.handles[0].taskId
        again = await ask(client.session, "tasks/get", taskId=task)
        assert again["result"]["structuredContent"] == outcome
        await ask(client.session, "tasks/cancel", taskId=task)
        try:
            await ask(client.session, "tasks/get", taskId="no-such-task")
            raise AssertionError("a task that is not there")
        except MCPError as error:
            assert error.error.code == -32602, error
    async with Client(stage.transport(), mode="2026-07-28") as client:
        # The task outlives the server that gave its handle. This client knows of no tasks.
        shown = good(await client.call_tool("task_status", {"task_id": task}))
        assert shown["status"] == "completed" and shown["result"]["status"] == "complete", shown
        handle = good(await client.call_tool("text_task", {"prompt": "x", "no_region": True, "fresh": True}))
        assert handle["status"] in ("pending", "processing") and handle["expected_schema"], handle
        brief = good(await client.call_tool(
            "text_task", {"prompt": "x", "no_region": True, "fresh": True, "_async_response_format": "minimal"}))
        assert set(brief) == {"status", "job_id"}, brief


def made(stage, tool):
    """The id of a task of the older dialect, from a client that is two lines; garden ends in good order with its input."""
    call = {"name": tool, "arguments": {"prompt": "y", "no_region": True}, "task": {"ttl": 60_000}}
    opening = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "lines", "version": "1"}}
    lines = [dict(jsonrpc="2.0", id=1, method="initialize", params=opening),
             dict(jsonrpc="2.0", id=2, method="tools/call", params=call)]
    done = subprocess.run(
        [os.path.join(programs, "garden"), "mcp"], env=stage.environment, capture_output=True, timeout=60,
        input="".join(json.dumps(line) + "\n" for line in lines).encode())
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and sorted(answer["id"] for answer in answers) == [1, 2], (done, answers)
    return next(answer["result"]["task"]["taskId"] for answer in answers if answer["id"] == 2)


async def handshake(stage):
    heard = []
    async with Client(stage.transport(), mode="legacy") as client:
        assert client.session.protocol_version == "2025-11-25", client.session.protocol_version
        async with anyio.create_task_group() as patience:
            for seconds in (0.45, 1, 12):
                patience.start_soon(give_up, client, seconds)
            await common(client, stage, "handshake")

        async def progress(now, total, message):
            heard.append((now, total))

        good(await client.call_tool(
            "phrase_generate", {"bars": 1, "no_region": True, "async_timeout": 45, "fresh": True}, progress_callback=progress))
        for _ in range(200):
            if heard and heard[-1] == (100, 100):
                break
            await anyio.sleep(0.02)
        assert heard == sorted(set(heard)) and heard[-1] == (100, 100), heard
        # Tasks of 2025, which this client does not make: another makes them, and ends.
        task = made(stage, "text_task")
        listed = await ask(client.session, "tasks/list")
        assert task in {entry["taskId"] for entry in listed["tasks"]}
        result = await ask(client.session, "tasks/result", taskId=task)
        assert result["structuredContent"]["status"] == "complete", result
        assert result["_meta"]["io.modelcontextprotocol/related-task"]["taskId"] == task
        assert (await ask(client.session, "tasks/get", taskId=task))["status"] == "completed"
        good(await client.call_tool(
            "host_add", dict(host="endless", kind="command", url="/bin/sleep 600", tools="reasoning", slots=1)))
        ended = await ask(client.session, "tasks/cancel", taskId=made(stage, "reasoning_task"))
        assert ended["status"] == "cancelled", ended


async def main():
    stage = Stage()
    try:
        await stateless(stage)
        await handshake(stage)
    finally:
        stage.garden("down", "--yes")
    print("agent: both dialects, a piece each")


asyncio.run(main())
