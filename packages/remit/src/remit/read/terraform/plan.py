"""Plans and states of Terraform: what ``terraform show -json`` prints, and state files.

What is planned is known to the letter; what only the deployment knows is taken from the configuration that a plan holds: which
resource an expression refers to. Positions are those in the JSON file.
"""

import codecs
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from remit.app.model import App
from remit.app.noun import replace
from remit.app.report import Failure, Skip
from remit.read.document import Malformed, Raw, decode, place
from remit.read.forms import PLAN
from remit.read.terraform.instance import Instance
from remit.read.terraform.plan_config import Known, Place, Resolver, child, expressions, places
from remit.read.terraform.plan_values import Identities, Values

if TYPE_CHECKING:
    from remit.read.context import Context
    from remit.read.discover import Found

FORM = "Terraform"
_INDEX = re.compile(r'\[(\d+|"(?:[^"\\]|\\.)*")\]$')
_NOT_ID = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One resource of the file.

    Args:
        address: with its module and index.
        module: address of its module, ``""`` for the root.
        local: its address inside of the module, without index.
    """

    address: str
    module: str
    local: str
    index: str
    mode: str
    type: str
    values: Raw
    where: Raw


def is_plan(root: Raw) -> bool:
    """Whether a document is a plan or state: as ``terraform show -json`` prints it, or a state file."""
    if root.under("planned_values") is not None or root.under("resource_changes") is not None:
        return True
    if root.under("terraform_version") is None:
        return False
    resources = root.under("resources")
    return root.under("values") is not None or (resources is not None and isinstance(resources.value, list))


def read_plan(root: Raw, file: str) -> tuple[list[Instance], list[Skip]]:
    """The resources of a plan or state.

    Args:
        root: the parsed document.
        file: its path, for positions.

    Returns:
        The instances, and what was left out.
    """
    entries = {entry.address: entry for entry in _entries(root)}
    ids = _ids(entries)
    known, identities = Known(), Identities()
    for entry in entries.values():
        id_ = ids[entry.address]
        known.ids.setdefault((entry.module, entry.local), {})[entry.index] = id_
        if isinstance(entry.values.value, dict):
            texts = ((name, raw.value) for name, raw in entry.values.value.items())
            known.values |= {(id_, name): text for name, text in texts if isinstance(text, str) and text}
        if entry.mode == "resource":
            identities.add(id_, entry.values)
    unknown = _unknown(root)
    values = Values(file, Resolver(known), identities)
    top = places(root.under("configuration"))
    instances = []
    for entry in entries.values():
        where: Place = child(top, entry.module)
        config = expressions(where, entry.local)
        node = values.arguments(
            ids[entry.address], entry.index, where, entry.values, unknown.get(entry.address), config
        )
        at = place(file, entry.where.span)
        instances.append(
            Instance(ids[entry.address], entry.address, entry.mode, entry.type, node, at, posixpath.dirname(file))
        )
    skips = [] if instances else [Skip(file, "there are no resources in this plan or state", place(file, root.span))]
    return instances, skips


def read_plan_files(context: "Context", found: "Found", apps: list[App]) -> list[App]:
    """Every plan and state that was found; one beside its configuration was read as that.

    Args:
        context: the reading so far.
        found: names of the files by form.
        apps: the Apps known before.
    """
    read = {posixpath.dirname(app.template) for app in apps if app.form == FORM}
    made = []
    for name in found.others.get(PLAN, []):
        root = _parsed(context, name)
        if root is None or not is_plan(root):
            continue
        if posixpath.dirname(name) in read:
            context.skips.append(Skip(name, "the configuration beside it was read instead", place(name, root.span)))
            continue
        made.append(read_document(context, name, root))
    return made


def _parsed(context: "Context", name: str) -> Raw | None:
    from remit.read.discover import read_bytes
    from remit.read.json_document import parse_json

    try:
        text = _text_of(read_bytes(context.path(name)))
        root, _ = parse_json(text)
    except Malformed as error:
        context.failed(name, error)
    except OSError as error:
        context.failures.append(Failure(name, f"cannot be read: {error.strerror}"))
    except ValueError as error:
        context.failures.append(Failure(name, str(error)))
    else:
        context.texts[name] = text
        return root
    return None


def _text_of(data: bytes) -> str:
    """The text of a plan; a shell of Windows writes what a command prints as UTF-16.

    Raises:
        Malformed: it is no text.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Malformed(f"is not UTF-16: {error.reason}", 1) from None
    return decode(data)


