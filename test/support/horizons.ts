import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parseAssignment } from "../../src/core/hyper.ts";
import { type Recorded, Recorder } from "../../src/core/record.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import { openWorkerRunner } from "../../src/node/runs/worker-runner.ts";
import { mnist } from "./mnist.ts";

/** Golden numbers of one experiment and seed, as test/golden/make/builds.py made them. */
export interface HorizonCase {
  readonly experiment: string;
  readonly seed: number;
  readonly options: Readonly<Record<string, number | string>>;
  readonly series: {
    /** `batchnorm 0.0001`: with its scale, where it has one. */
    readonly run: string;
    readonly metric: string;
    readonly points: number;
    /** Leading points on which all builds and twins agree. */
    same: number;
    /** Every point; of losses every 10th. */
    readonly y: readonly (number | null)[];
  }[];
}

export function horizonCases(): HorizonCase[] {
  const file = new URL("../golden/horizons.json.gz", import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as HorizonCase[];
}

/** Runs the tasks that a case has numbers of, in float64. */
export async function runCase({ experiment: id, seed, options, series }: HorizonCase, more: string[] = []) {
  const experiment = experimentNamed(id);
  const set = Object.entries(options).flatMap(([name, value]) => (name === "norm_from" ? [] : [`${name}=${value}`]));
  const settings = Object.fromEntries([...set, ...more].map((text) => parseAssignment(experiment.settings, text)));
  const wanted = new Set(series.map(({ run }) => run));
  const tasks = experiment.plan(settings, seed).filter((task) => wanted.has(nameOf(task)));
  const runner = openWorkerRunner({ backend: "auto", dtype: "float64", workers: 2 }, [await mnist()]);
  const recorder = new Recorder();
  for await (const event of runner.run(id, tasks, new AbortController().signal)) {
    recorder.add(event);
  }
  await runner.close();
  return recorder.recorded();
}

export function seriesOfCase({ series }: Recorded, { run, metric }: HorizonCase["series"][number]) {
  return series.find((one) => nameOf(one) === run && one.metric === metric);
}

/** As a case names a run of ours. */
function nameOf({ run, tags }: { run: string; tags: Readonly<Record<string, unknown>> }): string {
  const { weightInitStd } = tags;
  return weightInitStd === undefined ? run : `${run} ${Number(Number(weightInitStd).toPrecision(6))}`;
}
