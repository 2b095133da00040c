import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { HyperError, saidBy } from "../../core/errors.ts";
import { dataFolder, packageRoot, studyPlace } from "../../node/paths.ts";
import { keptToken, tokenPattern } from "../../node/studio-token.ts";
import type { RunStore } from "../../store/runs/run-store.ts";
import type { StudyStore } from "../../store/studies/study-store.ts";
import type { CliContext } from "../context.ts";
import { interruptible } from "../interrupt.ts";
import { openStoreOrWarn } from "../open-store.ts";
import { collect, wholeNumber } from "../options.ts";
import { openStudyStore, storeOption } from "../study-store.ts";

interface StudioOptions {
  readonly port: number;
  readonly host?: string;
  readonly origin: string[];
  /** false with --no-token */
  readonly token?: string | false;
  readonly threads: number;
  readonly attempts: number;
  readonly pages?: string;
  readonly data?: string;
  readonly store?: string;
  readonly studies?: string;
}

/** The same at every start, so that a kept address and what the browser keeps under it stay good. */
const usualPort = 6464;

export function addStudioCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("studio")
    .description("the web studio, on this machine / Web スタジオをこの環境で開く")
    .option("--port <n>", "port of the address; 0 takes a free one", wholeNumber(0, 65_535), usualPort)
    .option(
      "--host <address>",
      "let other machines in: an address of this one, or 0.0.0.0 (default: this machine only)",
    )
    .option(
      "--origin <address>",
      "an address under which a proxy shows the studio, such as https://studio.example.org; may be repeated",
      collect,
      [],
    )
    .option("--token <text>", "what every request must carry (default: TANREN_TOKEN, else this user's own)")
    .option("--no-token", "let everybody on this machine in; only without --host")
    .option("--threads <n>", "threads that train", wholeNumber(1, 256), Math.max(1, availableParallelism()))
    .option(
      "--attempts <n>",
      "how often in a row a run may end this process without recording anything new before it is given up",
      wholeNumber(1, 1000),
      3,
    )
    .option("--pages <folder>", "the built pages (default: those of this package)")
    .option("--data <folder>", "where the data set's files are")
    .option("--store <file>", "the run store")
    .option("--studies <place>", `${storeOption} (default: beside the runs)`)
    .action((options: StudioOptions) => studioCommand(options, contextOf()));
}

async function studioCommand(options: StudioOptions, context: CliContext): Promise<void> {
  // Taken from here on, so that a stop while it starts is not lost.
  const interrupt = interruptible();
  try {
    // The server's libraries would delay every other command.
    const { openStudioServer } = await import("../../server/server.ts");
    const { isLoopback, publicAddress } = await import("../../server/addresses.ts");
    const token = tokenOf(options, context);
    const open = options.host !== undefined && !isLoopback(options.host);
    if (token === null && open) {
      throw new HyperError({
        en: "--no-token: must stay on this machine, got --host too. Leave one of them out.",
        ja: "--no-token: この機械の中だけで使えます(--host も指定されています)。どちらかを外してください。",
      });
    }
    for (const origin of options.origin) {
      publicAddress(origin);
    }
    const { host, port, threads, attempts, data } = options;
    const store = await openStoreOrWarn(options.store, context, {
      en: "Runs of the studio are kept until it ends.",
      ja: "スタジオでの実行の記録は、終了するまで保持されます。",
    });
    const studies = await openStudies(options, store, context);
    const server = await openStudioServer({
      pages: options.pages ?? join(packageRoot(import.meta.url), "dist", "studio"),
      pieces: join(dataFolder(context.env), "studio", "mnist"),
      store,
      studies,
      port,
      host,
      origins: options.origin,
      token,
      threads,
      attempts,
      data,
      now: Date.now,
      log: (line) => context.warn(line),
    }).catch(async (error) => {
      await studies?.close();
      store.close();
      throw error;
    });
    if (open) {
      context.warn({
        en: "Other machines can reach this studio. Whoever has its address with the token can train and delete runs here; the connection is not encrypted.",
        ja: "このスタジオには他のマシンからも接続できます。トークン付きのアドレスを知る人は誰でも、ここで訓練や記録の削除ができます。通信は暗号化されません。",
      });
    }
    if (token === null) {
      context.warn({
        en: "Without a token every user of this machine, and whoever a proxy lets in, can train and delete runs here.",
        ja: "トークンなしでは、このマシンの全ユーザーと、プロキシを通れる人の全員が、ここで訓練や記録の削除ができます。",
      });
    }
    const [first, ...others] = server.urls;
    context.print({ en: `Tanren Studio: ${first}`, ja: `Tanren Studio: ${first}` });
    for (const url of others) {
      context.print({ en: `  or ${url}`, ja: `  または ${url}` });
    }
    for (const id of server.resumed) {
      context.print({ en: `  goes on with run ${id}`, ja: `  実行 ${id} を再開しました` });
    }
    context.print({
      en: "  Ctrl-C ends it; runs that still train are gone on with at the next start.",
      ja: "  Ctrl-C で終了します。訓練中の実行は、次回の起動時に再開されます。",
    });
    await aborted(interrupt.signal);
    await server.close();
  } finally {
    interrupt.release();
  }
}

/** What requests must carry; null for nothing. @throws HyperError */
function tokenOf({ token }: StudioOptions, { env }: CliContext): string | null {
  if (token === false) {
    return null;
  }
  const given = token ?? (env.TANREN_TOKEN || undefined);
  if (given === undefined) {
    return keptToken(dataFolder(env));
  }
  if (!tokenPattern.test(given)) {
    // What was given may be a password: it is not printed.
    throw new HyperError({
      en: `${token === undefined ? "TANREN_TOKEN" : "--token"}: must be 16 to 200 letters, digits or - . _ ~, got something else. Make one with: openssl rand -hex 24`,
      ja: `${token === undefined ? "TANREN_TOKEN" : "--token"}: 英字、数字、- . _ ~ を16〜200文字で指定してください。作る例: openssl rand -hex 24`,
    });
  }
  return given;
}

/** The searches to be watched. What cannot be opened is said, and the studio goes on without, unless it was asked for. */
async function openStudies(
  { studies, store: path }: StudioOptions,
  store: RunStore,
  context: CliContext,
): Promise<StudyStore | null> {
  if (studies === undefined && store.kind === "memory") {
    return null;
  }
  try {
    return await openStudyStore(studies ?? path ?? studyPlace(context.env));
  } catch (error) {
    if (studies !== undefined) {
      store.close();
      throw error;
    }
    const { en, ja } = saidBy(error);
    context.warn({ en: `${en} The studio shows no searches.`, ja: `${ja}スタジオに探索は表示されません。` });
    return null;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
