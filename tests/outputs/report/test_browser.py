"""The page in a real browser: what a reader does, what a hostile title does not."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.outputs.browser import Browser
from tests.outputs.report.tables import FIRST, SECOND, entry, paper, write_snapshot
from tests.outputs.report.test_page import SHOWN as HOSTILE
from tests.outputs.report.test_page import hostile

from enrich.outputs.report import write_report

pytestmark = pytest.mark.slow

KINDS = ("paper", "paper", "dataset", "code")
STATUSES = ("resolved", "resolved", "resolved", "unresolved", "not_a_paper")
TITLES = "return [...document.querySelectorAll('#rows .unfold')].map(b => b.textContent)"
SHOWN = "return document.querySelectorAll('#rows tr').length"


def many(root: Path, number: int, name: str = FIRST) -> Path:
    """A snapshot of `number` entries in seven sections."""
    entries = [
        entry(n, kind=KINDS[n % 4], status=STATUSES[n % 5], section=["All", f"Part {n % 7}"])
        for n in range(number)
    ]
    papers = [
        paper(n, citation_count=None if n == 5 else n * 7 % 1000, authors=[
            {"name": "Zoë Müller" if n == 6 else f"Ada Example {n}", "s2_author_id": None,
             "affiliations": []}])
        for n in range(number) if STATUSES[n % 5] == "resolved"
    ]  # fmt: skip
    return write_snapshot(root, entries, papers, name=name)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 120 entries with a snapshot before it."""
    root = tmp_path_factory.mktemp("page")
    many(root, 100)
    return write_report(many(root, 120, SECOND))


def type_into(browser: Browser, name: str, text: str) -> None:
    """Type as a person does, and wait for the table to follow."""
    field = browser.driver.find_element("css selector", f"#filters [name={name}]")
    field.clear()
    field.send_keys(text)
    browser.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")


def choose(browser: Browser, name: str, value: str) -> None:
    option = f"#filters [name={name}] option[value='{value}']"
    browser.driver.find_element("css selector", option).click()
    browser.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")


def click(browser: Browser, selector: str) -> None:
    element = browser.driver.find_element("css selector", selector)
    browser.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.click()


def test_nothing_is_asked_of_the_network_and_nothing_is_wrong(browser: Browser, page: Path) -> None:
    """The page asks for itself alone and leaves the console empty, drawn in full."""
    browser.open(page)
    click(browser, "#rows .unfold")
    asked, said = browser.settle()
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    assert said == []
    assert browser.js("return document.querySelectorAll('.canvas svg').length") == 7


def test_sorts_both_ways_and_says_so(browser: Browser, page: Path) -> None:
    """A heading sorts, again the other way; aria-sort says which; the unknown stays last."""
    browser.open(page)
    click(browser, "[data-sort=citations]")
    column = "return [...document.querySelectorAll('#rows td.c-citations')].map(c => c.textContent)"
    counts = [int(text.replace(",", "")) for text in browser.js(column) if text]
    assert counts == sorted(counts, reverse=True)
    head = (
        "return [...document.querySelectorAll('#table th[aria-sort]')]"
        ".map(h => [h.textContent, h.ariaSort])"
    )
    assert browser.js(head) == [["Citations", "descending"]]
    click(browser, "[data-sort=citations]")
    assert browser.js(head) == [["Citations", "ascending"]]
    assert browser.js(column)[0] == "0"
    click(browser, "#next")
    click(browser, "#next")
    assert browser.js(column)[-1] == ""
    click(browser, "[data-sort=title]")
    titles = browser.js(TITLES)
    assert titles[:3] == ["Paper number 0", "Paper number 1", "Paper number 2"]


def test_filters_together(browser: Browser, page: Path) -> None:
    """Section, kind, status and years narrow together; clearing brings all back."""
    browser.open(page)
    choose(browser, "section", "All\\aPart 3")
    choose(browser, "status", "resolved")
    numbers = [int(title.split()[-1]) for title in browser.js(TITLES)]
    assert numbers == [n for n in range(120) if n % 7 == 3 and n % 5 < 3]
    type_into(browser, "from", "2005")
    type_into(browser, "to", "2010")
    numbers = [int(title.split()[-1]) for title in browser.js(TITLES)]
    assert numbers == [n for n in range(120) if n % 7 == 3 and n % 5 < 3 and 5 <= n % 20 <= 10]
    text = browser.js("return document.getElementById('count').textContent")
    assert text.startswith(f"{len(numbers)} of 120 entries")
    click(browser, "#filters [type=reset]")
    assert browser.js("return document.getElementById('count').textContent") == "120 entries"


