// The drawing of citations: the neighbours of a paper stand out, and papers can be found by words.
(() => {
  const svg = document.getElementById("network");
  if (!svg) return;
  const papers = [...svg.querySelectorAll("a")];
  const numbers = svg.querySelector(".lines").dataset.ends.trim().split(" ").map(Number);
  const near = svg.querySelector(".near");
  const at = papers.map((paper) => {
    const circle = paper.querySelector("circle");
    return `${circle.getAttribute("cx")} ${circle.getAttribute("cy")}`;
  });

  function show(chosen) {
    svg.classList.toggle("chosen", chosen.size > 0);
    papers.forEach((paper, number) => paper.classList.toggle("on", chosen.has(number)));
  }

  function neighbours(number) {
    const chosen = new Set([number]);
    let path = "";
    for (let i = 0; i < numbers.length; i += 2) {
      const [citing, cited] = [numbers[i], numbers[i + 1]];
      if (citing !== number && cited !== number) continue;
      chosen.add(citing).add(cited);
      path += `M${at[citing]}L${at[cited]}`;
    }
    near.setAttribute("d", path);
    show(chosen);
  }

  function clear() {
    near.setAttribute("d", "");
    find();
  }

  papers.forEach((paper, number) => {
    paper.addEventListener("mouseenter", () => neighbours(number));
    paper.addEventListener("focus", () => neighbours(number));
    paper.addEventListener("mouseleave", clear);
    paper.addEventListener("blur", clear);
  });

  const form = document.getElementById("network-search");
  const field = form.querySelector("input");
  const found = document.getElementById("network-found");

  function find() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = new Set();
    if (words.length) {
      papers.forEach((paper, number) => {
        const text = paper.getAttribute("aria-label").toLowerCase();
        if (words.every((word) => text.includes(word))) fitting.add(number);
      });
    }
    svg.classList.toggle("none", words.length > 0 && !fitting.size);
    show(fitting);
    found.textContent = words.length ? `${fitting.size} of ${papers.length} papers in the drawing` : "";
  }

  field.addEventListener("input", find);
  form.addEventListener("submit", (event) => event.preventDefault());
})();
