"""The job that answers "what can an attacker do?": plan, run, report."""

from remit.scan.report import Plan, Report, Survey
from remit.scan.run import run, survey

__all__ = ["Plan", "Report", "Survey", "run", "survey"]
