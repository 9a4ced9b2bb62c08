"""An independent client: pyzmq and pycapnp, our schema files and nothing else of ours.

Usage: client.py CHAOSGARDEN SCHEMAS
Starts a daemon on the timer in a folder of its own, speaks to it as hootenanny does, and exits with 1 at the first
answer that is not as it should be.
"""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import uuid

import capnp
import zmq

program, schemas = sys.argv[1:3]
capnp.remove_import_hook()
envelope = capnp.load(os.path.join(schemas, "envelope.capnp")).Envelope
broadcast = capnp.load(os.path.join(schemas, "broadcast.capnp")).Broadcast

PATIENCE = 30_000
MARK, REQUEST, REPLY, HEARTBEAT = b"HOOT01", 2, 3, 4
EMPTY, CAPNP, JSON = 0, 1, 3

# Every event that hootenanny's listeners know; another makes them fail.
KNOWN_EVENTS = set(
    "status latent_submitted latent_progress latent_resolved latent_failed latent_approved latent_rejected"
    " playback_started playback_stopped playback_position mixed_in node_added node_removed connection_made"
    " connection_broken participant_online participant_offline capability_changed error warning audio_attached"
    " audio_detached audio_underrun device_connected device_disconnected stream_head_position stream_chunk_full"
    " stream_error midi_received midi_input_connected midi_input_disconnected midi_output_connected"
    " midi_output_disconnected".split()
)


def frames(command, content_type, body=b"", request_id=None, traceparent=b""):
    return [
        MARK, struct.pack(">H", command), struct.pack(">H", content_type), (request_id or uuid.uuid4()).bytes,
        b"chaosgarden", traceparent, body,
    ]


class Daemon:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cg-py-")
        self.sockets = os.path.join(self.folder, "run")
        self.store = os.path.join(self.folder, "cas")
        environment = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
                           HOOTENANNY_CAS_DIR=self.store)
        environment.pop("HOOTENANNY_CAS_PATH", None)
        self.process = subprocess.Popen(
            [program, "--audio", "timer", "--period", "256", "--socket-dir", self.sockets, "--soundfont", "embedded",
             "--log", "error"], env=environment)
        self.context = zmq.Context()

    def dealer(self, name):
        socket = self.context.socket(zmq.DEALER)
        socket.linger, socket.rcvtimeo = 0, PATIENCE
        socket.connect(f"ipc://{self.sockets}/chaosgarden-{name}")
        return socket

    def subscriber(self, name):
        socket = self.context.socket(zmq.SUB)
        socket.linger, socket.rcvtimeo = 0, PATIENCE
        socket.connect(f"ipc://{self.sockets}/chaosgarden-{name}")
        socket.subscribe(b"")
        return socket

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.context.destroy(linger=0)
        shutil.rmtree(self.folder, ignore_errors=True)


def ask(socket, member, **fields):
    """One request as a tool, answered in the same kind; gives the payload as a dictionary."""
    send(socket, member, **fields)
    return receive(socket)


def send(socket, member, **fields):
    message, request_id = envelope.new_message(), uuid.uuid4()
    low, high = struct.unpack("<QQ", request_id.bytes)
    message.id.low, message.id.high = low, high
    request = message.payload.init("toolRequest")
    if fields:
        inner = request.init(member)
        for name, value in fields.items():
            setattr(inner, name, value)
    else:
        setattr(request, member, None)
    socket.send_multipart(frames(REQUEST, CAPNP, message.to_bytes(), request_id))
    return request_id


def receive(socket, expected_id=None):
    got = socket.recv_multipart()
    assert got[0] == MARK and len(got) == 7, got
    assert struct.unpack(">H", got[1])[0] == REPLY and struct.unpack(">H", got[2])[0] == CAPNP, got[:3]
    assert got[4] == b"chaosgarden" and got[5] == b""
    with envelope.from_bytes(got[6]) as message:
        assert struct.pack("<QQ", message.id.low, message.id.high) == got[3], "the reply's id is not its frame's"
        if expected_id:
            assert got[3] == expected_id.bytes, "replies out of order"
        return message.payload.to_dict()


def ask_json(socket, content, kind="shell_request"):
    request_id = uuid.uuid4()
    header = {
        "msg_id": str(request_id), "session": str(uuid.uuid4()), "msg_type": kind, "version": "0.1.0",
        "timestamp": "2026-01-02T03:04:05.678901234Z",
    }
    body = {"header": header, "parent_header": None, "metadata": {}, "content": content}
    socket.send_multipart(frames(REQUEST, JSON, json.dumps(body).encode(), request_id))
    got = socket.recv_multipart()
    assert struct.unpack(">H", got[2])[0] == JSON and got[3] == request_id.bytes
    reply = json.loads(got[6])
    assert reply["parent_header"] == header and reply["header"]["session"] == header["session"]
    return reply["content"]


