import { existsSync, readFileSync } from "node:fs";
import { csvRows } from "../core/csv.ts";
import { DataError, HyperError, saidBy, suggestName } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { numberOf } from "../core/hyper.ts";
import { canonicalText } from "../core/plain-json.ts";
import { shortened } from "../core/text.ts";
import type { Distribution, ParameterValue, SearchSpace, TrialRecord } from "../core/trial.ts";
import { whyUnreadable } from "../node/file-errors.ts";
import { type ChosenPoint, checkPoint, chosenAttribute, chosenOf } from "../search/chosen-point.ts";
import type { GivenTrial, StudyRecord, StudySpec, StudyStore } from "../store/studies/study-store.ts";

/** What a person gives to a search beforehand. */
export interface GivenPoints {
  /** To be tried before anything is drawn; what a point leaves open is drawn. */
  readonly tries: readonly ChosenPoint[];
  /** Tried before, with what came of them. */
  readonly known: readonly GivenTrial[];
}

/** The attribute of a trial whose result was given. */
const knownAttribute = "sampler:known";

interface RawPoint {
  /** Where it stands, for errors: `--known results.csv, line 3`. */
  readonly where: string;
  readonly params: ChosenPoint;
  readonly value?: unknown;
  readonly constraints?: unknown;
}

/**
 * The points of `--try` and `--known`: each typed (`lr=0.01,units=32`, for known ones with `:value` behind), JSON, or a file
 * of JSON or CSV, a `trials.csv` or `study.json` of Tanren among them.
 * @throws HyperError on a name or value that the space has not; DataError on a file that cannot be read
 */
export function pointsOf(
  options: { readonly try: readonly string[]; readonly known: readonly string[] },
  { space, sampler, constraints }: Pick<StudySpec, "space" | "sampler" | "constraints">,
): GivenPoints {
  const [first] = [...options.try.map(() => "--try"), ...options.known.map(() => "--known")];
  if (first !== undefined && (sampler as { name?: string }).name === "grid") {
    throw new HyperError({
      en: `${first}: must go with a sampler that draws, got grid, which tries each of its points. Take another --sampler.`,
      ja: `${first}: grid は決まった点をすべて試すため、点を指定できません。別の --sampler を選んでください。`,
    });
  }
  const tries = options.try.flatMap((text) => rawPoints("--try", text, space));
  const known = options.known.flatMap((text) => rawPoints("--known", text, space));
  return {
    tries: tries.map((point) =>
      named(point.where, () => (space === null ? point.params : checkPoint(point.params, space))),
    ),
    known: known.map((point) => named(point.where, () => knownTrial(point, space, constraints))),
  };
}

/** Adds to a study what it does not have of them yet, so that a command may be given again. */
export async function addPoints(store: StudyStore, study: StudyRecord, { tries, known }: GivenPoints): Promise<void> {
  if (tries.length + known.length === 0) {
    return;
  }
  const { trials } = await store.trials(study.id);
  const there = new Set(
    trials.map(({ attributes, value }) =>
      keyOf(chosenOf(attributes), attributes[knownAttribute] === true ? value : null),
    ),
  );
  await store.record(
    study.id,
    known.filter(({ params, value }) => !there.has(keyOf(params, value))),
  );
  await store.enqueue(
    study.id,
    tries.filter((params) => !there.has(keyOf(params, null))).map((params) => ({ [chosenAttribute]: params })),
  );
}

/** Whether nothing was tried for a trial: it waits, or was given with its result. */
export function isUnbegun({ state, startedAt, attributes }: TrialRecord): boolean {
  return (state === "waiting" && startedAt === null) || attributes[knownAttribute] === true;
}

function keyOf(params: ChosenPoint, value: number | null): string {
  return canonicalText([params, value]);
}

/** Says where a point stands before what is wrong with it. */
function named<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof HyperError)) {
      throw error;
    }
    const { en, ja } = saidBy(error);
    throw new HyperError({ en: `${where}: ${en}`, ja: `${where}: ${ja}` });
  }
}