def test_open_is_all_that_waits_for_someone(browser: Browser, page: Path) -> None:
    """The status 'open' joins what is unresolved, ambiguous, in conflict or pending."""
    browser.open(page)
    choose(browser, "status", "open")
    assert [int(t.split()[-1]) for t in browser.js(TITLES)] == [n for n in range(120) if n % 5 == 3]


def test_search_reads_authors_without_their_accents(browser: Browser, page: Path) -> None:
    """Words may stand anywhere, in any case and without accents; quotes keep words together."""
    browser.open(page)
    type_into(browser, "q", "MULLER zoe")
    assert browser.js(TITLES) == ["Paper number 6"]
    type_into(browser, "q", '"number 7" paper')
    assert [t.split()[-1] for t in browser.js(TITLES)] == ["7", *(str(n) for n in range(70, 80))]
    type_into(browser, "q", "there is no such thing")
    assert browser.js("return !document.getElementById('none').hidden")
    click(browser, "#clear")
    assert browser.js(SHOWN) == 50


def test_unfolds_with_the_keyboard(browser: Browser, page: Path) -> None:
    """An entry is a button: Enter unfolds abstract and authors, again folds, and it says so."""
    browser.open(page)
    button = browser.driver.find_element("css selector", "#rows .unfold")
    button.send_keys("\ue007")
    assert button.get_attribute("aria-expanded") == "true"
    inside = browser.driver.find_element("id", button.get_attribute("aria-controls")).text
    assert "What paper 0 is about." in inside
    assert "Ada Example 0" in inside
    button.send_keys("\ue007")
    assert button.get_attribute("aria-expanded") == "false"
    assert browser.js(SHOWN) == 50


def test_keyboard_reaches_the_entries_first(browser: Browser, page: Path) -> None:
    """The first stop of the Tab key is the way past the charts to the entries."""
    browser.open(page)
    browser.driver.find_element("tag name", "body").send_keys("\ue004")
    assert browser.js("return document.activeElement.textContent") == "Skip to the entries"
    browser.driver.switch_to.active_element.send_keys("\ue007")
    assert browser.js("return document.activeElement.id") == "entries"


def test_view_is_kept_in_the_address(browser: Browser, page: Path) -> None:
    """Filters and order stand in the address: opened again it shows the same, whatever is in it."""
    browser.open(page)
    type_into(browser, "q", "paper 11")
    click(browser, "[data-sort=year]")
    titles, address = browser.js(TITLES), browser.js("return location.hash")
    assert titles
    browser.open(page, address)
    assert browser.js(TITLES) == titles
    browser.open(page, "#view?kind=<b>&status=none&sort=constructor&q=%22&from=x")
    assert browser.js("return document.getElementById('count').textContent") == "120 entries"
    assert browser.settle()[1] == []


def test_a_section_is_filtered_by_its_bar_alone(browser: Browser, tmp_path: Path) -> None:
    """Pressing a section's bar shows the entries it counts, not those of sections below it."""
    entries = [entry(1, section=["A"]), entry(2, section=["A", "B"]), entry(3, section=["C"])]
    browser.open(write_report(write_snapshot(tmp_path, entries, [paper(n) for n in (1, 2, 3)])))
    browser.js("window.showEntries({group: 'A'})")
    assert browser.js(TITLES) == ["Paper number 1"]
    click(browser, "#chips button")
    assert len(browser.js(TITLES)) == 3


def test_every_entry_has_an_address(browser: Browser, page: Path) -> None:
    """An entry's address unfolds it on its page of rows, whatever was filtered before."""
    browser.open(page, "#entry-e107")
    browser.until("return document.activeElement.textContent === 'Paper number 107'")
    assert "is about" in browser.js("return document.getElementById('more-107').textContent")
    type_into(browser, "q", "number 3")
    browser.js("location.hash = '#entry-e60'")
    browser.until("return document.activeElement.textContent === 'Paper number 60'")
    browser.open(page, "#entry-%E0%A4%A")
    assert browser.js("return document.getElementById('count').textContent") == "120 entries"
    assert browser.settle()[1] == []


