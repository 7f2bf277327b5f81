"""The job that answers "what can an attacker do?": plan, run, report."""

from remit.scan.report import Plan, Report
from remit.scan.run import run

__all__ = ["Plan", "Report", "run"]
