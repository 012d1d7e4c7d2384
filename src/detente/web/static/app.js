// Keys, time handles and arcs. Everything works without this file, only less quickly.
"use strict";
(() => {
  const items = () => [...document.querySelectorAll("main [data-item], main .card")].filter((n) => n.offsetParent !== null);
  let at = null;

  function go(step) {
    const all = items();
    if (!all.length) return;
    const now = all.indexOf(at);
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    if (at) at.classList.remove("at");
    at = next;
    at.classList.add("at");
    const inner = at.matches("summary, a") ? at : at.querySelector("a, button, summary");
    if (inner) inner.focus({ preventScroll: true });
    at.scrollIntoView({ block: "nearest" });
  }

  function judge(key) {
    const box = at && at.isConnected ? at : document.activeElement.closest(".card, [data-item]");
    if (!box) return false;
    const after = box.nextElementSibling;
    const inside = `[data-key="${key}"]`;
    const near = box.querySelector(inside) || (after && after.matches(".verdict") && after.querySelector(inside));
    if (!near) return false;
    const details = near.closest("details");
    if (!details) {
      if (key === "a") near.click();
      else near.focus(); // what is rejected is confirmed with Enter
      return true;
    }
    details.open = true;
    (key === "r" ? details.querySelector("[name=reason]") : near).focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "Escape" && typing && typing.tagName === "INPUT") return typing.blur();
    if (typing) return;
    const acts = {
      "/": () => document.getElementById("q").focus(),
      j: () => go(1), k: () => go(-1),
      a: () => judge("a"), c: () => judge("c"), r: () => judge("r"),
      b: () => { location.href = document.querySelector(".brand").href; },
      "?": () => document.getElementById("keys").showModal(),
    };
    const act = acts[event.key];
    if (act && act() !== false) event.preventDefault();
  });

  // A slider beside each date: days since its first one.
  const DAY = 86400000;
  function slides() {
    for (const slide of document.querySelectorAll("input[data-for]")) {
      const date = document.getElementById(slide.dataset.for);
      if (!date || slide.dataset.ready) continue;
      const first = Date.parse(slide.dataset.first), last = Date.parse(slide.dataset.last);
      slide.dataset.ready = "1";
      slide.min = 0;
      slide.max = Math.round((last - first) / DAY);
      const follow = () => { slide.value = Math.round(((Date.parse(date.value) || last) - first) / DAY); };
      follow();
      slide.hidden = false;
      date.addEventListener("input", follow);
      slide.addEventListener("input", () => { date.value = new Date(first + slide.value * DAY).toISOString().slice(0, 10); });
    }
  }

  // An arc leads to its pair of quotes: that one is opened and marked.
  function reached() {
    let name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    for (const old of document.querySelectorAll(".arc.chosen")) old.classList.remove("chosen");
    const target = name && document.getElementById(name);
    if (!target) return;
    for (const inner of target.querySelectorAll("details")) inner.open = true;
    let outer = target.closest("details");
    while (outer) { outer.open = true; outer = outer.parentElement.closest("details"); }
    const arc = document.querySelector(`a[href="${CSS.escape ? "#" + CSS.escape(name) : location.hash}"] .arc`);
    if (arc) arc.classList.add("chosen");
    target.scrollIntoView({ block: "center" });
    if (target.tabIndex === -1) target.focus({ preventScroll: true });
  }

  // Folded groups are opened for print.
  addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((d) => { d.open = true; }));
  addEventListener("hashchange", reached);
  addEventListener("DOMContentLoaded", () => { slides(); reached(); });
  document.addEventListener("htmx:after:swap", () => {
    at = null;
    slides();
    const told = document.querySelector("#main .sentence");
    if (told) document.getElementById("told").textContent = told.textContent;
  });
})();
