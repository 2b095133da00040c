import { flagOf } from "../core/command-words.ts";
import type { HyperSet } from "../core/hyper.ts";
import { taught } from "../experiments/registry.ts";
import { optimizers } from "../optim/registry.ts";
import { searchableOfTables } from "../search/objectives/table-spec.ts";

/** As others call the field's `lr`. */
const otherNames: Readonly<Record<string, string>> = { "--learning-rate": "lr" };

/** What a command's `--set` knows. */
const settingsOf: Readonly<Record<string, () => readonly HyperSet[]>> = {
  train: () => optimizers.map(({ hyper }) => hyper as HyperSet),
  run: () => taught.map(({ settings }) => settings),
  search: () => [searchableOfTables],
};

/** The setting that was written as a flag of its own, as `--lr` is: it goes after `--set`. Undefined of any other flag. */
export function settingOfFlag(command: string, flag: string): string | undefined {
  const names = settingsOf[command]?.().flatMap(Object.keys) ?? [];
  const [written] = flag.split("=");
  const wanted = otherNames[written] ?? written;
  return names.find((name) => name === wanted || flagOf(name) === written || `--${name}` === written);
}
