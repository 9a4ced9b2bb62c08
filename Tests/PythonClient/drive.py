"""A performer's way to hosts: the daemon and `garden`, against the services in Python beside this file.

Usage: drive.py PROGRAMS STORE HOOT01 HOOTENANNY HTTP
PROGRAMS is the folder of chaosgarden and garden; the others are where the services stand. Exits with 1 at the first thing
that is not as it should be.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

programs, store, service, hootenanny, http = sys.argv[1:6]
PATIENCE = 60
OVER = ("succeeded", "failed", "cancelled", "timed_out", "dead")


class Stage:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cg-drive-")
        self.environment = dict(
            os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
            XDG_DATA_HOME=self.folder, GARDEN_SOCKET_DIR=os.path.join(self.folder, "run"), NO_COLOR="1",
            HOOTENANNY_CAS_DIR=store)
        self.environment.pop("HOOTENANNY_CAS_PATH", None)
        self.start()

    def start(self):
        self.daemon = subprocess.Popen(
            [os.path.join(programs, "chaosgarden"), "--audio", "timer", "--period", "256", "--soundfont", "embedded",
             "--log", "error"], env=self.environment)
        for _ in range(PATIENCE * 20):
            if self.run("status").returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError("the daemon does not answer")

    def run(self, *words):
        return subprocess.run(
            [os.path.join(programs, "garden"), *words, "--json"], env=self.environment, capture_output=True, timeout=PATIENCE)

    def garden(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, (words, done.stdout.decode(), done.stderr.decode())
        return json.loads(done.stdout)

    def job(self, job_id):
        return self.garden("job", "show", job_id)["job"]

    def until(self, job_id, states):
        for _ in range(PATIENCE * 10):
            job = self.job(job_id)
            if job["state"] in states:
                return job
            assert job["state"] not in OVER, job
            time.sleep(0.1)
        raise AssertionError(f"never {states}: {self.job(job_id)}")

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def end(self):
        if self.daemon.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def burst(stage):
    """Four at once for a service that takes one: each is done, and none has failed."""
    jobs = [
        stage.garden("generate", "orpheus_generate", "--track", "lead", "--at", f"{4 * n + 1}:1", "--host", "flask",
                     "--fresh")["job_id"]
        for n in range(4)
    ]
    for job_id in jobs:
        job = stage.until(job_id, ["succeeded"])
        assert job["host"] == "flask" and len(job["artifacts"]) == 1, job
    print(f"flask: {len(jobs)} jobs", sum(stage.job(job_id)["busy_answers"] for job_id in jobs), "busy answers")


def sound(stage, host):
    made = stage.garden("generate", "musicgen_generate", "--prompt", "rain", "--duration", "1", "--track", host,
                        "--at", "1:1", "--host", host, "--fresh")
    job = stage.until(made["job_id"], ["succeeded"])
    assert job["host"] == host and job["region_id"] == made["region_id"], job
    stage.garden("artifact", "show", job["artifacts"][0])
    print(f"{host}: 1 job")


def outlive(stage, host):
    """The daemon is killed while a host works: the next one takes the work over, and asks for it once."""
    made = stage.garden("generate", "musicgen_generate", "--prompt", "wind", "--duration", "2", "--track", host,
                        "--at", "9:1", "--host", host, "--fresh")
    stage.until(made["job_id"], ["running"])
    stage.kill()
    stage.start()
    job = stage.until(made["job_id"], ["succeeded"])
    assert len(job["artifacts"]) == 1 and job["region_id"] == made["region_id"], job
    print(f"{host}: 1 job that outlived its daemon")


def refused(stage):
    """What a service refuses, and what the wire loses, is said, and not tried again."""
    cases = [
        (["generate", "orpheus_generate", "--host", "flask", "--temperature", "3", "--no-region"], "temperature"),
        (["generate", "orpheus_generate", "--host", "music", "--no-region"], "carries no hash"),
    ]
    for words, said in cases:
        job_id = stage.garden(*words)["job_id"]
        job = stage.until(job_id, ["failed"])
        assert said in json.dumps(job["error"]), job


def main():
    stage = Stage()
    try:
        stage.garden("host", "add", "flask", "--kind", "http", "--url", http, "--tools", "orpheus_generate", "--slots", "2")
        stage.garden("host", "add", "music", "--kind", "hoot01", "--url", service, "--tools",
                     "musicgen_generate,orpheus_generate", "--slots", "1")
        stage.garden("host", "add", "hoot", "--kind", "hootenanny", "--url", hootenanny, "--tools", "musicgen_generate",
                     "--slots", "1")
        for host in ("flask", "music", "hoot"):
            stage.garden("host", "probe", host)
        burst(stage)
        for host in ("music", "hoot"):
            sound(stage, host)
            outlive(stage, host)
        refused(stage)
    finally:
        stage.end()
    print("hosts through the daemon: ok")


main()