def test_an_author_leads_to_their_papers(browser: Browser, tmp_path: Path) -> None:
    """Pressing a frequent author shows that author's papers and nobody's of a similar name."""

    def by(name: str) -> list[dict[str, object]]:
        return [{"name": name, "s2_author_id": None, "affiliations": []}]

    papers = [paper(1, authors=by("Ada Li")), paper(2, authors=by("Ada Li")),
              paper(3, authors=by("Ada Lin"))]  # fmt: skip
    browser.open(write_report(write_snapshot(tmp_path, [entry(n) for n in (1, 2, 3)], papers)))
    click(browser, "#rankings a[href*=author]")
    browser.until("return document.querySelectorAll('#rows .unfold').length === 2")
    assert browser.js(TITLES) == ["Paper number 1", "Paper number 2"]


SAVED = """
const done = arguments[0];
URL.createObjectURL = (blob) => { blob.text().then(done); return "data:,"; };
document.getElementById("csv").click();
"""


def test_csv_holds_what_is_shown(browser: Browser, tmp_path: Path) -> None:
    """The saved table has the filtered rows, quoted, and nothing a spreadsheet would run."""
    title = '=HYPERLINK("x","y"), and\nmore'
    entries = [entry(1, title=title, status="unresolved"), entry(2)]
    browser.open(write_report(write_snapshot(tmp_path, entries, [paper(2)])))
    choose(browser, "status", "unresolved")
    text = browser.driver.execute_async_script(SAVED)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 1
    assert rows[0]["title"] == '\'=HYPERLINK("x","y"), and more'
    assert rows[0]["status"] == "unresolved"


COPIED = """
window.copied = "";
const writeText = async (text) => { window.copied = text; };
Object.defineProperty(navigator, "clipboard", { value: { writeText } });
"""


def test_bibtex_is_copied(browser: Browser, page: Path) -> None:
    """One entry's BibTeX, or that of all papers shown; keys are those of `enrich export`."""
    browser.open(page)
    browser.js(COPIED)
    click(browser, "#rows .unfold")
    click(browser, ".more .actions button")
    browser.until("return window.copied !== ''")
    assert browser.js("return window.copied").startswith("@article{02020paper,")
    type_into(browser, "q", "number 7")
    click(browser, "#bibtex")
    browser.until("return window.copied.split('@').length > 2")
    assert browser.js("return document.getElementById('done').textContent").startswith("BibTeX of")


def test_growth_is_drawn_for_each_paper(browser: Browser, page: Path) -> None:
    """A paper whose count changed between snapshots has a line; one that did not has none."""
    browser.open(page)
    assert browser.js("return document.querySelectorAll('#rows .spark').length") == 0
    browser.open(grown(page))
    assert browser.js("return document.querySelectorAll('#rows .spark').length") == 1
    assert browser.js("return document.querySelectorAll('#rankings .spark').length") == 1


def grown(page: Path) -> Path:
    """A report of two papers, of which one has more citations than in the snapshot before."""
    root = page.parent.parent / "grown"
    write_snapshot(root, [entry(1), entry(2)], [paper(1), paper(2)], name=FIRST)
    papers = [paper(1, citation_count=99), paper(2)]
    return write_report(write_snapshot(root, [entry(1), entry(2)], papers, name=SECOND))


def test_pressing_a_mark_filters_the_entries(browser: Browser, page: Path) -> None:
    """A bar of a chart is a filter: the table then shows the entries it stands for."""
    browser.open(page)
    bar = "#chart-year .mark-rect.marks path"
    from selenium.webdriver import ActionChains

    element = browser.driver.find_elements("css selector", bar)[-1]
    browser.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    ActionChains(browser.driver).move_to_element(element).perform()
    assert "Published" in browser.js("return document.getElementById('tip').textContent")
    ActionChains(browser.driver).click(element).perform()
    numbers = [int(title.split()[-1]) for title in browser.js(TITLES)]
    # The newest year with a citation is 2017: 2018 and 2019 hold unresolved entries alone.
    assert numbers == [17, 37, 57, 77, 97, 117]


