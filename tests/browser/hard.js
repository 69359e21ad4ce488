// A site of everything that is hard to set: long words, wide tables, many replies, all directions.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { lacking, noBrowser } from "./demo.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const AGON = process.env.AGON || join(process.env.CARGO_TARGET_DIR || join(ROOT, "target"), "debug/agon");
const WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const ADDRESS = "https://example.org/a/very/long/address/that/has/no/space/in/it/and/goes/on/for/ever.html?query=string";
const CODE = "fn a_function(argument_one: &str, argument_two: &str, argument_three: &str) -> Result<Vec<String>, Error>;";
const REPLIES = 20;
const QUOTES = 60;

/** A file with front matter. */
function article(keys, text) {
  const front = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  return `---\n${front.join("")}---\n\n${text}\n`;
}

/** A table of `columns` numbers that are too many for a column of text. */
function table(columns) {
  const row = (cell) => `|${Array.from({ length: columns }, (_, index) => ` ${cell(index)} |`).join("")}\n`;
  return row((index) => `Column ${index + 1}`) + row(() => "---:") + row((index) => `${index + 1},234,567`);
}

const ORIGINAL = `The grid is old, and it was always old.[^a] The office for it is called ${WORD}, and its address is ${ADDRESS}.

> [!NOTE]
> A note stands between two paragraphs.

> [!WARNING]
> A warning has two paragraphs.
>
> This is the second.

A table follows:

${table(9)}
Code follows:

\`\`\`rust
${CODE}
\`\`\`

An \`identifier_without_any_place_to_break_it_and_of_more_letters_than_a_line_of_a_phone_can_hold\` stands here.

![A picture wider than any column](wide.svg "A caption for it.")

Formulas stand in lines, $a^2 + b^2$, and alone:

$$a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + x + y + z = 0$$

<iframe src="about:blank" title="A frame" width="900" height="60"></iframe>

<table><tr><td>${"A cell of raw HTML, ".repeat(4)}</td><td>1,234,567,890,123,456</td><td>${"another ".repeat(9)}</td></tr></table>

## The ${WORD}

> Somebody else's words stand here.
> — Somebody, *A Book*, 1900

1. One
2. Two

- [x] done

Short.

Shorter.

So it goes:

- on

And on it goes.

<div><p>A paragraph of raw HTML.</p><p>Another.</p></div>

Winter will come, and somebody will pay for it.

[^a]: A footnote with \`code\` and ${ADDRESS}
`;

const OPENING = "A reply may begin with much of its own, before it quotes anything at all. ".repeat(6).trim();

const HARD_REPLY = `${OPENING}

${OPENING}

> The grid is old, and it was always old.

**Disputed.** It was new once.

> [!NOTE]
> A note of the reply.

> A note stands between two paragraphs.

It does.

> Somebody else's words stand here.

**Qualified.** They are quoted there.

> Code follows:

**Conceded.** It does.[^b]

\`\`\`rust
${CODE}
\`\`\`

${table(7)}
> it was always old.

Once more, and out of order.

[^b]: A footnote of the reply.
`;

/** A reply that quotes one passage of an original. */
function reply(parent, quote, keys, text) {
  return article({ ...keys, rebuts: parent }, `Own words come first.\n\n> ${quote}\n\n${text}`);
}

/** An original of many paragraphs, and a reply that quotes them all. */
function long() {
  const paragraphs = Array.from({ length: QUOTES }, (_, n) => `Paragraph ${n + 1} says the number ${n + 1000}. Nothing more.`);
  const points = paragraphs.map((text) => `> ${text.slice(0, text.indexOf(".") + 1)}\n\nIt does say that.`);
  return {
    "seeds/long.md": article({ title: "Sixty paragraphs", date: "2025-02-01", color: "blue" }, paragraphs.join("\n\n")),
    "content/sixty.md": article({ title: "Sixty quotes", date: "2025-02-02", rebuts: "long" }, points.join("\n\n")),
  };
}

