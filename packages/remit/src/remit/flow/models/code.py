"""Code made of values, and objects made of bytes."""

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import foreign
from remit.flow.models.model import Model, Sink
from remit.flow.values import Lib, Method, Val, text_of, unknown
from remit_guard.core.verdict import CODE, DESERIALIZE

_SAFE_LOADERS = ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader", "FullLoader")


def _yaml(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``yaml.load``: unsafe unless its loader is a safe one."""
    del frame
    loader = given.get(1, "Loader")
    names = [atom.name.rsplit(".", 1)[-1] for atom in loader.atoms if isinstance(atom, Lib)] if loader else []
    value = given.get(0, "stream") or unknown("a document")
    if not names or any(name not in _SAFE_LOADERS for name in names):
        machine.sink(DESERIALIZE, value, given.span(0, "stream"), given.text)
    return unknown("a document", machine.taints(value, given.at))


def _load(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    value = given.get(0) or unknown("data")
    machine.sink(DESERIALIZE, value, given.span(0), given.text)
    return unknown("an object", machine.taints(value, given.at))


def _import(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``importlib.import_module(name)``: with a literal, the module; else a sink."""
    from remit.flow.values import ModuleValue

    value = given.get(0, "name") or unknown("a module")
    name = text_of(value)
    if name is None:
        machine.sink(CODE, value, given.span(0, "name"), given.text)
        machine.sdk("", "", {}, given.at, "the module that is loaded here is not known: its code was not read")
        return unknown("a module")
    found = machine.load(machine, name.lstrip("."), 1 if name.startswith(".") else 0, frame.module.package)
    if found is None:
        foreign.imported(machine, name, given.at)
    return Val((ModuleValue(found),)) if found is not None else Val((Lib(name),))


def _run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """Code in a value is run: what it does is out of sight, unless it is a text without a call or an import."""
    del frame
    value = given.get(0, "source", "expr", "path_name", "mod_name") or unknown("code")
    machine.sink(CODE, value, given.span(0, "source", "expr", "path_name", "mod_name"), given.text)
    content = text_of(value)
    if content is None or "(" in content or "import" in content or "run_" in given.text:
        machine.sdk("", "", {}, given.at, f"{given.text}() runs code that was not read: it may do anything")
    return unknown(f"{given.text}()")


_LOAD = Model(run=_load)
_RUN = Model(run=_run)
_CODE = Model((Sink(CODE, 0, ("source", "expr")),))
FUNCTIONS: dict[str, Model] = {
    "builtins.eval": _RUN,
    "builtins.exec": _RUN,
    "builtins.compile": _CODE,
    "builtins.__import__": Model(run=_import),
    "importlib.import_module": Model(run=_import),
    "runpy.run_path": _RUN,
    "runpy.run_module": _RUN,
    "code.InteractiveInterpreter.runsource": _RUN,
    "pandas.eval": _CODE,
    "numexpr.evaluate": _CODE,
    "pickle.loads": _LOAD,
    "pickle.load": _LOAD,
    "pickle.Unpickler": _LOAD,
    "marshal.loads": _LOAD,
    "marshal.load": _LOAD,
    "shelve.open": _LOAD,
    "dill.loads": _LOAD,
    "dill.load": _LOAD,
    "jsonpickle.decode": _LOAD,
    "jsonpickle.loads": _LOAD,
    "joblib.load": _LOAD,
    "pandas.read_pickle": _LOAD,
    "yaml.load": Model(run=_yaml),
    "yaml.load_all": Model(run=_yaml),
    "yaml.unsafe_load": _LOAD,
    "yaml.unsafe_load_all": _LOAD,
    "yaml.full_load": Model(keeps="arguments"),
    "yaml.safe_load": Model(keeps="arguments"),
    "yaml.safe_load_all": Model(keeps="arguments"),
}
METHODS: dict[str, Model] = {}
