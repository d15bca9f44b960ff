// Choosing a level shows its effect at once; without this script the forms' buttons do the same.
"use strict";
for (const form of document.querySelectorAll("form[data-live]")) watch(form);

function watch(form) {
  form.addEventListener("change", async () => {
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form)).toString();
    const focused = document.activeElement && document.activeElement.name;
    const open = [...form.querySelectorAll("details")].map((one) => one.open);
    form.setAttribute("aria-busy", "true");
    let fresh;
    try {
      const reply = await fetch(address);
      if (!reply.ok) throw new Error(String(reply.status));
      const read = new DOMParser().parseFromString(await reply.text(), "text/html");
      fresh = read.getElementById(form.dataset.live);
    } catch {
      form.requestSubmit();
      return;
    }
    const old = document.getElementById(form.dataset.live);
    if (!fresh || !old) return;
    old.replaceWith(fresh);
    const again = fresh.querySelector("form[data-live]");
    if (!again) return;
    if (form.dataset.live === "what-if") again.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? one.open; });
    watch(again);
    const field = focused && again.querySelector(`[name="${CSS.escape(focused)}"]`);
    if (field) field.focus({ preventScroll: true });
    history.replaceState(null, "", address.pathname + address.search + address.hash);
  });
}
