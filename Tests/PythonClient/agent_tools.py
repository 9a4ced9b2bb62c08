"""Every tool once, with the simplest arguments that its schema allows: what it answers is what its schema says."""

import json
import os

from jsonschema.validators import Draft202012Validator

# These end what serves the others, or take long for nothing.
LEFT_OUT = {"shutdown", "emergency_pause", "host_probe"}


def simplest(schema, name, known):
    """A value for a parameter: one that is known to name something, else the smallest."""
    if name in known:
        return known[name]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "array":
        return [simplest(schema["items"], name, known)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    return {"boolean": True, "object": {}, "string": "x"}[kind]


async def known(client, folder):
    """Names of things that are there."""
    async def call(tool, **arguments):
        result = await client.call_tool(tool, arguments)
        assert not result.is_error, result.content[0].text
        return result.structured_content

    tune = os.path.join(folder, "tune.mid")
    await call("abc_to_midi", abc="X:1\nM:4/4\nL:1/4\nK:C\nCDEF|\n", output=tune)
    await call("track_add", name="one")
    await call("bus_add", name="room")
    await call("marker_add", name="here", at=4)
    region = (await call("region_add", file=tune, track="one", at=0))["region"]["id"]
    phrase = await call("phrase_generate", bars=1, no_region=True, async_timeout=45)
    artifact = phrase["artifacts"][0]["hash"] if phrase.get("artifacts") else "x"
    hashes = {name: artifact for name in (
        "hash", "input_hash", "seed_hash", "midi_hash", "audio_hash", "section_a_hash", "content_id", "id")}
    return hashes | {
        "track": "one", "bus": "room", "strip": "one", "marker": "here", "region": region, "region_id": region,
        "file": tune, "job": [phrase["job_id"]], "task_id": phrase["job_id"], "font": "embedded", "position": 4, "at": 4,
        "abc": "X:1\nK:C\nCDEF|\n", "data": "AAAA", "mime_type": "audio/midi", "name": "two", "new_name": "three",
        "bpm": 120, "output": os.path.join(folder, "out.wav"), "seconds": 0, "agent_name": "phrase_generate"}


async def every_tool(client, folder):
    tools = (await client.list_tools()).tools
    values = await known(client, folder)
    done = 0
    for tool in tools:
        if tool.name in LEFT_OUT:
            continue
        schema = tool.input_schema
        arguments = {name: simplest(schema["properties"][name], name, values) for name in schema.get("required", [])}
        if "async_timeout" in schema["properties"]:
            arguments["async_timeout"] = 0
        for name in ("no_region", "dry_run"):
            if name in schema["properties"] and "async_timeout" in schema["properties"]:
                arguments[name] = True
                break
        result = await client.call_tool(tool.name, arguments)
        if result.is_error:
            lines = result.content[0].text.split("\n")
            assert len(lines) == 3 and all(lines), (tool.name, arguments, lines)
            assert result.structured_content["error"] == lines, tool.name
            continue
        done += 1
        problems = list(Draft202012Validator(tool.output_schema).iter_errors(result.structured_content))
        assert not problems, (tool.name, [problem.message for problem in problems])
        assert json.loads(result.content[0].text) == result.structured_content, tool.name
    assert done > len(tools) // 2, (done, len(tools))
    return done, len(tools)
