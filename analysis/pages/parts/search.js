/* The page of all articles: those found by words, outlet, actor, frame and day. */
(() => {
  if (document.body.dataset.page !== "search") return;
  const postings = JSON.parse(document.getElementById("index").textContent);
  const terms = Object.keys(postings);
  const articles = [...document.querySelectorAll("tr[data-o]")];
  const inputs = [...document.querySelectorAll(".search input, .search select")];
  const parts = [...document.querySelectorAll(".parts a")];
  const field = (name) => document.getElementById(name)?.value ?? "";

  const having = (asked) => {
    const found = new Set();
    for (const term of terms) {
      if (!term.startsWith(asked)) continue;
      let at = 0;
      for (const step of postings[term].split(" ")) { at += Number(step); found.add(at); }
    }
    articles.forEach((row, n) => { if (row.textContent.toLowerCase().includes(asked)) found.add(n); });
    return found;
  };
  const show = () => {
    const asked = field("words").toLowerCase().normalize("NFKC").split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
    const sets = asked.map(having);
    const [outlet, actor, frame, from, to] = ["outlet", "actor", "frame", "from", "to"].map(field);
    let kept = 0;
    articles.forEach((row, n) => {
      const { o, a = "", f = "", d: day } = row.dataset;
      const fits = sets.every((set) => set.has(n))
        && (!outlet || o === outlet)
        && (!actor || a.split(" ").includes(actor))
        && (!frame || f.split(" ").includes(frame))
        && (!from || (day && day >= from)) && (!to || (day && day <= to));
      row.hidden = !fits;
      kept += fits;
    });
    tellNow(`${kept} of ${articles.length} articles${parts.length ? " of this page" : ""}.`);
    const asking = new URLSearchParams(inputs.filter((i) => i.value).map((i) => [i.id, i.value])).toString();
    history.replaceState(null, "", `#${asking}`);
    for (const link of parts) link.hash = asking;
  };
  /* What was asked on another page of the list, or before this one was left. */
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const input of inputs) if (asked.get(input.id)) input.value = asked.get(input.id);
  if (inputs.some((input) => input.value)) show();
  for (const input of inputs) {
    input.addEventListener("input", show);
  }
})();
