"""The picture in a real browser: nothing overlaps, it answers to hand and keyboard, and it asks the network for nothing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.graph import Pictures, picture
from remit.render.graph import html
from remit.scan import Plan, survey

pytestmark = pytest.mark.e2e
LEAKY = Path(__file__).parents[4] / "examples/leaky-shop"

#: Pairs of texts whose boxes overlap, of texts that leave their node, and of nodes that overlap.
OVERLAPS = """() => {
  const wrong = [];
  const shared = (one, other, from, to) => Math.min(one[to], other[to]) - Math.max(one[from], other[from]);
  const near = (one, other) => shared(one, other, "left", "right") > 1 && shared(one, other, "top", "bottom") > 2;
  const nodes = [...document.querySelectorAll(".graph .node")];
  const frames = nodes.map((node) => node.querySelector(".frame").getBoundingClientRect());
  nodes.forEach((node, number) => {
    const texts = [...node.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
    const frame = frames[number];
    texts.forEach(([said, box], at) => {
      if (box.right > frame.right + 1 || box.left < frame.left - 1) wrong.push("leaves: " + said);
      for (const [other, beside] of texts.slice(at + 1)) if (near(box, beside)) wrong.push(said + " / " + other);
    });
    for (let other = number + 1; other < nodes.length; other++)
      if (near(frame, frames[other])) wrong.push(node.id + " / " + nodes[other].id);
  });
  return wrong;
}"""


def chromium() -> str | None:
    named = os.environ.get("REMIT_CHROMIUM", "")
    return named or next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = survey(Plan((LEAKY,), today="2026-11-22", dependencies=False))
    apps = tuple(
        picture(part.facts, part.findings, name=part.summary.name, place=part.place, texts=found.report.texts)
        for part in found.parts
    )
    file = tmp_path_factory.mktemp("graph") / "graph.html"
    file.write_text(html.render(Pictures(apps, found.report.skips, found.report.failures)), "utf-8")
    return file


@pytest.fixture
def page(page_file: Path) -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api")
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium on PATH (REMIT_CHROMIUM names one)")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url))
        page.goto(page_file.as_uri())
        yield page
        assert said == [page_file.as_uri()]  # nothing to complain about, nothing fetched
        browser.close()


def lit(page) -> set[str]:
    return set(page.eval_on_selector_all(".graph.lit .node.on", "nodes => nodes.map(node => node.id)"))


def test_no_label_overlaps_another_or_leaves_its_node(page) -> None:
    assert page.locator(".graph .node").count() > 15
    assert page.evaluate(OVERLAPS) == []


def test_hovering_shows_what_leads_there_and_what_it_leads_to(page) -> None:
    page.hover("#function-InvoiceFunction")
    assert {"sender-anyone", "resource-ShopApi", "function-OrdersFunction", "resource-InvoiceQueue"} <= lit(page)
    assert "resource-DocumentBucket" in lit(page)
    assert "function-CatalogFunction" not in lit(page)
    page.hover("#function-CatalogFunction")
    assert "sender-signed-in" not in lit(page)  # its routes are open, others' are not
    page.mouse.move(5, 5)
    assert lit(page) == set()


def test_a_sender_leads_only_to_what_lets_it_in(page) -> None:
    page.hover("#sender-signed-in")
    assert {"function-OrdersFunction", "function-AdminFunction"} <= lit(page)
    assert "function-CatalogFunction" not in lit(page)
    page.mouse.move(5, 5)
    page.click("[data-sender=signed-in]")
    assert "function-CatalogFunction" not in lit(page)
    assert page.locator(".trigger.off").count() == 8


def test_choosing_a_function_tells_about_it_and_escape_lets_go(page) -> None:
    page.click("#function-ThumbnailFunction")
    about = page.inner_text("#panel")
    for part in ("thumbs.handler.handler", "template.yaml:67", "s3:ObjectCreated on UploadBucket", "actions granted",
                 "THUMBNAIL_BUCKET", "changes the code of every function", "runs commands"):  # fmt: skip
        assert part in about
    page.click("#panel a[href='#resource-ThumbnailBucket']")
    assert "ThumbnailBucket" in page.inner_text("#panel h3")
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")


def test_everything_can_be_done_by_keyboard(page) -> None:
    page.focus("#function-OrdersFunction")
    page.keyboard.press("Enter")
    assert "OrdersFunction" in page.inner_text("#panel h3")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "function-OrdersFunction"
    page.fill("input[type=search]", "invoicequ")
    assert lit(page) == {"resource-InvoiceQueue"}
    page.keyboard.press("Enter")
    assert "InvoiceQueue" in page.inner_text("#panel h3")


def test_one_attack_path_alone(page) -> None:
    letter = page.locator(".paths details", has_text="chooses which file InvoiceFunction").get_attribute("data-path")
    page.click(f".letter[data-path={letter}]")
    assert {"sender-anyone", "resource-ShopApi", "function-OrdersFunction", "function-InvoiceFunction"} <= lit(page)
    assert "function-AccountFunction" not in lit(page)
    steps = page.inner_text(f".paths details[data-path={letter}] .steps")
    assert "src/lib/documents.py" in steps
    page.click(f".letter[data-path={letter}]")
    assert lit(page) == set()


def test_stores_can_be_left_out(page) -> None:
    page.uncheck(".switch input")
    assert page.is_hidden("#resource-OrdersTable")
    assert page.is_visible("#resource-InvoiceQueue")


def test_on_a_telephone_only_the_picture_scrolls_sideways(page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(OVERLAPS) == []
    page.click("#sender-anyone")
    assert page.is_visible("#panel")


def test_without_a_script_it_is_all_there(page_file: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium on PATH (REMIT_CHROMIUM names one)")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, color_scheme="dark").new_page()
        page.goto(page_file.as_uri())
        assert page.is_visible("#about-function-ThumbnailFunction")
        page.click("#function-ThumbnailFunction")
        assert page.url.endswith("#about-function-ThumbnailFunction")
        assert page.is_hidden("input[type=search]")
        browser.close()
