"""CodePipeline and CodeCommit: what a push sets in motion."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, each, whole

TYPES = ("AWS::CodePipeline::Pipeline", "AWS::CodeCommit::Repository")
PUSHER = (Sender.ACCOUNT, "whoever may push sets it in motion")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The functions that a pipeline's actions invoke, or that a repository's triggers name."""
    if item.type == "AWS::CodeCommit::Repository":
        for node in each(item.properties.at("Triggers")):
            to = node.get("DestinationArn")
            yield from attach(draft, to, whole(item), "codecommit", f"pushes to {item.id}", PUSHER, item.id)
        return
    for stage in each(item.properties.at("Stages")):
        for action in each(stage.at("Actions")):
            if draft.word(action.at("ActionTypeId", "Provider")) == "Lambda":
                name = f"action {draft.word(action.at('Name')) or '?'} of {item.id}"
                to = action.get("Configuration", "FunctionName")
                yield from attach(draft, to, whole(item), "codepipeline", name, PUSHER, item.id)