def read_document(context: "Context", name: str, root: Raw) -> App:
    """The App of one plan or state that was parsed.

    Args:
        context: the reading; receives what was left out.
        name: path of the file, relative to the root.
        root: its content.
    """
    from remit.read.build import finished
    from remit.read.draft import Draft
    from remit.read.resolve import Resolver as Template
    from remit.read.terraform.translate import lower

    instances, skips = read_plan(root, name)
    empty = Raw({}, (1, 1, 1, 1))
    draft = Draft(name, posixpath.dirname(name), Template(name, empty), sam=False, skips=skips)
    lower(instances, draft)
    folder = context.folder.resolve().name
    app, skips, failures = finished(draft, folder, FORM)
    context.skips += skips
    context.failures += failures
    return replace(app, name=posixpath.basename(draft.folder) or folder)


def _entries(root: Raw) -> Iterator[_Entry]:
    """Resources in the order: looked up before, planned, read while it is applied."""
    prior = root.under("prior_state")
    for values in (prior.under("values") if prior else None, root.under("values"), root.under("planned_values")):
        top = values.under("root_module") if values is not None else None
        for entry in _module(top, "") if top is not None else ():
            # What was there before and is not planned any more will be gone.
            if values is root.under("planned_values") or entry.mode == "data" or values is root.under("values"):
                yield entry
    for change in _listed(root.under("resource_changes")):
        inner = change.under("change")
        if _text(change, "mode") == "data" and inner is not None:
            read = _entry(change, _text(change, "module_address"), inner.under("after"))
            if read is not None:
                yield read
    if root.under("planned_values") is None and root.under("values") is None:
        yield from _state(root)


def _module(module: Raw, address: str) -> Iterator[_Entry]:
    pending = [(module, address)]
    while pending:
        here, path = pending.pop()
        for raw in _listed(here.under("resources")):
            entry = _entry(raw, path, raw.under("values"))
            if entry is not None:
                yield entry
        pending += [(inner, _text(inner, "address")) for inner in _listed(here.under("child_modules"))]


def _entry(raw: Raw, module: str, values: Raw | None) -> _Entry | None:
    address, kind, name = _text(raw, "address"), _text(raw, "type"), _text(raw, "name")
    if not address or not kind:
        return None
    data = _text(raw, "mode") == "data"
    local = f"data.{kind}.{name}" if data else f"{kind}.{name}"
    found = _INDEX.search(address)
    index = found[1].strip('"') if found else ""
    empty = Raw({}, raw.span)
    return _Entry(address, module, local, index, "data" if data else "resource", kind, values or empty, raw)


def _state(root: Raw) -> Iterator[_Entry]:
    """A state file: its instances stand below their resource."""
    for raw in _listed(root.under("resources")):
        kind, name, module = _text(raw, "type"), _text(raw, "name"), _text(raw, "module")
        data = _text(raw, "mode") == "data"
        local = f"data.{kind}.{name}" if data else f"{kind}.{name}"
        for inner in _listed(raw.under("instances")):
            key = inner.under("index_key")
            index = key.text() if key is not None else ""
            shown = f"[{index}]" if key is not None and isinstance(key.value, int) else f'["{index}"]' if index else ""
            address = f"{module}.{local}{shown}".lstrip(".")
            values = inner.under("attributes") or Raw({}, inner.span)
            yield _Entry(address, module, local, index, "data" if data else "resource", kind, values, inner)


def _unknown(root: Raw) -> dict[str, Raw]:
    """What is only known after apply, by address."""
    found = {}
    for change in _listed(root.under("resource_changes")):
        inner = change.under("change")
        after = inner.under("after_unknown") if inner is not None else None
        if after is not None:
            found[_text(change, "address")] = after
    return found


def _ids(entries: dict[str, _Entry]) -> dict[str, str]:
    """Logical ids: the address with what an id cannot have left out."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for address in entries:
        base = _NOT_ID.sub("_", address).strip("_") or "resource"
        id_, number = base, 2
        while id_ in taken:
            id_, number = f"{base}_{number}", number + 1
        taken.add(id_)
        ids[address] = id_
    return ids


def _listed(raw: Raw | None) -> list[Raw]:
    return raw.value if raw is not None and isinstance(raw.value, list) else []


def _text(raw: Raw, name: str) -> str:
    found = raw.under(name)
    return found.text() if found is not None else ""