function files() {
  const title = `A title that goes on about the ${WORD}, and then some more, until nobody remembers how it began`;
  const author = ["Maria-Magdalena Wolkenstein-Trostburg von und zu Hohenlohe-Waldenburg-Schillingsfürst", "Karl"];
  const found = {
    "site.yaml": "title: Hard\nmath: true\n",
    "static/custom.css": ".motion h1 { letter-spacing: 0.01em }\n",
    "seeds/wide.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="900"><rect width="3000" height="900" fill="teal"/></svg>',
    "seeds/hard.md": article({ title, author, date: "2025-03-01", color: "green", claim: "A claim.", tags: ["Energy", WORD], disclosure: "None.", reply_by: "2025-12-01" }, ORIGINAL),
    "content/first.md": article({ title: `On the ${WORD}`, author: "Ann", date: "2025-03-02", rebuts: "hard" }, HARD_REPLY),
    "content/arabic-reply.md": reply("hard", "Winter will come, and somebody will pay for it.", { title: "سيدفع الجميع", author: "ليلى حداد", date: "2025-04-30", lang: "ar", dir: "rtl" }, "**Disputed.** سيدفع الجميع ثمنه.[^1]\n\n[^1]: حاشية."),
    "content/arabic.md": article({ title: "الشبكة قديمة", motion: "هل الشبكة قديمة؟", author: "ليلى حداد", date: "2025-05-01", lang: "ar", dir: "rtl", color: "purple" }, "الشبكة قديمة، وكانت دائما قديمة.\n\nوهذه فقرة ثانية."),
    "content/english.md": reply("arabic", "الشبكة قديمة", { title: "It was new once", author: "John", date: "2025-05-02" }, "**Conceded.** It is old, and has been for long."),
    "content/chinese.md": article({ title: "电网是旧的", author: "王小明", date: "2025-06-01", lang: "zh", color: "teal" }, "电网是旧的，而且一直是旧的。\n\n第二段。"),
    "content/chinese-reply.md": reply("chinese", "电网是旧的", { title: "曾经是新的", author: "李小红", date: "2025-06-02", lang: "zh" }, "曾经是新的。"),
    "content/lone.md": article({ title: "Is anybody there?", date: "2025-07-01", color: "#8a2be2" }, "One paragraph."),
    "content/other.md": article({ title: "Called otherwise", motion: "Is this the question?", date: "2025-07-02", color: "pink" }, "One paragraph."),
    "content/tomorrow.md": reply("other", "One paragraph.", { title: "Of tomorrow", date: "9998-12-03", author: "B" }, "It will be."),
    "content/drawer.md": reply("other", "One paragraph.", { title: "Of the drawer", date: "2025-07-04", author: "C", draft: true }, "It may be."),
    ...long(),
  };
  for (let n = 1; n <= REPLIES; n += 1) {
    const quote = ["Winter will come, and somebody will pay for it.", "The grid is old", "So it goes:"][n % 3];
    const day = String(n).padStart(2, "0");
    found[`content/reply-${day}.md`] = reply("hard", quote, { title: `Reply ${n}`, author: `Writer ${n}`, date: `2025-04-${day}` }, `**Disputed.** Reply ${n} has its reasons.`);
  }
  return found;
}

/** False if the program was built, else the reason to skip. */
const noProgram = existsSync(AGON) ? false : `no program at ${AGON}: run cargo build, or set AGON`;

/** The sites on which a rule is held: what they are called, the reason to skip, where they are. */
export const SITES = [
  { site: "the demo", skip: noBrowser(), where: () => ({}) },
  { site: "the hard site", skip: noBrowser() || lacking(!noProgram, noProgram), where: hard },
];

/** Of a kind of page that there is more than once, one. */
const wanted = (url) => !/^\/((authors|sides|tags)\/.|reply-)/.test(url);

/** Builds the site into a folder that is removed after the tests, and says where its pages are. */
function hard() {
  const folder = mkdtempSync(join(tmpdir(), "agon-hard-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files())) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const output = join(folder, "output");
  execFileSync(AGON, ["build", "--quiet", "--drafts", "--future", "--output", output], { cwd: folder, stdio: "pipe" });
  assert.ok(existsSync(join(output, "hard/index.html")), "the hard site was not built");
  return { root: output, wanted };
}
