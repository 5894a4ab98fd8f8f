"""Every page that links lead to fits a narrow phone, has targets for thumbs and obeys its own CSP."""

import pytest

MOST_PAGES = 60
THUMB = 44
TARGETS = "button, select, summary, .button, .choice, .field > input"
SMALL_TARGETS = """([selector, least]) => [...document.querySelectorAll(selector)]
    .filter(target => target.offsetParent && target.getBoundingClientRect().height < least)
    .map(target => target.outerHTML)"""


def links_of(page, home):
    """Paths of the same face that the page links to, without files."""
    paths = page.locator("a[href]").evaluate_all(
        "links => links.filter(link => link.host === location.host).map(link => link.pathname)"
    )
    return {path for path in paths if path.startswith(home) and "." not in path}


def is_page(page, path):
    """False for what Chromium would save or show as a picture."""
    return page.request.get(path).headers["content-type"].startswith("text/html")


def faults_of(page):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [
        *([f"{wide} px too wide"] if wide > 0 else []),
        *(f"small target: {target}" for target in page.evaluate(SMALL_TARGETS, [TARGETS, THUMB])),
        *([] if page.locator("h1").count() == 1 else ["not exactly one h1"]),
        *([] if page.title().strip(" –") else ["no title"]),
    ]


@pytest.mark.parametrize(
    ("who", "home"), [("", "/"), ("lin", "/enterprise/"), ("chen", "/inspector/"), ("zhao", "/authority/")]
)
def test_every_page_fits_the_narrowest_phone(page_of, who, home):
    page = page_of(who, viewport={"width": 320, "height": 640})
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    waiting, seen = [home], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        seen.add(path)
        if is_page(page, path):
            faults += [] if page.goto(path).ok else [f"{path}: not found"]
            faults += [f"{path}: {fault}" for fault in faults_of(page)]
            waiting += links_of(page, home) - seen - set(waiting)
    assert not faults
