"""A person at the page: a headless Chromium that plays, drags, approves, cancels and listens.

Usage: page.py PROGRAMS [--screenshots | --bench]
PROGRAMS is the folder of chaosgarden and garden. Exits with 1 at the first thing that is not as it should be.
"""

import json
import os
import shutil
import sys
import time

from playwright.sync_api import sync_playwright

from page_bench import measure
from page_pictures import take_pictures
from page_stage import HOSTILE, Stage, until

BEGAN = time.monotonic()
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BROWSER = shutil.which("chromium") or "/usr/bin/chromium"
# A container's root has no sandbox to give, and nobody is there to touch the page before it sounds.
FLAGS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]


def proved(words):
    """As the Swift tests say it, for scripts/requirements."""
    print(f'Test "{words}" passed after {time.monotonic() - BEGAN:.3f} seconds')


class Person:
    """One at the page, and whatever the browser complains of."""

    def __init__(self, browser, stage, **context):
        self.stage = stage
        self.context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **context})
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, token=True):
        self.page.goto(self.stage.place + (f"/#token={self.stage.token}" if token else "/"))
        if token:
            self.page.wait_for_selector("#app:not([hidden])")
            wait(self.page, "document.getElementById('connection').textContent === 'connected'")
        return self.page

    def leave(self):
        assert not self.complaints, self.complaints
        self.context.close()


def wait(page, condition, arg=None):
    """Asked from outside each time: what a page would have to evaluate by itself, its policy forbids."""
    return until(condition, lambda: page.evaluate(condition, arg), 60)


def regions(stage):
    return json.loads(stage.garden("region", "ls", "--json"))


def region(stage, name):
    found = [r for r in regions(stage)["regions"] if r["name"] == name]
    return found[0] if found else None


def transport(stage):
    return json.loads(stage.garden("status", "--json"))["transport"]


def opens_with_the_token_alone(browser, stage):
    person = Person(browser, stage)
    page = person.open(token=False)
    page.wait_for_selector("#login:not([hidden])")
    page.fill("#token", "0" * 64)
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('login-error').textContent.includes('token')")
    page.fill("#token", stage.token)
    page.keyboard.press("Enter")
    page.wait_for_selector("#app:not([hidden])")
    # What was refused is what the browser complains of, and nothing else.
    assert all("401" in said for said in person.complaints), person.complaints
    person.complaints.clear()
    person.leave()


def hides_the_token(page, stage):
    assert stage.token not in page.url and "#" not in page.url, page.url
    assert stage.token not in page.evaluate("document.documentElement.outerHTML + document.cookie + JSON.stringify(localStorage)")


def plays(page, stage):
    page.click("#play")
    until("rolling", lambda: transport(stage)["state"] == "rolling")
    wait(page, "document.getElementById('play').textContent.includes('Pause')")
    until("a later beat", lambda: page.inner_text("#position") not in ("1:1", "1:2"))
    # What the page shows is where the music is, to a beat.
    shown = page.inner_text("#position").split(":")
    real = transport(stage)["beat"]
    assert abs((int(shown[0]) - 1) * 4 + int(shown[1]) - 1 - real) < 2, (shown, real)
    wait(
        page,
        "[...document.querySelectorAll('#mixer .meter i')].some(i => parseFloat(i.style.transform.slice(7)) > 0.2)")


def hears(page, stage):
    page.click("#listen")
    wait(page, "Number(document.getElementById('listen-level').dataset.peak) > 0.02")
    page.click("#listen-mute")
    page.wait_for_selector("#listen-mute[aria-pressed=true]")
    page.click("#listen")
    page.wait_for_selector("#listen[aria-pressed=false]")


def drags_a_region(page, stage):
    # The music is somewhere by now, and the timeline with it.
    page.uncheck("#follow")
    page.evaluate("document.getElementById('scroll').scrollLeft = 0")
    tone = region(stage, "tone")
    box = page.locator(".region.audio").bounding_box()
    beat = box["width"] / tone["length_beats"]
    at = (box["x"] + 20, box["y"] + 25)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + beat * 2.2, at[1], steps=5)
    page.mouse.move(at[0] + beat * 4.3, at[1], steps=5)
    page.mouse.up()
    until("the region at beat 4", lambda: region(stage, "tone")["beat"] == 4)
    # Back, and down onto the next track.
    page.mouse.move(at[0] + beat * 4, at[1])
    page.mouse.down()
    page.mouse.move(at[0] + 10, at[1] + 40, steps=4)
    page.mouse.move(at[0], at[1] + 66, steps=4)
    page.mouse.up()
    until("the region on another track", lambda: region(stage, "tone")["track"] != "tape")
    assert region(stage, "tone")["beat"] == 0
    page.locator(".region.audio").focus()
    page.keyboard.press("ArrowUp")
    until("the region on its track again", lambda: region(stage, "tone")["track"] == "tape")


def draws_clips(page):
    wait(page, """() => {
      const inked = (canvas) => canvas.width > 10
        && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte > 0);
      return ['.region.audio canvas', '.region.midi canvas'].every((name) => inked(document.querySelector(name)));
    }""")


def approves_by_one_key(page, stage):
    before = len(regions(stage)["regions"])
    page.locator(".region.latent.resolved").focus()
    page.keyboard.press("a")
    until("the region that was approved", lambda: len(regions(stage)["regions"]) == before + 1)
    wait(page, "!document.querySelector('.region.latent.resolved')")


