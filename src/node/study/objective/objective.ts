import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DataError, HyperError, nearest, suggest, suggestName } from "../../../core/errors.ts";
import { reasonOf } from "../../../core/foreign-value.ts";
import { type Direction, directions } from "../../../core/trial.ts";
import type { Objective } from "../../../search/trial.ts";
import type { Json } from "../../../store/studies/study-store.ts";

/** What an objective's module exports beside the objective, unchecked. */
export interface Declared {
  readonly direction?: unknown;
  readonly constraints?: unknown;
  readonly space?: unknown;
}

/** What the trials of a study run, as a study keeps it. */
export type ObjectiveRef = (
  | {
      readonly kind: "module";
      /** A JavaScript or TypeScript file; a relative path starts at the folder of whoever runs it. */
      readonly path: string;
    }
  | { readonly kind: "builtin"; readonly name: string; readonly settings: Json }
) & {
  /** A trial that takes longer fails, whichever machine runs it, in milliseconds; no limit when absent. */
  readonly maxTimeMs?: number;
};

/** Makes an objective from its settings, in the thread that will run it. @throws HyperError on settings that do not fit */
export type ObjectiveFactory = (settings: Json) => Objective | Promise<Objective>;

const builtins: Readonly<Record<string, () => Promise<ObjectiveFactory>>> = {
  network: async () => (await import("./network.ts")).openNetworkObjective,
  table: async () => (await import("./table.ts")).openTableObjective,
};

/** The names of the objectives that need no file. */
export const builtinObjectives: readonly string[] = Object.keys(builtins);

/** An objective as errors name it. */
export function nameOf(objective: ObjectiveRef): string {
  return `objective ${objective.kind === "module" ? objective.path : objective.name}`;
}

/** What a study keeps about its objective, checked. @throws DataError when it is something else */
export function objectiveRef(json: Json): ObjectiveRef {
  const ref = json as Partial<ObjectiveRef> | null;
  const limit = limitOf(ref);
  if (ref?.kind === "module" && typeof ref.path === "string") {
    return { kind: "module", path: ref.path, ...limit };
  }
  if (ref?.kind === "builtin" && typeof ref.name === "string") {
    return { kind: "builtin", name: ref.name, settings: ref.settings ?? {}, ...limit };
  }
  throw new DataError({
    en: `objective: the study must tell what its trials run, got ${JSON.stringify(json)}. Give the file of the objective.`,
    ja: `objective: study に、試行で実行するものが書かれていません(${JSON.stringify(json)})。目的関数のファイルを指定してください。`,
  });
}

/** What a study's trials run, or another in its place, under the limit of time that the study keeps. @throws DataError as above */
export function objectiveOf(kept: Json, other: ObjectiveRef | undefined): ObjectiveRef {
  return other === undefined ? objectiveRef(kept) : { ...limitOf(kept as Partial<ObjectiveRef> | null), ...other };
}

function limitOf(ref: Partial<ObjectiveRef> | null): Pick<ObjectiveRef, "maxTimeMs"> {
  return typeof ref?.maxTimeMs === "number" ? { maxTimeMs: ref.maxTimeMs } : {};
}

/** What a module may export beside its objective, and what each looks like. */
const declarable: { readonly [Name in keyof Declared]-?: (value: unknown) => boolean } = {
  direction: (value) => directions.includes(value as Direction),
  constraints: (value) => typeof value === "number",
  space: (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((distribution) => typeof distribution?.kind === "string"),
};

/**
 * A module may export what it likes; what looks like one of ours and is not named so would be left unheeded, and the study
 * go the other way.
 * @throws HyperError
 */
function checkExports(path: string, module: object): void {
  const missing = Object.entries(declarable).filter(([name]) => !Object.hasOwn(module, name));
  for (const [name, value] of Object.entries(module)) {
    const alike = missing.filter(([, looksSo]) => looksSo(value)).map(([known]) => known);
    const near = name === "objective" || name === "default" ? undefined : nearest(name, alike);
    if (near !== undefined) {
      throw new HyperError({
        en: `objective ${path}: what it exports beside must be called ${Object.keys(declarable).join(", ")}, got ${name}. Did you mean ${near}?`,
        ja: `objective ${path}: export の ${name} は ${near} ではありませんか。目的関数のほかに使われる名前は ${Object.keys(declarable).join("、")} です。`,
      });
    }
  }
}

/** An objective and what its module says of it. */
export interface LoadedObjective {
  readonly objective: Objective;
  readonly declared: Declared;
}

/**
 * Loads an objective: a module's `objective` or default export, or one of ours.
 * @param folder where relative paths start
 * @throws DataError when there is no such file or it exports no function; HyperError on an unknown name
 */
export async function loadObjective(ref: ObjectiveRef, folder: string): Promise<Objective> {
  return (await loadWithDeclared(ref, folder)).objective;
}

/** As `loadObjective`, with what else the module exports. @throws as it does */
export async function loadWithDeclared(ref: ObjectiveRef, folder: string): Promise<LoadedObjective> {
  if (ref.kind === "builtin") {
    if (!Object.hasOwn(builtins, ref.name)) {
      throw new HyperError({
        en: `objective: must be one of ours or a file, got ${ref.name}. ${suggest(ref.name, builtinObjectives)}`,
        ja: `objective: ${ref.name} という組み込みの目的関数はありません。${suggestName(ref.name, builtinObjectives).ja}`,
      });
    }
    return { objective: await (await builtins[ref.name]())(ref.settings), declared: {} };
  }
  const path = resolve(folder, ref.path);
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) {
    throw new DataError({
      en: `objective ${path}: must be a JavaScript or TypeScript file, got none there. Check the path.`,
      ja: `objective ${path}: JavaScript か TypeScript のファイルがありません。パスを確かめてください。`,
    });
  }
  let module: Declared & { objective?: unknown; default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new DataError(
      {
        en: `objective ${path}: must be a module that loads, got ${reasonOf(error)}. Run it alone to see where.`,
        ja: `objective ${path}: モジュールを読み込めませんでした(${reasonOf(error)})。単独で実行すると、どこで起きたか分かります。`,
      },
      { cause: error },
    );
  }
  const objective = module.objective ?? module.default;
  if (typeof objective !== "function") {
    throw new DataError({
      en: `objective ${path}: must export a function "objective" or a default one, got ${Object.keys(module).join(", ") || "no export"}. Write export function objective(trial) { … }.`,
      ja: `objective ${path}: 関数 "objective" か default の関数を export してください(現在の export: ${Object.keys(module).join("、") || "なし"})。例: export function objective(trial) { … }`,
    });
  }
  checkExports(path, module);
  const { direction, constraints, space } = module;
  return { objective: objective as Objective, declared: { direction, constraints, space } };
}