def equal(found, wanted, what):
    assert found == wanted, f"{what}: {found!r} instead of {wanted!r}"


def heartbeats(daemon):
    for name in ("hb", "shell", "control"):
        socket, request_id = daemon.dealer(name), uuid.uuid4()
        socket.send_multipart(frames(HEARTBEAT, EMPTY, request_id=request_id))
        got = socket.recv_multipart()
        equal((got[1], got[2], got[3], got[6]), (b"\0\4", b"\0\0", request_id.bytes, b""), f"heartbeat on {name}")
    socket = daemon.dealer("hb")
    for ping in ([b"ping"], [b"", b"HOOT01", b"\0"]):
        socket.send_multipart(ping)
        equal(socket.recv_multipart(), ping, "echo of an older ping")


def silence(daemon, shell):
    for message in ([b"nothing"], frames(1, JSON, b"{}"), frames(3, CAPNP), frames(5, EMPTY), frames(2, 9)[:4]):
        shell.send_multipart(message)
    # The next reply is that of the next request: none of these had one.
    assert "gardenStatus" in ask(shell, "gardenStatus")["toolResponse"]


def refusals(shell):
    shell.send_multipart(frames(REQUEST, EMPTY))
    equal(receive(shell)["error"]["code"], "unsupported_content_type", "a request without a body")
    for body in (b"", b"\0" * 7, b"\xff" * 64, b"\0\0\0\0\xff\xff\0\0" + b"\0" * 40):
        shell.send_multipart(frames(REQUEST, CAPNP, body))
        equal(receive(shell)["error"]["code"], "capnp_parse_error", f"the body {body[:9]!r}")
    equal(ask(shell, "gardenDeleteRegion", regionId="not-a-uuid")["error"]["code"], "invalid_uuid", "a bad id")
    for beat in (-1.0, float("nan"), float("inf"), 1e300):
        equal(ask(shell, "gardenSeek", beat=beat)["error"]["code"], "shell_error", f"seek to {beat}")
    for bpm in (0.0, -5.0, float("nan"), 1e9):
        equal(ask(shell, "gardenSetTempo", bpm=bpm)["error"]["code"], "shell_error", f"tempo {bpm}")
    wrong = {"portPattern": "", "messageType": "note_on", "channel": 200, "pitch": 60, "velocity": 1}
    assert "channel" in ask(shell, "midiSend", **wrong)["error"]["message"]
    equal(ask(shell, "gardenGraph")["error"]["code"], "not_implemented", "a tool of hootenanny's own")


def transport(shell):
    equal(ask(shell, "gardenPlay")["toolResponse"]["ack"]["message"], "ok", "play")
    equal(ask(shell, "gardenStatus")["toolResponse"]["gardenStatus"]["state"], "playing", "playing")
    ask(shell, "gardenSeek", beat=16.0)
    ask(shell, "gardenPause")
    status = ask(shell, "gardenStatus")["toolResponse"]["gardenStatus"]
    equal(status["state"], "paused", "pause is not stop")
    assert 16 <= status["positionBeats"] < 40, status
    ask(shell, "gardenStop")
    status = ask(shell, "gardenStatus")["toolResponse"]["gardenStatus"]
    equal((status["state"], status["positionBeats"]), ("stopped", 0), "stop goes back")
    ask(shell, "gardenSetTempo", bpm=137.5)
    equal(ask(shell, "gardenStatus")["toolResponse"]["gardenStatus"]["tempoBpm"], 137.5, "tempo")


def regions(shell):
    made = []
    for position in (0.0, 4.0, 8.0):
        reply = ask(shell, "gardenCreateRegion", position=position, duration=2.0, behaviorType="latent",
                    contentId=f"job-{position}")["toolResponse"]["gardenRegionCreated"]
        equal((reply["position"], reply["duration"]), (position, 2.0), "what was created")
        made.append(reply["regionId"])

    def starts(start, end):
        reply = ask(shell, "gardenGetRegions", start=start, end=end)["toolResponse"]["gardenRegions"]
        equal(int(reply["count"]), len(reply["regions"]), "the count")
        return [region["position"] for region in reply["regions"]]

    equal(starts(0.0, 0.0), [0, 4, 8], "all regions")
    equal(starts(0.0, 5.0), [0, 4], "a range from beat 0")
    equal(starts(4.0, 8.0), [4], "the end is not in it")
    ask(shell, "gardenMoveRegion", regionId=made[0], newPosition=12.5)
    equal(starts(12.0, 13.0), [12.5], "moved")
    ask(shell, "gardenDeleteRegion", regionId=made[1])
    equal(ask(shell, "gardenDeleteRegion", regionId=made[1])["error"]["code"], "shell_error", "deleted twice")
    message = ask(shell, "gardenClearRegions")["toolResponse"]["ack"]["message"]
    equal([int(word) for word in message.split() if word.isdigit()], [2], "how many were cleared")
    equal(starts(0.0, 0.0), [], "none left")


