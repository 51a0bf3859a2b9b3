"use strict";
// Search over all lists: rows are kept as data, the first fitting ones are in the document.
(() => {
  window.trustedTypes?.createPolicy("default", { createHTML: (text) => (text === "" ? "" : null) });
  document.documentElement.classList.add("scripted");
  const { lists, rows } = JSON.parse(document.getElementById("data").textContent);
  const SHOWN = 50;
  const number = new Intl.NumberFormat("en");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const find = (id) => document.getElementById(id);
  const texts = rows.map(([title, by, venue, year]) => plain([title, by, venue, year].filter(Boolean).join(" \n ")));
  const form = find("filters");

  function make(tag, attributes = {}, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside.filter((part) => part !== null && part !== undefined));
    return element;
  }

  function row([title, by, venue, year, citations, places]) {
    const first = new Map(places.toReversed());
    const links = [...first].toReversed().flatMap(([list, id], i) => [
      i ? " · " : "",
      make("a", { href: `${lists[list][1]}#entry-${encodeURIComponent(id)}` }, lists[list][0]),
    ]);
    return make("tr", {},
      make("th", { scope: "row", dir: "auto" }, title, make("span", { class: "tag" }, [by, venue].filter(Boolean).join(" · "))),
      make("td", { dir: "auto" }, ...links),
      make("td", { class: "n" }, year === null ? "" : String(year)),
      make("td", { class: "n" }, citations === null ? "" : number.format(citations)));
  }

  function search() {
    const words = [...plain(form.elements.q.value).matchAll(/"([^"]*)"?|([^\s"]+)/g)]
      .map((match) => (match[1] ?? match[2]).trim()).filter(Boolean);
    const list = form.elements.list.value;
    const idle = words.length === 0 && list === "";
    const found = idle ? [] : rows.filter((entry, i) =>
      (list === "" || entry[5].some(([place]) => String(place) === list)) && words.every((word) => texts[i].includes(word)));
    found.sort((a, b) => (b[4] ?? -1) - (a[4] ?? -1));
    find("found").replaceChildren(...found.slice(0, SHOWN).map(row));
    find("results").hidden = found.length === 0;
    find("count").textContent = idle ? `${number.format(rows.length)} papers and other entries`
      : found.length > SHOWN ? `${number.format(found.length)} found, the ${SHOWN} most cited are shown`
      : `${number.format(found.length)} found`;
    const parts = new URLSearchParams();
    if (form.elements.q.value) parts.set("q", form.elements.q.value);
    if (list) parts.set("list", list);
    const text = parts.toString();
    if (text || location.hash.startsWith("#find?")) history.replaceState(null, "", text ? `#find?${text}` : "#search");
  }

  function recall() {
    const parts = new URLSearchParams(location.hash.startsWith("#find?") ? location.hash.slice(6) : "");
    form.elements.q.value = parts.get("q") ?? "";
    form.elements.list.value = parts.get("list") ?? "";
    if (form.elements.list.selectedIndex === -1) form.elements.list.value = "";
    search();
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(search);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => requestAnimationFrame(search));
  window.addEventListener("hashchange", () => { if (location.hash.startsWith("#find?")) recall(); });
  recall();
})();