def test_hostile_text_does_nothing(browser: Browser, tmp_path: Path) -> None:
    """Titles, names, venues and links that try to act are shown as text, unfolded and in charts."""
    page = write_report(hostile(tmp_path))
    browser.open(page)
    for button in browser.driver.find_elements("css selector", "#rows .unfold"):
        browser.js("arguments[0].click()", button)
    browser.js("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.js(TITLES)[0] == HOSTILE
    assert (
        browser.js("return document.querySelectorAll('img, iframe, [onerror], [onload]').length")
        == 0
    )
    links = browser.js("return [...document.links].map(a => a.protocol)")
    assert set(links) <= {"https:", "file:"}
    assert HOSTILE[:12] in browser.js("return document.querySelector('#chart-venue').textContent")
    asked, said = browser.settle()
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    assert said == []


def test_no_script_can_make_markup_of_text(browser: Browser, page: Path) -> None:
    """The page's policy refuses innerHTML itself, so that no later change of a script opens it."""
    browser.open(page)
    attempt = (
        "try { document.body.innerHTML = '<p>x</p>'; return 'made' } catch { return 'refused' }"
    )
    assert browser.js(attempt) == "refused"


def test_list_without_entries(browser: Browser, tmp_path: Path) -> None:
    """An empty list gives a page that works and says that nothing is there."""
    browser.open(write_report(write_snapshot(tmp_path, [], [])))
    assert browser.js("return document.getElementById('count').textContent") == "0 entries"
    assert browser.settle()[1] == []


def test_five_thousand_rows_keep_the_document_small(browser: Browser, tmp_path: Path) -> None:
    """However long the list, one page of rows is in the document, and typing redraws only that."""
    page = write_report(many(tmp_path, 5000))
    browser.open(page)
    assert browser.js(SHOWN) == 50
    assert browser.js("return document.querySelectorAll('*').length") < 6000
    browser.js(
        "window.added = 0; new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach("
        "(n) => { window.added += 1 + (n.querySelectorAll?.('*').length ?? 0) }))).observe("
        "document.body, {childList: true, subtree: true})"
    )
    type_into(browser, "q", "7")
    assert browser.js(SHOWN) == 50
    assert 0 < browser.js("return window.added") < 1500
    click(browser, "[data-sort=title]")
    assert browser.js(SHOWN) == 50
    assert browser.js("return window.added") < 3000


def test_without_scripts_the_entries_are_there(browser: Browser, page: Path) -> None:
    """With scripts switched off there is a plain table of all entries and no dead control."""
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.driver.get(page.as_uri())
    assert len(browser.driver.find_elements("css selector", "noscript tbody tr")) == 120
    assert not browser.driver.find_element("id", "filters").is_displayed()
    assert browser.driver.find_element("css selector", ".figures").is_displayed()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, page: Path, width: int) -> None:
    """On a phone, a tablet and a desk nothing has to be scrolled sideways."""
    browser.width(width)
    browser.open(page)
    click(browser, "#rows .unfold")
    assert browser.js("return document.documentElement.scrollWidth") <= width
    title = browser.js("return document.querySelector('#rows .c-title').offsetWidth")
    assert title > 0.35 * width


CONTRAST = """
const linear = (v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const light = (rgb) => {
  const [r, g, b] = rgb.map(linear);
  return .2126 * r + .7152 * g + .0722 * b;
};
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const behind = (e) => {
  for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
  }
  return [255, 255, 255];
};
const bad = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let n; (n = walk.nextNode());) {
  const e = n.parentElement;
  if (!n.data.trim() || !e.checkVisibility() || e.closest('script, style, noscript')) continue;
  const style = getComputedStyle(e);
  const front = light(parse(e.closest('svg') ? style.fill : style.color).slice(0, 3));
  const back = light(behind(e));
  const ratio = (Math.max(front, back) + .05) / (Math.min(front, back) + .05);
  if (ratio < 4.5) bad.push([n.data.trim().slice(0, 40), ratio.toFixed(2)]);
}
return bad;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(browser: Browser, page: Path, scheme: str) -> None:
    """All text, in charts too, has WCAG AA's contrast of 4.5 to 1 in both schemes."""
    browser.emulate(prefers_color_scheme=scheme)
    browser.open(page)
    click(browser, "#rows .unfold")
    assert browser.js(CONTRAST) == []


def test_every_control_has_a_name(browser: Browser, page: Path) -> None:
    """Screen readers get a role and a name for all that can be operated (Chromium's own tree)."""
    browser.open(page)
    tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    operated = {"button", "link", "textbox", "searchbox", "combobox", "spinbutton", "region"}
    nameless = [
        node["role"]["value"]
        for node in tree
        if node.get("role", {}).get("value") in operated and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    assert any(node.get("role", {}).get("value") == "columnheader" for node in tree)


def test_print_shows_all_that_fits(browser: Browser, page: Path) -> None:
    """Paper has no pages to turn: printing shows every entry, and afterwards one page again."""
    browser.open(page)
    browser.js("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.js(SHOWN) == 120
    browser.js("window.dispatchEvent(new Event('afterprint'))")
    assert browser.js(SHOWN) == 50
