// What is set: no word twice or cut, nothing on anything else, and everything within reach of a finger.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch, onEveryPage } from "./demo.js";
import { SITES } from "./hard.js";

/** Those too at which the layout changes: 60rem, 84rem. */
const WIDTHS = [1440, 1344, 1024, 960, 768, 320];
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 720 };
/** The text of an A4 page: 210 mm less the margins of print.css, at 96 px an inch. */
const PAPER = { width: 657, height: 970 };
/** CSS pixels that a finger can hit (WCAG 2.2, 2.5.8). */
const FINGER = 24;

/** Alerts that do not say what they are exactly once. */
function alerts() {
  const faults = [];
  for (const alert of document.querySelectorAll(".alert")) {
    const titles = alert.querySelectorAll(":scope > .alert-title").length;
    const drawn = ["::before", "::after"].map((part) => getComputedStyle(alert, part).content);
    if (titles !== 1 || drawn.some((content) => !["none", "normal"].includes(content)))
      faults.push(`alert "${alert.dataset.alert}": ${titles} titles, and CSS writes ${drawn.join(", ")}`);
  }
  return faults;
}

/** Text that its box hides, and text that leaves its column or the page. */
function cut() {
  const faults = [];
  const SLACK = 5; // pixels: punctuation hangs, and a large initial overshoots
  /** What is for the ear, or stands in the margin or on the spine by intent. */
  const apart = ".vh, .skip, .m, .pn, .stitch, [aria-hidden=true], script, style";
  const unseen = (element) => element.closest(apart) || getComputedStyle(element).clipPath !== "none";
  const scrolls = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const hides = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
    if (hides && !unseen(element) && element.scrollWidth > element.clientWidth + 1)
      faults.push(`${element.localName}.${element.className} hides "${element.textContent.trim().slice(0, 30)}"`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || unseen(parent) || parent.closest(".role") || scrolls(parent)) continue;
    const column = (parent.closest(".side, .prose, td, th, .half, .entry > *") ?? document.body).getBoundingClientRect();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width && (box.right > column.right + SLACK || box.left < column.left - SLACK)) {
        const beyond = Math.max(box.right - column.right, column.left - box.left).toFixed(1);
        faults.push(`"${node.data.trim().slice(0, 30)}" reaches ${beyond} px out of its column`);
        break;
      }
  }
  return faults;
}

/** How far the page can be scrolled sideways. */
function sideways() {
  const beyond = document.documentElement.scrollWidth - innerWidth;
  return beyond > 0 ? [`the page is ${beyond} px wider than the window`] : [];
}

/** Notes in the margins that lie on each other, or on the text. */
function margins() {
  const faults = [];
  const marks = [...document.querySelectorAll(".m > *")].filter((mark) => mark.getClientRects().length);
  const boxes = marks.map((mark) => ({ mark, box: mark.getBoundingClientRect() }));
  const name = (mark) => `"${mark.textContent}" of ${mark.closest("[id]")?.id}`;
  boxes.sort((one, two) => one.box.top - two.box.top);
  boxes.forEach(({ mark, box }, index) => {
    const text = mark.closest(".prose").getBoundingClientRect();
    if (box.right > text.left + 1 && box.left < text.right - 1) faults.push(`${name(mark)} lies on the text`);
    for (const other of boxes.slice(index + 1)) {
      if (other.box.top >= box.bottom - 1) break;
      if (other.box.left < box.right - 1 && other.box.right > box.left + 1)
        faults.push(`${name(mark)} lies on ${name(other.mark)}`);
    }
  });
  return faults;
}

/** Rings that stand on another line than the last word before them. */
function rings() {
  const range = document.createRange();
  return [...document.querySelectorAll(".go")].flatMap((ring) => {
    const word = ring.previousSibling;
    if (word?.nodeType !== Node.TEXT_NODE || !ring.getClientRects().length) return [];
    const end = word.data.trimEnd().length;
    range.setStart(word, end - 1);
    range.setEnd(word, end);
    const apart = ring.getBoundingClientRect().top - range.getBoundingClientRect().bottom;
    return apart > 0 ? [`ring ${ring.textContent} stands ${apart.toFixed(1)} px below "${word.data.slice(-20)}"`] : [];
  });
}

/** Ids that the links of a page lead to on it, of text that is shown. */
function linked() {
  const ids = [...document.querySelectorAll('a[href^="#"]')].map((link) => decodeURIComponent(link.hash.slice(1)));
  return [...new Set(ids)].filter((id) => document.getElementById(id)?.getClientRects().length);
}

