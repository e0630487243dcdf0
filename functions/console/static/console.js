// What the pages do by themselves in a browser. Everything that can be read or sent works without it.
"use strict";
(() => {
  const root = document.documentElement;
  const told = document.getElementById("told");
  const every = 5000; // milliseconds between two looks at what is shown

  // Times: in the reader's zone and language, the exact one on hover.
  const language = navigator.languages.find((one) => one.startsWith(root.lang)) ?? root.lang;
  const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const dated = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" });
  const localise = (tree) => {
    for (const time of tree.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      time.textContent = (at.getFullYear() === new Date().getFullYear() ? short : dated).format(at);
      time.title = exact.format(at);
    }
  };
  localise(document);

  // A page that is shown is looked at again and again. Only what differs is changed, so that focus, selection and scroll stay.
  const live = () => document.querySelector("main[data-live]");
  let tag = null;
  let stopped = false;
  let loading = null;

  const tell = (text, link) => {
    told.textContent = text;
    if (!link) return;
    const again = document.createElement("a");
    again.href = "/console/signin?to=" + encodeURIComponent(location.pathname + location.search);
    again.textContent = link;
    told.append(" ", again);
  };

  const settle = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = page.querySelector("main");
    const now = document.querySelector("main");
    if (!next || !now) return;
    localise(next);
    Idiomorph.morph(now, next, {
      ignoreActiveValue: true,
      callbacks: {
        // What somebody is typing into, or has opened, stays as it is.
        beforeNodeMorphed: (old, fresh) => {
          if (old.nodeType !== 1) return true;
          // But for the filter: what belongs to it, as the way to clear it, follows what is chosen there.
          if (old.matches("form:not([data-filter])") && old.contains(document.activeElement)) return false;
          if (old.matches("details")) fresh.toggleAttribute?.("open", old.open);
          return true;
        },
      },
    });
    document.title = page.title;
  };

  // Loads what is at an address into the page. A later wish overtakes an earlier one.
  const load = async (address, quiet) => {
    loading?.abort();
    const own = (loading = new AbortController());
    const headers = { "x-live": "1" };
    if (quiet && tag) headers["if-none-match"] = tag;
    try {
      const answer = await fetch(address, { headers, cache: "no-store", signal: own.signal });
      if (answer.status === 401) {
        stopped = true;
        tell(told.dataset.ended, told.dataset.again);
        return false;
      }
      if (answer.status === 304) {
        told.textContent = "";
        return true;
      }
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const text = await answer.text();
      tag = answer.headers.get("etag");
      settle(text);
      told.textContent = "";
      return true;
    } catch (error) {
      if (error.name !== "AbortError") tell(told.dataset.offline);
      return false;
    } finally {
      if (loading === own) loading = null;
    }
  };

  const look = () => {
    const shown = document.visibilityState === "visible" && !document.body.hidden;
    const sending = document.querySelector("[data-busy][aria-busy]");
    if (shown && !stopped && !loading && !sending && live()) load(location.href, true);
  };
  setInterval(look, every);
  document.addEventListener("visibilitychange", look);

  // The list follows what is typed and chosen, without a page in between.
  let pause;
  const filter = () => document.querySelector("form[data-filter]");
  const search = async () => {
    const form = filter();
    const wanted = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    const address = form.action + (wanted.size ? "?" + wanted : "");
    tag = null;
    if (!(await load(address))) return;
    history.replaceState(null, "", address);
    // Whoever chooses another language comes back to what is shown now.
    for (const back of document.querySelectorAll("input[name=back]")) back.value = location.pathname + location.search;
  };
  document.addEventListener("input", (event) => {
    if (!filter()?.contains(event.target)) return;
    clearTimeout(pause);
    pause = setTimeout(search, event.target.type === "search" ? 250 : 0);
  });
  document.addEventListener("submit", (event) => {
    if (event.target === filter()) {
      event.preventDefault();
      clearTimeout(pause);
      search();
      return;
    }
    // One click is one wish; the id in the form makes a second one the same.
    const button = event.submitter;
    if (button?.matches("[data-busy]")) {
      button.setAttribute("aria-busy", "true");
      setTimeout(() => (button.disabled = true));
    }
  });
  // Browsers may bring back a left page as it was, even one that must not be stored, and even after signing out. So it is left empty,
  // and loaded anew when it comes back. Where it is sent again instead, its buttons may be pressed again.
  addEventListener("pagehide", (event) => {
    if (event.persisted) document.body.hidden = true;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) return location.reload();
    for (const button of document.querySelectorAll("[data-busy][disabled]")) button.disabled = false;
  });

  // All of a row is its link, also where something lies over it that has a hint of its own.
  document.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input") || !getSelection().isCollapsed) return;
    event.target.closest("table.rows tr")?.querySelector("a.open")?.click();
  });

  // Keys: / searches, j and k or the arrows walk through the rows, Enter is the browser's own.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const typing = event.target.matches("input, select, textarea");
    const box = document.getElementById("q");
    if (event.key === "/" && !typing && box) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const inSearch = event.target === box;
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (typing && !(inSearch && event.key.startsWith("Arrow")))) return;
    const rows = [...document.querySelectorAll("table.rows a.open")];
    if (rows.length === 0) return;
    const at = rows.indexOf(document.activeElement);
    if (at === 0 && step === -1 && box) {
      event.preventDefault();
      return box.focus();
    }
    const next = rows[at === -1 ? (step === 1 || !inSearch ? 0 : -1) : at + step];
    if (next) {
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  });
})();
