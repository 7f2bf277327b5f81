"""Mail that is put together as text: what stands in its head is one line each, unless a value brings line breaks."""

from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.taint import HIGH
from remit.flow.values import Dictionary, Hole, Known, Method, Symbol, Val, pieces, unknown
from remit_guard.core.verdict import HEADER


def _sendmail(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``mail.sendmail(sender, recipients, message)``."""
    del frame
    head(machine, given.get(2, "msg"), given, (2, "msg"))
    return unknown("refused recipients")


def head(machine: Machine, value: "Val | None", given: Arguments, place: tuple[int, str]) -> None:
    """What a sender wrote of a message's text in front of the first empty line."""
    if value is None or not all(isinstance(atom, Known | Symbol) for atom in value.atoms):
        return  # a message made elsewhere, or one that is handed on as a whole
    before = ""
    for piece in pieces(value):
        if isinstance(piece, str):
            before += piece
            if "\n\n" in before.replace("\r\n", "\n"):
                return
        elif isinstance(piece, Hole) and before.strip():
            for item in piece.taints:
                machine.flow(HEADER, item, given.span(*place), given.text, {"part": "head"}, HIGH)


def raw(machine: Machine, given: Arguments) -> None:
    """``ses.send_raw_email(RawMessage={"Data": text})``."""
    value = given.keywords.get("RawMessage")
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Dictionary):
            head(machine, atom.entries.get("Data"), given, (-1, "RawMessage"))


FUNCTIONS: dict[str, Model] = {}
METHODS: dict[str, Model] = {"smtplib.SMTP.sendmail": Model(run=_sendmail)}

__all__ = ["FUNCTIONS", "METHODS", "head", "raw"]
