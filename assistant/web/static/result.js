// Choosing a level shows its effect at once; without this script the forms' buttons do the same.
"use strict";
const LIVE = "form[data-live]";
document.querySelectorAll(LIVE).forEach(watch);

function watch(form) {
  form.addEventListener("change", async () => {
    const asked = new FormData(form);
    for (const field of form.querySelectorAll("select[data-usual]")) {
      if (field.value === field.dataset.usual) asked.delete(field.name);
    }
    const address = new URL(form.action);
    address.search = new URLSearchParams(asked).toString();
    form.setAttribute("aria-busy", "true");
    let fresh;
    try {
      const reply = await fetch(address);
      if (!reply.ok) throw new Error(String(reply.status));
      fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    } catch {
      form.requestSubmit();
      return;
    }
    const focused = document.activeElement ? document.activeElement.name : "";
    document.querySelectorAll(LIVE).forEach((one) => renew(one, fresh));
    const field = focused && document.querySelector(`${LIVE} [name="${CSS.escape(focused)}"]`);
    if (field) field.focus({ preventScroll: true });
    history.replaceState(null, "", address.pathname + address.search + address.hash);
  });
}

// Put the fresh form in the place of the old one, unfolded as it was.
function renew(old, fresh) {
  const made = fresh.querySelector(`form[data-live="${old.dataset.live}"]`);
  if (!made) return;
  const open = [...old.querySelectorAll("details[data-fold]")].map((one) => one.open);
  made.querySelectorAll("details[data-fold]").forEach((one, at) => { one.open = open[at] ?? one.open; });
  old.replaceWith(made);
  watch(made);
}
