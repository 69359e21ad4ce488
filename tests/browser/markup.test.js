// The written files: valid HTML, no id twice, no link that leads nowhere.
import test from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { files, folder, lacking, launch, noBrowser, none, packaged } from "./demo.js";

/** As in tests/run: a name that no article of the demo can link to by accident. */
const SITE = "https://agon.invalid";
const jar = packaged("vnu-jar/build/dist/vnu.jar");
const java = spawnSync("java", ["-version"]).status === 0;

test("the validator finds no error", { skip: lacking(jar && java, "needs java and vnu-jar") }, () => {
  const root = folder();
  const html = files(root).filter((file) => file.endsWith(".html"));
  assert.ok(html.length > 5, `only ${html.length} HTML files were found`);
  const run = spawnSync("java", ["-jar", jar, "--errors-only", "--exit-zero-always", "--stdout", "--format", "json", ...html], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.equal(run.status, 0, run.stderr);
  const { messages } = JSON.parse(run.stdout);
  none(
    messages.map(({ url, lastLine, message, extract }) => {
      const file = decodeURI(url ?? "").split(`${root}/`).pop();
      return `${file}:${lastLine ?? 1}: ${message} in ${JSON.stringify(extract ?? "")}`;
    }),
  );
});

/** The ids and links of a page, as the browser's own parser reads them; nothing is loaded. */
function parse(html) {
  const tree = new DOMParser().parseFromString(html, "text/html");
  const links = [];
  for (const attribute of ["href", "src", "poster", "action", "data"])
    for (const element of tree.querySelectorAll(`[${attribute}]`))
      if (!(attribute === "data" && element.localName !== "object"))
        links.push({ to: element.getAttribute(attribute), from: element.outerHTML.slice(0, 80) });
  for (const element of tree.querySelectorAll("[srcset]"))
    for (const part of element.getAttribute("srcset").split(","))
      links.push({ to: part.trim().split(/\s+/)[0], from: element.outerHTML.slice(0, 80) });
  return { ids: [...tree.querySelectorAll("[id]")].map((element) => element.id), links };
}

/** Every page of a folder, parsed in the browser. */
async function parsed(root) {
  const browser = await launch();
  const page = await browser.newPage();
  const trees = new Map();
  for (const file of files(root).filter((name) => name.endsWith(".html")))
    trees.set(file, await page.evaluate(parse, readFileSync(join(root, file), "utf8")));
  assert.ok(trees.size > 5, `only ${trees.size} pages were found in ${root}`);
  return trees;
}

/** The file behind a URL path below `prefix`, or nothing. */
function target(root, prefix, path) {
  if (!path.startsWith(prefix)) return undefined;
  const name = decodeURIComponent(path.slice(prefix.length));
  if (!existsSync(join(root, name))) return undefined;
  if (!statSync(join(root, name)).isDirectory()) return name;
  const index = `${name.replace(/\/?$/, name ? "/" : "")}index.html`;
  return path.endsWith("/") && existsSync(join(root, index)) ? index : undefined;
}

/** What is wrong with one link of `file`, or nothing. */
function linkFault(root, prefix, trees, file, { to, from }) {
  let url;
  try {
    url = new URL(to, `${SITE}${prefix}${encodeURI(file)}`);
  } catch {
    return `no URL: ${JSON.stringify(to)} in ${from}`;
  }
  if (url.origin !== SITE) return undefined;
  if (/\.md$/i.test(url.pathname)) return `a link to Markdown: ${to} in ${from}`;
  const found = target(root, prefix, url.pathname);
  if (found === undefined) return `a dead link: ${to} in ${from}`;
  const id = decodeURIComponent(url.hash.slice(1));
  if (!id || id === "top" || !trees.has(found)) return undefined;
  return trees.get(found).ids.includes(id) ? undefined : `a dead fragment: ${to} in ${from}`;
}

/** Every url() of a style sheet, as a link. */
function styleLinks(root, file) {
  const css = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...css.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g)].map(([from, to]) => ({ to, from }));
}

for (const [variable, prefix] of [
  ["AGON_DEMO", "/"],
  ["AGON_DEMO_UNDER_REPO", "/repo/"],
])
  test(`no id twice and no dead link under ${prefix}`, { skip: noBrowser() }, async () => {
    const root = folder(variable);
    const trees = await parsed(root);
    const faults = [];
    let followed = 0;
    const follow = (file, links) => {
      for (const link of links) {
        followed += 1;
        const fault = linkFault(root, prefix, trees, file, link);
        if (fault) faults.push(`${file}: ${fault}`);
      }
    };
    for (const [file, { ids, links }] of trees) {
      const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
      faults.push(...[...twice].map((id) => `${file}: id twice: #${id}`));
      follow(file, links);
    }
    for (const file of files(root).filter((name) => name.endsWith(".css"))) follow(file, styleLinks(root, file));
    none(faults);
    assert.ok(followed > 50, `only ${followed} links were found`);
  });
