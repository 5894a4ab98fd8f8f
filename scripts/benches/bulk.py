"""`scripts/bench bulk [--short]`: what an office brings in at once, while others check codes and sign in.

An officer imports 10,000 firms as a roll, 20,000 plots with their growers (as many in a file as it may hold), and sets
the allocations of those plots, in the running service, by its pages: form, preview or summary, proposal, and the second
officer's confirmation. A page that reloads itself (`Refresh`, in a header or in a meta element) is one of progress and is
followed until it no longer does; then the first and the last of what was brought must stand in the lists. Meanwhile 20
codes a second are checked and one account signs in every 2 s.

`…_s` from the opened form to the outcome; `inf` when it did not come in time. `longest_lock_ms` is the longest that any
one transaction, of the import or of anybody, held SQLite's write lock (`write_lock.py`): so long everyone else's act
waits. `check_p99_ms` and `sign_in_p99_ms` (its page and the sent form) are of people who came during the imports; they
give up after 30 s. `errors_5xx` counts those who gave up, and answers of 500 and above. Afterwards, alone, `…_page_ms`:
lists of all that was brought, filtered and sorted, and the search box. `--short` does a tenth.
"""

import argparse
import html
import math
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import requests

from gi_trace.accounts.actions import open_account
from gi_trace.accounts.models import Role
from gi_trace.codes.unit_code import codes_of
from gi_trace.keys import keys
from scripts.benches.bulk_crowd import Crowd, Wait
from scripts.benches.rounds import show
from scripts.benches.write_lock import Hold, watched
from tests.cast import PASSWORD, PASSWORD_HASH, make_activated_batch, party_of
from tests.databases import make_service, prepare
from tests.excel import FIRM, roll_xlsx, uscc
from tests.service import gunicorn_on

FIRMS, PLOTS, PLOTS_OF_A_GROWER = 10_000, 20_000, 2
ROWS_OF_A_FILE = (
    19_998  # a file has at most 20,000 with its header, and a grower's plots are brought together
)
UNITS, ACCOUNTS = 4_000, 40
ALL_S = 480  # for the three imports; with making the world and ending everything less than ten minutes
LOOK_AGAIN_S = 0.25
TOWNS = ("会城", "大泽", "司前", "罗坑", "双水", "崖门", "沙堆", "古井", "三江", "睦洲")
PLOT_HEADER = ["地块编号", "种植户", "所在村镇", "作物", "实测面积", "挂果面积", "品种", "株数"]
PAGES = {
    "roll_page_ms": "/authority/roll?product=xinhui-chenpi&sort=-name",
    "rights_page_ms": "/authority/authorisations?state=in_force&sort=-starts_on",
    "plots_page_ms": "/authority/plots?crop=citrus&sort=-number",
    "search_page_ms": f"/authority/search?q={uscc(77)[:12]}",
    "public_roll_page_ms": "/roll?q=陳皮行",
}
MAIN = re.compile(r"<main.*</main>", re.S)
FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.S)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
RELOADS = re.compile(r'<meta[^>]*http-equiv="refresh"', re.I)
ALLOCATIONS_PAGE = re.compile(r'href="(/authority/crops/\d+/allocations/[^"]+)"')


class NotInTime(Exception):
    pass


