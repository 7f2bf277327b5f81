"""Paths that were relative to a scanned folder, made relative to the folder the whole report speaks of."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.noun import replace
from remit.app.report import Edit, Failure, Finding, Fix, Hop, Skip, Suppression
from remit.read.code import CodeTree, Inline
from remit.read.forms import PLAN, by_name
from remit.scan.report import AppSummary


class Rebase:
    """Puts a folder in front of every path.

    Args:
        prefix: the scanned folder, relative to the report's base, with forward slashes; ``""`` for the base itself.
        inline: where virtual files of code inside a template really stand.
    """

    def __init__(self, prefix: str, inline: Mapping[str, Inline] | None = None) -> None:
        self.prefix = f"{prefix.rstrip('/')}/" if prefix else ""
        self.inline = CodeTree("", inline=inline or {})

    def file(self, file: str) -> str:
        """A path."""
        return self.prefix + file

    def location(self, location: Location) -> Location:
        """A location."""
        real = self.inline.locate(location)
        return replace(real, file=self.file(real.file)) if self.prefix else real

    def hop(self, hop: Hop) -> Hop:
        """A hop of a path."""
        return Hop(self.location(hop.location), hop.text)

    def fix(self, fix: Fix) -> Fix:
        """A fix and its edits; none in a plan or state, which Terraform writes itself."""
        if any(by_name(edit.location.file) == PLAN for edit in fix.edits):
            return replace(fix, edits=())
        edits = tuple(Edit(self.location(edit.location), edit.replacement) for edit in fix.edits)
        return replace(fix, edits=edits)

    def finding(self, finding: Finding) -> Finding:
        """A finding with all its places."""
        return replace(
            finding,
            location=self.location(finding.location),
            hops=tuple(self.hop(hop) for hop in finding.hops),
            related=tuple(self.hop(hop) for hop in finding.related),
            fixes=tuple(self.fix(fix) for fix in finding.fixes),
        )

    def skip(self, skip: Skip) -> Skip:
        """A skip."""
        return replace(skip, location=self.location(skip.location)) if skip.location else skip

    def failure(self, failure: Failure) -> Failure:
        """A failure."""
        return replace(failure, location=self.location(failure.location)) if failure.location else failure

    def suppression(self, suppression: Suppression) -> Suppression:
        """A suppression; the pattern of ``remit.toml`` is relative to the file it stands in."""
        file = self.file(suppression.file) if suppression.file else ""
        return replace(suppression, location=self.location(suppression.location), file=file)

    def app(self, app: AppSummary) -> AppSummary:
        """The line about an app."""
        return replace(app, template=self.file(app.template))

    def texts(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Source texts by path; virtual files have none of their own."""
        return {self.file(file): text for file, text in texts.items() if file not in self.inline.inline}
