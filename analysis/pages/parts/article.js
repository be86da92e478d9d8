/* One article: marks one after the other, and right or wrong, which is saved as a coding sheet. */
(() => {
  if (document.body.dataset.page !== "article") return;
  const rows = new Map([...document.querySelectorAll("li[data-m]")].map((row) => [row.dataset.m, row]));
  const spans = new Map();
  for (const span of document.querySelectorAll(".text [data-m]")) {
    for (const number of span.dataset.m.split(" ")) {
      if (!spans.has(number)) spans.set(number, []);
      spans.get(number).push(span);
    }
  }
  const list = document.querySelector(".found");
  const of = (row) => row.parentElement.dataset.layer;
  const kindOf = (row) => row.querySelector(".k").textContent;
  /* Buttons are of use with this script alone. */
  const button = (name, said, about) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.setAttribute("aria-label", said);
    Object.assign(made.dataset, about);
    return made;
  };
  for (const row of rows.values()) {
    const { m, sentence, start, end } = row.dataset;
    const place = row.dataset.place
      || `${document.body.dataset.corpus}, ${list.dataset.article}, sentence ${sentence}, characters ${start}–${end}`;
    const buttons = document.createElement("span");
    const copy = button("copy place", `copy place: ${place}`, { copy: place });
    copy.className = "copy";
    buttons.append(copy);
    for (const code of list.dataset.coding ? ["right", "wrong"] : []) {
      buttons.append(" ", button(code, `${m} is ${code}`, { code }));
    }
    row.append(buttons);
  }
  const layer = () => document.querySelector("input[name=layer]:checked").value;
  const shown = () => [...rows.values()].filter((row) => of(row) === layer());
  let current = null;

  const leave = () => {
    if (!current) return;
    current.removeAttribute("aria-current");
    for (const span of document.querySelectorAll(".text .now")) span.classList.remove("now");
    current = null;
  };
  const go = (row) => {
    leave();
    current = row;
    row.setAttribute("aria-current", "true");
    const marked = spans.get(row.dataset.m) || [];
    for (const span of marked) span.classList.add("now");
    if (getComputedStyle(list).position === "sticky") {
      const gone = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
      list.scrollTo({ top: list.scrollTop + gone - list.clientHeight / 4, behavior: calm });
      if (marked.length) marked[0].scrollIntoView({ block: "center", behavior: calm });
    } else {
      (marked[0] || row).scrollIntoView({ block: "center", behavior: calm });
    }
    tellNow(`${row.dataset.m}: ${row.querySelector(".what").textContent}. ${row.querySelector(".about").textContent}`);
  };
  stepping((by) => {
    const there = shown();
    if (!there.length) return;
    const at = there.indexOf(current);
    go(there[(at < 0 && by < 0 ? there.length - 1 : at + by + there.length) % there.length]);
  });
  for (const input of document.querySelectorAll("input[name=layer]")) {
    input.addEventListener("change", () => { leave(); tellNow(`${shown().length} marks.`); });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("button, a[href]:not(.quote)")) return;
    const quote = event.target.closest("a.quote");
    const place = event.target.closest("[data-m]");
    if (!place) return;
    const number = place.dataset.m.split(" ").filter((n) => of(rows.get(n)) === layer()).pop();
    if (!number) return;
    if (quote) event.preventDefault();
    go(rows.get(number));
  });
  const asked = location.hash && document.getElementById(location.hash.slice(1));
  if (asked && asked.name === "layer") asked.checked = true;
  const row = asked && (asked.closest("li[data-m]") || rows.get(asked.id.slice(1)));
  if (row) {
    document.getElementById(`show-${of(row)}`).checked = true;
    addEventListener("load", () => setTimeout(() => go(row)));
  }

  /* Codes: kept by corpus and features, as those name the units. */
  const store = `twicetold ${document.body.dataset.corpus} ${document.body.dataset.digest}`;
  const read = () => {
    try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return {}; }
  };
  const codes = read();
  const tally = document.getElementById("coded");
  const show = () => {
    const n = Object.keys(codes).length;
    if (tally) tally.textContent = n ? `Coded in this browser: ${n} ${n === 1 ? "mark" : "marks"} of this corpus.` : "Nothing is coded yet.";
    for (const row of rows.values()) {
      for (const button of row.querySelectorAll("[data-code]")) {
        const pressed = codes[row.dataset.unit]?.code === button.dataset.code;
        button.setAttribute("aria-pressed", String(pressed));
      }
    }
  };
  const code = (row, given) => {
    const { unit, sentence = "", start = "", end = "" } = row.dataset;
    if (codes[unit]?.code === given) delete codes[unit];
    else codes[unit] = { article: list.dataset.article, sentence, start, end, layer: of(row), kind: kindOf(row), code: given, coded: new Date().toISOString().slice(0, 10) };
    try { localStorage.setItem(store, JSON.stringify(codes)); } catch { tellNow("This browser keeps nothing: save the sheet before you leave the page."); }
    show();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-code]");
    if (button) code(button.closest("li"), button.dataset.code);
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("input, select, textarea")) return;
    const given = { r: "right", w: "wrong" }[event.key];
    if (given && current && current.querySelector("[data-code]")) code(current, given);
  });
  /* A cell that no spreadsheet runs as a formula. */
  const cell = (given) => {
    const text = String(given);
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = (lines) => "\ufeff" + lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
  const saved = (name, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  document.getElementById("save-sheet")?.addEventListener("click", () => {
    const coder = document.getElementById("coder").value.replace(/[^\p{L}\p{N} _.-]/gu, "").trim() || "coder1";
    const units = Object.entries(codes).sort();
    if (!units.length) { tellNow("Nothing is coded yet."); return; }
    saved(`${coder}.csv`, csv([["unit", "code (right, wrong)", "coded"], ...units.map(([unit, c]) => [unit, c.code, c.coded])]));
    const allowed = JSON.stringify(["right", "wrong"]);
    saved(`${coder}-key.csv`, csv([
      ["unit", "coders", "stratum", "weight", "article_id", "sentence", "start", "end", "layer", "kind", "predicted", "codes"],
      ...units.map(([unit, c]) => [unit, coder, c.layer, 1, c.article, c.sentence, c.start, c.end, c.layer, c.kind, "right", allowed]),
    ]));
  });
  document.getElementById("forget")?.addEventListener("click", () => {
    for (const unit of Object.keys(codes)) delete codes[unit];
    try { localStorage.removeItem(store); } catch { /* nothing was kept */ }
    show();
  });
  show();
})();
