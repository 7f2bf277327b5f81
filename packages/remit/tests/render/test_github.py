# ruff: noqa: E501

from inline_snapshot import snapshot

from remit.app.noun import replace
from remit.app.report import Finding
from remit.render import github
from remit.scan.report import Report


def test_each_finding_is_an_annotation(report: Report) -> None:
    assert github.render(report) == snapshot("""\
::error file=app.py,line=5,endLine=5,col=15,title=critical%3A shell-injection::anyone on the internet runs commands in Thumb%0A1. template.yaml:2 bucket Uploads is writable by everyone%0A2. app.py:4 takes the key%0A3. app.py:5 the key is part of a command%0Athe role then allows: reads and writes every bucket, invokes 8 functions%0Afix: pass a list to subprocess.run, without a shell
::warning file=template.yaml,line=5,endLine=5,col=16,title=medium%3A end-of-life-runtime::Thumb runs on python3.8%0Afix: move to python3.13
::error file=b.yaml,line=3,endLine=3,col=7,title=remit%3A not read%3A b.yaml::a mapping is not closed
::warning file=template.yaml,line=4,endLine=4,col=1,title=remit%3A not examined%3A Resize::Rust is not read yet
::notice title=remit::1 critical, 1 medium in 1 function · 1 attack path · 1 suppressed · 1 in the baseline · 2 more for stricter personas · 2 skipped · 1 not read
""")


def test_a_scanned_file_cannot_write_commands(report: Report, attack: Finding) -> None:
    evil = replace(attack, message="x\n::set-env name=PATH::y\r::stop-commands::z", hops=())
    lines = github.render(replace(report, findings=(evil,))).splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
