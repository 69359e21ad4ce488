// Readers of every kind: without JavaScript, on paper, with a screen reader, in the dark.
import test from "node:test";
import { readFileSync } from "node:fs";
import { launch, noBrowser, onEveryPage, packaged } from "./demo.js";
import { SITES } from "./hard.js";

const skip = noBrowser();

/** The text of the page as a reader sees it, white space joined. */
const text = (page) => page.evaluate(() => document.body.innerText.replace(/\s+/g, " ").trim());

/** The first words in which two texts differ. */
function difference(one, two) {
  let at = 0;
  while (at < one.length && one[at] === two[at]) at += 1;
  const around = (words) => JSON.stringify(words.slice(Math.max(0, at - 20), at + 40));
  return `${around(one)} without JavaScript, ${around(two)} with it`;
}

test("a page says the same without JavaScript", { skip }, async () => {
  const browser = await launch();
  const plain = new Map();
  await onEveryPage(browser, { javaScriptEnabled: false }, async (page, url) => {
    plain.set(url, await text(page));
    return plain.get(url) ? [] : ["body: no text without JavaScript"];
  });
  await onEveryPage(browser, {}, async (page, url) => {
    const scripted = await text(page);
    return scripted === plain.get(url) ? [] : [`body: ${difference(plain.get(url), scripted)}`];
  });
});

const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 375, height: 720 } },
  { name: "dark and forced", colorScheme: "dark", forcedColors: "active", viewport: { width: 1440, height: 900 } },
];
for (const { site, skip, where } of SITES)
  for (const { name, ...options } of LOOKS)
    test(`${site}: axe finds nothing in ${name} pages`, { skip }, async () => {
      const browser = await launch();
      const axe = readFileSync(packaged("axe-core/axe.min.js"), "utf8");
      const look = async (page) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          window.axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }),
        );
        return violations.flatMap(({ id, help, nodes }) =>
          nodes.map((node) => `${node.target.join(" ")}: ${help} (${id})`),
        );
      };
      await onEveryPage(browser, options, look, where());
    });

test("a page prints, one article below the other", { skip }, async () => {
  const browser = await launch();
  await onEveryPage(browser, { viewport: { width: 1440, height: 900 } }, async (page) => {
    const pdf = await page.pdf({ format: "A4" });
    const faults = [];
    if (pdf.subarray(0, 5).toString() !== "%PDF-") faults.push("body: no PDF was made");
    await page.emulateMedia({ media: "print" });
    faults.push(
      ...(await page.evaluate(() => {
        const articles = [...document.querySelectorAll(".spread > article")];
        const tops = articles.map((article) => article.getBoundingClientRect());
        return articles
          .slice(1)
          .filter((_, index) => tops[index + 1].top < tops[index].bottom - 1)
          .map((article) => `article#${article.id}: stands beside the other in print`);
      })),
    );
    await page.emulateMedia({ media: "screen" });
    return faults;
  });
});
