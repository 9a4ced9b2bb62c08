"""What a service and hootenanny have in common: HOOT01 frames, envelopes, and files named by their content."""

import math
import os
import struct
import tempfile
import uuid

import blake3
import capnp
import zmq

MARK, READY, REQUEST, REPLY, HEARTBEAT, DISCONNECT = b"HOOT01", 1, 2, 3, 4, 5
EMPTY, CAPNP = 0, 1


class Wire:
    """A ROUTER bound to an endpoint, and the schemas."""

    def __init__(self, endpoint, schemas, name):
        capnp.remove_import_hook()
        self.envelope = capnp.load(os.path.join(schemas, "envelope.capnp")).Envelope
        self.broadcast = capnp.load(os.path.join(schemas, "broadcast.capnp")).Broadcast
        self.name = name.encode()
        self.context = zmq.Context.instance()
        self.router = self.context.socket(zmq.ROUTER)
        self.router.linger = 0
        self.router.bind(endpoint)

    def receive(self):
        """Identity, request id, tool and its fields; or None for what is no request. Heartbeats are answered here."""
        frames = self.router.recv_multipart()
        if MARK not in frames[1:]:
            return None
        at = frames.index(MARK, 1)
        seven = frames[at:at + 7]
        if len(seven) < 7 or len(seven[1]) < 2 or len(seven[2]) < 2 or len(seven[3]) < 16:
            return None
        route, request_id = frames[:at], seven[3][:16]
        command, content = struct.unpack(">H", seven[1][:2])[0], struct.unpack(">H", seven[2][:2])[0]
        if command == HEARTBEAT:
            self.send(route, HEARTBEAT, EMPTY, request_id, b"", self.name)
        if command != REQUEST:
            return None
        if content != CAPNP:
            self.error(route, request_id, "invalid_content_type", "only Cap'n Proto is taken")
            return None
        try:
            with self.envelope.from_bytes(seven[6]) as message:
                request = message.payload.toolRequest
                tool = request.which()
                fields = getattr(request, tool)
                return route, request_id, str(tool), {} if fields is None else fields.to_dict()
        except Exception as error:
            self.error(route, request_id, "decode_error", str(error).splitlines()[0])
            return None

    def send(self, route, command, content, request_id, body, service=b""):
        self.router.send_multipart(
            route + [MARK, struct.pack(">H", command), struct.pack(">H", content), request_id, service, b"", body])

    def message(self, request_id):
        message = self.envelope.new_message()
        message.id.low, message.id.high = struct.unpack("<QQ", request_id)
        return message

    def respond(self, route, request_id, member, **fields):
        message = self.message(request_id)
        fill(message.payload.init("toolResponse"), member, fields)
        self.send(route, REPLY, CAPNP, request_id, message.to_bytes())

    def error(self, route, request_id, code, text):
        message = self.message(request_id)
        error = message.payload.init("error")
        error.code, error.message = code, text
        self.send(route, REPLY, CAPNP, request_id, message.to_bytes())


def fill(response, member, fields):
    inner = response.init(member)
    for name, value in fields.items():
        setattr(inner, name, value)


def keep(store, content):
    """As the services keep their files: by all 64 digits, written aside and renamed."""
    name = blake3.blake3(content).hexdigest()
    folder = os.path.join(store, name[:2])
    os.makedirs(folder, exist_ok=True)
    descriptor, path = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.rename(path, os.path.join(folder, name))
    return name


def kept(store, name):
    path = os.path.join(store, name[:2], name)
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def tone(seconds, pitch=220.0, rate=32000):
    """A WAV of one channel."""
    count = int(seconds * rate)
    sound = b"".join(
        struct.pack("<h", int(12000 * math.sin(2 * math.pi * pitch * frame / rate))) for frame in range(count))
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16,
                       b"data", len(sound)) + sound


def fresh():
    return str(uuid.uuid4())
