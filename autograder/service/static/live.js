// Asks whether anything on this page has changed, and if so puts the new parts in place of the old ones.
// Without this script the page shows the same after it is loaded again.
"use strict";
(() => {
  const { poll, version, xsrf } = document.body.dataset;
  if (!poll) return;
  const offline = document.getElementById("offline");
  const OFTEN = 2000, SELDOM = 10000, LONGEST = 60000;
  let shown = version, failures = 0, timer = 0;

  const busy = () => document.querySelector(".tag.waiting, .tag.grading") !== null;

  const put = (fresh) => {
    const focused = document.activeElement;
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = fresh.getElementById(part.id);
      if (!other) continue;
      // Somebody is choosing in a form: leave it alone; it is brought up to date afterwards.
      if (part.contains(focused) && focused.matches("select, input, button")) return false;
      const open = new Set([...part.querySelectorAll("details[open][id]")].map((d) => d.id));
      const link = part.contains(focused) ? focused.getAttribute("href") : null;
      const along = [...part.querySelectorAll(".scroll")].map((s) => s.scrollLeft);
      part.replaceChildren(...[...other.childNodes].map((node) => document.importNode(node, true)));
      [...part.querySelectorAll(".scroll")].forEach((s, place) => { s.scrollLeft = along[place] ?? 0; });
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      if (link) [...part.querySelectorAll("a")].find((a) => a.getAttribute("href") === link)?.focus();
    }
    const status = document.getElementById("status"), said = fresh.getElementById("status");
    if (status && said && status.textContent !== said.textContent) {
      status.replaceChildren(...[...said.childNodes].map((node) => document.importNode(node, true)));
    }
    return true;
  };

  // JupyterHub asks requests by script for a token, so that no other page on its address can read this one's data.
  const ask = async (address) => {
    const reply = await fetch(address, { headers: { "X-XSRFToken": xsrf }, credentials: "same-origin" });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply;
  };

  const look = async () => {
    try {
      const now = (await (await ask(poll)).json()).version;
      if (now !== shown) {
        const page = await (await ask(location.href)).text();
        if (put(new DOMParser().parseFromString(page, "text/html"))) shown = now;
      }
      failures = 0;
    } catch {
      failures += 1;
    }
    if (offline) offline.hidden = failures < 2;
    again();
  };

  const again = () => {
    clearTimeout(timer);
    const pause = failures ? Math.min(OFTEN * 2 ** failures, LONGEST) : busy() ? OFTEN : SELDOM;
    timer = setTimeout(() => (document.hidden ? again() : look()), pause);
  };

  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  again();
})();
