"use strict";
// The charts: Vega draws SVG without eval (its interpreter), colours come from the page's style.
(() => {
  const { charts } = JSON.parse(document.getElementById("data").textContent);
  const tip = document.getElementById("tip");

  function tooltip(handler, event, item, value) {
    tip.hidden = value === null || value === undefined || value === "";
    if (tip.hidden) return;
    const list = document.createElement("dl");
    for (const [name, text] of Object.entries(value)) {
      if (text === "") continue;
      const term = document.createElement("dt");
      const detail = document.createElement("dd");
      term.textContent = name;
      detail.textContent = text;
      detail.dir = "auto";
      list.append(term, detail);
    }
    tip.replaceChildren(list);
    const left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
    const below = event.clientY + 16;
    const top = below + tip.offsetHeight > window.innerHeight ? event.clientY - tip.offsetHeight - 10 : below;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, top)}px`;
  }

  const filters = {
    year: (datum) => ({ from: String(datum.year), to: String(datum.year) }),
    section: (datum) => ({ group: datum.section }),
    venue: (datum) => ({ venue: datum.venue }),
    paper: (datum) => ({ q: `"${datum.title.replaceAll('"', " ")}"` }),
    outcome: (datum) => ({ kind: datum.row, status: datum.status }),
  };

  async function drawChart(chart) {
    const place = document.getElementById(`chart-${chart.name}`);
    // Long names leave the bars more than half of the width, on a phone as on a desk.
    const axisY = { labelLimit: Math.round(place.clientWidth * 0.42) };
    const config = { ...chart.spec.config, axisY };
    const { view } = await window.vegaEmbed(place, { ...chart.spec, config, description: chart.summary }, {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true,
      defaultStyle: false, tooltip, hover: false,
    });
    const pick = filters[chart.filter];
    if (pick) {
      view.addEventListener("click", (event, item) => {
        // Axes and legends have data of their own; only marks have counts.
        if (item?.datum?.papers === undefined && item?.datum?.entries === undefined) return;
        tip.hidden = true;
        window.showEntries(pick(item.datum));
      });
    }
  }

  // Charts move what is below them: who followed a link to an entry is brought back to it.
  Promise.all(charts.map(drawChart)).then(() => window.dispatchEvent(new Event("chartsdrawn")));
})();