def older_peers(shell, control):
    equal(ask_json(shell, {"type": "get_transport_state"})["type"], "transport_state", "transport state")
    equal(ask_json(shell, {"type": "seek", "beat": 4}), {"type": "ok", "result": None}, "seek")
    equal(ask_json(shell, {"type": "get_io_state"})["type"], "error", "a name that nobody has")
    equal(ask_json(shell, {"type": "get_i_o_state"})["type"], "i_o_state", "its real name")
    snapshot = ask_json(shell, {"type": "get_snapshot"})["snapshot"]
    equal(snapshot["tempo_map"]["default_tempo"], 137.5, "tempo in the snapshot")
    equal(ask_json(shell, {"type": "get_regions", "range": [0, 0]})["regions"], [], "an empty range")
    equal(ask_json(control, {"type": "emergency_pause"}, "control_request"), {"type": "ok"}, "emergency pause")
    equal(ask_json(control, {"type": "interrupt"}, "control_request")["type"], "interrupted", "interrupt")
    equal(ask_json(control, {"type": "debug_dump"}, "control_request")["type"], "debug_dump", "dump")


def latents(shell, iopub):
    create = {"type": "create_region", "position": 1, "duration": 2, "behavior": {"latent": {"job_id": "job-9"}}}
    region = ask_json(shell, create)["region_id"]
    ok = {"type": "ok", "result": None}
    steps = [
        ({"type": "update_latent_started", "job_id": "job-9"}, "latent_submitted"),
        ({"type": "update_latent_progress", "progress": 0.75}, "latent_progress"),
        ({"type": "update_latent_failed", "error": "out of memory"}, "latent_failed"),
    ]
    approve = {"type": "approve_latent", "region_id": region, "decided_by": str(uuid.uuid4())}
    equal(ask_json(shell, approve)["type"], "error", "approval of what is not there")
    told = []
    for request, event in steps:
        equal(ask_json(shell, dict(request, region_id=region)), ok, request["type"])
        told.append(event)
    equal(ask_json(shell, {"type": "update_latent_progress", "region_id": region, "progress": 0.8})["type"], "error",
          "progress of what has failed")
    equal(ask_json(shell, {"type": "get_pending_approvals"})["approvals"], [], "approvals")
    # The first is of the creation.
    heard = [event_of(iopub, lambda e: e.get("region_id") == region)["type"] for _ in range(4)]
    equal(heard, ["latent_submitted"] + told, "events of a latent region")
    ask_json(shell, {"type": "clear_regions"})


