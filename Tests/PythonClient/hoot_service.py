"""A generation service over HOOT01: one request at a time, busy at once for any other, heartbeats during the work.

Usage: hoot_service.py ENDPOINT SCHEMAS STORE SECONDS
A request takes SECONDS. Of orpheus_generate the reply has no place for the result's hash, as on the real wire.
"""

import queue
import sys
import threading
import time

import zmq

import hoot

endpoint, schemas, store, seconds = sys.argv[1:4] + [float(sys.argv[4])]
wire = hoot.Wire(endpoint, schemas, "musicgen")
TOOLS = ("musicgenGenerate", "orpheusGenerate", "orpheusClassify")
done = queue.Queue()
# The work's thread rings when it has something: a socket belongs to one thread.
bell_in, bell_out = wire.context.socket(zmq.PAIR), wire.context.socket(zmq.PAIR)
bell_in.bind("inproc://bell")
bell_out.connect("inproc://bell")


class Refused(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def musicgen(fields):
    duration = fields["duration"]
    # A field that was not set arrives as zero: nothing here has a value of its own.
    if not 0 < duration <= 60 or not fields["topK"] or not fields["guidanceScale"]:
        raise Refused("validation", f"duration {duration}, top_k {fields['topK']}: above zero, please")
    time.sleep(seconds)
    name = hoot.keep(store, hoot.tone(duration))
    return "audioGenerated", {"contentHash": name, "durationSeconds": duration, "sampleRate": 32000}


def orpheus(fields):
    time.sleep(seconds)
    hoot.keep(store, b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0")
    return "orpheusGenerated", {}


def classify(fields):
    if hoot.kept(store, fields.get("midiHash", "")) is None:
        raise Refused("not_found", f"Content not found: {fields.get('midiHash')}")
    return "orpheusClassified", {"classifications": [{"label": "original", "confidence": 0.75}]}


def work(route, request_id, tool, fields):
    try:
        member, answer = {TOOLS[0]: musicgen, TOOLS[1]: orpheus, TOOLS[2]: classify}[tool](fields)
        done.put((route, request_id, member, answer))
    except Refused as error:
        done.put((route, request_id, None, (error.code, str(error))))
    except Exception as error:
        done.put((route, request_id, None, ("internal_error", str(error))))
    bell_out.send(b"")


def main():
    busy = False
    poller = zmq.Poller()
    poller.register(wire.router, zmq.POLLIN)
    poller.register(bell_in, zmq.POLLIN)
    print("ready", flush=True)
    while True:
        events = dict(poller.poll())
        if bell_in in events:
            bell_in.recv()
            route, request_id, member, answer = done.get()
            busy = False
            if member:
                wire.respond(route, request_id, member, **answer)
            else:
                wire.error(route, request_id, *answer)
        if wire.router in events:
            got = wire.receive()
            if got is None:
                continue
            route, request_id, tool, fields = got
            if tool not in TOOLS:
                wire.error(route, request_id, "unknown_tool", f"Unknown tool: {tool}")
            elif busy:
                wire.error(route, request_id, "service", "Service is busy processing another request")
            else:
                busy = True
                threading.Thread(target=work, args=got, daemon=True).start()


main()
