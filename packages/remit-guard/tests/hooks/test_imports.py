import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from remit_guard.hooks import imports


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "remit_example_library.py").write_text("def work():\n    return 'plain'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = list(imports._failed), list(imports._verify)
    imports.install(lambda stage, error: None)
    yield "remit_example_library"
    imports._failed[:], imports._verify[:] = before
    imports._waiting.pop("remit_example_library", None)
    sys.modules.pop("remit_example_library", None)


def patch(module: ModuleType) -> None:
    module.work = lambda: "patched"  # type: ignore[attr-defined]


def test_a_library_is_patched_when_it_is_imported_and_not_before(library: str) -> None:
    imports.when_imported(library, patch)
    assert library not in sys.modules
    module = importlib.import_module(library)
    assert module.work() == "patched"
    assert module.__spec__ is not None
    assert module.__spec__.loader is module.__loader__
    assert not hasattr(module.__loader__, "__dict__") or "exec_module" not in vars(module.__loader__)


def test_a_library_that_is_there_is_patched_at_once_also_where_others_took_its_functions(library: str) -> None:
    module = importlib.import_module(library)
    user = ModuleType("remit_example_user")
    user.taken = module.work  # type: ignore[attr-defined]
    sys.modules["remit_example_user"] = user

    def replacing(found: ModuleType) -> None:
        plain = found.work
        patch(found)
        imports.replace(plain, found.work)

    try:
        imports.when_imported(library, replacing)
    finally:
        del sys.modules["remit_example_user"]
    assert user.taken() == "patched"


def test_a_failing_patch_is_told_and_the_library_still_imports(library: str) -> None:
    told: list[tuple[str, str]] = []
    imports.install(lambda stage, error: told.append((stage, type(error).__name__)))

    def failing(module: ModuleType) -> None:
        raise AttributeError("another version")

    imports.when_imported(library, failing)
    assert importlib.import_module(library).work() == "plain"
    assert told == [(f"the patch of {library}", "AttributeError")]


def test_what_the_check_refuses_does_not_run(library: str) -> None:
    seen: list[tuple[str, str]] = []

    def check(name: str, origin: str) -> None:
        seen.append((name, Path(origin).name))
        raise PermissionError(name)

    imports.verify_with(check)
    with pytest.raises(PermissionError):
        importlib.import_module(library)
    assert (library, "remit_example_library.py") in seen
    assert library not in sys.modules
