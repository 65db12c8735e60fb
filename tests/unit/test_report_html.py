"""A report as HTML: valid, whole, safe from what its texts hold, and accessible."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import Bundle, Judgement, grade, load_evidence
from adjudge.reports.build import report
from adjudge.reports.document import Document, Entries, Entry, Figure, Grid, Heading, Paragraph, Ref, Row, clean, texts
from adjudge.reports.figures import distribution, national
from adjudge.reports.html import render_html
from adjudge.reports.markdown import render_markdown
from tests.bundles import bundles

HTML = "{http://www.w3.org/1999/xhtml}"
GRADING = grade(load_evidence("hertfordshire-2007"))
DOCUMENT = report(GRADING)
PAGE = render_html(DOCUMENT)
TAGS = {
    *[
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "nav",
        "ul",
        "li",
        "main",
        "ol",
        "figure",
        "figcaption",
        "table",
        "caption",
        "colgroup",
        "col",
        "thead",
        "tbody",
        "tr",
    ],
    *["th", "td", "strong", "blockquote", "svg", "rect", "text"],
}
HOSTILE = (
    "<script>alert(1)</script>", "</style><script>x</script>", "</title><img src=x onerror=y>", '" onmouseover="x', "' onload='x", "]]>", "<!--",
    "-->", "&lt;b&gt;", "&#0;", "&notanentity;", "<svg/onload=x>", "javascript:x", "a\u2028b", "\u202eabc", "\x85", "<", ">", "&", "\ufdd0",
    "\U0001fffe", "\x00\x07",
)  # fmt: skip
texts_of_enemies = st.sampled_from(HOSTILE) | st.text(max_size=20).map(lambda text: f"<{text}>") | st.text(min_size=1, max_size=20)


def _parsed(page: str) -> Any:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    tree = parser.parse(page)
    assert [(place, code) for place, code, _ in parser.errors] == []
    return tree


def _elements(tree: Any) -> Iterator[tuple[str, Any]]:
    for element in tree.iter():
        if isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2], element


def _shown(tree: Any) -> str:
    """The text of a page, in one line."""
    return clean("".join(tree.find(f"{HTML}body").itertext()))


def test_it_is_valid_and_has_one_of_each_id() -> None:
    """HTML5 without a parse error; every id once; every link within the page leads to one."""
    tree = _parsed(PAGE)
    ids = [element.get("id") for _, element in _elements(tree) if element.get("id")]
    links = [element.get("href") for tag, element in _elements(tree) if tag == "a"]
    assert len(ids) == len(set(ids))
    assert len(links) > 500
    assert {link[1:] for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)


def test_it_is_one_file_without_scripts_or_network() -> None:
    """Nothing is fetched and nothing runs: no element or attribute that could, no address."""
    tree = _parsed(PAGE)
    assert {tag for tag, _ in _elements(tree)} <= TAGS
    assert not [name for _, element in _elements(tree) for name in element.attrib if name.startswith("on") or name in ("src", "action", "srcset")]
    assert "http" not in PAGE.replace("xmlns='http://www.w3.org/2000/svg'", "")
    assert "@import" not in PAGE
    assert "url(" not in PAGE


def test_headings_are_in_order() -> None:
    """One heading of the first level, and none that skips a level on the way down."""
    levels = [int(tag[1]) for tag, _ in _elements(_parsed(PAGE)) if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_it_says_its_language_and_can_be_skipped_through() -> None:
    """British English; the first link leads past the contents to the report."""
    tree = _parsed(PAGE)
    assert tree.get("lang") == "en-GB"
    first = next(element for tag, element in _elements(tree) if tag == "a")
    main = next(element for tag, element in _elements(tree) if tag == "main")
    assert first.get("href") == f"#{main.get('id')}"
    assert [element.get("aria-label") for tag, element in _elements(tree) if tag == "nav"] == ["Contents"]


def test_tables_have_captions_and_their_headers_a_scope() -> None:
    """Every table has a caption; every header cell says what it heads."""
    tables = [element for tag, element in _elements(_parsed(PAGE)) if tag == "table"]
    assert len(tables) > 40
    for table in tables:
        assert table.find(f"{HTML}caption").text
        assert {cell.get("scope") for cell in table.iter(f"{HTML}th")} <= {"col", "row", "rowgroup"}


def test_charts_have_words_and_a_table() -> None:
    """Each of the seven charts has an alternative text with its figures, and the table that follows has them too."""
    charts = [block for block in DOCUMENT.blocks if isinstance(block, Figure)]
    assert len(charts) == 7
    assert charts[1].alt == "Of 43 bodies, 6 Excellent, 14 Good, 21 Fair and 2 Poor. Hertfordshire Constabulary: published Good and proposed Fair."
    assert [element.get("aria-label") for tag, element in _elements(_parsed(PAGE)) if tag == "svg"] == [chart.alt for chart in charts]
    for place, block in enumerate(DOCUMENT.blocks):
        if isinstance(block, Figure):
            assert isinstance(DOCUMENT.blocks[place + 1], Grid)


def test_everything_of_the_document_is_on_the_page() -> None:
    """Each text of the document is there, in its order."""
    shown, at = _shown(_parsed(PAGE)), 0
    for text in (text for block in DOCUMENT.blocks if not isinstance(block, Figure) for text in texts(block)):
        at = shown.index(clean(text), at)


def test_recommendations_show_their_numbers() -> None:
    """Each number stands in the text, so that it is the same on screen, on paper and aloud; findings have theirs as the list's own."""
    items = [element for tag, element in _elements(_parsed(PAGE)) if tag == "li" and element.get("value")]
    heads = {element.get("value"): element[0].text for element in items if element[0].get("class") == "lead"}
    assert heads == {str(number): f"Recommendation {number}" for number in range(1, 10)}
    assert len(items) == len(GRADING.bundle.records) + 2 * len(heads)


