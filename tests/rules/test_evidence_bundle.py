"""A bundle shows every change, to our command and to the script that it carries."""

import io
import subprocess
import sys
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gi_trace.casework.rules.bundle import CHECKER, bundle_faults, write_bundle

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
PHOTO = bytes(range(256)) * 20


def made_bundle(folder, content=PHOTO):
    photo = folder / "photo"
    photo.write_bytes(content)
    target = io.BytesIO()
    write_bundle(
        target,
        case="示市监立〔2026〕1号",
        office="示范局",
        made_at="2026-11-24T00:00:00+00:00",
        texts=[("case.json", b'{"number": 1}'), ("record.pdf", b"%PDF")],
        originals={"abc.jpg": photo},
        key=KEY,
    )
    return target.getvalue()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return made_bundle(tmp_path_factory.mktemp("bundle"))


def test_an_original_that_is_read_in_parts_is_there_whole(tmp_path):
    content = bytes(range(256)) * 8193  # two parts and a bit
    large = made_bundle(tmp_path, content)
    assert contents(large)["originals/abc.jpg"] == content
    assert bundle_faults(io.BytesIO(large), PUBLIC) == []


def contents(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rewritten(bundle, files):
    """The bundle with some files changed, added or (None) left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in (contents(bundle) | files).items():
            if content is not None:
                opened.writestr(name, content)
    return target.getvalue()


def script_says(bundle, folder, key=PUBLIC):
    """(exit status, output) of the stand-alone script as the readme prints it."""
    (folder / "check.py").write_text(CHECKER)
    (folder / "bundle.zip").write_bytes(bundle)
    asked = [sys.executable, "-I", "check.py", "bundle.zip", key.public_bytes_raw().hex()]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


TAMPERED = {
    "a photo's byte": {"originals/abc.jpg": PHOTO[:-1] + b"\x00"},
    "the case": {"case.json": b'{"number": 2}'},
    "a file more": {"originals/more.jpg": b"x"},
    "a file less": {"originals/abc.jpg": None},
    "the manifest": {"manifest.json": b'{"files": {}}'},
    "the signature": {"signature.hex": b"00" * 64},
    "no signature": {"signature.hex": None},
    "the readme": {"README.txt": b"trust me"},
}


def test_an_untouched_bundle_is_whole(bundle, tmp_path):
    assert bundle_faults(io.BytesIO(bundle), PUBLIC) == []
    assert script_says(bundle, tmp_path) == (0, "OK 4 files\n")


def test_the_readme_prints_the_script_of_thirty_lines_and_the_key(bundle):
    readme = contents(bundle)["README.txt"].decode()
    assert CHECKER in readme and len(CHECKER.splitlines()) <= 30
    assert PUBLIC.public_bytes_raw().hex() in readme


@pytest.mark.parametrize("files", TAMPERED.values(), ids=TAMPERED)
def test_both_checks_find_what_was_changed(bundle, tmp_path, files):
    tampered = rewritten(bundle, files)
    assert bundle_faults(io.BytesIO(tampered), PUBLIC)
    assert script_says(tampered, tmp_path)[0] != 0


def test_a_file_that_stands_twice_is_found(bundle, tmp_path):
    target = io.BytesIO(bundle)
    with zipfile.ZipFile(target, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr("case.json", b'{"number": 1}')
    assert bundle_faults(io.BytesIO(target.getvalue()), PUBLIC)
    assert script_says(target.getvalue(), tmp_path)[0] != 0


def test_another_offices_key_does_not_fit(bundle, tmp_path):
    other = Ed25519PrivateKey.generate().public_key()
    assert bundle_faults(io.BytesIO(bundle), other)
    assert script_says(bundle, tmp_path, other)[0] != 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_a_changed_byte_is_found_or_changes_no_file(bundle, data):
    place = data.draw(st.integers(0, len(bundle) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = bundle[:place] + bytes([bundle[place] ^ bit]) + bundle[place + 1 :]
    if not bundle_faults(io.BytesIO(changed), PUBLIC):
        assert contents(changed) == contents(bundle)


@given(st.binary(max_size=300))
def test_what_is_no_zip_is_a_fault_and_no_crash(garbage):
    assert bundle_faults(io.BytesIO(garbage), PUBLIC)
