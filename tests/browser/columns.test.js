// The two columns: a quote stands level with its passage, and nothing lies on anything else.
import test from "node:test";
import { launch, onEveryPage } from "./demo.js";
import { SITES } from "./hard.js";

const WIDE = { viewport: { width: 1440, height: 900 } };
/** Pixels from one look to the next while scrolling. */
const STEP = 200;
const NARROW = [375, 320];

/** Rows whose aligned quote is off the top of its passage's block by more than `limit` pixels. */
function unlevel(limit) {
  const spreads = [...document.querySelectorAll(".spread")];
  const name = (element) => `${element.localName}${element.id ? `#${element.id}` : ""}`;
  const row = (element) => getComputedStyle(element).getPropertyValue("--r").trim();
  const first = (element) => element?.firstElementChild?.firstElementChild;
  const faults = [];
  for (const spread of spreads) {
    const parents = new Map();
    for (const cell of spread.querySelectorAll("article:not(.reply) > .row")) parents.set(row(cell), cell);
    let compared = 0;
    for (const cell of spread.querySelectorAll("article.reply > .row")) {
      const quote = first(cell);
      const passage = first(parents.get(row(cell)));
      if (!passage || !quote?.matches(".quote:not(.far)")) continue;
      compared += 1;
      const gap = quote.getBoundingClientRect().top - passage.getBoundingClientRect().top;
      if (Math.abs(gap) > limit)
        faults.push(`row ${row(cell)}: ${name(quote)} lies ${gap.toFixed(1)} px below ${name(passage)}`);
    }
    const aligned = spread.querySelectorAll("article.reply .quote:not(.far) > .stitch").length;
    if (aligned && !compared) faults.push(`none of ${aligned} aligned quotes begins a row with its passage`);
  }
  return spreads.length ? faults : undefined;
}

/** Second columns that do not stand to the side of the first. */
function unparallel() {
  const spreads = [...document.querySelectorAll(".spread")];
  const faults = [];
  for (const spread of spreads) {
    const columns = [...spread.querySelectorAll(":scope > article")]
      .map((article) => ({ id: article.id, box: article.getBoundingClientRect() }))
      .sort((one, two) => one.box.left - two.box.left);
    for (let index = 1; index < columns.length; index += 1) {
      const over = columns[index - 1].box.right - columns[index].box.left;
      if (over > 1) faults.push(`article#${columns[index - 1].id} reaches ${over} px into #${columns[index].id}`);
    }
  }
  return spreads.length ? faults : undefined;
}

/** Cells of one column that lie on each other as the page is scrolled now. */
function overlaps() {
  const faults = [];
  for (const article of document.querySelectorAll(".spread > article")) {
    const cells = [...article.querySelectorAll(":scope > header, :scope > .row > *")];
    const boxes = cells
      .filter((cell) => !["absolute", "fixed"].includes(getComputedStyle(cell).position))
      .map((cell) => ({ cell, box: cell.getBoundingClientRect() }));
    for (let index = 1; index < boxes.length; index += 1) {
      const over = boxes[index - 1].box.bottom - boxes[index].box.top;
      if (over > 1)
        faults.push(
          `at ${Math.round(scrollY)} px: in article#${article.id} cell ${index + 1} ("${boxes[index].cell.textContent
            .trim()
            .slice(0, 30)}") is covered by ${over.toFixed(1)} px`,
        );
    }
  }
  return faults;
}

/** Stitches of aligned quotes that do not lie on the spine, in the middle between the columns. */
function unstitched() {
  const faults = [];
  for (const spread of document.querySelectorAll(".spread")) {
    const box = spread.getBoundingClientRect();
    const spine = (box.left + box.right) / 2;
    for (const stitch of spread.querySelectorAll(".reply .quote:not(.far) > .stitch")) {
      const { left, right } = stitch.getBoundingClientRect();
      const off = (left + right) / 2 - spine;
      if (Math.abs(off) > 1) faults.push(`point ${stitch.textContent} lies ${off.toFixed(1)} px off the spine`);
    }
  }
  return faults;
}

for (const { site, skip, where } of SITES) {
  test(`${site}: a quote stands level with its passage, its number on the spine, at 1440 px`, { skip }, async () => {
    const browser = await launch();
    const look = async (page) => {
      const faults = await page.evaluate(unlevel, 2);
      return faults && [...faults, ...(await page.evaluate(unstitched))];
    };
    await onEveryPage(browser, WIDE, look, where());
  });

  test(`${site}: the columns stand side by side and do not overlap while scrolling`, { skip }, async () => {
    const browser = await launch();
    const look = async (page) => {
      const faults = await page.evaluate(unparallel);
      if (faults === undefined) return undefined;
      const end = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
      for (let top = 0; top < end + STEP; top += STEP) {
        await page.evaluate((y) => scrollTo({ top: y, behavior: "instant" }), top);
        faults.push(...(await page.evaluate(overlaps)));
      }
      return faults;
    };
    await onEveryPage(browser, WIDE, look, where());
  });

  for (const width of NARROW)
    test(`${site}: one column without sideways scrolling at ${width} px`, { skip }, async () => {
      const browser = await launch();
      await onEveryPage(browser, { viewport: { width, height: 720 } }, (page) => page.evaluate(narrow), where());
    });
}

/** What reaches beyond a narrow window, and articles that still stand side by side. */
function narrow() {
  const faults = [];
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) {
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 1,
    );
    const names = wide.slice(0, 3).map((element) => `${element.localName}.${element.className}`);
    faults.push(`${beyond} px wider than the window: ${names.join(", ")}`);
  }
  const articles = [...document.querySelectorAll(".spread > article")];
  for (let index = 1; index < articles.length; index += 1) {
    const above = articles[index - 1].getBoundingClientRect();
    if (articles[index].getBoundingClientRect().top < above.bottom - 1)
      faults.push(`article#${articles[index].id} stands beside #${articles[index - 1].id}`);
  }
  return faults;
}