def _made(text: str) -> Document:
    """A document in which one text stands wherever a text can stand."""
    words = (text, Ref(text, "here"), text)
    return Document(
        text,
        text,
        text,
        (
            Heading(1, text, "here"),
            Paragraph(words),
            Paragraph(words, "quote"),
            Entries((Entry(1, text, words, text.replace("\n", " "), "there"),)),
            Grid(text, (text, text), (Row((words,), group=True), Row((words, words))), (50, 50)),
            distribution(text, {"good": text, "poor": text}, {"good": 2, "poor": 1}, {"good": text}, text),
            national(text, {"good": text, "poor": text}, [(text, {"good": 2, "poor": 1}, "good")], text),
        ),
    )


def _skeleton(page: str) -> list[tuple[str, list[str]]]:
    return [(tag, sorted(element.attrib)) for tag, element in _elements(_parsed(page))]


@given(texts_of_enemies)
def test_no_text_can_change_the_page(text: str) -> None:
    """Whatever a text holds, the page has the elements and attributes that it has with a harmless one, and shows the text."""
    page = render_html(_made(text))
    whole = _parsed(page)
    assert clean(text) in _shown(whole)
    if clean(text):
        assert _skeleton(page) == _skeleton(render_html(_made("harmless")))


@settings(max_examples=20)
@given(bundles(), texts_of_enemies)
def test_no_bundle_can_change_the_page(bundle: Bundle, text: str) -> None:
    """A bundle with awkward texts gives a valid page with known elements only; a judgement's reason among them."""
    judged = {"framework": bundle.frameworks[0], "grade": next(iter(bundle.standard.grades)), "author": "A. B.", "date": "2007-10-01"}
    if any(each.framework == judged["framework"] and each.grade for each in bundle.judgements):
        bundle = bundle.model_copy(update={"judgements": ()})
    judgement = Judgement.model_validate({**judged, "reason": f"because {text}"})
    whole = _parsed(render_html(report(grade(bundle, judgements=(judgement,)))))
    assert {tag for tag, _ in _elements(whole)} <= TAGS
    shown = _shown(whole)
    assert clean(f"because {text}".strip()) in shown
    assert all(clean(record.summary) in shown for record in bundle.records)


@given(texts_of_enemies)
def test_no_text_can_change_the_lines_of_markdown(text: str) -> None:
    """In Markdown too a text stays in its line, and no mark of it is one of Markdown's."""
    lines = render_markdown(_made(text)).split("\n")
    assert len(lines) == len(render_markdown(_made("harmless" if clean(text) else "")).split("\n"))
    assert all(line.replace("\\|", "").count("|") in (0, 3) for line in lines)
    assert not re.search(r"(?<!\\)<", "\n".join(lines))


def test_markdown_holds_the_same() -> None:
    """Every record's summary and every heading is in the Markdown."""
    page = render_markdown(DOCUMENT).replace("\\", "")
    assert all(clean(record.summary).replace("\\", "") in page for record in GRADING.bundle.records)
    assert [line for line in page.split("\n") if line.startswith("### ")] == [f"### {each.text}" for each in DOCUMENT.contents if each.level == 2]


def _axe() -> Path:
    """Where axe-core stands: named by AXE_CORE, or where npm puts it beside pyproject.toml."""
    named = os.environ.get("AXE_CORE")
    return Path(named) if named else Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


def test_axe_finds_no_violation(tmp_path: Path) -> None:
    """axe-core in headless Chromium finds nothing wrong with the page.

    To run it: `npm install --no-save axe-core` beside pyproject.toml (or name its axe.min.js by the variable AXE_CORE), and a `chromium` on the path.
    Nothing is fetched when it runs. The report itself never holds axe or any script: this test puts them into a copy.
    """
    browser = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None or not _axe().is_file():
        pytest.skip("needs chromium and axe-core: see the docstring")
    axe = _axe().read_text(encoding="utf-8").replace("</script", "<\\/script")
    told = (
        "axe.run(document).then(found => { document.body.textContent = '';"
        " const out = document.createElement('pre'); out.id = 'axe';"
        " out.textContent = JSON.stringify({passes: found.passes.length, violations: found.violations.map(each => [each.id, each.nodes[0].html])});"
        " document.body.appendChild(out); })"
    )
    page = tmp_path / "report.html"
    page.write_text(PAGE.replace("</body>", f"<script>{axe}</script><script>{told}</script></body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=120000", "--dump-dom"]
    done = subprocess.run([browser, *options, page.as_uri()], capture_output=True, text=True, timeout=300, check=True)
    (pre,) = [element for tag, element in _elements(html5lib.parse(done.stdout)) if element.get("id") == "axe"]
    result = json.loads("".join(pre.itertext()))
    assert result["violations"] == []
    assert result["passes"] > 30
