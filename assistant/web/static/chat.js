// What the page itself has to do: keep drafts, stay at the last message, look again when others have brought it on.
(() => {
  "use strict";
  const EVERY = 5000;
  const base = location.pathname.replace(/\/+$/, "");
  const draftKey = "draft:" + location.pathname + location.search;
  const find = (id) => document.querySelector(id);
  const box = () => find("#c-box textarea");
  const log = () => find(".c-log");
  let atEnd = true, lastTail = "", restored = false;

  function fill(area, text) {
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function restore() {
    const area = box(), shown = log();
    if (restored || !area || !shown) return;
    restored = true;
    const said = shown.querySelectorAll(".c-said .c-words");
    const last = said.length ? said[said.length - 1].textContent.trim() : "";
    const draft = sessionStorage.getItem(draftKey) || "";
    if (draft.trim() && draft.trim() !== last && !area.value) fill(area, draft);
  }
  setInterval(() => {
    const area = box();
    if (area && restored) sessionStorage.setItem(draftKey, area.value);
  }, 400);
  addEventListener("pagehide", () => { const area = box(); if (area && restored) sessionStorage.setItem(draftKey, area.value); });

  function toEnd() {
    const pane = log();
    if (pane) pane.scrollTop = pane.scrollHeight;
  }
  // What is unfolded stays so, though the server sends everything folded.
  const open = {};
  function unfold() {
    for (const part of document.querySelectorAll("details[data-key]")) {
      const key = part.dataset.key;
      const wanted = open[key] ?? (key === "topics" && innerWidth > 900 && !!find("#c-page"));
      if (part.open !== wanted) part.open = wanted;
    }
  }
  document.addEventListener("click", (event) => {
    const part = event.target.closest("summary")?.parentElement;
    if (part?.dataset.key) open[part.dataset.key] = !part.open;
  });
  // On a phone the row of who is speaking is folded away.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (button) button.setAttribute("aria-expanded", find("#c-page").classList.toggle("c-unfold"));
  });
  // Who was planned or has spoken can be chosen as the speaker; the name brings the position along.
  function offer(event) {
    const input = event.target;
    if (!input.closest?.("#c-name")) return;
    const typed = input.value.trim();
    const known = [...document.querySelectorAll("#c-people option")].map((option) => option.value);
    const meant = event.type === "input" ? known.includes(typed) && typed.endsWith("）") : typed && known.some((one) => one.startsWith(typed + "（"));
    if (meant) find("#c-pick").click();
  }
  document.addEventListener("input", offer);
  document.addEventListener("change", offer);
  function watch() {
    const pane = log();
    if (!pane) return setTimeout(watch, 50);
    unfold();
    find("#c-name input")?.setAttribute("list", "c-people");
    if (innerWidth <= 640 && box()) {
      box().placeholder = "用自己的话说实际情况就行";
      fill(box(), box().value);  // so that it is measured anew
    }
    pane.addEventListener("scroll", () => { atEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80; });
    new MutationObserver(() => {
      unfold();
      restore();
      const grown = pane.dataset.tail !== lastTail;
      lastTail = pane.dataset.tail;
      if (atEnd || grown) toEnd();
    }).observe(find("#c-page, #c-talk"), { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["open", "data-tail"] });
    new ResizeObserver(() => { if (atEnd) toEnd(); }).observe(pane);
    restore();
    toEnd();
  }
  async function look() {
    const shown = log();
    if (document.hidden || !shown) return;
    try {
      const reply = await fetch(base + "/tail" + location.search, { redirect: "manual", headers: { Accept: "application/json" } });
      if (reply.type === "opaqueredirect" || reply.status === 401 || reply.status === 403) return say("登录或链接已失效，请刷新页面。没有发送的内容还在输入框里。");
      if (!reply.ok) return;
      say("");
      const { tail } = await reply.json();
      if (String(tail) !== shown.dataset.tail) find("#c-refresh").click();
    } catch { say("连接断开了，正在重试。已发送的回答都已保存，没有发送的内容还在输入框里。"); }
  }
  function say(text) {
    let line = find("#c-offline");
    if (!line && text) {
      line = document.createElement("p");
      line.id = "c-offline"; line.className = "c-told c-problem"; line.setAttribute("role", "alert");
      find("#c-line").before(line);
    }
    if (line) { line.textContent = text; line.hidden = !text; }
  }
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
  new MutationObserver(() => document.body.classList.remove("dark")).observe(document.documentElement, { attributes: true, subtree: true, attributeFilter: ["class"] });
  addEventListener("DOMContentLoaded", watch);
  if (document.readyState !== "loading") watch();
})();
