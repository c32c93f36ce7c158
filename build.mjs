// Makes carnet/static/build: one stylesheet, a script for all pages and one for the layout editor, the fonts, the icons, and manifest.json, which tells
// the `asset` template tag what each is called. File names carry a hash of their content, so that they can be
// cached for ever and a page never shows yesterday's style.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const output = join(root, "carnet/static/build");
const scratch = join(root, "node_modules/.carnet-build");
const require = createRequire(import.meta.url);

// The day calendar is placed by classes, because the content security policy forbids inline styles.
function gridClasses() {
  const rules = [];
  const steps = (28 * 60) / 5; // the longest local day is 25 hours; a day may also show what runs past midnight
  for (let row = 0; row < steps; row++) rules.push(`.row-${row}{grid-row-start:${row + 1}}`);
  for (let span = 1; span < steps; span++) rules.push(`.rows-${span}{grid-row-end:span ${span}}`);
  for (let column = 1; column <= 40; column++) {
    rules.push(`.col-${column}{grid-column-start:${column}}`);
    rules.push(`.cols-${column}{--columns:${column}}`);
  }
  return `@layer components{${rules.join("")}}\n`;
}

function sprite() {
  const names = JSON.parse(readFileSync(join(root, "frontend/icons.json"), "utf8"));
  const folder = join(dirname(require.resolve("lucide-static/package.json")), "icons");
  const symbols = names.map((name) => {
    const drawing = readFileSync(join(folder, `${name}.svg`), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  const own = readdirSync(join(root, "frontend/icons")).map((file) => {
    const drawing = readFileSync(join(root, "frontend/icons", file), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${file.replace(".svg", "")}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...symbols, ...own].join("\n")}</svg>\n`;
}

function hashed(name, content) {
  const [stem, extension] = name.split(".");
  const file = `${stem}.${createHash("sha256").update(content).digest("hex").slice(0, 10)}.${extension}`;
  writeFileSync(join(output, file), content);
  return file;
}

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
mkdirSync(output, { recursive: true });

const tailwind = join(dirname(require.resolve("@tailwindcss/cli/package.json")), "dist/index.mjs");
execFileSync(process.execPath, [tailwind, "-i", "frontend/styles.css", "-o", join(scratch, "tailwind.css")], {
  cwd: root,
  stdio: ["ignore", "ignore", "pipe"],
});
writeFileSync(join(scratch, "grid.css"), gridClasses());
// Layers are ordered by their first mention, which is Tailwind's; the grid only adds to "components".
writeFileSync(join(scratch, "app.css"), '@import "./tailwind.css";\n@import "./grid.css";\n@import "../../frontend/fonts.css";\n');

const kept = new Set(["stamp"]);
const result = await build({
  entryPoints: {
    "css/app": join(scratch, "app.css"),
    "js/app": join(root, "frontend/app.ts"),
    // Long, and asked for on one page only.
    "js/layout_editor": join(root, "frontend/layout_editor.ts"),
  },
  outdir: output,
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  loader: { ".woff2": "file" },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, info] of Object.entries(result.metafile.outputs)) {
  const file = path.split("/").at(-1);
  kept.add(file);
  if (info.entryPoint?.endsWith("app.css")) manifest["app.css"] = file;
  if (info.entryPoint?.endsWith("app.ts")) manifest["app.js"] = file;
  if (info.entryPoint?.endsWith("layout_editor.ts")) manifest["layout_editor.js"] = file;
  const font = file.match(/^(inter-latin)-opsz-normal\./);
  if (font) manifest["inter.woff2"] = file;
}
manifest["icons.svg"] = hashed("icons.svg", sprite());
manifest["favicon.svg"] = hashed("favicon.svg", readFileSync(join(root, "frontend/favicon.svg")));
kept.add(manifest["icons.svg"]).add(manifest["favicon.svg"]).add("manifest.json");
writeFileSync(join(output, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
// The server hands these to browsers that take them, instead of compressing on every request.
for (const file of [...kept].filter((name) => /\.(css|js|svg)$/.test(name))) {
  const content = readFileSync(join(output, file));
  writeFileSync(join(output, `${file}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(output, `${file}.br`), brotliCompressSync(content));
  kept.add(`${file}.gz`).add(`${file}.br`);
}
// A server that runs since yesterday's build still names yesterday's files.
const yesterday = Date.now() - 24 * 3600 * 1000;
for (const file of readdirSync(output)) {
  if (!kept.has(file) && statSync(join(output, file)).mtimeMs < yesterday) rmSync(join(output, file), { recursive: true });
}
