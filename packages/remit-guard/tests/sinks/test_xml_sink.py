"""XML: documents that name files, hosts or bombs."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks import xml
from remit_guard.sinks.provenance import Provenance


def judge(data, *values):
    return xml.inspect(data, Provenance([Field(f"body→f{n}", value, "sqs") for n, value in enumerate(values)]))


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(97 + n)} '{('&' + chr(96 + n) + ';') * 10}'>" for n in range(1, 10)
) + "]><l>&j;</l>"  # fmt: skip
BAD = [
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    '<?xml version="1.0"?>\n<!-- hi --><!DOCTYPE x [ <!ENTITY e PUBLIC "a" "http://inside/">]><x>&e;</x>',
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://host/x.dtd"> %p;]><x/>',
    "<!DOCTYPE x [<!ENTITY % a \"<!ENTITY b SYSTEM 'file:///x'>\"> %a;]><x>&b;</x>",
    '<!DOCTYPE x SYSTEM "http://host/x.dtd"><x/>',
    '<!DOCTYPE x PUBLIC "-//Evil//DTD" "http://host/x.dtd"><x/>',
    LAUGHS,
    "<!DOCTYPE x [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><x>&a;</x>",
    f"<!DOCTYPE x [<!ENTITY a '{'A' * 2000}'>]><x>{'&a;' * 2000}</x>",
    '<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include parse="text" href="file:///etc/passwd"/></x>',
    "<!DOCTYPE x [<!ENTITY e 'a' >",
    '<!DOCTYPE x [<!NOTATION n SYSTEM "a>b"><!ENTITY e SYSTEM "file:///x" NDATA n>]><x/>',
]
GOOD = [
    "<x>plain &amp; simple &lt;</x>",
    "<!DOCTYPE html><html/>",
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>',
    '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;"/>',
    "<!DOCTYPE note [<!ELEMENT note (#PCDATA)><!ATTLIST note a CDATA 'x>y'>]><note>a</note>",
    "<x><![CDATA[<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///x'>]>]]></x>",
    "<x>&lt;!ENTITY e SYSTEM 'x'&gt;</x>",
    "<include href='x'/>",
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:40])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
def test_documents_that_do_more(text, encoding):
    assert judge(text, text) is not None
    assert judge(text.encode(encoding), text) is not None
    assert judge(text.encode(encoding), base64.b64encode(text.encode(encoding)).decode()) is not None
    assert judge(text, "something else entirely") is None


def test_a_declared_encoding():
    raw = ("<?xml version='1.0' encoding='utf-7'?>" + BAD[0]).encode("utf-7")
    assert judge(raw, base64.b64encode(raw).decode()) is not None


@pytest.mark.parametrize("text", GOOD, ids=lambda text: text[:40])
def test_documents_that_carry_data(text):
    assert judge(text, text) is None
    assert judge(text.encode(), text) is None


def test_declarations_of_the_application():
    frame = '<!DOCTYPE x [<!ENTITY logo SYSTEM "logo.png">]><x>{}</x>'
    assert judge(frame.format("a harmless remark of a customer"), "a harmless remark of a customer") is None


@given(
    st.lists(
        st.sampled_from(
            [
                "<!DOCTYPE x",
                "[",
                "]>",
                "<!ENTITY a ",
                "% b ",
                "'&a;'",
                '"',
                "SYSTEM ",
                ">",
                "<x>",
                "&a;",
                "<!--",
                "-->",
                " ",
            ]
        ),
        max_size=16,
    )
)
def test_never_raises(pieces):
    text = "".join(pieces)
    judge(text, text)
    judge(text.encode("utf-16"), text)


def test_hostile_sizes_end():
    for text in (
        "<!--" * 50_000,
        "<!DOCTYPE x [" + "<!ENTITY a '" * 20_000,
        "<?" * 50_000,
        "<!DOCTYPE x [" + "<!ENTITY a '&a;'>" * 20_000 + "]>",
        " " * 200_000,
    ):
        judge(text, text)
    chain = "".join(f"<!ENTITY e{n} '&e{n + 1};'>" for n in range(5000))
    judge(f"<!DOCTYPE x [{chain}<!ENTITY e5000 'x'>]><x>&e0;</x>", "e")
