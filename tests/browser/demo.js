// The built demo: its pages, a server for them and the browser that reads them.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, relative, sep } from "node:path";
import { after } from "node:test";
import assert from "node:assert/strict";

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};
const require = createRequire(import.meta.url);

/** The folder named by an environment variable, as tests/run sets it. */
export function folder(variable = "AGON_DEMO") {
  const path = process.env[variable];
  assert.ok(path && existsSync(path), `${variable} names no folder: run tests/run`);
  return path;
}

/** Every file below `root`, as a path with slashes, sorted; Agon's own record left out. */
export function files(root) {
  const found = [];
  const folders = [root];
  while (folders.length) {
    const next = folders.pop();
    for (const name of readdirSync(next)) {
      const path = join(next, name);
      if (statSync(path).isDirectory()) folders.push(path);
      else found.push(relative(root, path).split(sep).join("/"));
    }
  }
  return found.filter((file) => file !== ".agon").sort();
}

/** The URL paths of all pages; those that only send the reader on are no pages. */
export function pages(root) {
  const urls = files(root)
    .filter((file) => file.endsWith(".html"))
    .filter((file) => !/http-equiv=["']?refresh/i.test(readFileSync(join(root, file), "utf8")))
    .map((file) => encodeURI("/" + file.replace(/(^|\/)index\.html$/, "$1")));
  assert.ok(urls.length > 5, `only ${urls.length} pages were found in ${root}`);
  return urls;
}

/** The file that answers a URL path, or nothing. */
function fileOf(root, path) {
  let name;
  try {
    name = normalize(join(root, decodeURIComponent(path)));
  } catch {
    return undefined;
  }
  if (name !== root && !name.startsWith(root + sep)) return undefined;
  if (existsSync(name) && statSync(name).isDirectory()) name = join(name, "index.html");
  return existsSync(name) ? name : undefined;
}

/** Serves `root` on a free port of this machine and gives its origin. */
export async function serve(root) {
  const clean = normalize(root).replace(/[/\\]$/, "");
  const server = createServer((request, response) => {
    const found = fileOf(clean, new URL(request.url, "http://localhost").pathname);
    const name = found ?? join(clean, "404.html");
    if (!existsSync(name)) return response.writeHead(404).end();
    response.writeHead(found ? 200 : 404, {
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
    });
    response.end(readFileSync(name));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  after(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Where a tool is missing: the reason to skip; on a build server a failure instead. */
function skipped(reason) {
  if (process.env.CI) throw new Error(reason);
  return reason;
}

/** The path of a file in a package of tests/browser, or nothing. */
export function packaged(file) {
  try {
    return require.resolve(file);
  } catch {
    return undefined;
  }
}

/** False if there is a browser, else the reason to skip. */
export function noBrowser() {
  if (!packaged("playwright-core") || !packaged("axe-core"))
    return skipped("run: npm ci --prefix tests/browser --ignore-scripts");
  if (!existsSync(CHROMIUM))
    return skipped(`no browser at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`);
  return false;
}

/** False if `present`, else the reason to skip. */
export function lacking(present, reason) {
  return present ? false : skipped(reason);
}

/** A running Chromium, closed after the tests of the file. */
export async function launch() {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  after(() => browser.close());
  return browser;
}

/**
 * Opens every page of `root` that is `wanted`, of the demo if nothing is said, with `options` (those of playwright's
 * newContext) and collects the faults that `look(page, url)` gives; each is printed behind the page
 * it stands on.
 */
export async function onEveryPage(browser, options, look, { root = folder(), wanted = () => true } = {}) {
  const origin = await serve(root);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  let looked = 0;
  for (const url of pages(root).filter(wanted)) {
    await page.goto(origin + url, { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    const found = await look(page, url);
    if (found === undefined) continue;
    looked += 1;
    faults.push(...found.map((fault) => `${url}: ${fault}`));
  }
  await context.close();
  none(faults);
  assert.ok(looked > 0, "no page of this kind was found");
}

/** Fails with all faults, one a line. */
export function none(faults) {
  if (faults.length) assert.fail(`${faults.length} faults\n${faults.join("\n")}`);
}
