"""Where the code of a function or layer is: from the archive that Terraform uploads back to what is put into it."""

import posixpath
from collections.abc import Sequence

from remit.app.node import Node
from remit.app.value import Ref, Value, refs
from remit.read.terraform.instance import Instance

_ARCHIVE = "archive_file"
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy")


class Archives:
    """Finds what an archive is made of.

    Args:
        instances: every resource and data source of the app.
        folder: folder of the configuration, relative to the root: relative paths begin there.
    """

    def __init__(self, instances: Sequence[Instance], folder: str) -> None:
        self.by_id = {instance.id: instance for instance in instances}
        self.archives = [item for item in instances if item.type == _ARCHIVE]
        self.objects = [item for item in instances if item.type in _OBJECTS]
        self.folder = folder

    def code(self, instance: Instance) -> Node | None:
        """The folder or file that holds the code, as a path; else what the configuration says instead.

        Args:
            instance: a function or layer, its references as Terraform writes them.
        """
        handler = instance.attributes.get("handler")
        filename = instance.attributes.at("filename")
        if filename is not None and filename.value not in (None, ""):
            return self._uploaded(filename, handler)
        key = instance.attributes.at("s3_key")
        if key is None or key.value in (None, ""):
            return None
        item = self._found(key.plain(), self.objects, "key")
        source = item.attributes.at("source") if item is not None else None
        if source is not None and source.value not in (None, ""):
            return self._uploaded(source, handler)
        bucket = instance.attributes.at("s3_bucket")
        return Node({"S3Key": key, **({"S3Bucket": bucket} if bucket else {})}, key.location, key.key)

    def _uploaded(self, path: Node, handler: Value) -> Node:
        archive = self._found(path.plain(), self.archives, "output_path")
        if archive is None:
            return path
        for name in ("source_dir", "source_file"):
            source = archive.attributes.at(name)
            if source is not None and source.value not in (None, ""):
                return source
        return self._written(path, archive.attributes.at("source"), handler) or path

    def _written(self, path: Node, blocks: Node | None, handler: Value) -> Node | None:
        """Files that are put into an archive one by one: where they were read from, or the text in the configuration."""
        files = {
            str(block.get("filename")): content
            for block in (blocks.elements() if blocks else ())
            if (content := block.at("content")) is not None
        }
        module = handler.rpartition(".")[0] if isinstance(handler, str) else ""
        name = next((name for name in files if posixpath.splitext(name)[0] == module), next(iter(files), ""))
        content = files.get(name)
        if content is None:
            return None
        # A file that was read for the archive still stands where it was read from.
        read = {item.location.file: name for name, item in files.items() if not _is_configuration(item.location.file)}
        if content.location.file not in read:
            entries = {"ZipFile": content, "FileName": Node(name, content.location)}
            return Node(entries, content.location, path.key)
        folders = {posixpath.dirname(file) for file in read}
        same = all(posixpath.basename(file) == name for file, name in read.items())
        found = folders.pop() or "." if len(read) > 1 and same and len(folders) == 1 else content.location.file
        return Node(posixpath.relpath(found, self.folder or "."), path.location, path.key)

    def _found(self, value: Value, among: Sequence[Instance], argument: str) -> Instance | None:
        """The instance that a value comes from: by reference, else because it says the same."""
        for ref in refs(value):
            item = self.by_id.get(ref.target)
            if item is not None and item in among:
                return item
        if isinstance(value, Ref):
            return None
        same = [item for item in among if _same(item.attributes.get(argument), value)]
        return same[0] if same else None


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return posixpath.normpath(one) == posixpath.normpath(other)
    return one is not None and one == other


def _is_configuration(file: str) -> bool:
    return not file or file.endswith((".tf", ".tofu", ".tf.json", ".tofu.json", ".tfstate", "plan.json"))
