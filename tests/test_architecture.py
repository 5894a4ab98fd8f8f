"""The map holds: imports go down only, pure code stays pure, every endpoint has a guarded face."""

import ast
import re
import sys
from pathlib import Path

import pytest
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from gi_trace.casework.rules.open_acts import OF_OFFICE, CaseAct, LeadAct
from gi_trace.offices.open_acts import TransferAct
from gi_trace.web.navigation import AUTHORITY, ENTERPRISE, INSPECTOR, VILLAGE
from tests.calls import Calls

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gi_trace"
CAPABILITIES = [
    "codes",
    "excel",
    "labels",
    "record",
    "accounts",
    "terms",
    "jobs",
    "proposals",
    "imports",
    "evidence",
    "registry",
    "applications",
    "stock",
    "batches",
    "verification",
    "patrol",
    "casework",
    "campaigns",
    "offices",
    "witnesses",
]
PURE = [
    path
    for path in PACKAGE.rglob("*.py")
    if path.name in ("rules.py", "tree.py")
    or path.parent.name == "rules"
    or path.relative_to(PACKAGE).parts[0] in ("codes", "labels", "excel")
    or "Pure" in (ast.get_docstring(ast.parse(path.read_text())) or "")
]
RENAMED = {"parameters as p"}  # every line of the suspicion has several of them
# Names in full, methods of anything (".open"), all of a module ("subprocess."): what nobody should wait for.
SLOW = {
    "open",
    *(".open", ".exists", ".stat", ".unlink", ".read_bytes", ".read_text", ".write_bytes", ".write_text"),
    *("os.open", "os.link", "os.replace", "os.fsync", "shutil.", "tempfile.", "zipfile.", "fcntl."),
    *("socket.", "http.", "urllib.", "subprocess.", "time.sleep"),
    *("gi_trace.accounts.passwords.hasher.hash", "gi_trace.accounts.passwords.hasher.verify"),
    *("PIL.", "fpdf.", "gi_trace.labels.paper.Paper", "gi_trace.database.end_reading"),
}
# They write nothing for anybody, or look at what was typed and forget it.
FORMS_WITHOUT_KEY = {
    "public/home.html",
    "public/find_receipt.html",  # looks up
    "public/hidden_code_form.html",  # the same phone gets its answer again
    "public/verdict_facts.html",
    "sign_in/sign_in.html",
}
# What officers write that nobody else reads, by form; whatever is not named here leaves, and is looked over.
STAYS = {
    "AccountForm reason",
    "AgainForm reason",
    "AlertForm reason",
    "AllocationForm reason",
    "AnnouncementForm note says why_alike",  # `says` quotes what was announced
    "CampaignForm aim",
    "CheckForm notes",
    "ConsentForm reason",
    "ConversionForm source",
    "DecisionForm evidence text violated",  # in the paper and the publication it is looked over there
    "DecisionOnProposalForm word",
    "DismissForm reason",
    "ExtendCaseForm reason",
    "FilingForm reason",
    "GoodsForm text",
    "GroundForm source",
    "HarvestForm late_reason",
    "HarvestsForm late_reason lines",
    "HarvestFileForm late_reason",
    "ChangePlotForm reason",
    "GrantForm says",
    "LabReportForm notes",
    "LeadForm claim identity",
    "LiftHoldForm reason",
    "LiftStopForm reason",
    "MatterForm what",  # leaves in papers and transfers alone, which look it over
    "MediationForm agreement",
    "OfficersForm reason",
    "OfficeStepForm note",
    "PaperAnswerForm reason",  # what another office wrote
    "PaperResultForm result",
    "PartyForm why_alike",
    "ProductForm definition",
    "ReasonForm reason",
    "SendForm reason",  # goes by `leaving_texts`, with the texts of the lead
    "StandardForm limits source",
    "StepForm text",
    "StopForm reason",
    "StopsForm orders reason",
    "SummaryForm summary",
    "ToldForm how",
    "VillagesForm names",
    "YearForm days",
    "ReturnCapForm source",
    "YieldForm source",
    "YieldsForm reason",
}
OWN_WORDS = ("public", "enterprise", "sign_in", "applications", "api")  # faces on which no officer writes
IMPURE = ("flask", "sqlalchemy", "gi_trace.database", "gi_trace.clock")


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def imports_of(path: Path) -> set[str]:
    """Modules imported at run time; those for type checking alone do not count."""
    tree = ast.parse(path.read_text())
    skipped = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pure_code_knows_neither_web_nor_database(path):
    assert not [name for name in imports_of(path) if name.startswith(IMPURE)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_capability_imports_a_face(path):
    inside = path.relative_to(PACKAGE).parts
    if inside[0] in ("web", "__init__.py", "commands.py"):
        return
    assert not [name for name in imports_of(path) if name.startswith("gi_trace.web")]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_capabilities_import_downwards_only(path):
    own = path.relative_to(PACKAGE).parts[0]
    if own not in CAPABILITIES or path.name == "commands.py":
        return
    above = CAPABILITIES[CAPABILITIES.index(own) + 1 :]
    found = imports_of(path)
    assert not [name for name in found for other in above if name.startswith(f"gi_trace.{other}")]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_models_and_rules_never_import_actions(path):
    if {"models.py", "models", "rules.py", "rules"} & set(path.parts):
        assert not [name for name in imports_of(path) if "actions" in name.split(".")]


def test_only_the_clock_reads_the_time():
    reads = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today)\(")
    offenders = [path for path in modules() if path.name != "clock.py" and reads.search(path.read_text())]
    assert offenders == []


# They write instants for machines, or read days that people typed.
TIMES_OF_THEIR_OWN = {"clock.py", "database.py", "record/actions.py", "jobs/rules.py", "excel/cells.py"}


def test_only_the_clock_knows_which_day_an_instant_lies_on():
    """An instant is UTC, where it is still the day before at 00:10 in Shanghai."""
    told = re.compile(r"""\.astimezone\(|\.date\(\)|\.isoformat\(["' ]|\.strftime\(""")
    offenders = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        for line in path.read_text().splitlines()
        if told.search(line) and "in_shanghai(" not in line
    }
    assert offenders - TIMES_OF_THEIR_OWN == set()


