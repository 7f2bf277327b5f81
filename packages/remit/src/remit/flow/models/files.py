"""Files: opening, moving, listing, unpacking; ``os.path`` and ``pathlib``."""

from remit.app.location import Location
from remit.flow import natives, taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import ARGUMENTS, Model, Sink
from remit.flow.taint import MEDIUM, NORMAL, Taints
from remit.flow.values import Lib, Method, Opaque, Thing, Val, known, text_of, to_template, unknown
from remit_guard.core.verdict import PATH

_CLEAN = frozenset((PATH,))
_PATH = "pathlib.Path"


def opened(machine: Machine, given: Arguments, value: Val, at: Location, *, write: bool) -> None:
    """A file is opened: a sink, and an effect."""
    path = text(value)
    machine.sink(PATH, path, at, given.text, write="true" if write else "false")
    machine.file(to_template(path), given.at, write=write)


def text(value: Val) -> Val:
    """The text of a path, ``pathlib`` or not."""
    for atom in value.atoms:
        if isinstance(atom, Thing) and "text" in atom.facts:
            return atom.facts["text"].tainted(value.taints)
    return value


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


def _touches(*indexes: int) -> Model:
    """A path of the file system that is listed, made or removed: a sink, though nothing is opened."""
    return Model(tuple(Sink(PATH, index, ("path", "src", "dst"), (("write", "true"),)) for index in indexes))


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


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``archive.extractall(path)`` of something that is called like an archive."""
    del frame
    if method.name in ("extract", "extractall") and isinstance(method.receiver, Opaque | Lib | Method | Thing):
        index, name = (1, "path") if method.name == "extract" else (0, "path")
        value = given.get(index, name)
        if value is not None:
            machine.sink(PATH, value, given.span(index, name), given.text, write="true")
        return unknown(f"{given.text}()", taint.step(method.taints, given.at, "unpacked", MEDIUM))
    return None


FUNCTIONS: dict[str, Model] = {
    "builtins.open": Model(run=_open),
    "io.open": Model(run=_open),
    "codecs.open": Model(run=_open),
    "os.open": Model(run=_open),
    "gzip.open": Model(run=_open),
    "bz2.open": Model(run=_open),
    "lzma.open": Model(run=_open),
    "aiofiles.open": Model(run=_open),
    "zipfile.ZipFile": Model(run=_open),
    "tarfile.open": Model(run=_open),
    "os.remove": _touches(0),
    "os.unlink": _touches(0),
    "os.rmdir": _touches(0),
    "os.mkdir": _touches(0),
    "os.makedirs": _touches(0),
    "os.listdir": _touches(0),
    "os.scandir": _touches(0),
    "os.walk": _touches(0),
    "os.chmod": _touches(0),
    "os.truncate": _touches(0),
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
    "tempfile.NamedTemporaryFile": Model(gives="file"),
    "tempfile.TemporaryFile": Model(gives="file"),
    "tempfile.mkdtemp": Model(),
    "tempfile.TemporaryDirectory": Model(),
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
