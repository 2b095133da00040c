import { csvText } from "../core/csv.ts";
import type { RunRecord } from "../core/record.ts";

/** The contents of one file of a run's folder. */
export interface OutputFile {
  readonly name: string;
  readonly contents: string | Uint8Array;
}

/** The record as `run.json`. */
export function runJson(record: RunRecord): OutputFile {
  return { name: "run.json", contents: `${JSON.stringify(record)}\n` };
}

/** Every series as `run,metric,x,y`; a run with tags is written `name [key=value]`; no y where it is not a number. */
export function seriesCsv(record: Pick<RunRecord, "series">): OutputFile {
  return { name: "series.csv", contents: csvText(rows()) };

  function* rows() {
    yield ["run", "metric", "x", "y"];
    for (const { run, tags, metric, x, y } of record.series) {
      const told = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
      const name = told.length === 0 ? run : `${run} [${told.join(" ")}]`;
      for (let i = 0; i < x.length; i++) {
        yield [name, metric, x[i], y[i]];
      }
    }
  }
}
