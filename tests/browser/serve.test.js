// The preview in a real browser: what is saved shows, what is wrong is said, and the reader stays
// where they were.
import test, { after } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lacking, launch, noBrowser, none, packaged } from "./demo.js";

const TARGET = process.env.CARGO_TARGET_DIR || fileURLToPath(new URL("../../target", import.meta.url));
const AGON = process.env.AGON || join(TARGET, "debug/agon");
const THEME = fileURLToPath(new URL("../../themes/broadsheet", import.meta.url));
const skip = noBrowser() || lacking(existsSync(AGON), `no program at ${AGON}: cargo build`);
const WIDE = { viewport: { width: 1440, height: 900 } };

const words = (number) =>
  `Paragraph ${number} of the original goes on for a while about lanterns, so that there is something to scroll. `.repeat(4);
const PARAGRAPHS = Array.from({ length: 24 }, (_, index) => words(index + 1));
const ORIGINAL = `---\ntitle: Lanterns\ndate: 2026-01-02\ncolor: blue\n---\n\n${PARAGRAPHS.join("\n\n")}\n\nEvery lantern in the harbour burns until the last boat is home.\n`;
const REPLY =
  "---\ntitle: Candles\ndate: 2026-01-03\ncolor: red\nrebuts: lanterns\n---\n\n" +
  "> Every lantern in the harbour burns until the last boat is home.\n\nNot on Sundays.\n";
const PAGE = "---\nkind: page\ntitle: About\n---\n\nA page of its own.\n";

/** A site in a folder of its own. */
class Site {
  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "agon-serve-"));
    after(() => rmSync(this.root, { recursive: true, force: true }));
    this.put("site.yaml", "title: Harbour\n");
    this.put("content/lanterns.md", ORIGINAL);
    this.put("content/candles.md", REPLY);
  }
  at(path) {
    return join(this.root, path);
  }
  /** Saves a file as editors do: beside it, then renamed over it. */
  put(path, text) {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(`${path}.tmp`), text);
    renameSync(this.at(`${path}.tmp`), this.at(path));
  }
  edit(path, from, to) {
    const text = readFileSync(this.at(path), "utf8");
    assert.ok(text.includes(from), `${path} does not say ${from}`);
    this.put(path, text.replace(from, to));
  }
}

/** `agon serve` on a free port, or on `port`; ended after the tests. */
async function serve(site, options = [], port = 0) {
  const program = spawn(AGON, ["serve", "--root", site.root, "--port", String(port), ...options], {
    env: { ...process.env, AGON_BASE_URL: undefined },
  });
  after(() => program.kill("SIGKILL"));
  const served = { program, printed: "", url: undefined };
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding("utf8").on("data", (text) => (served.printed += text));
  await until(() => (served.url = served.printed.match(/serving (\S+)/)?.[1]), "the server to start");
  return served;
}

/** Waits until `look` gives something, ten seconds at most. */
async function until(look, what) {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    try {
      if (await look()) return;
    } catch (error) {
      if (!/context was destroyed|navigat/i.test(error.message)) throw error;
    }
    await new Promise((go) => setTimeout(go, 20));
  }
  assert.fail(`waited in vain for ${what}`);
}

const says = (page, text) => until(() => page.evaluate((text) => document.body.innerText.includes(text), text), `“${text}”`);
const shows = (page, selector) => until(() => page.locator(selector).count(), selector);
const gone = (page, selector) => until(async () => !(await page.locator(selector).count()), `${selector} to go`);

async function open(browser, url, options = WIDE) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(error.message));
  const stream = page.waitForRequest(/__agon\/events/);
  await page.goto(url, { waitUntil: "load" });
  await stream;
  return page;
}

/** Where the element `selector` stands in the window. */
const top = (page, selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);

