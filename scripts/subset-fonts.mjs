// Makes small files of the shipped Japanese font in build/fonts: resvg opens the file anew for every letter it draws, and of
// the whole files (4.5 MB each) that is most of what a PNG takes. What is written here is enough for the project's own texts;
// where a drawing holds another character, the whole files are used. The Latin face lies beside them as it is.
//   node scripts/subset-fonts.mjs
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileName, japaneseFonts, latinFonts } from "./font-files.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const fontsFolder = join(root, "build", "fonts");

/** What names of data, runs and rules are mostly made of: Latin, Greek, punctuation, signs, kana, wide forms. */
const ranges = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x3ff],
  [0x1e00, 0x1eff],
  [0x2000, 0x22ff],
  [0x2500, 0x25ff],
  [0x3000, 0x30ff],
  [0xff01, 0xff9f],
];

/** Every character of the ranges and of the sources, which hold all texts; not of their tests. */
function characters() {
  const set = new Set(
    ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))),
  );
  for (const entry of readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /(?<!\.test)\.(ts|svelte)$/.test(entry.name)) {
      for (const character of readFileSync(join(entry.parentPath, entry.name), "utf8")) {
        if (character >= " ") {
          set.add(character);
        }
      }
    }
  }
  return [...set].sort().join("");
}

/** Of HarfBuzz's C interface, as the npm package harfbuzzjs has it. */
const noHinting = 1;
const writable = 2;

/** A font with these characters only, and all that its layout rules make of them. @param {Buffer} font */
function subset(hb, font, text) {
  const bytes = () => new Uint8Array(hb.memory.buffer);
  const input = hb.hb_subset_input_create_or_fail();
  const at = hb.malloc(font.length);
  bytes().set(font, at);
  const blob = hb.hb_blob_create(at, font.length, writable, 0, 0);
  const face = hb.hb_face_create(blob, 0);
  const unicodes = hb.hb_subset_input_unicode_set(input);
  for (const character of text) {
    hb.hb_set_add(unicodes, character.codePointAt(0));
  }
  // A drawing twice as dense as its SVG is drawn as the outlines are.
  hb.hb_subset_input_set_flags(input, noHinting);
  const made = hb.hb_subset_or_fail(face, input);
  if (made === 0) {
    throw new Error("HarfBuzz must make a part of the font, got none");
  }
  const result = hb.hb_face_reference_blob(made);
  const from = hb.hb_blob_get_data(result, 0);
  const part = bytes().slice(from, from + hb.hb_blob_get_length(result));
  hb.hb_blob_destroy(result);
  hb.hb_face_destroy(made);
  hb.hb_face_destroy(face);
  hb.hb_blob_destroy(blob);
  hb.free(at);
  hb.hb_subset_input_destroy(input);
  return part;
}

/** Where a package with a font lies; null where it is not installed: pictures then do without that face. */
function folderOf(name) {
  try {
    return dirname(require.resolve(`@expo-google-fonts/${name}/package.json`));
  } catch {
    return null;
  }
}

/** Makes the small fonts, their characters (`characters.txt`) and their licence where they are not up to date. Gives their folder. */
export async function subsetFonts() {
  const stamp = join(fontsFolder, "stamp.txt");
  const text = characters();
  const source = folderOf("biz-udpgothic");
  const beside = folderOf("source-sans-3");
  if (source === null) {
    throw new Error("the package of the Japanese font must be there, got none. Run npm ci.");
  }
  const [version, other] = [source, beside].map((folder) =>
    folder === null ? "" : JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version,
  );
  const digest = createHash("sha256")
    .update(`${version}\0${other}\0${text}\0`)
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) {
    return fontsFolder;
  }
  const wasm = readFileSync(join(dirname(require.resolve("harfbuzzjs")), "harfbuzz-subset.wasm"));
  const { exports: hb } = (await WebAssembly.instantiate(wasm)).instance;
  hb._initialize();
  const fresh = `${fontsFolder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  // Without Latin letters: where one font has all characters of a line, resvg sets the whole line in it, Latin words and all.
  const words = beside === null ? text : text.replaceAll(/[!-~]/g, "");
  for (const font of japaneseFonts) {
    writeFileSync(join(fresh, fileName(font)), subset(hb, readFileSync(join(source, font)), words));
  }
  if (beside !== null) {
    for (const font of latinFonts) {
      copyFileSync(join(beside, font), join(fresh, fileName(font)));
    }
    copyFileSync(join(beside, "LICENSE_FONT"), join(fresh, "LICENSE_FONT_SourceSans3.txt"));
  }
  writeFileSync(join(fresh, "characters.txt"), text);
  copyFileSync(join(source, "LICENSE_FONT"), join(fresh, "LICENSE_FONT.txt"));
  writeFileSync(join(fresh, "stamp.txt"), digest);
  rmSync(fontsFolder, { recursive: true, force: true });
  renameSync(fresh, fontsFolder);
  return fontsFolder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await subsetFonts();
}
