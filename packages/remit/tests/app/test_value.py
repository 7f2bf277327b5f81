"""Values that settle when parameters keep their defaults."""

from remit.app.value import Choice, Ref, Text, Unknown, settle

DEFAULTS = {"Stage": "dev", "Size": 3}


def test_settle_replaces_parameters_at_any_depth() -> None:
    value = {"name": Text((Ref("Stage"), "-", Ref("Queue"))), "sizes": (Ref("Size"), Choice((Ref("Stage"), "x")))}
    assert settle(value, DEFAULTS) == {
        "name": Text(("dev-", Ref("Queue"))),
        "sizes": (3, Choice(("dev", "x"))),
    }


def test_settle_leaves_attributes_and_unknowns() -> None:
    assert settle(Ref("Stage", "Arn"), DEFAULTS) == Ref("Stage", "Arn")
    assert settle(Unknown("why"), DEFAULTS) == Unknown("why")
    assert settle(Text((Ref("Stage"), "-x")), DEFAULTS) == "dev-x"
