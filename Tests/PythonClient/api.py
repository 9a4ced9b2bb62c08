"""Holds the daemon's HTTP against its own OpenAPI document: no reply of 500 and above, none that the document does not know.

Usage: api.py PROGRAMS EXAMPLES
PROGRAMS is the folder of chaosgarden; EXAMPLES are the requests that are made up for each endpoint beside those that its
limits give, 0 for none. Exits with 1 when something is not as it should be.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

programs, examples = sys.argv[1:3]
# Without examples what the schemas' own limits give: every edge of every parameter.
phases = "coverage,fuzzing,stateful" if int(examples) else "coverage"
# What is played has no end, and nothing is played; events are waited for, which takes minutes.
endless = ["/api/listen"] if int(examples) else ["/api/listen", "/api/events"]
here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp(prefix="cg-api-")
environment = dict(
    os.environ, HOME=folder, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder, XDG_DATA_HOME=folder,
    GARDEN_SOCKET_DIR=os.path.join(folder, "run"), NO_COLOR="1")


def find(pattern, patience=60):
    for _ in range(patience * 20):
        with open(os.path.join(folder, "said"), encoding="utf-8") as said:
            found = re.search(pattern, said.read())
        if found:
            return found.group(1)
        time.sleep(0.05)
    raise AssertionError("the daemon does not serve HTTP")


with open(os.path.join(folder, "said"), "w", encoding="utf-8") as said:
    daemon = subprocess.Popen(
        [os.path.join(programs, "chaosgarden"), "--audio", "timer", "--period", "1024", "--soundfont", "embedded",
         "--http-port", "0"], env=environment, stderr=said, stdout=said)
place = find(r"serves HTTP at (http://\S+)")
token = open(os.path.join(folder, "chaosgarden", "http-token"), encoding="utf-8").read().strip()
shutil.copy(os.path.join(here, "schemathesis.toml"), folder)
try:
    tested = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", place + "/api/openapi.json",
         "--header", "Authorization: Bearer " + token, "--phases", phases, "--seed", "1",
         *[word for path in endless for word in ("--exclude-path", path)], "--request-timeout", "40", "--max-examples", str(max(1, int(examples))),
         "--continue-on-failure"], cwd=folder, env=environment)
    assert daemon.poll() is None, "the daemon has ended"
    assert tested.returncode == 0, "HTTP is not as it is described"
finally:
    daemon.terminate()
    ended = daemon.wait(60)
assert ended == 0, f"the daemon ended with {ended}"
shutil.rmtree(folder)
print("api: HTTP is as it is described")
