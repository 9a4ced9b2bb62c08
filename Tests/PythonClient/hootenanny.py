"""As much of hootenanny as a job needs: tools that begin jobs, questions about them, and broadcasts of their ends.

Usage: hootenanny.py SCHEMAS STORE SECONDS
Stands at a TCP port of this machine, which it prints, and publishes at the next one, as hootenanny does.
musicgen_generate begins a job of SECONDS; abc_to_midi is answered at once.
"""

import random
import sys
import time

import zmq

import hoot

schemas, store, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
jobs = {}


def two_ports():
    """A publisher and, at the port before, the rest; of all ports the first two neighbours that are free."""
    while True:
        port = random.randrange(20_000, 60_000)
        pub = zmq.Context.instance().socket(zmq.PUB)
        pub.linger = 0
        try:
            pub.bind(f"tcp://127.0.0.1:{port + 1}")
            return hoot.Wire(f"tcp://127.0.0.1:{port}", schemas, "hootenanny"), pub, port
        except zmq.ZMQError:
            pub.close()


class Job:
    def __init__(self, fields):
        self.id, self.due, self.state, self.hash = hoot.fresh(), time.monotonic() + seconds, "running", ""
        self.duration = fields["duration"]

    def finish(self):
        self.state, self.hash = "complete", hoot.keep(store, hoot.tone(self.duration, 330.0))
        message = wire.broadcast.new_message()
        news = message.init("jobStateChanged")
        news.jobId, news.state = self.id, self.state
        pub.send(message.to_bytes())


def status(route, request_id, job):
    message = wire.message(request_id)
    info = message.payload.init("toolResponse").init("jobStatus")
    info.jobId, info.status, info.source, info.createdAt = job.id, job.state, "musicgen_generate", int(time.time())
    if job.hash:
        hoot.fill(info.init("result"), "audioGenerated",
                  {"contentHash": job.hash, "durationSeconds": job.duration, "sampleRate": 32000})
    wire.send(route, hoot.REPLY, hoot.CAPNP, request_id, message.to_bytes())


def poll(route, request_id, ids):
    def those(*states):
        # An id that nobody knows counts as failed.
        return [i for i in ids if (jobs[i].state if i in jobs else "failed") in states]

    completed, failed = those("complete"), those("failed", "cancelled")
    wire.respond(route, request_id, "jobPoll", completed=completed, failed=failed, pending=those("pending", "running"),
                 reason="job_complete" if completed else "timeout", elapsedMs=0)


def take(route, request_id, tool, fields):
    if tool == "musicgenGenerate":
        job = Job(fields)
        jobs[job.id] = job
        wire.respond(route, request_id, "jobStarted", jobId=job.id, tool="musicgen_generate")
    elif tool == "abcToMidi":
        name = hoot.keep(store, b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0")
        wire.respond(route, request_id, "abcToMidi", contentHash=name, artifactId=f"artifact_{name[:12]}")
    elif tool == "jobPoll":
        poll(route, request_id, fields.get("jobIds", []))
    elif tool == "jobCancel":
        if fields["jobId"] in jobs:
            jobs[fields["jobId"]].state = "cancelled"
        wire.respond(route, request_id, "jobCancel", jobId=fields["jobId"], cancelled=True)
    elif tool == "jobStatus" and fields["jobId"] in jobs:
        status(route, request_id, jobs[fields["jobId"]])
    elif tool == "jobStatus":
        wire.error(route, request_id, "not_found", f"Job not found: {fields['jobId']}")
    else:
        wire.error(route, request_id, "unknown_tool", f"Unknown tool: {tool}")


wire, pub, port = two_ports()
print(port, flush=True)
while True:
    if wire.router.poll(20):
        got = wire.receive()
        if got:
            take(*got)
    for job in jobs.values():
        if job.state == "running" and job.due <= time.monotonic():
            job.finish()
