"""Files: ``fs`` in its three styles, ``path``, archives."""

from remit.app.value import join
from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import files
from remit.flow.models.model import ARGUMENTS, Model, Run
from remit.flow.taint import NORMAL
from remit.flow.values import Dictionary, Method, Thing, Val, known, literal, text_of, to_template, unknown
from remit_guard.core.verdict import PATH


def _python(name: str) -> Run:
    run = files.FUNCTIONS[name].run
    assert run is not None  # noqa: S101  (those asked for are code)
    return run


def _opens(*wanted: tuple[int, bool], gives: str = "") -> Model:
    """A function that opens files: their positions, and whether each is written."""

    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        for index, write in wanted:
            value = given.get(index)
            if value is not None:
                files.opened(machine, given, _path(value), given.span(index), write=write)
        return Val((Thing(gives),)) if gives else unknown(f"{given.text}()")

    return Model(run=run)


def _path(value: Val) -> Val:
    """The text of a path; a ``file:`` address is one, too."""
    for atom in value.atoms:
        if isinstance(atom, Thing) and "url" in atom.facts:
            return atom.facts["url"]
    return value


def _open(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``open(path, flags)``."""
    del frame
    flags = given.get(1)
    said = text_of(flags) if flags is not None else "r"
    write = not isinstance(said, str) or any(letter in said for letter in "wa+")
    value = given.get(0)
    if value is not None:
        files.opened(machine, given, _path(value), given.span(0), write=write)
    return Val((Thing("file"),))


def _resolved(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``path.resolve(...)``: joined, and without ``..``: a check of its beginning means something now."""
    joined = _python("os.path.join")(machine, frame, given, receiver)
    content = text_of(joined)
    if content is not None and content.startswith("/") and ".." not in content:
        return joined
    return unknown("a path", taint.cleaned(machine.taints(joined, given.at), frozenset((NORMAL,))))


def _normal(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``path.join`` and ``path.normalize`` take ``..`` out of what begins with a known folder."""
    joined = _python("os.path.join")(machine, frame, given, None)
    content = literal(given.args[0]) if given.args else None
    if isinstance(content, str) and content.startswith("/") and len(given.args) > 1:
        return Val(joined.atoms, taint.cleaned(joined.taints, frozenset((NORMAL,))))
    return joined


def _extension(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """What stands behind the last dot holds no slash."""
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.args))
    return unknown("a suffix", taint.cleaned(taints, frozenset((PATH,))))


def _parsed(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``path.parse(text)``."""
    taints = machine.taints(given.args[0], given.at) if given.args else ()
    one = unknown("a file name", taint.cleaned(taints, frozenset((PATH,))))
    whole = unknown("a folder", taints)
    return Val((machine.dictionary({"base": one, "name": one, "ext": one, "dir": whole, "root": whole}),))


def _temporary(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``mkdtemp(prefix)``."""
    del frame
    value = given.get(0) or known("/tmp/")  # noqa: S108
    machine.sink(PATH, value, given.span(0), given.text, write="true")
    machine.file(join([to_template(value), "*"]), given.at, write=True)
    return value


def _unpacked(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``archive.extractAllTo(folder)``, ``unzipper.Extract({path})``, ``tar.x({cwd})``."""
    del frame, receiver
    value = given.get(0)
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Dictionary):
            value = atom.entries.get("path") or atom.entries.get("cwd") or atom.entries.get("dir")
    if value is not None and value.atoms:
        machine.sink(PATH, value, given.span(0), given.text, write="true")
        machine.file(join([to_template(value), "/*"]), given.at, write=True)
    return unknown(f"{given.text}()")


def _archive(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``new AdmZip(file or data)``: whoever made the archive chose the names in it."""
    del frame
    value = given.get(0)
    if value is None:
        return Val((Thing("js.Zip"),))
    if text_of(value) is not None:
        files.opened(machine, given, value, given.span(0), write=False)
    return Val((Thing("js.Zip"),), machine.taints(value, given.at))


_READ, _WRITE, _TOUCH = _opens((0, False)), _opens((0, True)), _opens((0, True))
FUNCTIONS: dict[str, Model] = {
    "fs.open": Model(run=_open), "fs.openSync": Model(run=_open), "fs.createReadStream": _opens((0, False), gives="js.Stream"),
    "fs.createWriteStream": _opens((0, True), gives="file"), "fs.mkdtemp": Model(run=_temporary),
    "fs.mkdtempSync": Model(run=_temporary), "path.join": Model(run=_normal), "path.normalize": Model(run=_normal),
    "path.resolve": Model(run=_resolved), "path.basename": Model(run=_python("os.path.basename")),
    "path.dirname": Model(run=_python("os.path.dirname")), "path.extname": Model(run=_extension),
    "path.parse": Model(run=_parsed), "path.relative": Model(keeps=ARGUMENTS), "path.isAbsolute": Model(),
    "adm-zip": Model(run=_archive), "jszip.loadAsync": Model(run=_archive), "unzipper.Extract": Model(run=_unpacked),
    "extract-zip": Model(run=_unpacked), "tar.x": Model(run=_unpacked), "tar.extract": Model(run=_unpacked),
    "decompress": Model(run=_unpacked), "sanitize-filename": Model(keeps=ARGUMENTS, cleans=frozenset((PATH,))),
    "os.tmpdir": Model(run=lambda *_: known("/tmp")), "os.homedir": Model(), "os.hostname": Model(),  # noqa: S108
    "url.fileURLToPath": Model(keeps=ARGUMENTS), "url.pathToFileURL": Model(keeps=ARGUMENTS),
    "process.cwd": Model(run=lambda *_: known("/var/task")),
    "rimraf": _WRITE, "rimraf.sync": _WRITE, "mkdirp": _WRITE, "mkdirp.sync": _WRITE, "del": _WRITE, "glob": _READ,
    "glob.sync": _READ, "sharp": _opens((0, False), gives="js.Image"), "gm": _opens((0, False), gives="js.Image"),
}  # fmt: skip
for _base in ("path.posix", "path.win32"):
    for _name in ("join", "normalize", "resolve", "basename", "dirname", "extname"):
        FUNCTIONS[f"{_base}.{_name}"] = FUNCTIONS[f"path.{_name}"]
for _name in ("readFile", "readdir", "stat", "lstat", "access", "exists", "readlink", "realpath", "watch", "readJson",
              "readJSON", "opendir", "existsSync", "pathExists"):  # fmt: skip
    FUNCTIONS[f"fs.{_name}"] = _READ
    FUNCTIONS[f"fs.{_name}Sync"] = _READ
for _name in ("writeFile", "appendFile", "unlink", "rm", "rmdir", "mkdir", "truncate", "chmod", "chown", "utimes", "outputFile",
              "ensureDir", "emptyDir", "remove", "writeJson", "writeJSON", "outputJson", "ensureFile", "mkdirs"):  # fmt: skip
    FUNCTIONS[f"fs.{_name}"] = _WRITE
    FUNCTIONS[f"fs.{_name}Sync"] = _WRITE
for _name in ("copyFile", "copy", "cp"):
    FUNCTIONS[f"fs.{_name}"] = FUNCTIONS[f"fs.{_name}Sync"] = _opens((0, False), (1, True))
for _name in ("rename", "link", "symlink", "move"):
    FUNCTIONS[f"fs.{_name}"] = FUNCTIONS[f"fs.{_name}Sync"] = _opens((0, True), (1, True))
METHODS: dict[str, Model] = {
    "js.Zip.extractAllTo": Model(run=_unpacked), "js.Zip.extractAllToAsync": Model(run=_unpacked),
    "js.Zip.writeZip": _WRITE, "js.Image.toFile": _WRITE, "js.Image.write": _WRITE,
}  # fmt: skip
__all__ = ["FUNCTIONS", "METHODS"]
