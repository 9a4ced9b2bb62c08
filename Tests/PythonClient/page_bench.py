"""What the page costs a browser while it plays: levels twenty times a second, positions ten times, a moving playhead."""

import os
import time

SECONDS = 10
TICKS = os.sysconf("SC_CLK_TCK")


def processes(kind):
    """The browser's processes of a kind, by their command lines."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if f"--type={kind}".encode() in file.read():
                    yield name
        except OSError:
            continue


def seconds_of(kind):
    total = 0
    for name in processes(kind):
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        except OSError:
            continue
    return total


def measure(browser, person_of, stage):
    person = person_of(browser, stage)
    page = person.open()
    page.wait_for_selector(".region.midi")
    session = person.context.new_cdp_session(page)
    session.send("Performance.enable")

    def tasks():
        return figures()["TaskDuration"]

    def own():
        """What the page's code does and what it has laid out, without the drawing."""
        return sum(figures()[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration"))

    def figures():
        return {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}

    page.evaluate("""() => { window.levels = 0;
      new MutationObserver(() => { window.levels += 1; }).observe(document.getElementById('mixer'),
        { subtree: true, attributes: true, attributeFilter: ['style'] }); }""")
    for state, act in (("at rest", None), ("playing", "#play"), ("playing and listening", "#listen")):
        if act:
            page.click(act)
        time.sleep(2)
        before = (time.monotonic(), tasks(), seconds_of("renderer"), seconds_of("gpu-process"), page.evaluate("levels"),
                  own())
        time.sleep(SECONDS)
        after = (time.monotonic(), tasks(), seconds_of("renderer"), seconds_of("gpu-process"), page.evaluate("levels"),
                 own())
        passed = after[0] - before[0]
        script, renderer, picture = (100 * (after[i] - before[i]) / passed for i in (1, 2, 3))
        code = 100 * (after[5] - before[5]) / passed
        rate = (after[4] - before[4]) / passed
        print(f"{state}: the page's code and layout {code:.1f} % of a core, with the drawing {script:.1f} %, its whole process {renderer:.1f} %, the software "
              f"that stands in for a graphics card {picture:.1f} %; {rate:.0f} levels drawn a second", flush=True)
    person.context.close()
