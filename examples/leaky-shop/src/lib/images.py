"""Previews: a progressive JPEG shows a coarse picture from its first bytes, so a preview is just those."""

import os
import shlex
import subprocess
import tempfile

WORK = os.path.join(tempfile.gettempdir(), "previews")
PREVIEW_BYTES = 65536


def prepare():
    os.system("umask 077 && mkdir -p " + WORK)


def preview(source, name):
    target = WORK + "/" + name.replace("/", "-")
    os.system(f"head -c {PREVIEW_BYTES} {shlex.quote(source)} > {target}")
    return target


def checksum(path):
    return subprocess.run(["sha256sum", "--", path], capture_output=True, check=True, text=True).stdout.split()[0]
