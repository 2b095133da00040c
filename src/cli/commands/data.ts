import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { DataError, saidBy, suggest, suggestName } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { originOf } from "../../data/fingerprint.ts";
import { mnistFiles, mnistFingerprint, mnistMirrors } from "../../data/mnist.ts";
import { displayWidth, fittedCells } from "../../figure/text-width.ts";
import { datasetNames, loadDataset } from "../../node/data/datasets.ts";
import { downloadMnist } from "../../node/data/download.ts";
import { findIdxFiles } from "../../node/data/idx-folder.ts";
import { findMnist, md5Of, mnistCache, mnistPath } from "../../node/data/mnist-folder.ts";
import { unwritableData } from "../../node/file-errors.ts";
import { makeFolder } from "../../node/store/make-folder.ts";
import type { CliContext } from "../context.ts";
import { interruptedExit, interruptible } from "../interrupt.ts";
import { barOf } from "../live-display.ts";
import { collect } from "../options.ts";
import { addDataReadCommand, readData } from "./data-read.ts";

export function addDataCommand(program: Command, contextOf: () => CliContext): void {
  const data = program.command("data").description("data sets: where they are, get them, verify them / データセット");
  data
    .command("list")
    .description("the data sets and where they are read from / 一覧と読み込み元")
    .option("--json", "print JSON")
    .action(({ json }: { json?: boolean }) => listData(json === true, contextOf()));
  data
    .command("get")
    .description("get a data set from the web or a folder, checked by MD5 / 取得してMD5で確かめる")
    .argument("<name>", datasetNames.join(", "))
    .option("--from <folder>", "a folder that holds the files, packed or not")
    .option("--mirror <url>", "a folder on the web; may be repeated", collect, [])
    .action((name: string, options: { from?: string; mirror: string[] }) => getData(name, options, contextOf()));
  data
    .command("verify")
    .description("check a data set: mnist by its MD5, your own by what its files hold / 内容を確かめる")
    .argument("<name>", `${datasetNames.join(", ")}, a folder of IDX files or a CSV file`)
    .option("--from <folder>", "the folder to check (default: the one runs read)")
    .action((name: string, { from }: { from?: string }) => verifyData(name, from, contextOf()));
  addDataReadCommand(data, contextOf);
}

const isKnown = (name: string) => datasetNames.some((known) => known === name);

/** @param own what there is for data of one's own */
function mustBeKnown(name: string, own: Told): void {
  if (!isKnown(name)) {
    throw new DataError({
      en: `data: must be a known data set, got "${name}". ${suggest(name, datasetNames)} ${own.en}`,
      ja: `data: "${name}" というデータセットはありません。${suggestName(name, datasetNames).ja}${own.ja}`,
    });
  }
}

function listData(json: boolean, context: CliContext): void {
  let found: { folder: string; origin: string } | null = null;
  try {
    found = findMnist(context.env);
  } catch (error) {
    context.warn(saidBy(error));
  }
  if (json) {
    context.print(JSON.stringify([{ name: "mnist", train: 60_000, test: 10_000, ...found }]));
    return;
  }
  const about = { en: "60,000 + 10,000 handwritten digits, 28 × 28", ja: "手書き数字 60,000 + 10,000 枚、28 × 28" };
  context.print(`mnist  ${context.text(about)}`);
  if (found !== null) {
    context.print(`       ${found.folder} (${found.origin})`);
  }
}

async function getData(
  name: string,
  { from, mirror }: { from?: string; mirror: string[] },
  context: CliContext,
): Promise<void> {
  mustBeKnown(name, {
    en: "Only these are fetched; a set of your own is read from where it lies: run … --data FOLDER, train --data FILE.csv.",
    ja: "取得できるのはこれだけです。手元のデータは、そのまま run … --data フォルダー、train --data ファイル.csv で使えます。",
  });
  const folder = mnistCache();
  if (from !== undefined) {
    await copyMnist(from, folder);
    context.print({ en: `mnist: copied to ${folder}`, ja: `mnist: ${folder} にコピーしました` });
    return;
  }
  const interrupt = interruptible();
  const bar = new DownloadBar(context);
  try {
    const fetched = await downloadMnist({
      folder,
      mirrors: mirror.length > 0 ? mirror.map(folderUrl) : mnistMirrors,
      signal: interrupt.signal,
      onProgress: (file, received, total) => bar.update(file, received, total),
    });
    bar.finish();
    context.print(
      fetched.length === 0
        ? { en: `mnist: complete already in ${folder}`, ja: `mnist: ${folder} にすべてそろっています` }
        : {
            en: `mnist: ${fetched.length} files in ${folder}`,
            ja: `mnist: ${fetched.length} 個のファイルを ${folder} に保存しました`,
          },
    );
  } catch (error) {
    bar.finish();
    if (!interrupt.signal.aborted) {
      throw error;
    }
    context.warn({
      en: "interrupted: what has come is kept, and the next tanren data get goes on from there.",
      ja: "中断しました。受信済みの部分は残してあり、次の tanren data get で続きから取得します。",
    });
    process.exitCode = interruptedExit;
  } finally {
    interrupt.release();
  }
}

function folderUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new DataError({
      en: `--mirror: must be an http or https address, got "${text}". Give a folder's address.`,
      ja: `--mirror: http または https のアドレスを指定してください(指定された値: "${text}")。フォルダーのアドレスが必要です。`,
    });
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

