"""Cloud assemblies of the CDK: stacks, assets, and the sources they were made from."""

import json
import zipfile
from pathlib import Path

import pytest

from remit.app.value import Ref
from remit.read import Reading, code_of, load
from remit.read.files import handler_of


def write(root: Path, name: str, content: object) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def function(
    asset: str, handler: str = "app.handler", runtime: str = "python3.12", **more: object
) -> dict[str, object]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": {"Fn::Sub": "cdk-x-assets-${AWS::AccountId}"}, "S3Key": f"{asset}.zip"},
            "Handler": handler,
            "Runtime": runtime,
            **more,
        },
        "Metadata": {
            "aws:cdk:path": "Shop/Orders/Resource",
            "aws:asset:path": f"asset.{asset}",
            "aws:asset:property": "Code",
        },
    }


def assembly(root: Path, folder: str, stacks: dict[str, dict[str, object]], **more: object) -> None:
    artifacts: dict[str, object] = {
        name: {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{name}.template.json"},
            "displayName": name,
        }
        for name in stacks
    }
    write(root, f"{folder}/manifest.json", {"version": "36.0.0", "artifacts": artifacts | more})
    for name, resources in stacks.items():
        write(root, f"{folder}/{name}.template.json", {"Resources": resources})


def said(reading: Reading) -> list[tuple[str, str, bool]]:
    return [(skip.what, skip.why, skip.blind) for skip in reading.skips]


def test_a_stack_with_the_sources_of_its_asset(tmp_path: Path) -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Metadata": {"aws:cdk:path": "Shop/Table/Resource"}}
    orders = function("a1", Environment={"Variables": {"T": {"Ref": "Table1"}}})
    assembly(tmp_path, "cdk.out", {"Shop": {"Orders1": orders, "Table1": table}})
    write(tmp_path, "cdk.json", {"app": "x"})
    write(tmp_path, ".gitignore", "cdk.out\n")
    for folder in ("cdk.out/asset.a1", "lambda/orders"):
        write(tmp_path, f"{folder}/app.py", "import lib.db\ndef handler(event, context): ...\n")
        write(tmp_path, f"{folder}/lib/db.py", "x = 1\n")
    write(tmp_path, "lambda/other/app.py", "def handler(event, context): return 1\n")
    reading = load(tmp_path)
    (app,) = reading.apps
    assert (app.name, app.form, app.template) == ("Shop", "CDK", "cdk.out/Shop.template.json")
    (orders_function,) = app.functions
    assert orders_function.code == "lambda/orders"
    assert app.resources["Orders1"].label == "Shop/Orders"
    assert orders_function.environment["T"].plain() == Ref("Table1")
    found = handler_of(code_of(tmp_path, orders_function), orders_function)
    assert found is not None
    assert (found.file, found.line) == ("lambda/orders/app.py", 2)
    assert not reading.failures
    assert [skip for skip in said(reading) if skip[2]] == []


def test_a_bundle_is_followed_to_its_entry(tmp_path: Path) -> None:
    assembly(tmp_path, "cdk.out", {"S": {"F": function("b1", "index.handler", "nodejs20.x")}})
    bundle = "// node_modules/uuid/index.js\nx();\n// lambda/lib.ts\ny();\n// lambda/orders.ts\nexports.handler = 1;\n"
    write(tmp_path, "cdk.out/asset.b1/index.js", bundle)
    write(tmp_path, "lambda/orders.ts", "export const handler = 1;\n")
    write(tmp_path, "lambda/lib.ts", "export const y = 1;\n")
    (found,) = load(tmp_path).apps[0].functions
    assert (found.code, found.handler) == ("lambda", "orders.handler")


def test_a_bundle_without_its_sources_is_read_itself(tmp_path: Path) -> None:
    assembly(tmp_path, "cdk.out", {"S": {"F": function("b1", "index.handler", "nodejs20.x")}})
    write(tmp_path, "cdk.out/asset.b1/index.js", "exports.handler=async()=>{}")
    (found,) = load(tmp_path).apps[0].functions
    assert (found.code, found.handler) == ("cdk.out/asset.b1", "index.handler")
    assert set(code_of(tmp_path, found).files) == {"cdk.out/asset.b1/index.js"}


def test_assets_by_their_manifest_and_as_archives(tmp_path: Path) -> None:
    plain = function("c1")
    del plain["Metadata"]
    assets = {"type": "cdk:asset-manifest", "properties": {"file": "S.assets.json"}}
    assembly(tmp_path, "cdk.out", {"S": {"F": plain}}, **{"S.assets": assets})
    source = {"path": "asset.c1.zip", "packaging": "file"}
    write(
        tmp_path,
        "cdk.out/S.assets.json",
        {"files": {"c1": {"source": source, "destinations": {"d": {"objectKey": "c1.zip"}}}}},
    )
    with zipfile.ZipFile(tmp_path / "cdk.out/asset.c1.zip", "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...\n")
    (found,) = load(tmp_path).apps[0].functions
    assert found.code == "cdk.out/asset.c1.zip"
    assert list(code_of(tmp_path, found).files) == ["cdk.out/asset.c1.zip/app.py"]


