import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openContext } from "../../src/cli/context.ts";
import { runDrawing } from "../../src/cli/figures.ts";
import { writeOutputs } from "../../src/cli/outputs.ts";
import { writePictures } from "../../src/cli/pictures.ts";
import { tableLines } from "../../src/cli/table.ts";
import { csvRows } from "../../src/core/csv.ts";
import { resolve } from "../../src/core/hyper.ts";
import type { RunRecord } from "../../src/core/record.ts";
import type { Dtype } from "../../src/core/tensor.ts";
import { type Dataset, firstRows } from "../../src/data/dataset.ts";
import { noteText } from "../../src/experiments/note-text.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import { renderTerminal } from "../../src/figure/terminal.ts";
import type { Renderer } from "../../src/node/figure/renderer.ts";
import { selectKernels } from "../../src/node/native-kernels.ts";
import type { Experiment, Settings } from "../../src/runs/experiment.ts";
import { runJson, seriesCsv } from "../../src/runs/outputs.ts";
import { runSession } from "../../src/runs/session.ts";
import type { TaskRunner } from "../../src/runs/task-runner.ts";
import { openMemoryStore } from "../../src/store/runs/memory.ts";
import { recordOf } from "../../src/store/runs/run-store.ts";
import { mnist } from "./mnist.ts";

/** A little of MNIST: settings may ask for no more. */
async function fewDigits(): Promise<Dataset> {
  const { train, test, ...rest } = await mnist();
  return { ...rest, train: firstRows(train, 200), test: firstRows(test, 20) };
}

/** Runs tasks one after the other in this thread. */
function runnerHere(dtype: Dtype): TaskRunner {
  const kernelsIn = (wanted: Dtype) => selectKernels({ backend: "auto", dtype: wanted });
  const kernels = kernelsIn(dtype);
  return {
    kernels: kernels.name,
    dtype,
    workers: 1,
    origins: async () => [],
    async *run(experiment, tasks, signal) {
      for (const [task, work] of tasks.entries()) {
        const context = { kernels, kernelsIn, signal, dataset: fewDigits };
        for await (const event of experimentNamed(experiment).execute(work, context)) {
          yield { task, event };
        }
      }
    },
    close: async () => {},
  };
}

/**
 * Runs an experiment and makes everything that `tanren run` makes of it, in this process but for the renderer, and holds it
 * to what must be: every file is there, run.json and series.csv are the store's record, what diverged is marked.
 */
export async function runAndCheck(
  experiment: Experiment,
  { settings, seed, dtype }: { settings: Settings; seed: number; dtype: Dtype },
  renderer: Renderer,
): Promise<RunRecord> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-any-"));
  try {
    const store = openMemoryStore({ now: Date.now, random: Math.random });
    const { id, status, record, storeFailure } = await runSession({
      experiment,
      preset: "book",
      settings: resolve(experiment.settings, settings),
      seed,
      runner: runnerHere(dtype),
      store,
      observe: () => ({ update() {}, finish() {} }),
      signal: new AbortController().signal,
      now: Date.now,
    });
    expect({ status, storeFailure }).toEqual({ status: "done", storeFailure: null });
    expect(record.events.filter(({ kind }) => kind === "failed")).toEqual([]);

    writeOutputs(folder, [runJson(record), seriesCsv(record)]);
    const context = openContext({ lang: "en" });
    const drawn = await writePictures(runDrawing(experiment, record, folder), renderer, context);
    expect(drawn.missing).toEqual([]);
    const figures = experiment.figures(record);
    const names = drawn.paths.map((path) => path.slice(folder.length + 1));
    expect(names.sort()).toEqual(
      [
        "report.html",
        ...figures.flatMap(({ id }, i) => {
          const name = i === 0 ? "figure" : `figure-${id}`;
          return [`${name}.svg`, `${name}.png`];
        }),
      ].sort(),
    );
    for (const figure of figures) {
      const options = { language: "ja", columns: 80, rows: 8, color: true } as const;
      expect(renderTerminal(figure, options)).not.toMatch(/NaN|Infinity|undefined/);
    }
    tableLines(experiment.results(record), context);

    const kept = JSON.parse(JSON.stringify(recordOf(store.get(id as string))));
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toEqual(kept);
    const [head, ...rows] = csvRows(readFileSync(join(folder, "series.csv"), "utf8"));
    expect(head).toEqual(["run", "metric", "x", "y"]);
    const points = record.series.flatMap(({ metric, x, y }) =>
      x.map((at, i) => [metric, String(at), String(y[i] ?? "")]),
    );
    expect(rows.map((row) => row.slice(1))).toEqual(points);

    for (const { run, tags, y } of record.series) {
      if (y.some((value) => value === null)) {
        const marks = record.events.filter((note) => note.kind === "diverged" && note.run === run);
        expect(
          marks.some((note) => JSON.stringify(note.tags) === JSON.stringify(tags)),
          `${run} ${JSON.stringify(tags)} has points that are no numbers`,
        ).toBe(true);
        expect(marks.every((note) => noteText(note) !== undefined)).toBe(true);
      }
    }
    return record;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
