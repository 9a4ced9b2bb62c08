"""A generation service in the shape of Orpheus: POST /predict, one request at a time, 429 for any other.

Usage: flask_service.py SECONDS
A request takes SECONDS. Prints its port. The Retry-After of a busy answer is, in turn, seconds, a date, and absent.
"""

import base64
import itertools
import json
import sys
import threading
import time
from email.utils import formatdate

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server

seconds = float(sys.argv[1])
app = Flask(__name__)
gpu = threading.Lock()
turns = itertools.count()
serials = itertools.count(1)
# By client_job_id: what was made already is answered again, and not made anew. The newest hundred.
made = {}


def midi():
    """A quarter note on middle C."""
    track = bytes.fromhex("00903c64" "8360803c40" "00ff2f00")
    return bytes.fromhex("4d546864000000060000000101e0") + b"MTrk" + len(track).to_bytes(4, "big") + track


def busy():
    turn = next(turns) % 3
    headers = [{"Retry-After": "1"}, {"Retry-After": formatdate(time.time() + 2, usegmt=True)}, {}][turn]
    return jsonify(error="GPU busy", message="Another request is being processed"), 429, headers


def variations(count):
    data = base64.b64encode(midi()).decode()
    return {"variations": [{"midi_base64": data, "num_tokens": 128} for _ in range(count)]}


def told(body):
    """Progress, a part of the result, and the result, as events."""

    def events():
        with gpu:
            for step in range(4):
                time.sleep(seconds / 4)
                yield f"event: progress\ndata: {json.dumps({'percent': 25 * (step + 1), 'message': f'step {step}'})}\n\n"
                if step == 1:
                    part = {"midi_base64": base64.b64encode(midi()).decode()}
                    yield f"event: chunk\ndata: {json.dumps(part)}\n\n"
            yield f"event: result\ndata: {json.dumps(variations(1))}\n\n"

    return Response(events(), mimetype="text/event-stream")


@app.post("/predict")
def predict():
    body = request.get_json()
    if body.get("client_job_id") in made:
        return jsonify(made[body["client_job_id"]])
    if not body.get("client_job_id") or request.headers.get("Idempotency-Key") != body["client_job_id"]:
        return jsonify(error="validation", message="client_job_id is missing"), 422
    if not 0 < body.get("temperature", 1.0) <= 2:
        problem = {"type": "about:blank", "title": "Unprocessable", "status": 422, "detail": "temperature: 0 to 2"}
        return Response(json.dumps(problem), 422, mimetype="application/problem+json")
    if body.get("model") == "moved":
        return redirect("http://127.0.0.1:1/predict")
    if body.get("model") == "broken":
        raise RuntimeError("CUDA out of memory")
    if body.get("stream"):
        return told(body)
    if not gpu.acquire(blocking=False):
        return busy()
    try:
        time.sleep(seconds)
        result = variations(body.get("num_variations", 1)) | {"serial": next(serials)}
        made[body["client_job_id"]] = result
        while len(made) > 100:
            del made[next(iter(made))]
        return jsonify(result)
    finally:
        gpu.release()


@app.get("/health")
def health():
    return jsonify(status="ok", gpu={"load": 0.4, "memory_used": 6144, "memory_total": 8192},
                   free_slots=0 if gpu.locked() else 1)


server = make_server("127.0.0.1", 0, app, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