async function axe(page) {
  await page.evaluate(readFileSync(packaged("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  none(violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${node.target.join(" ")}: ${help} (${id})`)));
}

test("an edit of the original shows beside the reply, which stays where it is read", { skip }, async () => {
  const site = new Site();
  const { url } = await serve(site);
  const page = await open(await launch(), `${url}candles/`);
  await page.locator("#lanterns-p14").evaluate((element) => element.scrollIntoView({ behavior: "instant" }));
  await page.evaluate(() => scrollBy({ top: 77, behavior: "instant" }));
  const before = await top(page, "#lanterns-p15");
  site.edit("content/lanterns.md", PARAGRAPHS[19], `A new beginning. ${PARAGRAPHS[19]}`);
  await says(page, "A new beginning.");
  await until(async () => Math.abs((await top(page, "#lanterns-p15")) - before) < 1.5, "the scroll position");
  // Now above the window: what is read stays where it is although all of it moves.
  site.edit("content/lanterns.md", PARAGRAPHS[2], `Another beginning. ${words(3).repeat(4)}\n\nOne more paragraph.\n\n`);
  await says(page, "Another beginning.");
  await until(async () => Math.abs((await top(page, "#lanterns-p16")) - before) < 1.5, "the scroll position");
  none(page.faults);
});

test("a broken quote becomes a box that says so, and goes when it is mended", { skip }, async () => {
  const site = new Site();
  const { url } = await serve(site, ["--editor", "vscode"]);
  const browser = await launch();
  const page = await open(browser, `${url}candles/`);
  const other = await open(browser, url);
  site.edit("content/candles.md", "harbour burns until the last", "village shines until the very last");
  await shows(page, ".fault");
  await shows(other, "#agon-overlay");
  const box = page.locator(".fault");
  assert.deepEqual(await box.locator(".diff del").allInnerTexts(), ["village shines", "very"]);
  assert.deepEqual(await box.locator(".diff ins").allInnerTexts(), ["harbour burns"]);
  assert.match(await box.innerText(), /Misquotation\./);
  const place = await box.locator("a.place").first().getAttribute("href");
  assert.match(place, /^vscode:\/\/file\/.*\/content\/candles\.md:8:1$/);
  const line = await box.locator(".diff del").first().evaluate((element) => getComputedStyle(element).textDecorationLine);
  assert.equal(line, "line-through");
  assert.match(await page.locator("#agon-overlay summary").innerText(), /1 error/);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await axe(page);
  }
  site.edit("content/candles.md", "village shines until the very last", "harbour burns until the last");
  await gone(page, ".fault");
  await gone(page, "#agon-overlay");
  await gone(other, "#agon-overlay");
  none([...page.faults, ...other.faults]);
});

test("a colour changes without a reload", { skip }, async () => {
  const site = new Site();
  site.put("static/custom.css", "h2 { color: rgb(1, 2, 3) }\n");
  const { url } = await serve(site);
  const page = await open(await launch(), `${url}candles/`);
  const color = () => page.locator("h2").first().evaluate((element) => getComputedStyle(element).color);
  assert.equal(await color(), "rgb(1, 2, 3)");
  await page.evaluate(() => (window.survives = true));
  site.put("static/custom.css", "h2 { color: rgb(4, 5, 6) }\n");
  await until(async () => (await color()) === "rgb(4, 5, 6)", "the new colour");
  await until(async () => (await page.locator("link[href*='custom.css']").count()) === 1, "the old sheet to go");
  assert.equal(await page.evaluate(() => window.survives), true);
  site.edit("content/candles.md", "Sundays", "Mondays");
  await says(page, "Not on Mondays.");
  assert.equal(await page.evaluate(() => window.survives), undefined);
});

test("broken front matter lies over the pages that show it, escaped", { skip }, async () => {
  const site = new Site();
  site.put("content/about.md", PAGE);
  const { url } = await serve(site);
  const browser = await launch();
  const page = await open(browser, `${url}candles/`);
  const about = await open(browser, `${url}about/`);
  await about.evaluate(() => (window.survives = true));
  site.edit("content/candles.md", "color: red", "colur: <img src=x onerror=window.hurt=1>");
  await shows(page, "#agon-overlay");
  const overlay = page.locator("#agon-overlay");
  assert.match(await overlay.innerText(), /colur/);
  assert.match(await overlay.innerText(), /content\/candles\.md:4:1/);
  assert.match(await overlay.innerText(), /<img src=x/);
  assert.equal(await overlay.locator("img").count(), 0);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  await axe(page);
  await says(page, "Not on Sundays.");
  assert.equal(await about.evaluate(() => window.survives), true, "another page was reloaded");
  site.edit("content/candles.md", "colur: <img src=x onerror=window.hurt=1>", "color: red");
  await gone(page, "#agon-overlay");
});

test("a template error names template and line over the last good page", { skip }, async () => {
  const site = new Site();
  cpSync(THEME, site.at("themes/mine"), { recursive: true });
  site.put("site.yaml", "title: Harbour\ntheme: mine\n");
  const { url, printed } = await serve(site);
  const browser = await launch();
  const page = await open(browser, `${url}candles/`);
  const file = "themes/mine/templates/debate.html";
  site.edit(file, "<h1", "{{ debate.nonsense.deep }}<h1");
  await shows(page, "#agon-overlay");
  assert.match(await page.locator("#agon-overlay").innerText(), /themes\/mine\/templates\/debate\.html:\d+:\d+/);
  assert.match(await page.locator("#agon-overlay pre").first().innerText(), /debate\.nonsense/);
  await says(page, "Not on Sundays.");
  const never = await open(browser, `${url}lanterns/`);
  await shows(never, "#agon-overlay");
  await axe(never);
  assert.equal((await page.request.get(url)).status(), 200);
  site.edit(file, "{{ debate.nonsense.deep }}<h1", "<h1");
  await gone(page, "#agon-overlay");
  await gone(never, "#agon-overlay");
  await says(never, "Not on Sundays.");
  site.edit(file, "<h1", "{% if %}<h1");
  await shows(page, "#agon-overlay");
  await says(page, "Not on Sundays.");
  const styled = await page.locator("h1").first().evaluate((element) => getComputedStyle(element).fontFamily);
  site.edit(file, "{% if %}<h1", "<h1");
  await gone(page, "#agon-overlay");
  assert.equal(await page.locator("h1").first().evaluate((element) => getComputedStyle(element).fontFamily), styled);
  assert.equal(printed.includes("panicked"), false);
});

test("two tabs, a deleted page and a restarted server", { skip }, async () => {
  const site = new Site();
  const served = await serve(site);
  const browser = await launch();
  const pages = [await open(browser, `${served.url}candles/`), await open(browser, `${served.url}candles/`)];
  site.edit("content/candles.md", "Sundays", "Mondays");
  for (const page of pages) await says(page, "Not on Mondays.");
  const ended = new Promise((end) => served.program.on("exit", (code) => end(code)));
  served.program.kill("SIGINT");
  assert.equal(await ended, 0);
  site.edit("content/candles.md", "Mondays", "Tuesdays");
  await serve(site, [], new URL(served.url).port);
  for (const page of pages) await says(page, "Not on Tuesdays.");
  rmSync(site.at("content/candles.md"));
  for (const page of pages) await shows(page, "h1");
  for (const page of pages) await until(async () => !(await page.evaluate(() => document.body.innerText)).includes("Tuesdays"), "the page to go");
  assert.equal((await pages[0].request.get(`${served.url}candles/`)).status(), 404);
  site.put("content/candles.md", REPLY);
  for (const page of pages) await says(page, "Not on Sundays.");
});

test("a tab that nobody sees takes no connection and is up to date when it is looked at", { skip }, async () => {
  const site = new Site();
  const { url } = await serve(site);
  const page = await open(await launch(), `${url}candles/`);
  const look = (hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await look(true);
  site.edit("content/candles.md", "Sundays", "Mondays");
  await until(async () => (await (await page.request.get(`${url}candles/`)).text()).includes("Mondays"), "the edit");
  assert.match(await page.evaluate(() => document.body.innerText), /Not on Sundays\./);
  await look(false);
  await says(page, "Not on Mondays.");
});

test("with --follow the browser goes to the paragraph that was edited", { skip }, async () => {
  const site = new Site();
  const { url } = await serve(site, ["--follow"]);
  const page = await open(await launch(), url);
  site.edit("content/lanterns.md", PARAGRAPHS[17], `Here it is. ${PARAGRAPHS[17]}`);
  await until(() => page.url() === `${url}lanterns/#p18`, "the page of the saved file");
  const seen = async () => {
    const at = await top(page, "#p18");
    return at >= 0 && at < 900;
  };
  await until(seen, "the paragraph to be in view");
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  site.edit("content/lanterns.md", "Here it is.", "Here it is again.");
  await says(page, "Here it is again.");
  await until(seen, "the paragraph to be in view");
});

test("the script works where only scripts of the site may run", { skip }, async () => {
  const site = new Site();
  const { url } = await serve(site);
  const browser = await launch();
  const context = await browser.newContext(WIDE);
  const page = await context.newPage();
  const broken = [];
  page.on("console", (message) => message.type() === "error" && broken.push(message.text()));
  await page.route("**/candles/", async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), "content-security-policy": "script-src 'self'; connect-src 'self'" };
    await route.fulfill({ response, headers });
  });
  const stream = page.waitForRequest(/__agon\/events/);
  await page.goto(`${url}candles/`);
  await stream;
  site.edit("content/candles.md", "Sundays", "Mondays");
  await says(page, "Not on Mondays.");
  none(broken);
});
