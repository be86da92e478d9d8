/* Two articles side by side: the passage at hand, and lines between its two places. */
(() => {
  if (document.body.dataset.page !== "pair") return;
  const rows = [...document.querySelectorAll("tr[data-p]")];
  const panes = [...document.querySelectorAll(".side .text")];
  const lines = document.querySelector(".lines");
  const places = new Map(rows.map((row) => [row.dataset.p, [[], []]]));
  panes.forEach((pane, side) => {
    for (const mark of pane.querySelectorAll("mark[data-p]")) {
      for (const number of mark.dataset.p.split(" ")) places.get(number)[side].push(mark);
    }
  });
  let at = -1;
  const lit = [];

  const drawn = () => {
    if (!lines || !lines.getClientRects().length) return;
    const box = lines.getBoundingClientRect();
    const seen = panes.map((pane) => pane.getBoundingClientRect());
    const bands = [];
    for (const row of rows) {
      const ends = places.get(row.dataset.p).map((marks) =>
        marks.length ? [marks[0].getBoundingClientRect().top, marks[marks.length - 1].getBoundingClientRect().bottom] : null);
      if (!ends[0] || !ends[1]) continue;
      const visible = ends.some(([top, bottom], side) => bottom > seen[side].top && top < seen[side].bottom);
      if (!visible) continue;
      const [left, right] = ends.map((pair, side) =>
        pair.map((y) => Math.min(Math.max(y, seen[side].top), seen[side].bottom) - box.top));
      const band = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      band.setAttribute("points", `0,${left[0]} ${box.width},${right[0]} ${box.width},${right[1]} 0,${left[1]}`);
      band.setAttribute("class", `${row.querySelector("mark").className}${rows[at] === row ? " now" : ""}`);
      band.dataset.p = row.dataset.p;
      if (rows[at] === row) bands.push(band); else bands.unshift(band);
    }
    lines.replaceChildren(...bands);
  };
  let waiting = 0;
  const redraw = () => {
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; drawn(); });
  };

  const go = (to) => {
    at = (to + rows.length) % rows.length;
    const row = rows[at];
    for (const one of lit.splice(0)) { one.classList.remove("now"); one.removeAttribute("aria-current"); }
    row.setAttribute("aria-current", "true");
    lit.push(row, ...places.get(row.dataset.p).flat(), ...document.querySelectorAll(`.map polygon[data-p="${row.dataset.p}"]`));
    for (const one of lit) if (one !== row) one.classList.add("now");
    panes.forEach((pane, side) => {
      const mark = places.get(row.dataset.p)[side][0];
      if (!mark) return;
      const gone = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      pane.scrollTo({ top: pane.scrollTop + gone - pane.clientHeight / 4, behavior: calm });
    });
    if (panes.length) document.querySelector(".two").scrollIntoView({ block: "nearest", behavior: calm });
    else row.scrollIntoView({ block: "center" });
    tellNow(row.dataset.said);
    history.replaceState(null, "", `#P${row.dataset.p}`);
    redraw();
  };

  if (rows.length) {
    stepping((by) => go(at < 0 && by < 0 ? rows.length - 1 : at + by));
    document.addEventListener("click", (event) => {
      const place = event.target.closest("[data-p]");
      if (!place || event.target.closest("button")) return;
      if (place.tagName === "TR" && !event.target.closest("a")) return;
      event.preventDefault();
      const number = place.dataset.p.split(" ").pop();
      go(rows.findIndex((row) => row.dataset.p === number));
    });
    const asked = /^#[PLR](\d+)$/.exec(location.hash);
    const to = asked ? rows.findIndex((row) => row.dataset.p === asked[1]) : -1;
    if (to >= 0) addEventListener("load", () => setTimeout(() => go(to)));
  }
  for (const pane of panes) pane.addEventListener("scroll", redraw, { passive: true });
  addEventListener("resize", redraw);
  redraw();
})();