def test_an_image_asset(tmp_path: Path) -> None:
    uri = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/cdk-assets:d1d1d1"}
    image = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ImageUri": uri}, "PackageType": "Image"}}
    assets = {"type": "cdk:asset-manifest", "properties": {"file": "S.assets.json"}}
    assembly(tmp_path, "cdk.out", {"S": {"F": image}}, **{"S.assets": assets})
    write(tmp_path, "cdk.out/S.assets.json", {"dockerImages": {"d1d1d1": {"source": {"directory": "asset.d1d1d1"}}}})
    for folder in ("cdk.out/asset.d1d1d1", "svc"):
        write(tmp_path, f"{folder}/app.py", "def handler(event, context): ...\n")
        write(
            tmp_path,
            f"{folder}/Dockerfile",
            'FROM public.ecr.aws/lambda/python:3.12\nCOPY app.py ./\nCMD ["app.handler"]\n',
        )
    reading = load(tmp_path)
    (found,) = reading.apps[0].functions
    assert (found.handler, found.runtime, found.code) == ("app.handler", "python3.12", "svc")
    assert said(reading) == []


def test_stages_are_nested_assemblies(tmp_path: Path) -> None:
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    assembly(tmp_path, "cdk.out", {"Pipeline": {"Q": {"Type": "AWS::SQS::Queue"}}}, **{"assembly-Prod": stage})
    assembly(tmp_path, "cdk.out/assembly-Prod", {"ProdShop": {"F": function("e1")}})
    write(tmp_path, "cdk.out/asset.e1/app.py", "def handler(event, context): ...\n")
    reading = load(tmp_path)
    assert [(app.name, app.template) for app in reading.apps] == [
        ("Pipeline", "cdk.out/Pipeline.template.json"),
        ("ProdShop", "cdk.out/assembly-Prod/ProdShop.template.json"),
    ]
    assert reading.apps[1].functions[0].code == "cdk.out/asset.e1"


def test_a_nested_stack_is_a_part(tmp_path: Path) -> None:
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, "/x/abc.json"]]}},
        "Metadata": {"aws:cdk:path": "S/N.NestedStack/N", "aws:asset:path": "SN1.nested.template.json"},
    }
    assembly(tmp_path, "cdk.out", {"S": {"N": nested}})
    write(tmp_path, "cdk.out/SN1.nested.template.json", {"Resources": {"F": function("f1")}})
    write(tmp_path, "cdk.out/asset.f1/app.py", "def handler(event, context): ...\n")
    (app,) = load(tmp_path).apps
    assert [(item.id, item.code) for item in app.functions] == [("F", "cdk.out/asset.f1")]


def test_an_app_that_was_not_synthesised_is_a_blind_spot(tmp_path: Path) -> None:
    write(tmp_path, "cdk.json", {"app": "python3 app.py"})
    write(tmp_path, "lambda/app.py", "def lambda_handler(event, context): ...\n")
    reading = load(tmp_path)
    assert reading.apps == ()
    why = 'a CDK app whose templates are not here; run "npx cdk synth" and examine it again'
    assert said(reading) == [("cdk.json", why, True)]


def test_an_assembly_elsewhere_is_found_and_its_templates_are_read_once(tmp_path: Path) -> None:
    assembly(tmp_path, "infra/synth", {"S": {"F": function("a1")}})
    write(tmp_path, "infra/cdk.json", {"app": "x", "output": "synth"})
    reading = load(tmp_path)
    assert [(app.form, app.name) for app in reading.apps] == [("CDK", "S")]
    (absent,) = code_of(tmp_path, reading.apps[0].functions[0]).skips
    assert (absent.why, absent.blind) == ("its code infra/synth/asset.a1 is not there; is it built first?", True)
    assert [(app.form, app.name) for app in load(tmp_path / "infra" / "synth").apps] == [("CDK", "S")]


@pytest.mark.parametrize(
    ("files", "failure"),
    [
        ({"manifest.json": "{"}, "cdk.out/manifest.json: is not JSON that can be read"),
        ({"manifest.json": "[" * 100_000}, "cdk.out/manifest.json: is not JSON that can be read"),
        (
            {"manifest.json": {"version": "1", "artifacts": {"S": {"type": "aws:cloudformation:stack"}}}},
            "cdk.out/S.template.json: cannot be read: No such file or directory",
        ),
        (
            {
                "manifest.json": {
                    "version": "1",
                    "artifacts": {
                        "S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../../x.json"}}
                    },
                }
            },
            "S: its template ../x.json lies outside the examined folder",
        ),
    ],
)
def test_what_is_broken_fails_in_one_line(tmp_path: Path, files: dict[str, object], failure: str) -> None:
    for name, content in files.items():
        write(tmp_path, f"cdk.out/{name}", content)
    assert [str(item) for item in load(tmp_path).failures] == [failure]


def test_an_assembly_that_holds_itself_ends(tmp_path: Path) -> None:
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    assembly(tmp_path, "cdk.out", {"S": {"Q": {"Type": "AWS::SQS::Queue"}}}, again=stage)
    assert len(load(tmp_path).apps) == 1


def test_a_template_that_was_synthesised_and_lies_elsewhere(tmp_path: Path) -> None:
    old = function("a1", S3={"Ref": "AssetParametersa1S3Bucket"})
    write(tmp_path, "deploy/template.json", {"Resources": {"F": old}})
    write(tmp_path, "deploy/asset.a1/app.py", "def handler(event, context): ...\n")
    (app,) = load(tmp_path).apps
    assert (app.form, app.resources["F"].label, app.functions[0].code) == (
        "CloudFormation",
        "Shop/Orders",
        "deploy/asset.a1",
    )
    assert set(code_of(tmp_path, app.functions[0]).files) == {"deploy/asset.a1/app.py"}