/** Jumps to each id; targets that then lie below a bar, or out of the window. */
function covered(ids) {
  const faults = [];
  const bar = document.querySelector(".barnav");
  for (const id of ids) {
    location.hash = "";
    location.hash = encodeURIComponent(id);
    const box = document.getElementById(id).getClientRects()[0];
    const at = bar?.getBoundingClientRect() ?? { top: innerHeight, bottom: 0 };
    const [first, last] = at.top > innerHeight / 2 ? [0, at.top] : [at.bottom, innerHeight];
    if (box.top < first - 1 || box.top > last - 10)
      faults.push(`#${id} lies at ${Math.round(box.top)} px, seen is ${Math.round(first)} to ${Math.round(last)}`);
  }
  return faults;
}

/** Controls of the theme that answer to less than `size` pixels across or down. */
function small(size) {
  const faults = [];
  const inline = ".ref, .fn";
  const controls = ".pn, .also, .ref, .fn, .stitch, .go, .badge a, .barnav a, .replies a, .ledger a, .site a, .plate a, .after a";
  for (const control of document.querySelectorAll(controls)) {
    control.scrollIntoView({ block: "center", behavior: "instant" });
    const box = control.getClientRects()[0];
    if (!box?.width) continue;
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const hits = (left, top) => control.contains(document.elementFromPoint(left, top));
    const reach = (right, down) => {
      let far = 0;
      while (far < size && hits(x + right * (far + 1), y + down * (far + 1))) far += 1;
      return far;
    };
    if (!hits(x, y)) {
      faults.push(`a.${control.className} "${control.textContent.trim()}" lies below something else`);
      continue;
    }
    const [across, down] = [reach(-1, 0) + 1 + reach(1, 0), reach(0, -1) + 1 + reach(0, 1)];
    // Two numbers beside each other share the room; in a line of text WCAG asks for none.
    const crowded = control.matches(inline) && control.parentElement.querySelector(`:scope > :is(${inline}) + :is(${inline})`);
    if (across < (crowded ? size / 2 : size - 1) || down < size - 1)
      faults.push(`a.${control.className} "${control.textContent.trim()}" answers to ${across} × ${down} px`);
  }
  return faults;
}

/** Boxes that show less than they hold: on paper nobody scrolls. */
function clipped() {
  return [...document.body.querySelectorAll("*")]
    .filter((element) => getComputedStyle(element).overflowX !== "visible" && !element.closest(".vh, .skip, svg"))
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .map((element) => `${element.localName}.${element.className} cuts "${element.textContent.trim().slice(0, 30)}"`);
}

for (const { site, skip, where } of SITES) {
  test(`${site}: nothing is cut, doubled or laid on anything else, on a screen and on paper`, { skip }, async () => {
    const browser = await launch();
    const look = async (page) => {
      const faults = [];
      const hold = async (what, rules) => {
        for (const rule of rules) faults.push(...(await page.evaluate(rule)).map((fault) => `${what}: ${fault}`));
      };
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await hold(`at ${width} px`, [sideways, alerts, cut, margins, rings]);
      }
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ media: "print" });
      await hold("on paper", [margins, clipped]);
      await page.emulateMedia({ media: "screen" });
      return faults;
    };
    await onEveryPage(browser, {}, look, where());
  });

  test(`${site}: what a link leads to is seen, and a finger hits every control`, { skip }, async () => {
    const browser = await launch();
    const look = async (page) => {
      const faults = [];
      for (const viewport of [DESK, PHONE]) {
        await page.setViewportSize(viewport);
        const found = await page.evaluate(covered, await page.evaluate(linked));
        faults.push(...found.map((fault) => `at ${viewport.width} px: ${fault}`));
      }
      return [...faults, ...(await page.evaluate(small, FINGER))];
    };
    await onEveryPage(browser, { reducedMotion: "reduce" }, look, where());
  });
}

test("a preview says what is a draft, and when an article of the future appears", { skip: SITES[1].skip }, () => {
  const { root } = SITES[1].where();
  for (const [page, badge] of [["drawer", "Draft"], ["tomorrow", "Appears 3 December 9998"], ["first", undefined]]) {
    const html = readFileSync(join(root, page, "index.html"), "utf8");
    assert.equal(/<span class="draft">([^<]*)<\/span>/.exec(html)?.[1], badge, page);
  }
});
