"""The service's keys are made once, and what was made is never replaced."""

import threading

import pytest

from gi_trace.codes.unit_code import EPOCHS
from gi_trace.keys import FIRST_YEAR, NAMES, KeyDamaged, Keys, epoch_of_year


def files_of(folder):
    return {file.name: file.read_text() for file in (folder / "keys").iterdir()}


def test_each_key_is_made_once_for_its_owner_alone(tmp_path):
    Keys(str(tmp_path))
    made = files_of(tmp_path)
    assert set(made) == set(NAMES) and len(set(made.values())) == len(NAMES)
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    Keys(str(tmp_path))
    assert files_of(tmp_path) == made


def test_a_missing_key_is_made_beside_the_others(tmp_path):
    Keys(str(tmp_path))
    made = files_of(tmp_path)
    (tmp_path / "keys/office").unlink()
    Keys(str(tmp_path))
    again = files_of(tmp_path)
    assert again.pop("office") != made.pop("office") and again == made


def test_whoever_starts_at_the_same_moment_has_the_same_keys(tmp_path, monkeypatch):
    """The draft of each start has its process's number; here each thread stands for a process."""
    monkeypatch.setattr("os.getpid", threading.get_ident)
    begin, started = threading.Barrier(4), []

    def start() -> None:
        begin.wait()
        started.append(Keys(str(tmp_path)))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(keys.cookies, keys.devices) for keys in started}) == 1
    assert set(files_of(tmp_path)) == set(NAMES)


@pytest.mark.parametrize("content", ["", "ab" * 31, "示范" * 16, "AB" * 32])
def test_a_damaged_key_stops_the_start_and_is_left_as_it_is(tmp_path, content):
    Keys(str(tmp_path))
    file = tmp_path / "keys/server_root"
    file.write_text(content)
    with pytest.raises(KeyDamaged, match="server_root"):
        Keys(str(tmp_path))
    assert file.read_text() == content


def test_no_two_keys_are_made_of_the_same_root(tmp_path):
    keys = Keys(str(tmp_path))
    assert keys.packs.private_bytes_raw() != keys.office.private_bytes_raw()
    used = {key for one in keys.by_epoch.values() for key in (one.mask, one.field, one.server, one.hidden)}
    assert len(used) == 4 * EPOCHS and not used & {keys.cookies, keys.devices}
    assert keys.by_epoch == Keys(str(tmp_path)).by_epoch


def test_every_year_has_an_epoch_of_its_own_for_a_generation():
    years = range(FIRST_YEAR, FIRST_YEAR + EPOCHS)
    assert [epoch_of_year(year) for year in years] == list(range(EPOCHS))
    assert epoch_of_year(FIRST_YEAR + EPOCHS) == 0
