/* What every page has: places that are copied, and the keys n and p. */
"use strict";
document.documentElement.classList.add("scripted");
const tellNow = (said) => {
  const now = document.getElementById("now");
  if (now) now.textContent = said;
};
const copied = (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  return Promise.resolve();
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const before = button.textContent;
  copied(button.dataset.copy).then(
    () => { button.textContent = "copied"; setTimeout(() => { button.textContent = before; }, 1200); },
    () => tellNow(button.dataset.copy),
  );
});
/* step(1) for n or j, step(-1) for p or k, and for the buttons that say so. */
const stepping = (step) => {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest?.("input, select, textarea")) return;
    const by = { n: 1, j: 1, p: -1, k: -1 }[event.key];
    if (by) { event.preventDefault(); step(by); }
  });
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
};
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
