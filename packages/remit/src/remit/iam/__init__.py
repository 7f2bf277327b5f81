"""IAM: what a cloud call needs, what a role allows, and the difference between the two. Everything here is pure.

``derive`` makes the remit of a function, ``allows`` decides one action of a role as the template has it, ``evaluate`` one whole
request against every policy that has a say, ``wider`` compares two sets of statements, ``excess`` and ``missing`` compare
a role with a remit, ``reach`` says in short phrases what a role lets an attacker do, ``escalations`` how it comes to more
rights than it has and ``moves`` what stronger parts of the app it can feed, ``compile_remit`` makes what the guard loads.
"""

from remit.iam.catalog import expand
from remit.iam.compiled import compile_remit
from remit.iam.derive import derive, merged
from remit.iam.escalation import Escalation, escalations
from remit.iam.evaluate import evaluate
from remit.iam.excess import Excess, Missing, excess, granted, missing
from remit.iam.inside import moves
from remit.iam.match import Answer
from remit.iam.platform import platform_needs
from remit.iam.policy import Decision, allows
from remit.iam.reach import reach, reached
from remit.iam.request import Policies, Request
from remit.iam.wider import Wider, wider

__all__ = [
    "Answer",
    "Decision",
    "Escalation",
    "Excess",
    "Missing",
    "Policies",
    "Request",
    "Wider",
    "allows",
    "compile_remit",
    "derive",
    "escalations",
    "evaluate",
    "excess",
    "expand",
    "granted",
    "merged",
    "missing",
    "moves",
    "platform_needs",
    "reach",
    "reached",
    "wider",
]
