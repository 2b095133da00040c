import { existsSync } from "node:fs";
import { saidBy } from "../core/errors.ts";
import type { Text } from "../core/text.ts";
import { runStoreAddress } from "../node/paths.ts";
import { absolute } from "../node/store/make-folder.ts";
import { openSqliteStore } from "../node/store/sqlite-runs.ts";
import { tryAgain } from "../store/retry.ts";
import { lockPatience } from "../store/runs/held-writer.ts";
import { openMemoryStore } from "../store/runs/memory.ts";
import type { DamagedRun, RunStore } from "../store/runs/run-store.ts";
import { isBusy } from "../store/sqlite-errors.ts";
import type { CliContext } from "./context.ts";

const clock = { now: () => Date.now(), random: () => Math.random() };

/** Short, for nobody can stop a process while SQLite waits: what is not free yet is tried again from outside. */
const patience = 100;

const untilFree = { totalMs: lockPatience, firstMs: 50, longestMs: 500, random: Math.random };

/**
 * The run store asked for, or the user's own. Waits up to a minute for one that another process holds. One that is not
 * there yet is empty, and only made to be written.
 * @param options.mustWrite whether a file that may only be read is refused
 * @throws DataError
 */
export async function openStore(
  given: string | undefined,
  context: CliContext,
  { mustWrite = false }: { readonly mustWrite?: boolean } = {},
): Promise<RunStore> {
  const address = runStoreAddress(given, context.env);
  if (address.kind === "memory") {
    return openMemoryStore(clock);
  }
  if (!mustWrite && !existsSync(absolute(address.path))) {
    return openMemoryStore(clock);
  }
  let told = false;
  return tryAgain(untilFree, isBusy, async (again) => {
    if (again && !told) {
      told = true;
      context.warn(waitingForStore);
    }
    return openSqliteStore({ path: address.path, patience, mustWrite, ...clock });
  });
}

/** Said once, when a command waits for another process. */
export const waitingForStore = {
  en: "The run store is locked by another process; waiting for it, a minute at most.",
  ja: "記録ストアは他のプロセスがロックしています。最長1分間待ちます。",
};

const runIsLost = {
  en: "This run is not recorded there; its files are written all the same.",
  ja: "この実行はストアに記録されませんが、ファイルは出力されます。",
};

/**
 * As {@link openStore}, for writing; but when nobody named the store and it cannot be opened, says so and keeps runs in
 * memory: a training run should not fail because a home folder is read-only.
 */
export async function openStoreOrWarn(
  given: string | undefined,
  context: CliContext,
  loss = runIsLost,
): Promise<RunStore> {
  try {
    return await openStore(given, context, { mustWrite: true });
  } catch (error) {
    if (given !== undefined || context.env.TANREN_STORE) {
      throw error;
    }
    const { en, ja } = saidBy(error);
    context.warn({ en: `${en} ${loss.en}`, ja: `${ja}${loss.ja}` });
    return openMemoryStore(clock);
  }
}

/** Closes a store. @param told whether a person knows already that it failed: it is not said twice */
export function closeStore(store: RunStore, { told }: { readonly told: boolean }): void {
  try {
    store.close();
  } catch (error) {
    if (!told) {
      throw error;
    }
  }
}

/** Says that a run is in the store and cannot be read. */
export function setAside({ id, reason }: DamagedRun): Text {
  return {
    en: `Run ${id} is damaged in the store (${reason}) and left out. Restore a copy of the store, or delete the run.`,
    ja: `実行 ${id} の記録が壊れているため除外しました(${reason})。ストアのコピーを復元するか、この実行を削除してください。`,
  };
}
