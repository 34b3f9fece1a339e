/**
 * Builds the front end into core/static/: bundles with a hash of their content in the name, manifest.json that says
 * which file "app.css" is now, and licenses.txt with the licences of all that was bundled.
 *
 * Old files go last, so that a server reading the manifest never finds a name without its file.
 */
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "core", "static");
/** Each set is bundled by itself: what shares files with another set would cost a phone on a walk one more question. */
const sets = [
  ["frontend/css/app.css", "frontend/css/falt.css", "frontend/css/api-docs.css", "frontend/icon.svg", "frontend/sample.svg"],
  ["frontend/ts/app.ts"],
  ["frontend/ts/falt.ts"],
  ["frontend/ts/falt/main.ts"],
  ["frontend/ts/falt/sw.ts"],
  ["frontend/ts/api-docs.ts"],
];
const entries = new Set(sets.flat());
const built = await Promise.all(sets.map((entryPoints) => build({
  absWorkingDir: root,
  entryPoints,
  outdir: target,
  bundle: true,
  splitting: true, // what a module fetches by import() is a file of its own
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "safari16.4", "firefox115"],
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "copy" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
})));
/** The typeface of documents (PDF), in files of one weight each: what makes them draws no variable one. */
const weights = [400, 600, 700];
const typeface = (weight) => `node_modules/@fontsource/source-sans-3/files/source-sans-3-latin-${weight}-normal.woff2`;
const fonts = weights.map((weight) => `document-${weight}.woff2`);
await Promise.all(weights.map((weight, place) => copyFile(join(root, typeface(weight)), join(target, fonts[place]))));
const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
const inputs = [...built.flatMap(({ metafile }) => Object.keys(metafile.inputs)), typeface(weights[0])];

const manifest = {};
for (const [file, { entryPoint }] of Object.entries(outputs)) {
  if (!entries.has(entryPoint)) continue; // a part that import() fetches is named by who fetches it
  const name = entryPoint.replace(/^.*\//, "").replace(/\.ts$/, ".js");
  manifest[name] = relative(target, join(root, file));
}
/** For each entry the files that it needs with what those need: what a phone keeps of the app. */
const parts = {};
for (const [file, { entryPoint }] of Object.entries(outputs)) {
  if (!entries.has(entryPoint)) continue;
  const needed = new Set();
  const add = (path) => {
    if (needed.has(path) || !outputs[path]) return;
    needed.add(path);
    for (const one of outputs[path].imports) add(one.path);
  };
  add(file);
  parts[entryPoint.replace(/^.*\//, "").replace(/\.ts$/, ".js")] = [...needed].map((path) => relative(target, join(root, path))).sort();
}
await writeFile(join(target, "parts.json"), `${JSON.stringify(parts, Object.keys(parts).sort(), 2)}\n`);
await writeFile(join(target, "licenses.txt"), await licences(inputs));
await writeFile(join(target, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
await sweep(new Set([...Object.keys(outputs).map((file) => relative(target, join(root, file))), ...fonts, "licenses.txt", "manifest.json", "parts.json"]));

/** The licence texts of the packages that `inputs` (paths of bundled files) come from. */
async function licences(inputs) {
  const packages = new Set(inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  const texts = await Promise.all([...packages].sort().map(async (name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|.*\.LICENSE\.txt$)/i.test(file)).sort();
    const bodies = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    return [`${name} ${version} (${license})`, ...bodies.map((body) => body.trim())].join("\n\n");
  }));
  return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** Removes what an earlier build left in the target. */
async function sweep(keep) {
  const old = (await readdir(target)).filter((file) => !keep.has(file));
  await Promise.all(old.map((file) => rm(join(target, file), { recursive: true })));
}
