"""The page as the README shows it."""

import os

from page_stage import until

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "Documentation", "images")


def take_pictures(browser, person_of, stage):
    os.makedirs(FOLDER, exist_ok=True)
    stage.garden("seek", "3:1")
    stage.garden("play")
    views = [
        ("page-light.png", dict(viewport={"width": 900, "height": 760}, color_scheme="light")),
        ("page-phone.png", dict(viewport={"width": 375, "height": 760}, color_scheme="dark", device_scale_factor=1)),
    ]
    for name, view in views:
        person = person_of(browser, stage, **view)
        page = person.open()
        page.wait_for_selector(".region.midi")
        page.click("#listen")
        until("sound", lambda: page.evaluate("Number(document.getElementById('listen-level').dataset.peak) > 0.02"))
        path = os.path.join(FOLDER, name)
        page.screenshot(path=path)
        assert os.path.getsize(path) < 150_000, name
        print(f"{os.path.relpath(path)} {os.path.getsize(path)} bytes")
        person.leave()
    stage.garden("stop")
