// The drawing of citations: the neighbours of a paper stand out, and papers can be found by words.
(() => {
  const svg = document.getElementById("network");
  if (!svg) return;
  const papers = [...svg.querySelectorAll("a")];
  const lines = [...svg.querySelectorAll("line")];
  const ends = lines.map((line) => line.dataset.ends.split(" ").map(Number));

  function show(chosen) {
    svg.classList.toggle("chosen", chosen.size > 0);
    papers.forEach((paper, number) => paper.classList.toggle("on", chosen.has(number)));
  }

  function neighbours(number) {
    const near = new Set([number]);
    ends.forEach(([citing, cited], line) => {
      const touches = citing === number || cited === number;
      lines[line].classList.toggle("on", touches);
      if (touches) near.add(citing).add(cited);
    });
    show(near);
  }

  function clear() {
    lines.forEach((line) => line.classList.remove("on"));
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
