from remit_guard.sandbox.probe import probe


def test_the_probe_asks_and_changes_nothing() -> None:
    first = probe()
    assert set(first) == {"kernel", "no_new_privs", "seccomp", "landlock"}
    assert first["no_new_privs"] in ("set", "not set", "unknown")
    assert first["landlock"] in ("absent", "unknown") or first["landlock"].startswith("abi ")
    assert probe() == first
