"""The pages' scripts call each other as they are written: an export that changed without its callers fails here."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TSC = ROOT / ".venv" / "readers" / "node_modules" / "typescript" / "bin" / "tsc"
# What an element or a caught error has beside its type only the page knows.
UNKNOWN_PROPERTY = "error TS2339:"


def test_every_call_between_scripts_fits_what_is_called():
    """`old_calls.js` holds calls that do not, and says so: one that passed would be reported as unexpected."""
    command = ["node", TSC, "--project", ROOT / "tests" / "readers" / "tsconfig.json", "--pretty", "false"]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout
    faults = [line for line in said.splitlines() if ": error TS" in line]
    assert faults  # the compiler ran, and saw the scripts
    ours = [line for line in faults if UNKNOWN_PROPERTY not in line and not line.startswith("static/vendor/")]
    assert ours == []
