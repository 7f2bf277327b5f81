"""The job that answers "what must each function be allowed to do, and nothing more?": plan, run, report."""

from remit.lock.report import AppLock, FunctionLock, Plan, Report
from remit.lock.run import run

__all__ = ["AppLock", "FunctionLock", "Plan", "Report", "run"]
