// The preview's part of a page: shows it anew when what would be served has changed.
(() => {
  "use strict";
  const script = document.currentScript;
  const { events, page } = script.dataset;
  let { seen } = script.dataset;
  let source;
  let retry;

  /** Where the reader is: the blocks nearest to the top of the window, by id and by text. */
  const KEY = "agon-preview";
  const NEAREST = 8;
  /** The first words of a block, without the number in its margin: that may be another's soon. */
  const opening = (element) =>
    [...element.childNodes]
      .filter((node) => !node.classList?.contains("m"))
      .map((node) => node.textContent)
      .join("")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 80);
  const offset = (element) => element.getBoundingClientRect().top;

  function isStuck(element) {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const { position } = getComputedStyle(at);
      if (position === "sticky" || position === "fixed") return true;
    }
    return false;
  }

  function place() {
    const near = [];
    for (const element of document.body.querySelectorAll("[id]")) {
      if (element.closest("#agon-overlay")) continue;
      const box = element.getBoundingClientRect();
      if (box.height > 0 && box.height < innerHeight) near.push([Math.abs(box.top), element]);
    }
    near.sort((one, two) => one[0] - two[0]);
    const nearest = near.slice(0, 4 * NEAREST).map((pair) => pair[1]);
    const free = nearest.filter((element) => !isStuck(element));
    const kept = (free.length ? free : nearest).slice(0, NEAREST);
    return {
      page,
      x: scrollX,
      y: scrollY,
      blocks: kept.map((one) => ({ id: one.id, top: offset(one), text: opening(one) })),
    };
  }

  /** The element that stood at a place: a new paragraph above it changes its number. */
  function again({ id, text }) {
    const same = document.getElementById(id);
    if (!text || (same && opening(same) === text)) return same;
    return [...document.body.querySelectorAll("[id]")].find((one) => opening(one) === text);
  }

  function restore({ x, y, blocks }) {
    for (const block of blocks) {
      const element = y > 0 && again(block);
      if (!element) continue;
      scrollBy({ left: x - scrollX, top: offset(element) - block.top, behavior: "instant" });
      return;
    }
    const fallback = y > 0 && blocks.map(({ id }) => document.getElementById(id)).find(Boolean);
    if (fallback) {
      const { top } = blocks.find(({ id }) => id === fallback.id);
      scrollBy({ left: 0, top: offset(fallback) - top, behavior: "instant" });
    } else scrollTo({ left: x, top: y, behavior: "instant" });
  }

  function stored(value) {
    try {
      if (value) return sessionStorage.setItem(KEY, JSON.stringify(value));
      const text = sessionStorage.getItem(KEY);
      sessionStorage.removeItem(KEY);
      return text && JSON.parse(text);
    } catch {
      return undefined; // Storage may be turned off: then the browser's own memory has to do.
    }
  }

  function comeBack() {
    const before = stored();
    if (!before || before.page !== page) return;
    let moved = false;
    const move = () => {
      moved = true;
      // Not before: the browser would still put back what it remembers.
      history.scrollRestoration = "auto";
    };
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"])
      addEventListener(kind, move, { once: true, passive: true });
    const settle = () => {
      if (moved) return;
      if (before.go) show(before.go);
      else restore(before);
    };
    settle();
    if (document.readyState !== "complete") addEventListener("load", settle, { once: true });
  }

  function show(id) {
    const element = id && document.getElementById(id);
    if (!element) return;
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight / 2) element.scrollIntoView({ block: "center", behavior: "instant" });
  }

  function reload(go) {
    close();
    stored(go ? { page, go } : place());
    history.scrollRestoration = "manual";
    location.reload();
  }

  /** Puts in the style sheets that changed: the new one first, so that nothing flashes. */
  async function restyle() {
    const sheets = (within) => [...within.querySelectorAll("link[rel~=stylesheet]:not([data-agon])")];
    let fresh;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      fresh = sheets(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      return;
    }
    const old = sheets(document).filter((link) => !link.dataset.agonOld);
    if (fresh.length !== old.length) return reload();
    old.forEach((link, index) => {
      const href = fresh[index].getAttribute("href");
      if (href === link.getAttribute("href")) return;
      const next = link.cloneNode();
      next.setAttribute("href", href);
      link.dataset.agonOld = "";
      const done = () => link.remove();
      next.addEventListener("load", done, { once: true });
      next.addEventListener("error", done, { once: true });
      link.after(next);
    });
  }

  function told({ data }) {
    const { act, seen: now, url, id } = JSON.parse(data);
    if (now) seen = now;
    if (act === "reload") reload(id);
    else if (act === "styles") restyle();
    else if (act === "go") {
      close();
      location.assign(url);
    } else if (act === "show") show(id);
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }

  function open() {
    if (source || document.hidden) return;
    const query = new URLSearchParams({ page, seen });
    source = new EventSource(`${events}?${query}`);
    source.addEventListener("message", told);
    source.addEventListener("error", () => {
      // The browser tries again by itself, unless it was answered: then another server is there.
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      retry = setTimeout(open, 1000);
    });
  }

  comeBack();
  open();
  // A browser has few connections for one host: a tab that nobody sees gives its own back, and
  // asks what has changed when it is looked at.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
})();
