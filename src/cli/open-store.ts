import { runStoreAddress } from "../node/paths.ts";
import { openMemoryStore } from "../store/memory.ts";
import type { RunStore } from "../store/run-store.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import type { CliContext } from "./context.ts";

const clock = { now: () => Date.now(), random: () => Math.random() };

/** The run store asked for, or the user's own. @throws DataError */
export function openStore(given: string | undefined, context: CliContext): RunStore {
  const address = runStoreAddress(given, context.env);
  return address.kind === "file" ? openSqliteStore({ path: address.path, ...clock }) : openMemoryStore(clock);
}

const runIsLost = {
  en: "This run is not recorded there; its files are written all the same.",
  ja: "この実行はストアに記録されませんが、ファイルは出力されます。",
};

/**
 * As {@link openStore}; but when nobody named the store and it cannot be opened, says so and keeps runs in memory: a
 * training run should not fail because a home folder is read-only.
 */
export function openStoreOrWarn(path: string | undefined, context: CliContext, loss = runIsLost): RunStore {
  try {
    return openStore(path, context);
  } catch (error) {
    if (path !== undefined || context.env.TANREN_STORE) {
      throw error;
    }
    const { message } = error as Error;
    context.warn({
      en: `${message} ${loss.en}`,
      ja: `${message} ${loss.ja}`,
    });
    return openMemoryStore(clock);
  }
}
