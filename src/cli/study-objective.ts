import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname, relative, resolve, sep } from "node:path";
import { type DataOrigin, otherData } from "../core/data-origin.ts";
import { DataError, HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { assignmentsOf, type HyperSet } from "../core/hyper.ts";
import type { Dtype } from "../core/tensor.ts";
import { type Direction, directions, type SearchSpace } from "../core/trial.ts";
import { originOf } from "../data/fingerprint.ts";
import { metricName } from "../figure/metric-name.ts";
import type { Backend } from "../kernels/kernels.ts";
import { fitDetails } from "../model/fit-settings.ts";
import { datasetNames, loadDataset } from "../node/data/datasets.ts";
import { selectKernels } from "../node/native-kernels.ts";
import { inspectObjective } from "../node/study/objective/inspect.ts";
import type { NetworkStudy } from "../node/study/objective/network.ts";
import type { ObjectiveRef } from "../node/study/objective/objective.ts";
import type { TableStudy } from "../node/study/objective/table.ts";
import { networkObjective } from "../search/objectives/network.ts";
import { checkLayers } from "../search/objectives/network-layers.ts";
import { searchableOfNetworks } from "../search/objectives/network-settings.ts";
import { checkDecay, checkNetwork, type NetworkSpec } from "../search/objectives/network-spec.ts";
import { rehearse } from "../search/objectives/rehearse.ts";
import { type SpaceHint, spaceOf } from "../search/objectives/space-text.ts";
import { searchableOfTables } from "../search/objectives/table-spec.ts";
import type { StudyData } from "../search/views/study-view.ts";
import type { Json, StudySpec } from "../store/studies/study-store.ts";
import { checkDetails } from "../train/idle-details.ts";
import { type TableFlags, tableByFlags, tableOfStudy } from "./study-table.ts";
import type { Lesson } from "./training/lesson.ts";
import { modelWords } from "./training/network-of.ts";

/** What a search is about, of the options that tell it. */
export interface ObjectiveOptions extends TableFlags {
  readonly data: string;
  readonly model: string;
  readonly set: readonly string[];
  readonly space: readonly string[];
  readonly seed: number;
  readonly backend: Backend;
  readonly dtype: Dtype;
  /** Seconds; no limit when absent. */
  readonly maxTrialTime?: number;
  /** Those of the options that were given and are of a network: `--data`. */
  readonly networkFlags: readonly string[];
  /** Those of them that say how a table is read, and what it tells. */
  readonly tableFlags: readonly string[];
}

/** An objective as a study keeps it, and what it says of itself. */
export interface ChosenObjective {
  /** To name a study after. */
  readonly name: string;
  readonly ref: ObjectiveRef;
  readonly direction: Direction;
  /** Null when the objective draws as it goes. */
  readonly space: SearchSpace | null;
  readonly constraints: number;
}

/**
 * The objective in a module, which may also export `direction`, `space` and `constraints`.
 * @throws DataError when there is none; HyperError when an option does not go with a module or what it exports is wrong
 */
export async function moduleObjective(
  file: string,
  { networkFlags, tableFlags, space, maxTrialTime }: ObjectiveOptions,
  loading: { readonly signal: AbortSignal; readonly timeoutMs?: number; readonly prints: "stdout" | "stderr" },
): Promise<ChosenObjective> {
  const [flag] = [...networkFlags, ...tableFlags];
  if (flag !== undefined) {
    throw new HyperError({
      en: `${flag}: must go with a network by flags, got an objective's file. Leave it out, or write it in the file.`,
      ja: `${flag}: ネットワークをオプションで指定するときだけ使えます(目的関数のファイルが指定されています)。外すか、ファイルの中に書いてください。`,
    });
  }
  const path = relative(process.cwd(), resolve(file)).split(sep).join("/");
  const ref: ObjectiveRef = { kind: "module", path, ...limit(maxTrialTime) };
  const given = space.length > 0 ? spaceOf(space) : undefined;
  // In a thread of its own: a module may loop, print, or end the process it is loaded into.
  const exported = await inspectObjective(ref, { folder: process.cwd(), prints: loading.prints }, loading);
  const direction = directions.find((known) => known === (exported.direction ?? "minimize"));
  const { constraints = 0 } = exported;
  if (direction === undefined) {
    throw new HyperError({
      en: `objective ${path}: direction must be one of ${directions.join(", ")}, got ${describeValue(exported.direction)}. Correct the export.`,
      ja: `objective ${path}: direction は ${directions.join("、")} のいずれかにしてください(現在は ${describeValue(exported.direction)})。`,
    });
  }
  if (typeof constraints !== "number" || !Number.isSafeInteger(constraints) || constraints < 0) {
    throw new HyperError({
      en: `objective ${path}: constraints must be a whole number ≥ 0, got ${describeValue(constraints)}. Say how many each trial tells.`,
      ja: `objective ${path}: constraints には0以上の整数を指定してください(現在は ${describeValue(constraints)})。1回の試行が返す制約の数です。`,
    });
  }
  const name = basename(path, extname(path));
  return { name, ref, direction, space: given ?? (exported.space as SearchSpace | undefined) ?? null, constraints };
}

/**
 * A network on a data set or a table of one's own, by flags.
 * @param tell hears how a table was read
 * @throws HyperError on an unknown name or a value out of range; DataError when the data are not there
 */
export async function flagsObjective(
  options: ObjectiveOptions,
  tell: (lesson: Lesson) => void,
): Promise<ChosenObjective> {
  const { data, seed, backend, dtype } = options;
  if (options.space.length === 0) {
    throw new HyperError({
      en: "search: must know what to search, got no --space and no objective's file. Add for example --space lr=1e-4..1:log.",
      ja: "search: 探索する範囲がありません(--space も目的関数のファイルも指定されていません)。--space lr=1e-4..1:log のように追加してください。",
    });
  }
  const table = isTable(options);
  const known = table ? searchableOfTables : searchableOfNetworks;
  const space = spaceOf(options.space, (name) => hintOf(known, name));
  const fixed = assignmentsOf(known, [...settingOfModel(options.model), ...options.set]);
  const model = Object.hasOwn(fixed, "network") || Object.hasOwn(space, "network") ? "layers" : "mlp";
  checkHeeded(known, { fixed, space });
  const asked = { data, model, fixed, space, seed } as const;
  if (table) {
    const { settings, ...chosen } = await tableByFlags(asked, options, tell);
    return { ...chosen, ref: builtin("table", settings, options), space: settings.space, constraints: 0 };
  }
  const network = checkNetwork(asked);
  checkDecay(network);
  // Read to be checked: a study whose trials cannot run is not made.
  const dataset = await loadDataset(data);
  checkLayers(network, dataset);
  const origin = originOf(dataset);
  const kernels = selectKernels({ backend, dtype });
  await rehearse(networkObjective(network, { kernels, dataset }), network.space);
  const settings: NetworkStudy = { ...network, backend, dtype, origin };
  return {
    name: `${model}-${data}`,
    ref: builtin("network", settings, options),
    direction: "maximize",
    space: network.space,
    constraints: 0,
  };
}

/** @throws HyperError on a setting that no trial would heed */
function checkHeeded(known: HyperSet, { fixed, space }: Pick<NetworkSpec, "fixed" | "space">): void {
  const isOff = (name: string) =>
    !Object.hasOwn(space, name) && (fixed[name] ?? known[name].default) === known[name].default;
  checkDetails(Object.fromEntries(Object.entries(fitDetails).filter(([name]) => Object.hasOwn(known, name))), isOff);
}

function builtin(
  name: "network" | "table",
  settings: NetworkStudy | TableStudy,
  { maxTrialTime }: Pick<ObjectiveOptions, "maxTrialTime">,
): ObjectiveRef {
  return { kind: "builtin", name, settings: settings as unknown as Json, ...limit(maxTrialTime) };
}

/** Whether the data are a table of one's own. @throws HyperError where they are not, and something is said of one */
function isTable({ data, tableFlags }: ObjectiveOptions): boolean {
  const known = (datasetNames as readonly string[]).includes(data);
  const [flag] = tableFlags;
  if (known && flag !== undefined) {
    throw new HyperError({
      en: `${flag}: must go with a table of your own, got --data ${data}. Add --data FILE.csv, or leave it out.`,
      ja: `${flag}: 自分の表で探索するときだけ使えます(--data は ${data})。--data FILE.csv を指定するか、外してください。`,
    });
  }
  return !known && (flag !== undefined || extname(data) !== "" || existsSync(data));
}

/** What `--model` stands for among the settings: none of them for `mlp`, the widths of `mlp:32,16`, or layers as text. */
function settingOfModel(model: string): string[] {
  const words = modelWords(model);
  return "layers" in words ? [`network=${words.layers}`] : words.widths === "" ? [] : [`hiddenSizes=${words.widths}`];
}

/** Kept with the objective: the limit is the same on every machine. */
function limit(seconds: number | undefined): Pick<ObjectiveRef, "maxTimeMs"> {
  return seconds === undefined ? {} : { maxTimeMs: seconds * 1000 };
}

/** What a setting's kind says of its space. */
function hintOf(known: HyperSet, name: string): SpaceHint {
  const kind = Object.hasOwn(known, name) ? known[name].kind : undefined;
  return {
    mixed: name === "weightInit",
    ...(kind === "integer" || kind === "real" ? { whole: kind === "integer" } : {}),
  };
}

/**
 * An objective's file given to replace the recorded one of a study.
 * @throws DataError when it is not there; HyperError when no study is named
 */
export async function objectiveAt(file: string, study: string | undefined): Promise<ObjectiveRef> {
  if (study === undefined) {
    throw new HyperError({
      en: "--objective: must be that of one study, got no --study. Add --study NAME.",
      ja: "--objective: 対象の study が指定されていません。--study NAME を追加してください。",
    });
  }
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    throw new DataError({
      en: `--objective: must be a file, got "${file}", which is not there. Check the path.`,
      ja: `--objective: "${file}" というファイルはありません。パスを確かめてください。`,
    });
  }
  return { kind: "module", path: resolve(file) };
}

