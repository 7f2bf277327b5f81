"""What a Dockerfile says a function runs, and where its code comes from."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.model import Function
from remit.read import code_of, load
from remit.read.dockerfile import folders, handler_of, parse, runtime_of
from remit.read.files import handler_of as located


def write(root: Path, name: str, content: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("public.ecr.aws/lambda/python:3.12", ("python3.12", True)),
        ("public.ecr.aws/lambda/python:3.12.2024.09.01-x86_64", ("python3.12", True)),
        ("amazon/aws-lambda-nodejs:20", ("nodejs20.x", True)),
        ("python:3.12-slim", ("python3.12", False)),
        ("public.ecr.aws/docker/library/python:3.11.6-slim-bullseye", ("python3.11", False)),
        ("node:22-alpine", ("nodejs22.x", False)),
        ("node", ("nodejs", False)),
        ("public.ecr.aws/lambda/provided:al2023", ("", False)),
        ("golang:1.22", ("", False)),
    ],
)
def test_runtime_of_a_base(base: str, expected: tuple[str, bool]) -> None:
    assert runtime_of(base) == expected


BUILT = """\
FROM node:20 AS build
WORKDIR /src
COPY . .
RUN npm run build
FROM public.ecr.aws/lambda/nodejs:20
COPY --from=build /src/dist/ ${LAMBDA_TASK_ROOT}/
"""
LAMBDA = "FROM public.ecr.aws/lambda/python:3.12\n"


@pytest.mark.parametrize(
    ("text", "command", "entrypoint", "expected"),
    [
        (LAMBDA + 'CMD ["app.handler"]', (), (), "app.handler"),
        (LAMBDA + "CMD app.handler", (), (), "app.handler"),
        (LAMBDA + 'CMD [ "src/app.handler" ]\n# CMD ["x.y"]', (), (), "src/app.handler"),
        (LAMBDA + 'CMD ["app.handler"]', ("other.run",), (), "other.run"),
        (LAMBDA + 'ENTRYPOINT ["/lambda-entrypoint.sh"]\nCMD ["app.handler"]', (), (), "app.handler"),
        (LAMBDA + 'CMD ["app.handler"]', (), ("/usr/bin/tini",), ""),
        ('FROM python:3.12\nENTRYPOINT ["python", "-m", "awslambdaric"]\nCMD ["app.handler"]', (), (), "app.handler"),
        ('FROM python:3.12\nCMD ["python", "-m", "awslambdaric", "app.handler"]', (), (), "app.handler"),
        ('FROM node:20\nENTRYPOINT ["npx", "aws-lambda-ric"]\nCMD ["index.handler"]', (), (), "index.handler"),
        ('FROM python:3.12\nCMD ["python", "app.py"]', (), (), ""),
        ('FROM python:3.12\nCMD ["app.handler"]', (), (), ""),
        (LAMBDA + "RUN <<EOF\nCMD x.y\nEOF\nCMD a.b", (), (), "a.b"),
        (
            'FROM a AS b\nCMD x\nFROM public.ecr.aws/lambda/nodejs:20\nCMD \\\n  # note\n  ["index.handler"]',
            (),
            (),
            "index.handler",
        ),
        (
            "ARG TAG=3.11\nFROM public.ecr.aws/lambda/python:${TAG}\nARG NAME=app\nCMD $NAME.handler",
            (),
            (),
            "app.handler",
        ),
    ],
)
def test_handler(text: str, command: tuple[str, ...], entrypoint: tuple[str, ...], expected: str) -> None:
    stage = parse(text)
    assert stage is not None
    assert handler_of(stage, command, entrypoint) == expected


@pytest.mark.parametrize(
    ("text", "root", "expected"),
    [
        (LAMBDA + "COPY app.py ${LAMBDA_TASK_ROOT}/", "/var/task", ["app.py", "."]),
        (LAMBDA + "COPY src/ ${LAMBDA_TASK_ROOT}", "/var/task", ["src"]),
        (LAMBDA + "COPY src/ ./src/", "/var/task", ["."]),
        (LAMBDA + "COPY requirements.txt .\nCOPY . .", "/var/task", [".", "requirements.txt"]),
        ("FROM python:3.12\nWORKDIR /app\nCOPY svc/ /\n", "/app", ["svc/app"]),
        (
            BUILT,
            "/var/task",
            [".", "dist"],
        ),
        ("FROM python:3.12 AS base\nWORKDIR /f\nCOPY a/ .\nFROM base\n", "/f", ["a", "."]),
        ('FROM python:3.12\nCOPY ["a b/", "/f"]\n', "/f", ["a b"]),
        ("FROM python:3.12\nCOPY --chown=1:1 a/*.py /f/\n", "/f", ["a", "."]),
    ],
)
def test_where_code_comes_from(text: str, root: str, expected: list[str]) -> None:
    stage = parse(text)
    assert stage is not None
    assert list(folders(stage, root)) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["FROM", "COPY", "CMD", "ENTRYPOINT", "ENV", "ARG", "WORKDIR", "ADD", "x", "#"]),
            st.text(alphabet="ab ./$={}[]\"\\*-,':1", max_size=30),
        ),
        max_size=12,
    )
)
def test_no_text_breaks_it(lines: list[tuple[str, str]]) -> None:
    stage = parse("FROM a\n" + "\n".join(f"{word} {rest}" for word, rest in lines))
    assert stage is not None
    assert isinstance(handler_of(stage), str)
    assert all(isinstance(folder, str) for folder in folders(stage, "/var/task"))


SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = "  F:\n    Type: AWS::Serverless::Function\n    Properties: {PackageType: Image%s}\n"


def one(root: Path) -> Function:
    ((function,),) = [app.functions for app in load(root).apps]
    return function


def test_an_image_of_sam(tmp_path: Path) -> None:
    text = SAM + FUNCTION % "" + "    Metadata: {DockerContext: ./svc, Dockerfile: Dockerfile}\n"
    write(tmp_path, "app/template.yaml", text)
    write(tmp_path, "app/svc/Dockerfile", LAMBDA + 'COPY code/ ${LAMBDA_TASK_ROOT}/\nCMD ["app.handler"]\n')
    write(tmp_path, "app/svc/code/app.py", "def handler(event, context): ...\n")
    function = one(tmp_path)
    assert (function.handler, function.runtime, function.code) == ("app.handler", "python3.12", "app/svc/code")
    found = located(code_of(tmp_path, function), function)
    assert found is not None
    assert (found.file, found.line) == ("app/svc/code/app.py", 1)
    assert not load(tmp_path).skips


def test_a_command_of_the_template_wins(tmp_path: Path) -> None:
    config = ", ImageConfig: {Command: [b.run]}"
    write(tmp_path, "template.yaml", SAM + FUNCTION % config + "    Metadata: {DockerContext: .}\n")
    write(tmp_path, "Dockerfile", LAMBDA + "COPY *.py ./\nCMD [a.handler]\n")
    write(tmp_path, "b.py", "def run(event, context): ...\n")
    assert (one(tmp_path).handler, one(tmp_path).code) == ("b.run", ".")


def test_an_image_of_serverless(tmp_path: Path) -> None:
    text = """\