class Officer:
    """Zhao's browser, and Sun's, who confirms what takes two. Raises NotInTime when an answer would come after the
    deadline (time.monotonic)."""

    def __init__(self, site: str, deadline: float, name: str = "zhao", *, second: "Officer | None" = None):
        self.site, self.deadline, self.browser, self.second = site, deadline, requests.Session(), second
        self.browser.headers["Accept-Language"] = "zh-CN"
        self.bring("/sign-in", {"sign_in_name": name, "password": PASSWORD})

    def bring(self, path: str, answers: dict[str, str], content: bytes | None = None) -> None:
        """From an act's form to its outcome, through whatever asks for confirmation or shows progress."""
        page = self.send(self.get(path), lambda _: True, answers, content)
        while confirming := self.form(page, asks_to_confirm):
            before, page = page, self.send(page, asks_to_confirm)
            if "/proposals/" in page.url and self.second:
                self.second.send(self.second.ask("GET", page.url), decides, {"decision": "confirm"})
                page = self.settled(self.ask("GET", before.url))
            assert self.form(page, asks_to_confirm) != confirming, "confirmed, and asked again"
        self.outcome = words_of(page.text)

    def form(self, page: requests.Response, which: Callable[[str], bool]) -> str | None:
        main = MAIN.search(page.text)
        return next(filter(which, FORM.findall(main[0] if main else "")), None)

    def send(
        self,
        page: requests.Response,
        which: Callable[[str], bool],
        answers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> requests.Response:
        form = self.form(page, which)
        assert form, f"no form on {page.url}"
        action = ATTRIBUTE.findall(form.partition(">")[0])
        target = requests.compat.urljoin(page.url, html.unescape(dict(action).get("action", page.url)))
        files = {"file": ("示范.xlsx", content)} if content else None
        sent = self.ask("POST", target, data=dict(prefilled(form)) | (answers or {}), files=files)
        return self.settled(sent)

    def settled(self, page: requests.Response) -> requests.Response:
        while RELOADS.search(page.text) or "Refresh" in page.headers:
            time.sleep(LOOK_AGAIN_S)
            page = self.ask("GET", page.url)
        return page

    def get(self, path: str, **query: str) -> requests.Response:
        return self.ask("GET", self.site + path, params=query)

    def ask(self, method: str, url: str, **sent: object) -> requests.Response:
        try:
            left = max(0.1, self.deadline - time.monotonic())
            page = self.browser.request(method, url, headers={"Referer": self.site}, timeout=left, **sent)
        except requests.Timeout as error:
            raise NotInTime from error
        if page.status_code != 200:
            raise SystemExit(f"{method} {url} was answered {page.status_code}:\n{words_of(page.text)}")
        return page


def asks_to_confirm(form: str) -> bool:
    return "确认" in form or "提请复核" in form


def decides(form: str) -> bool:
    return 'name="decision"' in form


def prefilled(form: str) -> Iterator[tuple[str, str]]:
    """What the form sends along untouched, and the button that confirms."""
    for element in re.findall(r"<(?:input|button)[^>]*>", form):
        found = dict(ATTRIBUTE.findall(element))
        if "name" in found and (found.get("type") == "hidden" or found.get("value") == "confirmed"):
            yield found["name"], html.unescape(found.get("value", ""))


def words_of(page: str) -> str:
    main = MAIN.search(page)
    return " ".join(re.sub(r"<[^>]*>", " ", main[0] if main else page).split())[:2000]


@dataclass(frozen=True)
class Step:
    """One import: its name, the act, and what then stands in which list: (path, query, text) each."""

    name: str
    act: Callable[[Officer], object]
    listed: list[tuple[str, str, str]]


def steps(firms: int, plots: int) -> list[Step]:
    roll, ends = roll_file(firms), (0, plots - 1)
    land = [plot_file(range(plots)[n : n + ROWS_OF_A_FILE]) for n in range(0, plots, ROWS_OF_A_FILE)]
    return [
        Step(
            f"roll_{firms}",
            lambda officer: officer.bring("/authority/roll/files/new", {}, roll),
            [("/authority/roll", uscc(n), firm_name(n)) for n in (0, firms - 1)],
        ),
        Step(
            f"plots_{plots}",
            lambda officer: [officer.bring("/authority/plots/import", {}, file) for file in land],
            [("/authority/plots", plot_number(n), grower_name(n)) for n in ends],
        ),
        Step(
            f"allocations_{plots}",
            set_allocations,
            [("/authority/plots", plot_number(n), "4,500") for n in ends],  # 3 mu at 1,500 kg
        ),
    ]


def set_allocations(officer: Officer) -> None:
    """One verified yield for all plots of the season that is on, which is the office's way for many."""
    page = ALLOCATIONS_PAGE.search(officer.get("/authority/plots", crop="citrus").text)
    assert page, "no page for the allocations of many plots"
    officer.bring(html.unescape(page[1]), {"yield_per_mu": "1500", "which": "missing"})


def firm_name(number: int) -> str:
    return f"示范{number}陈皮行"


def grower_name(plot: int) -> str:
    return f"示范户{plot // PLOTS_OF_A_GROWER}"


def plot_number(number: int) -> str:
    return f"示范-地-{number:06d}"


def roll_file(firms: int) -> bytes:
    return roll_xlsx(
        *(
            FIRM | {"企业名称": firm_name(n), "统一社会信用代码": uscc(n), "所在镇": TOWNS[n % len(TOWNS)]}
            for n in range(firms)
        )
    )


def plot_file(plots: range) -> bytes:
    rows = (
        [plot_number(n), grower_name(n), TOWNS[n // PLOTS_OF_A_GROWER % len(TOWNS)], "茶枝柑", 3000, 2000, "大种油身", 120]
        for n in plots
    )  # fmt: skip
    return roll_xlsx(*rows, header=PLOT_HEADER)


def prepared(folder: Path) -> tuple[list[str], list[str]]:
    """Codes to check and names to sign in with, in a fresh database with the cast."""
    prepare(folder)
    names = [f"bench-{n}" for n in range(ACCOUNTS)]
    with make_service(folder).app_context():
        firm = party_of("lin")
        for name in names:
            open_account(name, name, Role.ENTERPRISE, by=None, party_id=firm.id, chosen_hash=PASSWORD_HASH)
        batch = make_activated_batch(units=UNITS, net_weight_g=250)
        return codes_of(keys().by_epoch[batch.epoch], batch.number, 1, UNITS), names


def measure(folder: Path, firms: int, plots: int) -> dict[str, float]:
    codes, names = prepared(folder)
    wanted = steps(firms, plots)
    with gunicorn_on(make_service(folder)) as (port, _):
        site = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + ALL_S
        officer = Officer(site, deadline, second=Officer(site, deadline, "sun"))
        with watched(folder / "gi_trace.db") as holds, Crowd(site, codes, names) as crowd:
            time.sleep(3)  # the pages' first use
            spans = dict(taken(officer, wanted))
        pages = {name: page_ms(officer, path) for name, path in PAGES.items()}
    if not holds:
        raise SystemExit("the watcher saw nobody take the write lock")
    for name, (start, end) in spans.items():
        seen = figures(holds, crowd.waits, start, end)
        print(
            f"  {name}: {end - start:.1f} s,", ", ".join(f"{n} {v:.0f}" for n, v in seen.items()), flush=True
        )
    print("  answers:", dict(Counter((wait.kind, wait.status) for wait in crowd.waits)))
    seconds = {f"{step.name}_s": math.inf for step in wanted}
    seconds |= {f"{name}_s": end - start for name, (start, end) in spans.items() if end < officer.deadline}
    bounds = [moment for span in spans.values() for moment in span]
    return seconds | figures(holds, crowd.waits, min(bounds), max(bounds)) | pages


def page_ms(officer: Officer, path: str) -> float:
    """The median of five."""
    took = []
    for _ in range(5):
        start = time.perf_counter()
        officer.get(path)
        took.append(1000 * (time.perf_counter() - start))
    return median(took)


def taken(officer: Officer, wanted: list[Step]) -> Iterator[tuple[str, tuple[float, float]]]:
    """(name, (start, end)) of each step, up to the one that does not end in time."""
    for step in wanted:
        start = time.monotonic()
        try:
            step.act(officer)
            yield step.name, (start, time.monotonic())
            for path, query, text in step.listed:
                if text not in officer.get(path, q=query).text:
                    raise SystemExit(f"after {step.name} no {text} for {query} in {path}:\n{officer.outcome}")
        except NotInTime:
            yield step.name, (start, max(time.monotonic(), officer.deadline))
            return


def figures(holds: list[Hold], waits: list[Wait], start: float, end: float) -> dict[str, float]:
    """Of what began between two moments."""
    inside = [wait for wait in waits if start <= wait.start <= end]
    return {
        "longest_lock_ms": 1000 * max((h.length for h in holds if start <= h.start <= end), default=0),
        "check_p99_ms": p99([wait.ms for wait in inside if wait.kind == "check"]),
        "sign_in_p99_ms": p99([wait.ms for wait in inside if wait.kind == "sign_in"]),
        "errors_5xx": sum(wait.status >= 500 or wait.status == 0 for wait in inside),
    }


def p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else math.nan


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="a tenth of everything")
    share = 10 if parser.parse_args().short else 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the service is stopped too
    with TemporaryDirectory() as folder:
        show(measure(Path(folder), FIRMS // share, PLOTS // share))


if __name__ == "__main__":
    main()