/** The data that a study's network began with; undefined for other objectives, and where nothing was kept. */
export function originOfStudy({ objective }: Pick<StudySpec, "objective">): DataOrigin | undefined {
  return originsIn(objective).origin;
}

/** What a study keeps of its data: those learnt from, and those of a table of its own that is measured. */
function originsIn(objective: StudySpec["objective"]): Pick<Partial<TableStudy>, "origin" | "validationOrigin"> {
  const { origin, validationOrigin } = (objective as { settings?: Partial<TableStudy> } | null)?.settings ?? {};
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(validationOrigin === undefined ? {} : { validationOrigin }),
  };
}

/**
 * What a study that is gone on with is asked to be: the same data in another folder are the same data.
 * @param kept what it began as
 * @throws DataError naming both when the data are others
 */
export function withKeptData(spec: StudySpec, kept: Pick<StudySpec, "objective">): StudySpec {
  const [began, found] = [originsIn(kept.objective), originsIn(spec.objective)];
  if (found.origin === undefined) {
    return spec;
  }
  const other = otherData(`study ${spec.name}`, Object.values(began), Object.values(found));
  if (other !== null) {
    throw new DataError(other);
  }
  const {
    origin: _,
    validationOrigin: __,
    ...settings
  } = (spec.objective as { settings: Record<string, Json> }).settings;
  const asked: Record<string, Json> = { ...settings, ...(began as Record<string, Json>) };
  return { ...spec, objective: { ...(spec.objective as Record<string, Json>), settings: asked } };
}

/** What the values of a study are. */
export function valueNameOfStudy({ objective }: Pick<StudySpec, "objective">): Pick<StudyData, "valueName"> {
  const { kind, name } = (objective ?? {}) as { kind?: string; name?: string };
  const metric = kind === "builtin" && name === "network" ? "valAccuracy" : tableOfStudy({ objective })?.metric;
  return metric === undefined ? {} : { valueName: metricName(metric) };
}