def cancels_by_one_key(page, stage):
    page.locator("#jobs li[data-state=running]").focus()
    page.keyboard.press("c")
    page.wait_for_selector("#jobs li[data-state=cancelled]")
    assert "cancelled" in stage.garden("job", "ls")
    # And asks for it again.
    page.locator("#jobs li[data-state=cancelled]").focus()
    page.keyboard.press("r")
    page.wait_for_selector("#jobs li[data-state=running]")


def shows_workflows(page, stage):
    """A graph of phases, whose tasks come to their end while somebody looks."""
    stage.garden("workflow", "run", os.path.join(ROOT, "config/workflows/song.toml"))
    page.wait_for_selector("#workflows .phase")
    wait(page, """() => {
      const tasks = [...document.querySelectorAll('#workflows .phase li')];
      return tasks.length > 0 && tasks.every((task) => task.dataset.state === 'succeeded');
    }""")
    assert page.locator("#workflows .columns > ol").count() > 1
    assert page.locator("#workflows svg path").count() > 0


def names_are_names(page, stage):
    stage.garden("region", "set", "tone", "--name", HOSTILE)
    stage.garden("track", "add", HOSTILE)
    wait(page, "name => document.getElementById('lanes').textContent.split(name).length === 3", arg=HOSTILE)
    assert page.evaluate("window.hurt === undefined && document.images.length === 0 && document.scripts.length === 1")
    stage.garden("region", "set", HOSTILE, "--name", "tone")
    stage.garden("track", "rm", HOSTILE, "--yes")


def by_keyboard_alone(page, stage):
    """Everything from the first Tab on, with nothing clicked."""
    page.evaluate("document.activeElement.blur()")
    page.locator(".skip").focus()
    focus = "(document.activeElement.id || document.activeElement.dataset.region || document.activeElement.className)"
    page.keyboard.press("Tab")
    assert page.evaluate(focus) == "play"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    seen = []
    while "ruler" not in seen:
        seen.append(page.evaluate(focus))
        assert len(seen) < 40, seen
        page.keyboard.press("Tab")
    assert seen[:2] == ["play", "stop"] and {"tempo", "loop", "panic", "listen", "zoom-in"} <= set(seen), seen
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    until("the start", lambda: transport(stage)["beat"] < 8)
    page.keyboard.press("Tab")
    chosen = page.evaluate("document.activeElement.dataset.region")
    place = lambda: [r for r in regions(stage)["regions"] if r["id"] == chosen][0]["beat"]
    at = place()
    page.keyboard.press("ArrowRight")
    until("a beat later", lambda: place() == at + 1)
    page.keyboard.press("Shift+ArrowLeft")
    until("a quarter of a beat earlier", lambda: place() == at + 0.75)
    assert page.evaluate("document.activeElement.dataset.region") == chosen
    page.locator("#tempo").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("132")
    page.keyboard.press("Enter")
    until("the tempo", lambda: transport(stage)["tempo_bpm"] == 132)
    page.locator("#stop").focus()
    page.keyboard.press("Enter")
    until("that it has stopped", lambda: transport(stage)["state"] == "stopped")


def on_a_phone(browser, stage):
    for scheme in ("light", "dark"):
        person = Person(
            browser, stage, viewport={"width": 375, "height": 740}, has_touch=True, is_mobile=True, color_scheme=scheme,
            reduced_motion="reduce")
        page = person.open()
        page.wait_for_selector(".region")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        bright = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
        assert bright > 200 if scheme == "light" else bright < 60, bright
        page.tap("#play")
        until("rolling", lambda: transport(stage)["state"] == "rolling")
        page.tap("#stop")
        until("stopped", lambda: transport(stage)["state"] == "stopped")
        person.leave()


def comes_back(person, stage):
    """The daemon ends and another one takes its place: the page says so, asks for the token, and goes on."""
    page = person.page
    stage.stop()
    page.wait_for_selector("#connection.lost")
    stage.start()
    page.wait_for_selector("#login:not([hidden])", timeout=30_000)
    person.complaints.clear()
    page.fill("#token", stage.token)
    page.keyboard.press("Enter")
    page.wait_for_selector("#app:not([hidden])")
    wait(page, "document.getElementById('connection').textContent === 'connected'")


def drive(browser, stage):
    opens_with_the_token_alone(browser, stage)
    person = Person(browser, stage)
    page = person.open()
    hides_the_token(page, stage)
    draws_clips(page)
    plays(page, stage)
    hears(page, stage)
    drags_a_region(page, stage)
    approves_by_one_key(page, stage)
    cancels_by_one_key(page, stage)
    shows_workflows(page, stage)
    names_are_names(page, stage)
    by_keyboard_alone(page, stage)
    on_a_phone(browser, stage)
    assert not person.complaints, person.complaints
    comes_back(person, stage)
    person.leave()


def main():
    stage = Stage(sys.argv[1])
    try:
        stage.set_scene()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
            if "--bench" in sys.argv:
                measure(browser, Person, stage)
            elif "--screenshots" in sys.argv:
                take_pictures(browser, Person, stage)
            else:
                drive(browser, stage)
                proved("[A54] a page shows jobs, cancels and retries them")
                print("the page does what a person asks of it")
            browser.close()
    except BaseException:
        print(stage.said()[-2000:], file=sys.stderr)
        raise
    finally:
        stage.stop()
        shutil.rmtree(stage.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
