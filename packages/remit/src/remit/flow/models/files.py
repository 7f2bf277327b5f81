"""Files: opening, moving, listing, unpacking; ``os.path`` and ``pathlib``."""

import re

from remit.app.location import Location
from remit.app.value import Text, join
from remit.flow import natives, taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import network
from remit.flow.models.model import ARGUMENTS, Model
from remit.flow.taint import MEDIUM, NORMAL, Taints
from remit.flow.values import (
    NONE,
    Lib,
    Method,
    Opaque,
    Sequence,
    Symbol,
    Thing,
    Val,
    known,
    text_of,
    to_template,
    unknown,
)
from remit_guard.core.verdict import ARCHIVE, PATH

_CLEAN = frozenset((PATH,))
_PATH = "pathlib.Path"


def opened(machine: Machine, given: Arguments, value: Val, at: Location, *, write: bool) -> None:
    """A file is opened: a sink, and an effect."""
    if in_memory(value):
        return
    path = text(value)
    if _elsewhere(machine, given, path):
        return
    machine.sink(PATH, path, at, given.text, write="true" if write else "false")
    machine.file(to_template(path), given.at, write=write)


def _elsewhere(machine: Machine, given: Arguments, path: Val) -> bool:
    """An address in place of a path: pandas and its kin open it by a library that is not read."""
    found = [text_of(Val((atom,))) or _start_of(atom) for atom in path.atoms]
    if not found or not all(re.match(r"[a-z0-9+]{2,}://", item) for item in found):
        return False
    for atom, item in zip(path.atoms, found, strict=True):
        scheme = item.split("://")[0]
        if scheme in ("s3", "s3a", "s3n"):
            machine.sdk("s3", "", {}, given.at, f"{given.text}() works on {item} by a library that was not read")
        elif scheme != "file":
            network.connect(machine, given, Val((atom,), path.taints), None, 0)
    return True


def _start_of(atom: object) -> str:
    value = to_template(Val((atom,))) if isinstance(atom, Symbol) else None
    first = value.parts[0] if isinstance(value, Text) else value
    return first if isinstance(first, str) else ""


def text(value: Val) -> Val:
    """The text of a path, ``pathlib`` or not."""
    for atom in value.atoms:
        if isinstance(atom, Thing) and "text" in atom.facts:
            return atom.facts["text"].tainted(value.taints)
    return value


def in_memory(value: Val) -> bool:
    """Whether it is an open file or a buffer rather than the path of one."""
    return any(
        (isinstance(atom, Sequence) and atom.kind == "buffer") or (isinstance(atom, Thing) and atom.kind == "file")
        for atom in value.atoms
    )


def _writes(mode: "Val | None") -> bool:
    content = text_of(mode) if mode is not None else "r"
    return content is None or any(letter in content for letter in "wax+")