function knownTrial(
  { params, value: given, constraints: told }: RawPoint,
  space: SearchSpace | null,
  count: number,
): GivenTrial {
  if (space === null) {
    throw new HyperError({
      en: "known results must be checked against a space, got an objective that draws as it goes. Add --space, or export space.",
      ja: "既知の結果を確かめるには探索範囲が必要です。--space を付けるか、目的関数のモジュールから space を公開してください。",
    });
  }
  checkPoint(params, space);
  const missing = Object.keys(space).find((name) => !Object.hasOwn(params, name));
  if (missing !== undefined) {
    throw new HyperError({
      en: `a known result must have every hyper-parameter, got none for ${missing}. Add it.`,
      ja: `既知の結果に ${missing} の値がありません。すべてのハイパーパラメータの値を指定してください。`,
    });
  }
  const value = anyNumber(given);
  if (Number.isNaN(value)) {
    throw new HyperError({
      en: `a known result must have a number as its value, got ${describeValue(given)}. Give it, or use --try.`,
      ja: `既知の結果の値は数値でなければなりません(${describeValue(given)} でした)。値を指定するか、--try を使ってください。`,
    });
  }
  const constraints = (Array.isArray(told) ? told : []).map(anyNumber);
  if (constraints.length !== count || constraints.some(Number.isNaN)) {
    throw new HyperError({
      en: `a known result must tell the study's ${count} constraints, got ${describeValue(told ?? [])}. Give them in a file.`,
      ja: `既知の結果には制約の値が${count}個必要です(${describeValue(told ?? [])} でした)。ファイルで指定してください。`,
    });
  }
  return {
    params,
    distributions: space,
    attributes: { [chosenAttribute]: params, [knownAttribute]: true },
    value,
    ...(count > 0 ? { constraints } : {}),
  };
}

/** A number of JSON, or one that a person typed; NaN where it is none. */
function anyNumber(value: unknown): number {
  return typeof value === "string" ? numberOf(value) : typeof value === "number" ? value : Number.NaN;
}

function rawPoints(option: string, text: string, space: SearchSpace | null): RawPoint[] {
  const typed = text.trim();
  if (typed.startsWith("{") || typed.startsWith("[")) {
    return jsonPoints(option, `${option} ${shortened(typed, 60)}`, typed);
  }
  if (typed.includes("=") && !existsSync(text)) {
    return [typedPoint(option, typed, space)];
  }
  const where = `${option} ${text}`;
  let contents: string;
  try {
    contents = readFileSync(text, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const reason = whyUnreadable(error);
    throw new DataError({
      en: `${where}: must be name=value,… or a file that can be read, got ${reason.en}. Check the path.`,
      ja: `${where}: 名前=値,… か、読めるファイルを指定してください(${reason.ja})。`,
    });
  }
  return /^\s*[[{]/.test(contents) ? jsonPoints(option, where, contents) : csvPoints(option, where, contents, space);
}

/** `lr=0.1,units=32`, and `:0.93` behind a known one. */
function typedPoint(option: string, text: string, space: SearchSpace | null): RawPoint {
  const colon = option === "--known" ? text.lastIndexOf(":") : -1;
  if (option === "--known" && colon < 0) {
    throw new HyperError({
      en: `${option}: must end in :value, got "${text}". Write for example lr=0.1,units=32:0.93.`,
      ja: `${option}: 末尾に「:値」が必要です("${text}")。例: lr=0.1,units=32:0.93`,
    });
  }
  const pairs = (colon < 0 ? text : text.slice(0, colon)).split(",").map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw new HyperError({
        en: `${option}: must be name=value,name=value, got "${text}". Write for example lr=0.1,units=32.`,
        ja: `${option}: 「名前=値,名前=値」の形で指定してください("${text}")。例: lr=0.1,units=32`,
      });
    }
    const name = pair.slice(0, at).trim();
    return [name, typedValue(pair.slice(at + 1).trim(), distributionOf(space, name))] as const;
  });
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) !== i);
  if (twice !== undefined) {
    throw new HyperError({
      en: `${option}: each name must stand once, got ${twice[0]} twice in "${text}". Leave one out.`,
      ja: `${option}: "${text}" に ${twice[0]} が2回あります。1つにしてください。`,
    });
  }
  return {
    where: `${option} ${text}`,
    params: Object.fromEntries(pairs),
    ...(colon < 0 ? {} : { value: text.slice(colon + 1).trim() }),
  };
}