service: s
provider:
  name: aws
  ecr: {images: {main: {path: ./img, file: D.docker}}}
functions:
  f: {image: {name: main, command: [app.run]}}
"""
    write(tmp_path, "serverless.yml", text)
    write(tmp_path, "img/D.docker", LAMBDA + "COPY . .\n")
    write(tmp_path, "img/app.py", "def run(event, context): ...\n")
    function = one(tmp_path)
    assert (function.handler, function.runtime, function.code) == ("app.run", "python3.12", "img")


@pytest.mark.parametrize(
    ("docker", "why"),
    [
        (
            'FROM python:3.12\nCMD ["python", "app.py"]\n',
            "its image starts no handler that can be seen but python app.py",
        ),
        (
            LAMBDA + 'RUN pip install thing\nCMD ["thing.handler"]\n',
            "its image: where thing.handler comes from does not show",
        ),
        ("# nothing\n", "its image: Dockerfile cannot be read"),
    ],
)
def test_what_cannot_be_seen_is_a_blind_spot(tmp_path: Path, docker: str, why: str) -> None:
    write(tmp_path, "template.yaml", SAM + FUNCTION % "" + "    Metadata: {DockerContext: .}\n")
    write(tmp_path, "Dockerfile", docker)
    ((said, blind),) = [(skip.why, skip.blind) for skip in load(tmp_path).skips]
    assert said.startswith(why)
    assert blind


def test_an_image_from_elsewhere_is_a_blind_spot(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml", SAM + FUNCTION % "" + "    Metadata: {DockerContext: ../x}\n")
    write(tmp_path.parent, "x/Dockerfile", LAMBDA)
    assert [(skip.why, skip.blind) for skip in load(tmp_path).skips] == [("its code is a container image", True)]
