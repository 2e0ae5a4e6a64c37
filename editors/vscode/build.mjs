// Bundles the extension, or its tests.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };
if (process.argv.includes("--tests")) {
  rmSync("build/tests", { recursive: true, force: true });
  const names = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
  // The editor's own module is there in the editor only: tests bring one of their own.
  await build({
    ...common,
    entryPoints: names.map((name) => `test/${name}`),
    alias: { vscode: "./test/vscode.ts" },
    outdir: "build/tests",
  });
} else {
  mkdirSync("build", { recursive: true }); // where the package goes, which vsce does not make
  await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    external: ["vscode"],
    minify: true,
    outfile: "dist/extension.js",
  });
}
