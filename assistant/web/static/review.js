// Keys of the review pages. What a key does stands on the element itself: data-key="n" on a link follows it, on a
// button puts the focus there (pressing it stays a deed of its own), on a <details> opens it and goes to its first field.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];

  const move = (step) => {
    const all = rows();
    const here = all.indexOf(document.activeElement.closest("tr")?.querySelector("[data-row]"));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next]?.focus();
  };

  const use = (target) => {
    if (target.matches("a")) {
      target.click();
    } else if (target.matches("details")) {
      target.open = true;
      target.querySelector("textarea, input:not([type=hidden])")?.focus();
    } else {
      target.focus();
    }
    target.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (target) {
      event.preventDefault();
      use(target);
    } else if (event.key === "x" && rows().length) {
      const box = document.activeElement.closest("tr")?.querySelector("input[type=checkbox]");
      if (box) box.click();
    } else if (rows().length && (event.key === "j" || event.key === "k")) {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    }
  });

  const all = document.querySelector("[data-all]");
  const boxes = () => [...document.querySelectorAll("input[name=code]")];
  const told = document.querySelector("[data-chosen]");
  const count = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (told) told.textContent = chosen ? `已选 ${chosen} 项` : "";
    if (all) all.checked = chosen > 0 && chosen === boxes().length;
  };
  all?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=code]")) count();
  });
  if (all) all.closest("[hidden]")?.removeAttribute("hidden");
  count();

  // What was typed and not sent is not lost without a word.
  const unsent = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[method=post]");
    if (form && event.target.matches("textarea")) unsent.add(form);
  });
  document.addEventListener("submit", (event) => { unsent.delete(event.target); });
  window.addEventListener("beforeunload", (event) => { if (unsent.size) event.preventDefault(); });
})();