function distributionOf(space: SearchSpace | null, name: string): Distribution | undefined {
  return space !== null && Object.hasOwn(space, name) ? space[name] : undefined;
}

/** A typed value as the distribution has it; what it has not is left to be refused. */
function typedValue(text: string, distribution: Distribution | undefined): ParameterValue {
  const number = numberOf(text);
  if (distribution?.kind === "category") {
    const { choices } = distribution;
    return choices.find((choice) => String(choice) === text) ?? choices.find((choice) => choice === number) ?? text;
  }
  if (distribution === undefined && (text === "true" || text === "false")) {
    return text === "true";
  }
  return Number.isFinite(number) ? number : text;
}

/** Points, `{ params, value, constraints }`, or all of a `study.json`. */
function jsonPoints(option: string, where: string, text: string): RawPoint[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    throw new DataError({
      en: `${where}: must be JSON, got text that is none (${message}). Correct it.`,
      ja: `${where}: JSON として読めません(${message})。`,
    });
  }
  const { trials } = json as { trials?: unknown };
  const list = Array.isArray(json) ? json : Array.isArray(trials) ? trials : [json];
  return list.flatMap((entry: unknown, i): RawPoint[] => {
    const at = list.length > 1 ? `${where}, entry ${i + 1}` : where;
    if (entry === null || typeof entry !== "object" || Array.isArray(entry)) {
      throw new HyperError({
        en: `${at}: must be an object of names and values, got ${describeValue(entry)}. Correct it.`,
        ja: `${at}: 名前と値を並べたオブジェクトでなければなりません(${describeValue(entry)} でした)。`,
      });
    }
    const { params, value, constraints, state } = entry as Record<string, unknown>;
    if (params === null || typeof params !== "object") {
      return [{ where: at, params: entry as ChosenPoint }];
    }
    const point = { where: at, params: params as ChosenPoint, value, constraints };
    return option === "--known" && state !== undefined && state !== "complete" ? [] : [point];
  });
}

const ownColumns = /^(number|state|value|attempt|started|finished|seconds|error|constraint:\d+|note:.*)$/;

/** A table with a column a hyper-parameter, such as our `trials.csv`. */
function csvPoints(option: string, where: string, text: string, space: SearchSpace | null): RawPoint[] {
  const [head = [], ...rows] = csvRows(text.replaceAll("\r\n", "\n"));
  const names = head
    .map((title) => title.trim())
    .map((title) => {
      const name = title.replace(/^(param:|params_)/, "");
      if (
        space === null
          ? !ownColumns.test(title)
          : Object.hasOwn(space, name) && (name !== title || !ownColumns.test(title))
      ) {
        return name;
      }
      if (!ownColumns.test(title)) {
        const near = suggestName(title, Object.keys(space ?? {}));
        throw new HyperError({
          en: `${where}: a column must be a hyper-parameter that is searched, got "${title}". ${near.en}`,
          ja: `${where}: 列 "${title}" は探索するハイパーパラメータではありません。${near.ja}`,
        });
      }
      return undefined;
    });
  const columns = head.map((title, j) => names[j] ?? title.trim());
  const twice = columns.find((name, j) => columns.indexOf(name) !== j);
  if (twice !== undefined) {
    throw new HyperError({
      en: `${where}: each column must stand once, got ${twice} twice. Leave one out.`,
      ja: `${where}: ${twice} 列が2つあります。1つにしてください。`,
    });
  }
  const place = (title: string) => head.findIndex((each) => each.trim() === title);
  const told = head.flatMap((title, j) => (/^constraint:\d+$/.test(title.trim()) ? [j] : []));
  return rows.flatMap((row, i): RawPoint[] => {
    const filled = row.some((cell) => cell.trim() !== "");
    const state = row[place("state")]?.trim() || "complete";
    if (!filled || (option === "--known" && state !== "complete")) {
      return [];
    }
    const params = names.flatMap((name, j) => {
      const cell = row[j]?.trim() ?? "";
      return name === undefined || cell === "" ? [] : [[name, typedValue(cell, distributionOf(space, name))] as const];
    });
    return [
      {
        where: `${where}, line ${i + 2}`,
        params: Object.fromEntries(params),
        value: row[place("value")],
        constraints: told.map((j) => row[j]),
      },
    ];
  });
}