def content(daemon, shell, iopub):
    """A job's result is stored, approved and heard; what is not in the store is silent and said to be."""
    path = os.path.join(daemon.folder, "tone.wav")
    frames_of_tone = b"".join(struct.pack("<h", 16000 if n // 50 % 2 else -16000) for n in range(48000))
    size = len(frames_of_tone)
    with open(path, "wb") as file:
        file.write(struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 48000, 96000, 2,
                               16, b"data", size) + frames_of_tone)
    stored = ask_json(shell, {"type": "cas_upload_file", "file_path": path})["result"]["hash"]
    ask(shell, "gardenStop")
    region = ask_json(shell, {"type": "create_region", "position": 0, "duration": 2,
                              "behavior": {"latent": {"job_id": "job-1"}}})["region_id"]
    resolved = {"type": "update_latent_resolved", "region_id": region, "artifact_id": "artifact_1",
                "content_hash": stored.upper(), "content_type": "audio"}
    equal(ask_json(shell, resolved), {"type": "ok", "result": None}, "resolved")
    waiting = ask_json(shell, {"type": "get_pending_approvals"})["approvals"]
    equal([(a["region_id"], a["content_hash"]) for a in waiting], [(region, stored)], "pending approvals")
    ask_json(shell, {"type": "approve_latent", "region_id": region, "decided_by": str(uuid.uuid4())})
    equal(ask_json(shell, {"type": "get_pending_approvals"})["approvals"], [], "none pending")

    def playable():
        found = ask_json(shell, {"type": "get_snapshot"})["snapshot"]["regions"]
        return [r["is_playable"] for r in found if r["id"] == region] == [True]

    until(playable, "the content is loaded")
    listed = ask(shell, "gardenGetRegions", start=0.0, end=0.0)["toolResponse"]["gardenRegions"]["regions"]
    equal([(r["behaviorType"], r["contentId"]) for r in listed], [("latent", stored)], "the listed content")
    ask(shell, "gardenPlay")
    equal(event_of(iopub, lambda e: e["type"] == "mixed_in"), {"type": "mixed_in", "region_id": region, "at_beat": 0.0},
          "the moment it was heard")

    def loud():
        reply = ask(shell, "gardenGetAudioSnapshot", frames=4096)["toolResponse"]["gardenAudioSnapshot"]
        return max(map(abs, reply["samples"]), default=0) > 0.1

    until(loud, "it is heard")
    ask(shell, "gardenStop")
    missing = "00" * 16
    made = ask(shell, "gardenCreateRegion", position=3.0, duration=2.0, behaviorType="play_content", contentId=missing)
    region = made["toolResponse"]["gardenRegionCreated"]["regionId"]
    event_of(iopub, lambda e: e["type"] == "warning" and region in e["message"])
    bad = ask(shell, "gardenCreateRegion", position=3.0, duration=2.0, behaviorType="play_content", contentId="zz")
    equal(bad["error"]["code"], "shell_error", "what is no hash")
    equal(ask_json(shell, {"type": "clear_regions"})["result"], {"cleared": 2}, "cleared")


def until(condition, what):
    for _ in range(PATIENCE // 20):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")


def in_order(shell):
    """Four hundred requests of both kinds at once, answered one by one in their order."""
    sent = []
    for number in range(400):
        if number % 4 == 3:
            body = json.dumps({"metadata": {}, "content": 1}).encode()
            sent.append(uuid.uuid4())
            shell.send_multipart(frames(REQUEST, JSON, body, sent[-1]))
        else:
            sent.append(send(shell, ("gardenStatus", "audioListDevices", "midiStatus")[number % 3]))
    for number, request_id in enumerate(sent):
        got = shell.recv_multipart()
        equal(got[3], request_id.bytes, f"reply {number}")
    assert not shell.poll(300), "a reply too many"


def event_of(socket, wanted):
    while True:
        got = socket.recv_multipart()
        equal((got[0], got[2]), (MARK, b"\0\3"), "an event's frames")
        content = json.loads(got[6])["content"]
        assert content["type"] in KNOWN_EVENTS, content
        if wanted(content):
            return content


def snapshots(shell):
    reply = ask(shell, "gardenGetAudioSnapshot", frames=512)["toolResponse"]["gardenAudioSnapshot"]
    equal((reply["channels"], reply["format"]), (2, 0), "the form of a snapshot")
    assert len(reply["samples"]) <= 1024 and len(reply["samples"]) % 2 == 0


def broadcasts(shell, pub):
    ask(shell, "gardenStop")
    ask(shell, "gardenSetTempo", bpm=600.0)
    # What came of the plays before this one.
    while pub.poll(500):
        pub.recv_multipart()
    ask(shell, "gardenPlay")
    beats, states = [], []
    while len(beats) < 5:
        got = pub.recv_multipart()
        equal(len(got), 1, "frames of a broadcast")
        with broadcast.from_bytes(got[0]) as message:
            kind = message.which()
            if kind == "beatTick":
                tick = message.beatTick
                equal((tick.positionBeats, tick.tempoBpm), (float(tick.beat), 600.0), "a beat")
                beats.append((tick.beat, tick.timestamp.nanos))
            elif kind == "transportStateChanged":
                states.append(message.transportStateChanged.state)
    equal([beat for beat, _ in beats], [0, 1, 2, 3, 4], "beats")
    assert "playing" in states, states
    assert all(0 < after[1] - before[1] < 60e9 for before, after in zip(beats, beats[1:])), beats
    ask(shell, "gardenStop")


def main():
    daemon = Daemon()
    try:
        heartbeats(daemon)
        iopub, pub = daemon.subscriber("iopub"), daemon.subscriber("pub")
        shell, control = daemon.dealer("shell"), daemon.dealer("control")
        silence(daemon, shell)
        refusals(shell)
        transport(shell)
        regions(shell)
        older_peers(shell, control)
        latents(shell, iopub)
        content(daemon, shell, iopub)
        in_order(shell)
        snapshots(shell)
        broadcasts(shell, pub)
        for wanted in ("playback_started", "playback_position", "playback_stopped"):
            event_of(iopub, lambda event: event["type"] == wanted)
        equal(ask_json(control, {"type": "shutdown"}, "control_request"), {"type": "shutting_down"}, "shutdown")
        equal(daemon.process.wait(30), 0, "exit status")
    finally:
        daemon.end()
    print("python client: ok")


main()
