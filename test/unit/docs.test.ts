import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

const root = path.join(__dirname, "..", "..");
const pages = ["README.md", ...markdownIn("docs")];
const maximumLines = 150;

describe("The documentation", () => {
  it("has a README of at most 150 lines", () => {
    expect(read("README.md").trimEnd().split("\n").length).to.be.at.most(maximumLines);
  });

  it("names only npm scripts that exist", () => {
    const scripts = scriptsOf("package.json");
    const sdkScripts = scriptsOf("sdk/package.json");
    const named = pages.flatMap((page) => matches(page, /npm run (?:--silent )?([\w:-]+(?: --workspace sdk)?)/g));
    const isKnown = (name: string) =>
      name.endsWith(" --workspace sdk") ? name.replace(" --workspace sdk", "") in sdkScripts : name in scripts;
    expect(named).to.include.members(["demo", "test --workspace sdk"]);
    expect(named.filter((name) => !isKnown(name))).to.deep.equal([]);
  });

  it("links only to files and headings that exist", () => {
    const broken = pages.flatMap((page) =>
      matches(page, /\]\((?!\w+:)([^)]+)\)/g)
        .filter((link) => !resolves(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it("names a test that exists wherever it says that one holds a property", () => {
    const cited = read("docs/accounting.md").split("\n").flatMap(citations);
    expect(cited).to.not.have.length(0);
    expect(cited.filter(({ file, title }) => !hasTest(file, title))).to.deep.equal([]);
  });

  it("lists every property once", () => {
    const counts = { A: 4, B: 12, C: 11, D: 6, E: 5, F: 9, G: 6 };
    const all = Object.entries(counts).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    expect(matches("docs/accounting.md", /^\| \*\*([A-G]\d+)\*\*/gm)).to.have.members(all);
  });

  it("says nothing of the machine it was written on", () => {
    const paths = pages.filter((page) => /(?:\/(?:home|work|tmp|Users)\/|file:\/\/)/.test(read(page)));
    expect(paths).to.deep.equal([]);
  });
});

interface Citation {
  readonly file: string;
  readonly title: string;
}

/** In a row of the table of properties: each file that is linked, with the titles in “” that follow it. */
function citations(row: string): readonly Citation[] {
  return [...row.matchAll(/\]\(\.\.\/(test\/[^)]+)\):?((?:,? “[^”]+”)+)/g)].flatMap(([, file = "", titles = ""]) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = ""]) => ({ file, title })),
  );
}

function scriptsOf(file: string): Readonly<Record<string, string>> {
  return (JSON.parse(read(file)) as { readonly scripts: Readonly<Record<string, string>> }).scripts;
}

function hasTest(file: string, title: string): boolean {
  if (!existsSync(path.join(root, file))) return false;
  const source = read(file);
  return ['"', "`"].some((quote) => source.includes(`${quote}${title}${quote}`));
}

function resolves(page: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(root, target))) return false;
  return (
    heading === undefined ||
    matches(target, /^#+ (.+)$/gm)
      .map(anchorOf)
      .includes(heading)
  );
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}

function matches(page: string, pattern: RegExp): readonly string[] {
  return [...read(page).matchAll(pattern)].map(([, found = ""]) => found);
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.posix.join(folder, file));
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
