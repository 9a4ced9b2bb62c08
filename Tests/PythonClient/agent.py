"""An agent's way through the garden: the official MCP client, in both dialects, by standard input and output and by HTTP.

Usage: agent.py PROGRAMS
PROGRAMS is the folder of chaosgarden and garden. Exits with 1 at the first thing that is not as it should be.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import uuid

import anyio
from jsonschema.validators import Draft202012Validator
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

from agent_tools import every_tool
from agent_stage import Stage, Tasks, ask, good, proved

programs = sys.argv[1]


async def compose(client, stage, dialect):
    """A whole piece: tracks, music from generators, a person's yes, playing, a sound file."""

    async def call(tool, /, **arguments):
        return good(await client.call_tool(tool, arguments))

    async def made(tool, /, **arguments):
        """What becomes of it, however long that takes."""
        outcome = await call(tool, async_timeout=45, **arguments)
        while outcome["status"] in ("pending", "processing"):
            job = outcome["job_id"]
            await call("job_poll", job_ids=[job], timeout_ms=20_000, mode="all")
            outcome = (await call("task_status", task_id=job)).get("result", outcome)
        return outcome

    cursor = (await call("event_poll"))["cursor"]
    await call("tempo", bpm=240)
    for name in ("drums", "lead"):
        await call("track_add", name=f"{name}-{dialect}")
    lead = await made("phrase_generate", key="A", scale="minor", bars=4, seed=7, track=f"lead-{dialect}", at="1:1")
    assert lead["status"] == "complete" and lead["region"]["track"] == f"lead-{dialect}", lead
    assert "16 beats" in lead["summary"] and "in A minor" in lead["summary"], lead["summary"]
    waiting = await made("phrase_loops", bars=2, seed=3, track=f"drums-{dialect}", at="1:1", approve="manual")
    assert waiting["region"]["status"] == "resolved", waiting
    approved = await call("approve", region=waiting["region_id"])
    assert approved["approved"] == [waiting["region_id"]], approved
    bridge = await made(
        "phrase_continue", input_hash=lead["artifacts"][0]["hash"], beats=8, at="5:1", track=f"lead-{dialect}")
    assert bridge["status"] == "complete", bridge
    resource = await client.read_resource(lead["artifacts"][0]["uri"])
    assert json.loads(resource.contents[0].text)["notes"] == lead["artifacts"][0]["notes"]
    # By hootenanny's words too.
    await call("seek", beat=0)
    place = dict(position=24, duration=16, behavior_type="play_content", content_id=lead["artifacts"][0]["hash"])
    again = await call("timeline_region_create", track=f"lead-{dialect}", **place)
    await call("timeline_region_move", region_id=again["region"]["id"], new_position=32)
    listed = await call("timeline_region_list", start=30, end=34)
    assert again["region"]["id"] in {region["id"] for region in listed["regions"]}, listed
    assert (await call("time_convert", value=4, **{"from": "beats", "to": "seconds"}))["value"] == 1
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
    rendered = await made("render", output=output)
    assert os.path.getsize(output) > 100_000 and "LUFS" in rendered["summary"], rendered
    sound = json.loads((await client.read_resource(rendered["artifacts"][0]["uri"])).contents[0].text)
    assert sound["integrated_lufs"] > -60 and sound["seconds"] > 4, sound
    heard = await call("event_poll", cursor=cursor, limit=1000, timeout_ms=1000)
    landed = [event["event"]["tool"] for event in heard["events"] if event["event"]["type"] == "landed"]
    assert {"track_add", "seek", "play", "stop"} <= set(landed) and heard["missing"] == 0, landed
    assert {"job", "latent"} <= {event["topic"] for event in heard["events"]}, heard["events"]


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


async def give_up(client, way, seconds):
    """A client gives up after a minute, whatever the job takes: the job goes on, and its outcome is there."""
    host = f"slow-{way}-{seconds}".replace(".", "-")
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


async def stateless(stage, way):
    extension = Tasks()
    async with stage.client(way, "auto", extensions=[extension]) as client:
        assert client.session.protocol_version == "2026-07-28", client.session.protocol_version
        await common(client, stage, f"stateless-{way}")
        good(await client.call_tool("host_add", dict(
            host=f"sleeper-{way}", kind="command", url="/bin/sleep 0.3", tools="text", slots=4)))
        before = len(extension.handles)
        # Longer than a call is kept: by HTTP the daemon's own patience is not shortened, so it is said.
        outcome = good(await client.call_tool(
            "text_task", {"prompt": way, "no_region": True, "async_timeout": 0.05, "host": f"sleeper-{way}"}))
        assert len(extension.handles) == before + 1 and outcome["status"] == "complete", (extension.handles, outcome)
        task = extension.handles[-1].taskId
        again = await ask(client.session, "tasks/get", taskId=task)
        assert again["result"]["structuredContent"] == outcome, again
        await ask(client.session, "tasks/cancel", taskId=task)
        try:
            await ask(client.session, "tasks/get", taskId="no-such-task")
            raise AssertionError("a task that is not there")
        except MCPError as error:
            assert error.error.code == -32602, error
    async with stage.client(way, "2026-07-28") as client:
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


async def handshake(stage, way):
    heard = []
    async with stage.client(way, "legacy") as client:
        assert client.session.protocol_version == "2025-11-25", client.session.protocol_version
        async with anyio.create_task_group() as patience:
            for seconds in (0.45, 1, 12):
                patience.start_soon(give_up, client, way, seconds)
            await common(client, stage, f"handshake-{way}")

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
            "host_add", dict(host=f"endless-{way}", kind="command", url="/bin/sleep 600", tools="reasoning", slots=1)))
        ended = await ask(client.session, "tasks/cancel", taskId=made(stage, "reasoning_task"))
        assert ended["status"] == "cancelled", ended


async def launch(stage):
    """What the README has for a client's configuration, as it stands there."""
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "README.md")) as readme:
        block = re.search(r'^\{"mcpServers".*$', readme.read(), re.MULTILINE).group(0)
    server = json.loads(block)["mcpServers"]["chaosgarden"]
    environment = dict(stage.environment, PATH=f"{stage.programs}:{os.environ['PATH']}")
    parameters = StdioServerParameters(command=server["command"], args=server["args"], env=environment)
    async with Client(stdio_client(parameters), mode="auto") as client:
        assert good(await client.call_tool("status", {}))["transport"]["state"]
    proved("[O17] the configuration in the README starts the garden for an agent")


async def alone():
    """With HTTP's port closed agents are served all the same, by standard input and output."""
    stage = Stage(programs)
    stage.environment["GARDEN_HTTP"] = "false"
    try:
        async with stage.client("stdio", "auto") as client:
            done, of = await every_tool(client, stage.folder)
            print(f"agent: {of} tools, {done} of them did something, and each answered as its schema says")
        assert "http://" not in stage.log()
    finally:
        stage.garden("down", "--yes")
    proved("[O63] agents by standard streams with HTTP and without: a setting says which")


async def main():
    stage = Stage(programs)
    try:
        for way in ("stdio", "http"):
            await stateless(stage, way)
            await handshake(stage, way)
        proved("[O18] one daemon serves agents by standard streams and by HTTP at once")
        proved("[D56] a wait that its client gave up costs it nothing, and the work outlives it")
        await launch(stage)
    finally:
        stage.garden("down", "--yes")
    await alone()
    print("agent: both dialects by both ways, a piece each")


asyncio.run(main())
