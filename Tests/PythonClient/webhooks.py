"""A receiver that trusts nobody: what a real daemon posts is verified by the standardwebhooks library."""

import http.server, os, subprocess, sys, tempfile, threading, time
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

programs = sys.argv[1]
came = []


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        came.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


with tempfile.TemporaryDirectory(prefix="cg-hooks-") as folder:
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.mkdir(folder + "/run", 0o700)
    names = {"HOME": folder, "XDG_RUNTIME_DIR": folder + "/run", "GARDEN_HTTP_PORT": "0", "PATH": os.environ["PATH"]}
    flags = ["--audio", "timer", "--soundfont", "embedded", "--webhook-allow", "127.0.0.1", "--log", "warning"]
    daemon = subprocess.Popen([programs + "/chaosgarden"] + flags, env=names)

    def garden(*words):
        return subprocess.run([programs + "/garden", *words], env=names, capture_output=True, text=True)

    def post(count):
        url = f"http://127.0.0.1:{server.server_port}/hook"
        answer = garden("generate", "phrase_generate", "--no-region", "--webhook-url", url)
        assert answer.returncode == 0, answer.stderr
        deadline = time.time() + 30
        while len(came) < count and time.time() < deadline:
            time.sleep(0.02)
        assert len(came) == count, "nothing was posted"
        return came[-1]

    try:
        deadline = time.time() + 30
        while garden("status").returncode != 0 and time.time() < deadline:
            time.sleep(0.1)
        first = garden("webhook", "secret").stdout.split()[0]
        headers, body = post(1)
        assert Webhook(first).verify(body, headers)["type"] == "job.succeeded"
        try:
            Webhook(first).verify(body.replace(b"succeeded", b"failed"), headers)
            sys.exit("python-webhooks: a changed body was taken")
        except WebhookVerificationError:
            pass
        second = garden("webhook", "secret", "--rotate").stdout.split()[0]
        headers, body = post(2)
        for secret in (first, second):
            Webhook(secret).verify(body, headers)
        print("python-webhooks: 2 deliveries verified, one by both secrets")
    finally:
        daemon.terminate()
        daemon.wait()
