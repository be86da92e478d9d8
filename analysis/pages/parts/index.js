/* The first page: articles by words, outlet, actor, frame and day. */
(() => {
  if (document.body.dataset.page !== "index") return;
  const postings = JSON.parse(document.getElementById("index").textContent);
  const terms = Object.keys(postings);
  const articles = [...document.querySelectorAll("tr[data-day]")];
  const others = [...document.querySelectorAll("tr[data-n]:not([data-day])")];
  const field = (name) => document.getElementById(name)?.value ?? "";

  const having = (asked) => {
    const found = new Set();
    for (const term of terms) {
      if (!term.startsWith(asked)) continue;
      let at = 0;
      for (const step of postings[term].split(" ")) { at += Number(step); found.add(at); }
    }
    for (const row of articles) {
      if (row.textContent.toLowerCase().includes(asked)) found.add(Number(row.dataset.n));
    }
    return found;
  };
  const show = () => {
    const asked = field("words").toLowerCase().normalize("NFKC").split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
    const sets = asked.map(having);
    const [outlet, actor, frame, from, to] = ["outlet", "actor", "frame", "from", "to"].map(field);
    const kept = new Set();
    for (const row of articles) {
      const { n, day, actors, frames } = row.dataset;
      const fits = sets.every((set) => set.has(Number(n)))
        && (!outlet || row.dataset.outlet === outlet)
        && (!actor || actors.split(" ").includes(actor))
        && (!frame || frames.split(" ").includes(frame))
        && (!from || (day && day >= from)) && (!to || (day && day <= to));
      row.hidden = !fits;
      if (fits) kept.add(n);
    }
    for (const row of others) row.hidden = !row.dataset.n.split(" ").some((n) => kept.has(n));
    tellNow(`${kept.size} of ${articles.length} articles, and the pairs that one of them is of.`);
  };
  for (const input of document.querySelectorAll(".search input, .search select")) {
    input.addEventListener("input", show);
  }
})();
