import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.ship.archive import ArchiveError, Entry, read, write

FILES = {"b.py": Entry(b"print(2)"), "a/run.sh": Entry(b"#!/bin/sh\n", executable=True)}


def test_the_same_content_gives_the_same_bytes_in_any_order() -> None:
    assert write(FILES) == write(dict(reversed(FILES.items())))
    assert write(FILES) != write({**FILES, "b.py": Entry(b"print(3)")})


def test_permissions_and_times_are_fixed() -> None:
    with zipfile.ZipFile(io.BytesIO(write(FILES))) as archive:
        assert [(i.filename, i.external_attr >> 16, i.date_time) for i in archive.infolist()] == [
            ("a/run.sh", 0o100755, (1980, 1, 1, 0, 0, 0)),
            ("b.py", 0o100644, (1980, 1, 1, 0, 0, 0)),
        ]


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), st.binary(max_size=50), max_size=5))
def test_what_was_written_is_read(files: dict[str, bytes]) -> None:
    assert read(write({path: Entry(content) for path, content in files.items()})) == files


def archive(*entries: tuple[str, bytes], mode: int = 0o100644) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            target.writestr(info, content)
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_a_way_out_and_a_link_are_refused() -> None:
    with pytest.raises(ArchiveError, match=r"a\.py is in it twice"):
        read(archive(("a.py", b"1"), ("a.py", b"2")))
    for name in ("../a", "/etc/passwd", "x/../../y", "..\\a"):
        with pytest.raises(ArchiveError, match="leads out"):
            read(archive((name, b"")))
    with pytest.raises(ArchiveError, match="not a regular file"):
        read(archive(("a", b"/etc/passwd"), mode=0o120777))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for index in range(30):
            target.writestr(f"{index}", bytes(10_000_000))
    with pytest.raises(ArchiveError, match="larger than Lambda takes"):
        read(buffer.getvalue())


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(1, 255))
def test_broken_archives_are_an_error_of_ours_and_nothing_else(junk: bytes, at: int, flip: int) -> None:
    whole = bytearray(write(FILES))
    whole[at % len(whole)] ^= flip
    for content in (junk, bytes(whole), bytes(whole[: at % len(whole)])):
        try:
            read(content)
        except ArchiveError:
            continue
