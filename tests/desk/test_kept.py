"""Files that somebody looks at: whole, for their owner alone, under a name that any system keeps."""

import os
import sys

import pytest

from clinicreport.desk import kept


def kept_as(folder, content, name):
    path, file = kept.arriving(folder)
    with file:
        file.write(content)
    return kept.keep(folder, path, name)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("october.xlsx", "october.xlsx"),
        ("../../clinic.toml", "clinic.toml"),
        ("C:\\logs\\october.xlsx", "october.xlsx"),
        ("<script>alert(1)</script>.csv", "script_.csv"),
        ("=cmd|x.csv", "=cmd_x.csv"),
        (".hidden.csv", "hidden.csv"),
        ("~$october.xlsx", "$october.xlsx"),
        ("\u202excod.xlsx", "xcod.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        (kept.WANTED, "to-be-used"),
        ("..", "unnamed"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_a_name_is_one_that_can_be_kept(tmp_path, given, name):
    file = kept_as(tmp_path, b"1", given)
    assert file.name == name
    assert file.path == tmp_path / "looking" / file.sha / name
    assert kept.find_kept(tmp_path, file.sha) == file


@pytest.mark.skipif(sys.platform == "win32", reason="there the folder's own rights are inherited")
@pytest.mark.parametrize(
    ("shared", "folder", "file"), [(False, 0o700, 0o600), (True, 0o775, 0o664)]
)
def test_where_several_accounts_work_each_may_look(tmp_path, shared, folder, file):
    before = os.umask(0o002)
    try:
        path, arriving = kept.arriving(tmp_path, shared=shared)
        arriving.close()
        one = kept.keep(tmp_path, path, "a.csv", shared=shared)
    finally:
        os.umask(before)
    modes = [place.stat().st_mode & 0o777 for place in (one.path, *one.path.parents[:2])]
    assert modes == [file, folder, folder]


def test_the_same_content_again_takes_the_new_name(tmp_path):
    first, second = kept_as(tmp_path, b"1", "a.csv"), kept_as(tmp_path, b"1", "b.csv")
    assert first.sha == second.sha
    assert [one.name for one in kept.all_kept(tmp_path)] == ["b.csv"]


def test_what_is_to_be_used_is_known_after_a_stop(tmp_path):
    one, other = kept_as(tmp_path, b"1", "a.csv"), kept_as(tmp_path, b"2", "b.csv")
    kept.want_used(tmp_path, one.sha)
    assert kept.to_be_used(tmp_path) == [one]
    assert kept.find_kept(tmp_path, one.sha) == one
    kept.throw_away(tmp_path, one.sha)
    assert kept.all_kept(tmp_path) == [other]


@pytest.mark.parametrize("sha", ["..", "", ".", "0" * 64])
def test_nothing_else_is_thrown_away(tmp_path, sha):
    file = kept_as(tmp_path, b"1", "a.csv")
    kept.throw_away(tmp_path, sha)
    assert file.path.exists()