def test_templates_show_instants_as_moments_or_days():
    shown = re.compile(r"{{ [^}]*?\b(?!form|values)\w+\.\w+_at(?= *[,})~])")
    pages = (ROOT / "templates").rglob("*.html")
    assert [
        (page.name, shown.findall(text)) for page in pages if shown.search(text := page.read_text())
    ] == []


def test_filters_that_templates_map_by_name_exist(app):
    """Jinja looks these up only when the page is shown."""
    named = re.compile(r"""\bmap\(["'](\w+)["']\)""")
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    assert {name for text in texts for name in named.findall(text)} <= set(app.jinja_env.filters)


def test_only_texts_of_ours_are_translated_into_markup():
    """`_` of a template, and of Python (which looks up late), is shown as it is: of what somebody typed it would
    make a part of the page, and of a lone % an error. A text in a variable is translated by `gettext`: escaped."""
    ours = re.compile(r"""\b_\((?!["'])""")
    in_templates = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if ours.search(path.read_text())
    ]
    in_python = [
        f"{path.relative_to(PACKAGE)}: {ast.unparse(node)}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("_", "lazy_gettext")
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and not node.keywords)
    ]
    assert in_templates == []
    assert in_python == ["web/words.py: _(member.label)"]  # of an enum


def test_every_text_of_an_officer_stays_or_is_looked_over_before_it_leaves(app):
    """See web/leaving.py."""
    forms, kept = [FlaskForm], set()
    while forms:
        forms += (form := forms.pop()).__subclasses__()
        face = re.match(r"gi_trace\.web\.(\w+)", form.__module__)
        is_written = form is getattr(
            sys.modules[form.__module__], form.__name__, None
        )  # not made for one page
        if not is_written or face is None or face[1] in OWN_WORDS:
            continue
        fields = {name: getattr(field, "field_class", None) for name, field in vars(form).items()}
        texts = {
            name for name, kind in fields.items() if kind is TextAreaField or (kind and "reason" in name)
        }
        if staying := sorted(texts - set(getattr(form, "leaves", ()))):
            kept.add(" ".join([form.__name__, *staying]))
    assert kept == STAYS


def test_every_act_that_sends_or_prints_words_has_them_looked_over():
    calls = Calls(PACKAGE)
    leaves = {"gi_trace.casework.rules.leaving.as_it_leaves"}
    going = {"gi_trace.offices.actions._add_message", "gi_trace.casework.models.Publication"}
    going |= {"gi_trace.casework.actions.papers.add_paper"}
    acts = [name for name in calls.decorated("act") if calls.way(name, going)]
    assert {name.rpartition(".")[2] for name in acts} >= {
        "send_transfer",
        "report_result",
        "publish",
        "issue_paper",
    }
    assert [name for name in acts if not calls.way(name, leaves)] == []