/** Copies the four files when each has its MD5; none gets its name half copied. @throws DataError */
async function copyMnist(from: string, folder: string): Promise<void> {
  const sources: string[] = [];
  for (const file of mnistFiles) {
    const path = mnistPath(from, file);
    if (path === undefined) {
      throw new DataError({
        en: `data get: ${from} must hold ${file.name} (or .gz), got no such file. Give another --from.`,
        ja: `data get: ${from} に ${file.name}(または .gz)がありません。--from で別のフォルダーを指定してください。`,
      });
    }
    const md5 = await md5Of(path);
    if (md5 !== file.md5) {
      throw new DataError({
        en: `data get: ${path} must have the MD5 ${file.md5}, got ${md5}. It is damaged: get it again.`,
        ja: `data get: ${path} の MD5 が ${file.md5} と一致しません(実際は ${md5})。ファイルが壊れています。取得し直してください。`,
      });
    }
    sources.push(path);
  }
  try {
    makeFolder(folder);
    for (const path of sources) {
      const target = join(folder, basename(path));
      copyFileSync(path, `${target}.new`);
      renameSync(`${target}.new`, target);
    }
  } catch (error) {
    for (const path of sources) {
      rmSync(join(folder, `${basename(path)}.new`), { force: true });
    }
    throw unwritableData("data get", folder, error);
  }
}

async function verifyData(name: string, from: string | undefined, context: CliContext): Promise<void> {
  if (!isKnown(name) && isFile(name)) {
    return readData(name, { column: [] }, context);
  }
  if (!isKnown(name) && (/[\\/]/.test(name) || existsSync(name))) {
    return verifyFolder(name, context);
  }
  mustBeKnown(name, {
    en: "Or give a folder of IDX files or a CSV file.",
    ja: "IDX ファイルのフォルダーか CSV ファイルも指定できます。",
  });
  const folder = from ?? findMnist(context.env).folder;
  for (const file of mnistFiles) {
    const path = mnistPath(folder, file);
    const md5 = path === undefined ? null : await md5Of(path);
    if (md5 === file.md5) {
      context.print(`  ✓ ${file.name}`);
      continue;
    }
    process.exitCode = 1;
    context.warn(
      md5 === null
        ? { en: `  ✗ ${file.name}: missing in ${folder}`, ja: `  ✗ ${file.name}: ${folder} にありません` }
        : {
            en: `  ✗ ${file.name}: MD5 must be ${file.md5}, got ${md5}`,
            ja: `  ✗ ${file.name}: MD5 が ${file.md5} ではなく ${md5} です`,
          },
    );
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Reads a set of IDX files whole and says what it holds: nothing else tells whether they are right. @throws DataError */
async function verifyFolder(folder: string, context: CliContext): Promise<void> {
  const dataset = await loadDataset("mnist", folder);
  const find = findIdxFiles(folder);
  for (const split of ["train", "test"] as const) {
    const { images, labels } = dataset[split];
    const rows = images.count.toLocaleString("en-US");
    context.print({
      en: `  ✓ ${find({ split, part: "images" })}: ${rows} images of ${images.width} pixels`,
      ja: `  ✓ ${find({ split, part: "images" })}: ${rows} 枚、各 ${images.width} 画素`,
    });
    const classes = new Set<number>(labels).size;
    context.print({
      en: `  ✓ ${find({ split, part: "labels" })}: ${rows} labels of ${classes} classes`,
      ja: `  ✓ ${find({ split, part: "labels" })}: ラベル ${rows} 個、${classes} クラス`,
    });
  }
  for (const note of dataset.notes ?? []) {
    context.print(`  ${context.text(note)}`);
  }
  const { fingerprint } = originOf(dataset);
  context.print({
    en: `  Fingerprint ${fingerprint}, as records keep it.${fingerprint === mnistFingerprint ? " This is MNIST." : ""}`,
    ja: `  指紋 ${fingerprint}(記録に残るもの)${fingerprint === mnistFingerprint ? "。MNIST そのものです" : ""}`,
  });
}

/** One redrawn line in a terminal; a line a file elsewhere. */
export class DownloadBar {
  private readonly context: CliContext;
  private file = "";
  private drawnAt = 0;

  constructor(context: CliContext) {
    this.context = context;
  }

  update(file: string, received: number, total: number | null): void {
    const { live } = this.context;
    if (!live) {
      if (file !== this.file) {
        this.context.warn(`  ${file}.gz`);
      }
      this.file = file;
      return;
    }
    const now = Date.now();
    if (now - this.drawnAt < 80 && received !== total) {
      return;
    }
    if (file !== this.file && this.file !== "") {
      process.stdout.write("\n");
    }
    this.file = file;
    this.drawnAt = now;
    const megabytes = (received / 1e6).toFixed(1);
    const line = (bar: string) => `  ${file}.gz  ${bar}${megabytes} MB`;
    const full = line(total === null ? "" : `${barOf(received / total)}  `);
    // What wraps would not be drawn over.
    const room = this.context.columns - 1;
    process.stdout.write(`\r\u001b[K${displayWidth(full) <= room ? full : fittedCells(line(""), room)}`);
  }

  finish(): void {
    if (this.context.live && this.file !== "") {
      process.stdout.write("\n");
    }
  }
}
