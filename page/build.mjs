// Builds the page's script and style into the package; with --check, only says whether they are fresh.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "mlwa_lint", "reporters", "html", "assets");
const require = createRequire(import.meta.url);
const bundled = [
  ["cytoscape", "LICENSE"],
  ["elkjs", "LICENSE.md"],
];

const licences = [];
for (const [name, file] of bundled) {
  const folder = join(here, "node_modules", name);
  const { version, license } = require(join(folder, "package.json"));
  const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
  licences.push({ name, version, license, text });
}
const banner = [
  "/*! Contains:",
  ...licences.map(({ name, version, license }) => ` * ${name} ${version} (${license})`),
  " * Their licences are in LICENSES.txt beside this file, and in the package mlwa-lint.",
  ...licences.map(({ name, text }) => ` *\n * ${name}\n${text.replaceAll("*/", "* /").replace(/^/gm, " * ")}`),
  " */",
].join("\n");

async function bundle(entry, options) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "ascii",
    legalComments: "none",
    target: "es2022",
    logLevel: "warning",
    ...options,
  });
  return outputFiles[0].text;
}

const script = await bundle("main.ts", { format: "iife" });
const style = await bundle("page.css", { loader: { ".css": "css" } });
const credits = licences.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`);
const files = {
  "page.js": `${banner}\n${script}`,
  "page.css": style,
  "LICENSES.txt": `What page.js contains besides mlwa-lint's own source.\n\n${credits.join(`\n${"-".repeat(80)}\n\n`)}`,
};
for (const [name, text] of Object.entries(files)) {
  if (name !== "LICENSES.txt" && /<\/(script|style)|<!--/i.test(text)) {
    throw new Error(`${name} would end the element that holds it`);
  }
}
if (/\bnew Function\(|[^.\w]eval\(/.test(script)) throw new Error("the policy of the page lets no text run as code");

let stale = false;
for (const [name, text] of Object.entries(files)) {
  const path = join(target, name);
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
    console.log(`${name}: ${(text.length / 1000).toFixed(0)} kB`);
  } else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    console.error(`${name} is not what page/ makes: run npm run build in page/`);
    stale = true;
  }
}
process.exit(stale ? 1 : 0);
