from inline_snapshot import snapshot

from remit.app.location import Location
from remit.app.noun import replace
from remit.app.report import Finding, Severity, Skip
from remit.render import text
from remit.scan.report import Report


def test_everything_is_shown_or_counted(report: Report) -> None:
    assert text.render(report) == snapshot("""\
shop   SAM · 1 function · 1 trigger · 2 resources · 1 role

critical[shell-injection]  anyone on the internet runs commands in Thumb
    1 template.yaml:2  bucket Uploads is writable by everyone
    2 app.py:4         name = event["Records"][0]["s3"]["object"]["key"]   takes the key
    3 app.py:5         os.system(f"convert {name} out.png")
                                 ~~~~~~~~~~~~~~~~~~~~~~~~~ the key is part of a command
      app.py:4         also from another field
   as ThumbRole  reads and writes every bucket · invokes 8 functions
   fix       pass a list to subprocess.run, without a shell
   more      remit explain shell-injection · CWE-78 · OWASP-S1 · SAS-01

medium[end-of-life-runtime]  Thumb runs on python3.8
   template.yaml:5  Runtime: python3.8
                             ~~~~~~~~~ no security updates any more
   fix       move to python3.13   (remit scan --fix=all)
   note      confidence medium
   more      remit explain end-of-life-runtime · CWE-1104 · OWASP-S9 · SAS-03

skipped  template.yaml:4: Resize: Rust is not read yet

1 critical, 1 medium in 1 function · 1 attack path · 1 suppressed · 1 in the baseline · 2 more for
stricter personas · 2 skipped · 1 not read
4 dependencies compared with advisory data 3 days old · nothing left this machine
""")


def test_verbose_lists_what_was_accepted_and_left_out(report: Report) -> None:
    shown = text.render(report, verbose=1)
    assert "traced elsewhere" in shown
    assert "generated, 41,000 lines" in shown
    assert "baseline    high[public-bucket]" in shown


def test_a_clean_app_says_what_was_examined(clean: Report) -> None:
    assert text.render(clean) == snapshot("""\
shop   SAM · 3 functions · 1 trigger · 2 resources · 1 role

no findings in 3 functions
nothing left this machine
""")


def test_colour_is_the_only_difference_it_makes(report: Report) -> None:
    import re

    coloured = text.render(report, colour=True)
    assert "\033[" in coloured
    assert re.sub(r"\033\[[0-9;]*m", "", coloured) == text.render(report)


def test_a_scanned_file_cannot_steer_the_terminal(report: Report, attack: Finding) -> None:
    hostile = "x = 1\n\n\nkey\n    os.system('\x1b]0;owned\x07\x1b[2J\u202e')\n"
    evil = replace(attack, message="a\x1b[31mb", label="c\x9b2Jd", function="e\x08")
    shown = text.render(replace(report, findings=(evil,), texts={"app.py": hostile}))
    assert not {char for char in shown if not char.isprintable() and char != "\n"}


def test_no_line_is_wider_than_asked_but_for_places(report: Report) -> None:
    for width in (60, 80, 120):
        for line in text.render(report, width=width).splitlines():
            assert len(line) <= width + 1, line


def test_a_line_of_ten_thousand_columns_is_clipped_around_the_span(report: Report, attack: Finding) -> None:
    line = "a" * 9000 + "SINK" + "b" * 1000
    place = Location("app.py", 1, 9001, 1, 9005)
    finding = replace(attack, hops=(), location=place, label="here", severity=Severity.HIGH)
    shown = text.render(replace(report, findings=(finding,), texts={"app.py": line}))
    row = next(index for index, text_ in enumerate(shown.splitlines()) if "SINK" in text_)
    lines = shown.splitlines()
    assert lines[row].index("SINK") == lines[row + 1].index("~~~~")
    assert max(map(len, lines)) <= 101


def test_a_place_that_does_not_exist_is_shown_without_an_excerpt(report: Report, attack: Finding) -> None:
    for place in (Location("gone.py", 3), Location("app.py", 999), Location("app.py", 0), Location("app.py", 2, 90)):
        assert "shell-injection" in text.render(replace(report, findings=(replace(attack, hops=(), location=place),)))


def test_the_same_skip_in_one_file_is_said_once() -> None:
    skips = tuple(Skip("F", "a call through a table", Location("app.py", line), blind=True) for line in range(3, 393))
    other = Skip("F", "a call through a table", Location("b.py", 7), blind=True)
    out = text.render(Report(skips=(*skips, other)))
    assert "skipped  app.py:3: a call through a table (390 times in this file)\n" in out
    assert "skipped  b.py:7: F: a call through a table\n" in out
    assert out.count("skipped  ") == 2


def test_how_old_the_knowledge_of_aws_is_stands_below(clean: Report) -> None:
    fresh = replace(clean, today="2026-11-22", aws_data="2026-09-26")
    assert (
        text.render(fresh).splitlines()[-1]
        == "actions and policies of AWS as of 2026-09-26 · nothing left this machine"
    )
    old = text.render(replace(fresh, today="2027-11-22")).replace("\n", " ")
    assert "as of 2026-09-26, more than a year old: what is newer is not known" in old