def test_every_form_that_writes_has_a_key():
    """So that sent twice it does one thing (web/form_keys.py)."""
    forms = [
        (str(path.relative_to(ROOT / "templates")), form)
        for path in (ROOT / "templates").rglob("*.html")
        for form in re.findall(r'<form\b[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
    ]
    assert len(forms) > 15
    assert {name for name, form in forms if not re.search(r"\b(seal|form_key)\(", form)} == FORMS_WITHOUT_KEY


def test_no_check_waits_for_a_story_in_the_turn_of_writing():
    """A chain may have hundreds of lots; whoever wants to see it reads it after the check is stored."""
    storing = [path for path in modules() if path.parent.name == "storing"]
    found = {name for path in storing for name in imports_of(path)}
    assert found and not [name for name in found if {"stories", "story"} & set(name.split("."))]


def test_no_act_leads_to_slow_work():
    calls = Calls(PACKAGE)
    acts = calls.decorated("act")
    assert len(acts) > 100
    ways = [way for name in acts if (way := calls.way(name, SLOW))]
    assert [" → ".join(way).replace("gi_trace.", "") for way in ways] == []


@pytest.mark.parametrize(
    "slow",
    [
        "open('file')",
        "read_files()",
        "store().content",
        "store().keep()",
        "kept = Store(); kept.keep()",
        "given.keep()",
        "untold().keep()",
        "[read_files for _ in (1, 2)][0]()",
        "Archive('file')",
    ],
)
def test_a_way_from_an_act_to_slow_work_is_found(tmp_path, slow):
    (tmp_path / "firm").mkdir()
    (tmp_path / "firm/files.py").write_text(
        "import subprocess\n"
        "class Store:\n"
        "    @property\n"
        "    def content(self): return self.keep()\n"
        "    def keep(self): subprocess.run(['true'])\n"
        "class Archive:\n"
        "    def __init__(self, name): read_files()\n"
        "def store() -> 'Store': return Store()\n"
        "def read_files(): return open('file')\n"
    )
    text = f"from firm.files import *\n@act\ndef do(given: Store): {slow}\n"
    text = text.replace("*", "Archive, Store, read_files, store")
    later = "@act\ndef do_later(): after_commit(lambda: open('file'))\n"
    (tmp_path / "firm/actions.py").write_text(text + later)
    calls = Calls(tmp_path / "firm")
    found = [calls.way(name, {"open", "subprocess."}) for name in calls.decorated("act")]
    assert [way and way[-1] for way in found] in (["open", None], ["subprocess.run", None])


def test_names_that_tell_nothing_are_not_used():
    banned = {"utils", "helpers", "common", "misc", "manager", "managers"}
    assert [path for path in PACKAGE.rglob("*") if path.stem in banned] == []


def test_every_endpoint_belongs_to_a_face_with_a_guard(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        face = rule.endpoint.rpartition(".")[0]
        assert face, f"{rule} belongs to no face"
        guards = app.before_request_funcs.get(face, [])
        assert any(hasattr(guard, "face_guard") for guard in guards), f"{face} has no guard"


def test_the_menu_knows_the_modules_whose_pages_lie_behind_its_own(app):
    """A module that was renamed would silently leave its pages without a place in the menu."""
    pages = [*ENTERPRISE, *VILLAGE, *INSPECTOR, *(page for group in AUTHORITY.values() for page in group)]
    known = {view.__module__.rpartition(".")[2] for view in app.view_functions.values()}
    assert {page.endpoint for page in pages} <= set(app.view_functions)
    assert {name for page in pages for name in page.modules.split()} <= known


def test_what_shared_pages_offer_as_an_act_is_a_page_of_each_face_that_has_them(app):
    for face in ("authority", "inspector"):
        pages = {name.partition(".")[2] for name in app.view_functions if name.startswith(f"{face}.")}
        offered = {act.value for act in LeadAct if face == "authority" or act not in OF_OFFICE}
        assert offered <= pages
    assert {f"authority.{act.value}" for act in (*CaseAct, *TransferAct)} <= set(app.view_functions)


def test_every_room_says_what_it_holds():
    """Purpose, words, rule and decisions stand beside the code that they explain; the map names every room."""
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert {room for room in rooms if not (PACKAGE / room / "README.md").exists()} == set()
    told = (ROOT / "README.md").read_text()
    assert {room for room in rooms if f"      {room}/" not in told} == set()


def test_the_top_level_is_fixed():
    allowed = {
        "pyproject.toml",
        "gi_trace",
        "templates",
        "static",
        "scripts",
        "tests",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Containerfile",
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found <= allowed | {"instance"}


def test_one_word_for_one_thing():
    places: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(PACKAGE)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_of_ours_is_imported_under_another_name(path):
    renamed = {
        f"{alias.name} as {alias.asname}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gi_trace")
        for alias in node.names
        if alias.asname
    }
    assert renamed <= RENAMED


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_functions_name_keeps_its_promise(path):
    """check_ raises or returns nothing, is_ and has_ answer yes or no, find_ may find nothing, get_ always has it."""
    if "web" in path.parts:  # where a check is what the public makes of a code
        return
    promises = {
        "check": lambda returned: returned == "None",
        "is": lambda returned: "bool" in returned,
        "has": lambda returned: "bool" in returned,
        "find": lambda returned: "None" in returned,
        "get": lambda returned: "None" not in returned,
    }
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    told = [
        (one.name, one.name.lstrip("_").partition("_")[0], one.returns) for one in functions if one.returns
    ]
    broken = [
        name
        for name, kind, returned in told
        if kind in promises and not promises[kind](ast.unparse(returned))
    ]
    assert broken == []


def test_no_two_files_of_tests_have_one_name():
    """pytest takes the second for the first."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
