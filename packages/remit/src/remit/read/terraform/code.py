"""Where the code of a function or layer is: from the archive that Terraform uploads back to what is put into it."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from remit.app.node import Node
from remit.app.value import Ref, Value, refs
from remit.read.terraform.aws.documents import structured
from remit.read.terraform.instance import Instance
from remit.read.terraform.things import SAM_METADATA

_ARCHIVE = "archive_file"
#: Images that Terraform builds, and those it uploads under another's name.
_IMAGES = ("docker_image", "docker_registry_image")
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy")


class Archives:
    """Finds what an archive is made of.

    Args:
        instances: every resource and data source of the app.
        folder: folder of the configuration, relative to the root: relative paths begin there.
    """

    def __init__(self, instances: Sequence[Instance], folder: str) -> None:
        self.by_id = {instance.id: instance for instance in instances}
        self.archives = Named(instances, (_ARCHIVE,), "output_path")
        self.objects = Named(instances, _OBJECTS, "key")
        self.told = dict(_told(item) for item in instances if f".{SAM_METADATA}" in item.address)
        self.folder = folder

    def code(self, instance: Instance) -> Node | None:
        """The folder or file that holds the code, as a path; else what the configuration says instead.

        Args:
            instance: a function or layer, its references as Terraform writes them.
        """
        told = self.told.get(instance.address)
        written = next(_paths(told), None) if told is not None else None
        if written is not None:
            return written
        handler = instance.attributes.get("handler")
        filename = instance.attributes.at("filename")
        if filename is not None and filename.value not in (None, ""):
            return self._uploaded(filename, handler)
        key = instance.attributes.at("s3_key")
        if key is None or key.value in (None, ""):
            return None
        item = self._found(key.plain(), self.objects)
        source = item.attributes.at("source") if item is not None else None
        if source is not None and source.value not in (None, ""):
            return self._uploaded(source, handler)
        bucket = instance.attributes.at("s3_bucket")
        return Node({"S3Key": key, **({"S3Bucket": bucket} if bucket else {})}, key.location, key.key, key.absent)

    def image(self, instance: Instance) -> Node | None:
        """Where the image of a function is built, in the words of SAM's metadata; ``None`` where that is not told."""
        told = self.told.get(instance.address)
        names = {"docker_context": "DockerContext", "docker_file": "Dockerfile"}
        found = {key: node for name, key in names.items() if told is not None and (node := told.at(name)) is not None}
        if found:
            return Node(found, instance.location)
        value = instance.attributes.get("image_uri")
        for _ in range(len(_IMAGES)):
            item = next((self.by_id[ref.target] for ref in refs(value) if ref.target in self.by_id), None)
            if item is None or item.type not in _IMAGES:
                return None
            build = item.attributes.at("build", 0)
            folder = build.at("context") if build is not None else None
            if build is not None and folder is not None:
                file = build.at("dockerfile")
                return Node({"DockerContext": folder, **({"Dockerfile": file} if file else {})}, folder.location)
            value = item.attributes.get("name")
        return None

    def _uploaded(self, path: Node, handler: Value) -> Node:
        archive = self._found(path.plain(), self.archives)
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
        return Node(posixpath.relpath(found, self.folder or "."), path.location, path.key, path.absent)

    def _found(self, value: Value, among: "Named") -> Instance | None:
        """The instance that a value comes from: by reference, else because it says the same."""
        for ref in refs(value):
            item = self.by_id.get(ref.target)
            if item is not None and item.type in among.types:
                return item
        return None if isinstance(value, Ref) else among.by_path.get(_spelled(value))


class Named:
    """Instances by the path that one of their arguments says."""

    def __init__(self, instances: Sequence[Instance], types: tuple[str, ...], argument: str) -> None:
        self.types = types
        self.by_path: dict[str, Instance] = {}
        for item in instances:
            value = item.attributes.get(argument) if item.type in types else None
            if value is not None:
                self.by_path.setdefault(_spelled(value), item)


def _spelled(value: Value) -> str:
    return posixpath.normpath(value) if isinstance(value, str) else str(value)


def _told(item: Instance) -> tuple[str, Node]:
    """What a resource that is only there to tell it says about the sources of another, by that other's address."""
    triggers = item.attributes.at("triggers") or Node({}, item.location)
    module = item.address.rpartition(f"{item.type}.{SAM_METADATA}")[0]
    return f"{module}{triggers.get('resource_name')}", triggers


def _paths(told: Node) -> Iterator[Node]:
    """The folders in ``original_source_code``: a path, a list of paths, or structures that name it."""
    code = told.at("original_source_code")
    name = told.get("source_code_property")
    for item in structured(code).elements() if code is not None else ():
        path = item.at(name) if isinstance(item.value, Mapping) and isinstance(name, str) else item
        if path is not None and isinstance(path.value, str) and path.value:
            yield path


def _is_configuration(file: str) -> bool:
    return not file or file.endswith((".tf", ".tofu", ".tf.json", ".tofu.json", ".tfstate", "plan.json"))
