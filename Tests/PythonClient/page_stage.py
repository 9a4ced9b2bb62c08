"""A daemon with folders of its own, something to play, and something on the way: what the page is shown with."""

import math
import os
import re
import struct
import subprocess
import tempfile
import time
import wave

# A name that would be markup, were it ever taken for such.
HOSTILE = "<img src=x onerror=window.hurt=1><script>window.hurt=1</script>"


def until(what, test, seconds=30):
    """The first answer that is true; fails when there is none within a time that is generous for a busy machine."""
    end = time.monotonic() + seconds
    while True:
        answer = test()
        if answer:
            return answer
        assert time.monotonic() < end, f"{what} has not come within {seconds} s"
        time.sleep(0.05)


class Stage:
    def __init__(self, programs):
        self.programs = os.path.abspath(programs)
        self.folder = tempfile.mkdtemp(prefix="cg-page-")
        self.environment = dict(
            os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
            XDG_DATA_HOME=self.folder, GARDEN_SOCKET_DIR=os.path.join(self.folder, "run"), NO_COLOR="1")
        self.port = 0
        self.daemon = None
        self.start()

    def start(self):
        self.log = os.path.join(self.folder, "log")
        with open(self.log, "w") as log:
            self.daemon = subprocess.Popen(
                [os.path.join(self.programs, "chaosgarden"), "--audio", "timer", "--soundfont", "embedded",
                 "--http-port", str(self.port)],
                env=self.environment, stdout=log, stderr=subprocess.STDOUT)
        self.place = until("the door", self.door)
        self.port = int(self.place.rsplit(":", 1)[1])
        self.token = self.garden("token").strip()

    def door(self):
        assert self.daemon.poll() is None, self.said()
        found = re.search(r"http://\S+", self.said())
        return found and found[0]

    def said(self):
        with open(self.log) as log:
            return log.read()

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(30)

    def garden(self, *words):
        done = subprocess.run(
            [os.path.join(self.programs, "garden"), *words], env=self.environment, cwd=self.folder, capture_output=True,
            text=True, timeout=120)
        assert done.returncode == 0, f"garden {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def tone(self):
        """Two seconds of a tone that is struck four times."""
        path = os.path.join(self.folder, "tone.wav")
        with wave.open(path, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(48_000)
            for frame in range(96_000):
                level = int(16_000 * math.sin(frame * 0.0576) * math.exp(-(frame % 24_000) / 9_000))
                file.writeframesraw(struct.pack("<hh", level, level))
        return path

    def set_scene(self):
        """Three tracks that play, a phrase that waits for a yes, and a job that takes its time."""
        self.garden("region", "add", self.tone(), "--track", "tape", "--at", "0", "--loop", "8")
        for number, track in enumerate(["lead", "bass"]):
            self.garden("generate", "phrase_generate", "--track", track, "--at", "1:1", "--bars", "8", "--seed",
                        str(3 + number), "--approve", "auto")
        until("the phrases", lambda: self.garden("region", "ls").count("midi") >= 2)
        self.garden("generate", "phrase_generate", "--track", "lead", "--at", "9:1", "--bars", "4", "--seed", "9",
                    "--approve", "manual")
        self.garden("host", "add", "slow", "--kind", "command", "--url", "/bin/sleep 600", "--tools", "strings")
        self.garden("generate", "strings", "--track", "strings", "--at", "5:1", "--for", "16")
        until("the phrase that waits", lambda: "waits for garden approve" in self.garden("region", "ls"))
        until("the job that takes its time", lambda: "runs" in self.garden("job", "ls"))
