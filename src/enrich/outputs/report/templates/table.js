"use strict";
// The table of entries: all rows are kept as data, only one page of them is ever in the document.
// Text goes in through textContent alone, so whatever a title holds stays text.
(() => {
  // No script of the page may make markup of text; clearing an element (Vega does) is no markup.
  window.trustedTypes?.createPolicy("default", { createHTML: (text) => (text === "" ? "" : null) });
  document.documentElement.classList.add("scripted");
  const data = JSON.parse(document.getElementById("data").textContent);
  const objects = ({ keys, rows }) =>
    rows.map((row) => Object.fromEntries(keys.map((key, i) => [key, row[i]])));
  const papers = objects(data.papers);
  const entries = objects(data.entries);
  const OPEN = new Set(["unresolved", "ambiguous", "conflict", "pending"]);
  const STATUS = {
    resolved: "Resolved", unresolved: "Unresolved", ambiguous: "Ambiguous",
    conflict: "Conflict", pending: "Pending", not_a_paper: "Not a paper",
  };
  const ORDERS = {
    position: "as in the list", title: "by title", section: "by section", kind: "by kind",
    year: "newest first", citations: "most cited first", status: "by status",
  };
  // Numbers are most often wanted from the top, text from the beginning.
  const FALLING = new Set(["year", "citations"]);
  const rank = Object.fromEntries(Object.keys(STATUS).map((status, i) => [status, i]));
  const number = new Intl.NumberFormat("en");
  const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const find = (id) => document.getElementById(id);

  const byId = new Map();
  for (const entry of entries) {
    byId.set(entry.id, entry);
    entry.paper = entry.paper === null ? null : papers[entry.paper];
    entry.year = entry.paper?.year ?? entry.year;
    entry.citations = entry.paper?.citations ?? null;
    entry.path = data.sections[entry.section];
    entry.text = null;
  }

  function textOf(entry) {
    if (entry.text === null) {
      const p = entry.paper;
      entry.text = plain([
        entry.title, entry.authors, entry.venue, entry.note, entry.path.join(" "),
        p?.title, p?.authors.join(" "), p?.venue, p?.venueName, p?.abstract, p?.tldr,
        ...[...(p?.links ?? []), ...entry.links].map(([, url]) => url),
      ].filter(Boolean).join(" \n "));
    }
    return entry.text;
  }

  // ---- what is wanted, and the entries that fit it ----
  const START = { q: "", section: "", venue: "", author: "", group: "", kind: "", status: "", from: "", to: "", sort: "position", down: false, page: 0 };
  let state = { ...START };
  let size = 50;
  let fitting = entries;
  const unfolded = new Set();

  const sectionNames = [...new Set(data.sections.flatMap((path) =>
    path.map((_, depth) => path.slice(0, depth + 1).join("\n"))))];

  function fits() {
    const words = [...plain(state.q).matchAll(/"([^"]*)"?|([^\s"]+)/g)]
      .map((match) => (match[1] ?? match[2]).trim()).filter(Boolean);
    const inside = data.sections.map((path) => {
      const name = path.join("\n");
      return !state.section || name === state.section || name.startsWith(state.section + "\n");
    });
    const group = state.group && plain(state.group);
    const from = state.from === "" ? -Infinity : Number(state.from);
    const to = state.to === "" ? Infinity : Number(state.to);
    const anyYear = from === -Infinity && to === Infinity;
    return (entry) =>
      inside[entry.section] &&
      (!group || plain(data.sectionNames[entry.section] || "(no section)") === group) &&
      (!state.venue || entry.paper?.venue === state.venue) &&
      (!state.author || (entry.paper?.authors.includes(state.author) ?? false)) &&
      (!state.kind || entry.kind === state.kind) &&
      (!state.status || (state.status === "open" ? OPEN.has(entry.status) : entry.status === state.status)) &&
      (anyYear || (entry.year !== null && entry.year >= from && entry.year <= to)) &&
      words.every((word) => textOf(entry).includes(word));
  }

  const VALUE = {
    position: (e) => e.position,
    title: (e) => e.title,
    section: (e) => e.section,
    kind: (e) => e.kind,
    year: (e) => e.year,
    citations: (e) => e.citations,
    status: (e) => rank[e.status],
  };

  function order() {
    const value = VALUE[state.sort];
    const sign = state.down ? -1 : 1;
    return (a, b) => {
      const x = value(a), y = value(b);
      if (x === null || y === null) return (x === null) - (y === null) || a.position - b.position;
      const by = typeof x === "string" ? collator.compare(x, y) : x - y;
      return sign * by || a.position - b.position;
    };
  }

  function change(wanted, remembered = true) {
    state = { ...state, page: 0, ...wanted };
    fitting = entries.filter(fits()).sort(order());
    draw();
    if (remembered) remember();
  }

  // ---- drawing ----
  function make(tag, attributes = {}, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside.filter((part) => part !== null && part !== undefined));
    return element;
  }

  function link([label, url]) {
    if (!/^https?:\/\//i.test(url)) return document.createTextNode(label);
    return make("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, label);
  }

  function joined(parts, between = " · ") {
    return parts.filter(Boolean).flatMap((part, i) => (i ? [between, part] : [part]));
  }

  function byline(entry) {
    const p = entry.paper;
    const names = p?.authors.length
      ? p.authors.slice(0, 3).join(", ") + (p.authors.length > 3 ? ` +${p.authors.length - 3}` : "")
      : entry.authors;
    const links = (p?.links.length ? p.links : entry.links).slice(0, 4).map(link);
    const place = data.sectionNames[entry.section];
    const kind = plain(place).startsWith(entry.kind) ? null : entry.kind;
    const sub = make("span", { class: "sub" }, joined([place, kind]).join("") + " · ");
    const phone = make("span", { class: "phone" }, joined([entry.year && String(entry.year), STATUS[entry.status]]).join("") + " · ");
    return make("div", { class: "by", dir: "auto" }, phone, sub,
      ...joined([names, p?.venue ?? entry.venue, ...links]));
  }

  function row(entry) {
    const open = unfolded.has(entry.position);
    const id = `more-${entry.position}`;
    const button = make("button", { type: "button", class: "unfold", dir: "auto", "aria-expanded": String(open), "aria-controls": id }, entry.title);
    const line = make("tr", { id: `entry-${entry.id}` },
      make("td", { class: "n c-position" },
        make("a", { href: address(entry), "aria-label": `Link to entry ${entry.position + 1}` }, String(entry.position + 1))),
      make("th", { scope: "row", class: "c-title" }, button, byline(entry)),
      make("td", { class: "c-section", dir: "auto", title: entry.path.join(" › ") }, data.sectionNames[entry.section]),
      make("td", { class: "c-kind" }, entry.kind),
      make("td", { class: "n c-year" }, entry.year === null ? "" : String(entry.year)),
      make("td", { class: "n c-citations" }, entry.citations === null ? "" : number.format(entry.citations), sparkline(entry.paper?.history ?? [])),
      make("td", { class: "c-status" }, make("span", { class: `status ${entry.status}` }, STATUS[entry.status])));
    button.addEventListener("click", () => {
      const opening = !unfolded.delete(entry.position);
      if (opening) {
        unfolded.add(entry.position);
        line.after(more(entry, id));
      } else {
        find(id)?.remove();
      }
      button.setAttribute("aria-expanded", String(opening));
    });
    return open ? [line, more(entry, id)] : [line];
  }

  function more(entry, id) {
    const p = entry.paper;
    const facts = make("dl");
    const fact = (name, ...value) => {
      if (value.some((part) => part !== null && part !== undefined && part !== "")) {
        facts.append(make("dt", {}, name), make("dd", { dir: "auto" }, ...value));
      }
    };
    if (p) {
      if (plain(p.title) !== plain(entry.title)) fact("Paper's title", p.title);
      fact("Authors", p.authors.join(", "));
      fact("Published", joined([p.venueName, p.year && String(p.year)]).join(""));
      if (p.citations !== null) {
        fact("Cited", `${number.format(p.citations)} times` +
          (p.influential !== null ? `, ${number.format(p.influential)} influential` : "") +
          (p.countedOn ? `, counted on ${p.countedOn}` : ""), sparkline(p.history), since(p.history));
      }
      fact("Categories", p.categories.join(", "));
      fact("Read it", ...joined(p.links.map(link)));
    }
    fact("The list links", ...joined(entry.links.map(link)));
    fact("The list notes", entry.note);
    fact(STATUS[entry.status], entry.reason +
      (entry.method ? ` (${entry.method}${entry.score === null ? "" : `, score ${entry.score}`})` : ""));
    if (entry.candidates.length) {
      fact("Candidates", make("ul", {}, ...entry.candidates.map(([title, year, score, reason, url]) =>
        make("li", {}, url ? link([title, url]) : title,
          ` (${joined([year && String(year), score !== null && `score ${score}`], ", ").join("")})`,
          reason ? make("div", { class: "tag" }, reason) : null))));
    }
    fact("In the list", joined([entry.path.join(" › "), `line ${entry.line}`], ", ").join(""));
    const inside = make("div", { class: "inside" });
    if (p?.withdrawn) inside.append(make("p", { class: "warn" }, p.withdrawn));
    if (p?.abstract) {
      const source = { arxiv: "arXiv", semantic_scholar: "Semantic Scholar" }[p.abstractSource];
      inside.append(make("p", { dir: "auto", class: "abstract" }, p.abstract, " ",
        make("span", { class: "tag" }, source ? `Abstract from ${source}.` : "")));
    } else if (p?.tldr) {
      inside.append(make("p", { dir: "auto" }, p.tldr, " ", make("span", { class: "tag" }, "TLDR, made by a model.")));
    }
    const actions = make("p", { class: "actions" }, make("a", { href: address(entry) }, "Link to this entry"));
    if (p?.bibtex) actions.append(" ", pressed("Copy BibTeX", () => copy(p.bibtex, "BibTeX copied.")));
    inside.append(facts, actions);
    return make("tr", { class: "more", id }, make("td", { colspan: "7" }, inside));
  }

  const address = (entry) => `#entry-${encodeURIComponent(entry.id)}`;

  function pressed(label, action) {
    const button = make("button", { type: "button", class: "small" }, label);
    button.addEventListener("click", action);
    return button;
  }

  // ---- growth of one paper over the snapshots ----
  function sparkline(history) {
    const known = history.map((count, i) => [i, count]).filter(([, count]) => count !== null);
    const counts = known.map(([, count]) => count);
    const low = Math.min(...counts), high = Math.max(...counts);
    if (known.length < 2 || low === high) return null;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    for (const [name, value] of Object.entries({ class: "spark", viewBox: "0 0 72 18", "aria-hidden": "true" })) svg.setAttribute(name, value);
    line.setAttribute("points", known.map(([i, count]) =>
      `${(1 + i / (history.length - 1) * 70).toFixed(1)},${(17 - (count - low) / (high - low) * 16).toFixed(1)}`).join(" "));
    svg.append(line);
    return svg;
  }

  function since(history) {
    const first = history.findIndex((count) => count !== null);
    const last = history.at(-1);
    if (first < 0 || last === null || last === undefined || last === history[first]) return null;
    const sign = last > history[first] ? "+" : "−";
    return ` ${sign}${number.format(Math.abs(last - history[first]))} since ${data.days[first]}`;
  }

  // ---- what is shown, for other programs ----
  function report(message) {
    find("done").textContent = message;
  }

  async function copy(text, message) {
    try {
      await navigator.clipboard.writeText(text);
      report(message);
    } catch {
      // Without permission, or over http: the selection of a text field can still be copied.
      const field = make("textarea", { class: "hidden", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      report(document.execCommand("copy") ? message : "The browser does not allow copying.");
      field.remove();
    }
  }

  // A spreadsheet runs a cell that begins like a formula, also after blanks.
  const isFormula = (text) => data.formulaStarts.some((start) => text.replace(/^[ \u00a0]+/, "").startsWith(start));
  const quoted = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = typeof value === "string" && isFormula(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  function csv() {
    const rows = fitting.map((e) => [
      e.title, e.path.join(" › "), e.kind, e.status, e.paper?.title, e.paper?.authors.join("; "),
      e.year, e.paper?.venueName ?? e.venue, e.citations, e.paper?.countedOn,
      (e.paper?.links ?? e.links)[0]?.[1], e.line,
    ]);
    const head = ["title", "section", "kind", "status", "paper_title", "authors", "year", "venue", "citations", "counted_on", "link", "line"];
    return [head, ...rows].map((row) => row.map(quoted).join(",") + "\r\n").join("");
  }

  function saveCsv() {
    const url = URL.createObjectURL(new Blob(["\ufeff", csv()], { type: "text/csv" }));
    const anchor = make("a", { href: url, download: `${data.list}.csv` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    report(`${number.format(fitting.length)} entries saved as CSV.`);
  }

  function copyBibtex() {
    const found = [...new Set(fitting.map((entry) => entry.paper?.bibtex).filter(Boolean))];
    copy(found.join("\n"), `BibTeX of ${number.format(found.length)} papers copied.`);
  }

  function drawChips() {
    const chips = ["author", "group"].filter((name) => state[name]).map((name) =>
      pressed(`${name === "author" ? "Author" : "Section"}: ${state[name]} ×`, () => change({ [name]: "" })));
    find("chips").replaceChildren(...chips);
  }

  function draw(everything = false) {
    const pages = Math.max(1, Math.ceil(fitting.length / size));
    state.page = Math.min(state.page, pages - 1);
    const first = everything ? 0 : state.page * size;
    const page = everything ? fitting : fitting.slice(first, first + size);
    find("rows").replaceChildren(...page.flatMap(row));
    find("table").hidden = fitting.length === 0;
    find("none").hidden = fitting.length > 0;
    drawChips();
    const cited = fitting.reduce((sum, entry) => sum + (entry.citations ?? 0), 0);
    find("count").textContent = fitting.length === entries.length
      ? `${number.format(entries.length)} entries`
      : `${number.format(fitting.length)} of ${number.format(entries.length)} entries, ${number.format(cited)} citations`;
    find("page").textContent = fitting.length
      ? `${number.format(first + 1)}–${number.format(first + page.length)} of ${number.format(fitting.length)}`
      : "";
    // aria-disabled, not disabled: the focus stays where it is at the first and last page.
    find("previous").setAttribute("aria-disabled", String(state.page === 0));
    find("next").setAttribute("aria-disabled", String(state.page >= pages - 1));
    for (const button of document.querySelectorAll("#table [data-sort]")) {
      const here = button.dataset.sort === state.sort;
      const head = button.closest("th");
      if (here) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  // ---- the view in the address, so that it can be shared and survives a reload ----
  const CONTROLS = ["q", "section", "venue", "kind", "status", "from", "to"];
  const KEPT = [...CONTROLS, "author", "group"];
  function remember() {
    const parts = new URLSearchParams();
    for (const key of KEPT) if (state[key]) parts.set(key, state[key]);
    if (state.sort !== START.sort || state.down) parts.set("sort", (state.down ? "-" : "") + state.sort);
    const text = parts.toString();
    if (text || location.hash.startsWith("#view?")) {
      history.replaceState(null, "", text ? `#view?${text}` : "#entries");
    }
  }

  function recall() {
    if (location.hash.startsWith("#entry-")) return showEntry(location.hash.slice(7));
    if (!location.hash.startsWith("#view?")) return false;
    const parts = new URLSearchParams(location.hash.slice(6));
    const wanted = { ...START };
    for (const key of KEPT) wanted[key] = parts.get(key) ?? "";
    for (const key of ["from", "to"]) if (!/^\d*$/.test(wanted[key])) wanted[key] = "";
    const sort = parts.get("sort") ?? "";
    const name = sort.replace(/^-/, "");
    if (Object.hasOwn(VALUE, name)) Object.assign(wanted, { sort: name, down: sort.startsWith("-") });
    show(wanted);
    find("entries").scrollIntoView();
    return true;
  }

  // An entry's own address: its page of rows, unfolded, wherever it is in the list.
  function showEntry(id) {
    let entry = null;
    try {
      entry = byId.get(decodeURIComponent(id));
    } catch {
      // A broken address shows the whole list.
    }
    if (!entry) return false;
    unfolded.add(entry.position);
    if (!fitting.includes(entry) || state.sort !== "position") show(START, false);
    state.page = Math.floor(fitting.indexOf(entry) / size);
    draw();
    const line = find(`entry-${entry.id}`);
    line.scrollIntoView({ block: "center" });
    line.querySelector(".unfold").focus({ preventScroll: true });
    return true;
  }

  // ---- the controls ----
  const form = find("filters");
  const controls = CONTROLS.filter((key) => form.elements[key]);
  for (const name of sectionNames.filter(Boolean)) {
    const path = name.split("\n");
    form.elements.section.append(make("option", { value: name }, "\u2003".repeat(path.length - 1) + path.at(-1)));
  }
  for (const [value, text] of Object.entries(ORDERS)) form.elements.order.append(make("option", { value }, text));

  const read = () => Object.fromEntries(controls.map((key) => [key, form.elements[key].value.trim()]));

  function show(wanted, remembered = true) {
    for (const key of controls) {
      form.elements[key].value = wanted[key] ?? "";
      // A value that is not offered (an old address) leaves a select empty: that is no filter.
      if (form.elements[key].selectedIndex === -1) form.elements[key].value = "";
    }
    change({ ...START, ...wanted, ...read() }, remembered);
    form.elements.order.value = state.sort;
  }

  function sortBy(name) {
    const again = state.sort === name;
    change({ sort: name, down: again ? !state.down : FALLING.has(name) });
    form.elements.order.value = name;
  }

  let waiting = 0;
  function filter(event) {
    if (event.target.name === "order") return;
    // One drawing per frame however fast the typing is.
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => change(read()));
  }
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  form.elements.order.addEventListener("change", (event) => {
    change({ sort: event.target.value, down: FALLING.has(event.target.value) });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { event.preventDefault(); show(START); });
  find("clear").addEventListener("click", () => { show(START); form.elements.q.focus(); });
  for (const button of document.querySelectorAll("#table [data-sort]")) {
    button.addEventListener("click", () => sortBy(button.dataset.sort));
  }
  function turn(by) {
    if (find(by < 0 ? "previous" : "next").getAttribute("aria-disabled") === "true") return;
    state.page += by;
    draw();
    find("entries").scrollIntoView();
  }
  find("previous").addEventListener("click", () => turn(-1));
  find("next").addEventListener("click", () => turn(1));
  find("csv").addEventListener("click", saveCsv);
  find("bibtex")?.addEventListener("click", copyBibtex);
  find("size").addEventListener("change", (event) => { size = Number(event.target.value); state.page = 0; draw(); });
  window.addEventListener("hashchange", recall);
  // Paper has no pages to turn: all that fits is printed.
  window.addEventListener("beforeprint", () => draw(true));
  window.addEventListener("afterprint", () => draw());

  // What the charts use: set filters, then go and look.
  window.showEntries = (wanted) => {
    show({ ...START, ...wanted });
    find("entries").scrollIntoView();
    find("entries").focus({ preventScroll: true });
  };
  window.addEventListener("DOMContentLoaded", recall);
  // Once more when all is laid out: charts move the entries, and the browser's own jump to an
  // address takes the focus away.
  const again = () => requestAnimationFrame(() => requestAnimationFrame(() => {
    if (location.hash.startsWith("#entry-")) recall();
  }));
  window.addEventListener("load", again);
  window.addEventListener("chartsdrawn", again);
  change({}, false);
})();