def _open(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``open(file, mode)``."""
    del frame
    value = given.get(0, "file", "filename", "name", "path")
    if value is not None:
        opened(machine, given, value, given.span(0, "file"), write=_writes(given.get(1, "mode")))
    return Val((Thing("file"),))


def _reads(index: int, *names: str) -> Model:
    return _accesses((index, names, False))


def _accesses(*wanted: tuple[int, tuple[str, ...], bool]) -> Model:
    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        for index, names, write in wanted:
            value = given.get(index, *names)
            if value is not None:
                opened(machine, given, value, given.span(index, *names), write=write)
        return unknown(f"{given.text}()")

    return Model(run=run)


def _touches(*indexes: int, write: bool = True) -> Model:
    """Paths of the file system that are listed, made, moved or removed."""

    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        for index in indexes:
            names = (("path", "src", "name", "top", "file"), ("dst",))[index]
            value = given.get(index, *names)
            if value is not None:
                machine.sink(PATH, text(value), given.span(index, *names), given.text, write="true")
                machine.file(to_template(text(value)), given.at, write=write)
        return unknown(f"{given.text}()")

    return Model(run=run)


def _temporary(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A file or folder of a name nobody knows, in ``/tmp`` unless told otherwise."""
    del frame
    folder = given.keywords.get("dir")
    inside = folder is not None and folder.atoms != NONE.atoms
    machine.file(join([to_template(text(folder)), "/*"]) if inside and folder else "/tmp/*", given.at, write=True)  # noqa: S108
    last = given.text.rpartition(".")[2]
    return Val((Thing("file"),)) if "File" in last else unknown(f"{given.text}()")


def _written(index: int, *names: str) -> Model:
    return _accesses((index, names, True))


def _join(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    values = [text(value) for value in given.args]
    if given.rest is not None:
        values.append(given.rest)
    return natives.join_path(machine, values, given.at) if values else known("")


def _base(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """The last part of a path: one name."""
    del frame
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.args))
    return unknown("a file name", taint.cleaned(taints, _CLEAN))


def _normal(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A path without ``..``: a check of its beginning means something now."""
    del frame
    value = text(given.args[0]) if given.args else unknown("a path")
    content = text_of(value)
    if content is not None and content.startswith("/") and ".." not in content:
        return value
    return unknown("a path", taint.cleaned(machine.taints(value, given.at), frozenset((NORMAL,))))


def _folder(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``dirname``: known when the path is."""
    del frame
    value = text(given.args[0]) if given.args else unknown("a path")
    content = text_of(value)
    if content is not None:
        return known(content.rpartition("/")[0])
    return unknown("a folder", machine.taints(value, given.at))


def _safe_join(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.args))
    return unknown("a path", taint.cleaned(taints, _CLEAN))


def _pathlib(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    values = [*given.args, *([given.rest] if given.rest else [])]
    return natives.path_of(machine, values, given.at) if values else Val((Thing(_PATH, {"text": known(".")}),))


def _of(receiver: "Method | None") -> Val:
    assert receiver is not None  # noqa: S101  (methods only)
    thing = receiver.receiver
    return (
        thing.facts["text"]
        if isinstance(thing, Thing) and "text" in thing.facts
        else unknown("a path", receiver.taints)
    )


def _path_open(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    opened(machine, given, _of(receiver), given.at, write=_writes(given.get(0, "mode")))
    return Val((Thing("file"),))


def _path_access(*, write: bool) -> Model:
    def run(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
        del frame
        opened(machine, given, _of(receiver), given.at, write=write)
        return unknown(f"{given.text}()")

    return Model(run=run)


def _path_touch(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    machine.sink(PATH, _of(receiver), given.at, given.text, write="true")
    name = receiver.name if receiver is not None else ""
    machine.file(to_template(_of(receiver)), given.at, write=name not in ("iterdir", "glob", "rglob"))
    if name in ("rename", "replace") and given.args:
        machine.file(to_template(text(given.args[0])), given.at, write=True)
    return unknown(f"{given.text}()")


def _path_join(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    return natives.path_of(machine, [_of(receiver), *given.args], given.at)


def _path_normal(_machine: Machine, frame: Frame, _given: Arguments, receiver: "Method | None") -> Val:
    del frame
    taints = taint.cleaned(_of(receiver).taints, frozenset((NORMAL,)))
    return Val((Thing(_PATH, {"text": unknown("a path", taints)}),), taints)


def _path_same(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame, machine, given
    value = _of(receiver)
    return Val((Thing(_PATH, {"text": value}),), value.taints)


def _path_text(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame, machine, given
    return _of(receiver)


def attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """``path.name`` and its kin."""
    del machine, at
    if thing.kind != _PATH:
        return None
    if name in ("name", "stem", "suffix"):
        return unknown("a file name", taint.cleaned(taints, _CLEAN))
    if name == "parent":
        return Val((Thing(_PATH, {"text": unknown("a folder", taints)}),), taints)
    return None


def _zip(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``zipfile.ZipFile(file)``; it takes ``..`` out of names when it unpacks, yet tells them as they are."""
    del frame
    value = given.get(0, "file")
    if value is None or in_memory(value):
        return Val((Thing("zip"),), machine.taints(value, given.at) if value is not None else ())
    opened(machine, given, value, given.span(0, "file"), write=_writes(given.get(1, "mode")))
    return Val((Thing("zip"),))


def _tar(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``tarfile.open(name)`` or ``tarfile.open(fileobj=data)``."""
    del frame
    name, data = given.get(0, "name"), given.get(2, "fileobj")
    if name is not None and data is None:
        opened(machine, given, name, given.span(0, "name"), write=_writes(given.get(1, "mode")))
        return Val((Thing("tar"),))
    return Val((Thing("tar"),), machine.taints(data, given.at) if data is not None else ())


#: What ``filter=`` may be so that no member leaves the folder: https://docs.python.org/3/library/tarfile.html#extraction-filters.
_FILTERS = frozenset(("data", "tar", "tarfile.data_filter", "tarfile.tar_filter"))


def _unpack(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``archive.extractall(path)``: the folder is a path; members of a tar choose their own unless a filter forbids it."""
    del frame
    assert receiver is not None  # noqa: S101  (methods only)
    index = 1 if receiver.name == "extract" else 0
    folder = given.get(index, "path") if given.rest is None else None
    if folder is not None:
        machine.sink(PATH, text(folder), given.span(index, "path"), given.text, write="true")
        machine.file(join([to_template(text(folder)), "/*"]), given.at, write=True)
    kind = receiver.receiver.kind if isinstance(receiver.receiver, Thing) else ""
    chosen = given.keywords.get("filter")
    names = [getattr(atom, "value", getattr(atom, "name", "")) for atom in chosen.atoms] if chosen is not None else []
    if kind == "tar" and not (names and all(name in _FILTERS for name in names)):
        told = taint.step(receiver.taints, given.at, "unpacked")
        machine.sink(ARCHIVE, unknown("the names in the archive", told), given.at, given.text, write="true")
    return unknown(f"{given.text}()")


def _members(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """Names and contents of an archive's members: whoever made the archive chose them."""
    del frame, machine
    told = taint.step(receiver.taints, given.at, "read out of the archive") if receiver is not None else ()
    return unknown("a member of the archive", told)


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``archive.extractall(path)`` of something that is called like an archive."""
    del frame
    if method.name in ("extract", "extractall") and isinstance(method.receiver, Opaque | Lib | Method | Thing):
        index, name = (1, "path") if method.name == "extract" else (0, "path")
        value = given.get(index, name)
        if value is not None:
            machine.sink(PATH, value, given.span(index, name), given.text, write="true")
            machine.file(join([to_template(text(value)), "/*"]), given.at, write=True)
        return unknown(f"{given.text}()", taint.step(method.taints, given.at, "unpacked", MEDIUM))
    if method.name in _EXPORTS and isinstance(method.receiver, Opaque | Thing) and (given.args or given.keywords):
        value = given.get(0, "path_or_buf", "path", "excel_writer", "fname", "fp")
        if value is not None and (text_of(value) or _start_of(value.atoms[0]) or _is_path(value)):
            opened(machine, given, value, given.span(0), write=True)
            return unknown(f"{given.text}()", method.taints)
    return None


#: Methods of tables, images and plots that write a file.
_EXPORTS = frozenset((
    "to_csv", "to_json", "to_parquet", "to_excel", "to_pickle", "to_feather", "to_html", "to_orc", "to_hdf", "write_csv",
    "write_parquet", "savefig", "save",
))  # fmt: skip


def _is_path(value: Val) -> bool:
    return any(isinstance(atom, Thing) and atom.kind == _PATH for atom in value.atoms)


FUNCTIONS: dict[str, Model] = {
    "builtins.open": Model(run=_open),
    "io.open": Model(run=_open),
    "codecs.open": Model(run=_open),
    "os.open": Model(run=_open),
    "gzip.open": Model(run=_open),
    "bz2.open": Model(run=_open),
    "lzma.open": Model(run=_open),
    "aiofiles.open": Model(run=_open),
    "zipfile.ZipFile": Model(run=_zip),
    "tarfile.open": Model(run=_tar),
    "tarfile.TarFile.open": Model(run=_tar),
    "os.remove": _touches(0),
    "os.unlink": _touches(0),
    "os.rmdir": _touches(0),
    "os.mkdir": _touches(0),
    "os.makedirs": _touches(0),
    "os.listdir": _touches(0, write=False),
    "os.scandir": _touches(0, write=False),
    "os.walk": _touches(0, write=False),
    "os.chmod": _touches(0),
    "os.truncate": _touches(0),
    "os.removedirs": _touches(0),
    "os.chown": _touches(0),
    "os.utime": _touches(0),
    "os.mkfifo": _touches(0),
    "os.renames": _touches(0, 1),
    "os.rename": _touches(0, 1),
    "os.replace": _touches(0, 1),
    "os.link": _touches(0, 1),
    "os.symlink": _touches(0, 1),
    "shutil.rmtree": _touches(0),
    "shutil.copy": _accesses((0, ("src",), False), (1, ("dst",), True)),
    "shutil.copy2": _accesses((0, ("src",), False), (1, ("dst",), True)),
    "shutil.copyfile": _accesses((0, ("src",), False), (1, ("dst",), True)),
    "shutil.copytree": _accesses((0, ("src",), False), (1, ("dst",), True)),
    "shutil.move": _accesses((0, ("src",), False), (1, ("dst",), True)),
    "shutil.unpack_archive": _accesses((0, ("filename",), False), (1, ("extract_dir",), True)),
    "shutil.make_archive": _accesses((0, ("base_name",), True)),
    "flask.send_file": _reads(0, "path_or_file"),
    "flask.send_from_directory": Model(),
    "PIL.Image.open": _reads(0, "fp"),
    "pandas.read_csv": _reads(0, "filepath_or_buffer"),
    "pandas.read_table": _reads(0, "filepath_or_buffer"),
    "pandas.read_json": _reads(0, "path_or_buf"),
    "pandas.read_parquet": _reads(0, "path"),
    "pandas.read_feather": _reads(0, "path"),
    "pandas.read_orc": _reads(0, "path"),
    "pandas.read_excel": _reads(0, "io"),
    "pandas.read_xml": _reads(0, "path_or_buffer"),
    "pandas.read_html": _reads(0, "io"),
    "polars.read_csv": _reads(0, "source"),
    "polars.read_parquet": _reads(0, "source"),
    "polars.scan_csv": _reads(0, "source"),
    "polars.scan_parquet": _reads(0, "source"),
    "pyarrow.parquet.read_table": _reads(0, "source"),
    "pyarrow.parquet.write_table": _written(1, "where"),
    "numpy.load": _reads(0, "file"),
    "numpy.save": _written(0, "file"),
    "numpy.savez": _written(0, "file"),
    "numpy.savetxt": _written(0, "fname"),
    "dbm.open": _written(0, "file"),
    "os.path.join": Model(run=_join),
    "os.path.basename": Model(run=_base),
    "ntpath.basename": Model(run=_base),
    "werkzeug.utils.secure_filename": Model(run=_base),
    "werkzeug.utils.safe_join": Model(run=_safe_join),
    "werkzeug.security.safe_join": Model(run=_safe_join),
    "flask.safe_join": Model(run=_safe_join),
    "os.path.realpath": Model(run=_normal),
    "os.path.abspath": Model(run=_normal),
    "os.path.normpath": Model(run=_normal),
    "os.path.expanduser": Model(keeps=ARGUMENTS),
    "os.path.dirname": Model(run=_folder),
    "os.path.splitext": Model(keeps=ARGUMENTS),
    "os.path.exists": Model(),
    "os.path.isfile": Model(),
    "os.path.isdir": Model(),
    "os.path.getsize": Model(),
    "os.fspath": Model(keeps=ARGUMENTS),
    "pathlib.Path": Model(run=_pathlib),
    "pathlib.PurePath": Model(run=_pathlib),
    "pathlib.PosixPath": Model(run=_pathlib),
    "pathlib.PurePosixPath": Model(run=_pathlib),
    "tempfile.NamedTemporaryFile": Model(run=_temporary),
    "tempfile.TemporaryFile": Model(run=_temporary),
    "tempfile.SpooledTemporaryFile": Model(run=_temporary),
    "tempfile.mkstemp": Model(run=_temporary),
    "tempfile.mkdtemp": Model(run=_temporary),
    "tempfile.TemporaryDirectory": Model(run=_temporary),
    "tempfile.gettempdir": Model(run=lambda _m, _f, _g, _r: known("/tmp")),  # noqa: S108  (where Lambda has it)
}
METHODS: dict[str, Model] = {
    f"{_PATH}.open": Model(run=_path_open),
    f"{_PATH}.read_text": _path_access(write=False),
    f"{_PATH}.read_bytes": _path_access(write=False),
    f"{_PATH}.write_text": _path_access(write=True),
    f"{_PATH}.write_bytes": _path_access(write=True),
    f"{_PATH}.joinpath": Model(run=_path_join),
    f"{_PATH}.resolve": Model(run=_path_normal),
    f"{_PATH}.absolute": Model(run=_path_same),
    f"{_PATH}.expanduser": Model(run=_path_same),
    f"{_PATH}.with_suffix": Model(run=_path_same),
    f"{_PATH}.relative_to": Model(run=_path_same),
    f"{_PATH}.as_posix": Model(run=_path_text),
    f"{_PATH}.__str__": Model(run=_path_text),
    f"{_PATH}.exists": Model(),
    f"{_PATH}.is_file": Model(),
    f"{_PATH}.is_dir": Model(),
    f"{_PATH}.is_relative_to": Model(),
    "file.read": Model(),
    "file.readlines": Model(),
    "file.readline": Model(),
    "file.write": Model(),
    "file.close": Model(),
}
for _name in (
    "unlink",
    "mkdir",
    "rmdir",
    "touch",
    "rename",
    "replace",
    "iterdir",
    "glob",
    "rglob",
    "chmod",
    "symlink_to",
):
    METHODS[f"{_PATH}.{_name}"] = Model(run=_path_touch)

for _kind in ("zip", "tar"):
    for _name in ("extract", "extractall"):
        METHODS[f"{_kind}.{_name}"] = Model(run=_unpack)
    for _name in (
        "namelist",
        "infolist",
        "getnames",
        "getmembers",
        "getmember",
        "next",
        "open",
        "read",
        "extractfile",
        "getinfo",
    ):
        METHODS[f"{_kind}.{_name}"] = Model(run=_members)
