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

  for (const entry of entries) {
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
        p?.title, p?.authors.join(" "), p?.venue, p?.abstract, p?.tldr,
        ...[...(p?.links ?? []), ...entry.links].map(([, url]) => url),
      ].filter(Boolean).join(" \n "));
    }
    return entry.text;
  }

  // ---- what is wanted, and the entries that fit it ----
  const START = { q: "", section: "", kind: "", status: "", from: "", to: "", sort: "position", down: false, page: 0 };
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
    const from = state.from === "" ? -Infinity : Number(state.from);
    const to = state.to === "" ? Infinity : Number(state.to);
    const anyYear = from === -Infinity && to === Infinity;
    return (entry) =>
      inside[entry.section] &&
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

  function change(wanted) {
    state = { ...state, page: 0, ...wanted };
    fitting = entries.filter(fits()).sort(order());
    draw();
    remember();
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
    const place = entry.path.at(-1) ?? "";
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
    const line = make("tr", {},
      make("td", { class: "n c-position" }, String(entry.position + 1)),
      make("th", { scope: "row", class: "c-title" }, button, byline(entry)),
      make("td", { class: "c-section", dir: "auto" }, entry.path.at(-1) ?? ""),
      make("td", { class: "c-kind" }, entry.kind),
      make("td", { class: "n c-year" }, entry.year === null ? "" : String(entry.year)),
      make("td", { class: "n c-citations" }, entry.citations === null ? "" : number.format(entry.citations)),
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
      fact("Published", joined([p.venue, p.year && String(p.year)]).join(""));
      if (p.citations !== null) {
        fact("Cited", `${number.format(p.citations)} times` +
          (p.influential !== null ? `, ${number.format(p.influential)} influential` : "") +
          (p.countedOn ? `, counted on ${p.countedOn}` : ""));
      }
      fact("Categories", p.categories.join(", "));
      fact("Read it", ...joined(p.links.map(link)));
    }
    fact("The list links", ...joined(entry.links.map(link)));
    fact("The list notes", entry.note);
    fact(STATUS[entry.status], entry.reason +
      (entry.method ? ` (${entry.method}${entry.score === null ? "" : `, score ${entry.score}`})` : ""));
    if (entry.candidates.length) {
      fact("Weighed", make("ul", {}, ...entry.candidates.map(([title, year, score, reason, url]) =>
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
    inside.append(facts);
    return make("tr", { class: "more", id }, make("td", { colspan: "7" }, inside));
  }

  function draw(everything = false) {
    const pages = Math.max(1, Math.ceil(fitting.length / size));
    state.page = Math.min(state.page, pages - 1);
    const first = everything ? 0 : state.page * size;
    const page = everything ? fitting : fitting.slice(first, first + size);
    find("rows").replaceChildren(...page.flatMap(row));
    find("table").hidden = fitting.length === 0;
    find("none").hidden = fitting.length > 0;
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
  const KEPT = ["q", "section", "kind", "status", "from", "to"];
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
    if (!location.hash.startsWith("#view?")) return false;
    const parts = new URLSearchParams(location.hash.slice(6));
    const wanted = { ...START };
    for (const key of KEPT) wanted[key] = parts.get(key) ?? "";
    const sort = parts.get("sort") ?? "";
    const name = sort.replace(/^-/, "");
    if (Object.hasOwn(VALUE, name)) Object.assign(wanted, { sort: name, down: sort.startsWith("-") });
    show(wanted);
    return true;
  }

  // ---- the controls ----
  const form = find("filters");
  for (const name of sectionNames.filter(Boolean)) {
    const path = name.split("\n");
    form.elements.section.append(make("option", { value: name }, "\u2003".repeat(path.length - 1) + path.at(-1)));
  }
  for (const [value, text] of Object.entries(ORDERS)) form.elements.order.append(make("option", { value }, text));

  const read = () => Object.fromEntries(KEPT.map((key) => [key, form.elements[key].value.trim()]));

  function show(wanted) {
    for (const key of KEPT) {
      form.elements[key].value = wanted[key] ?? "";
      // A value that is not offered (an old address) leaves a select empty: that is no filter.
      if (form.elements[key].selectedIndex === -1) form.elements[key].value = "";
    }
    change({ ...START, ...wanted, ...read() });
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
  if (!recall()) change({});
})();
