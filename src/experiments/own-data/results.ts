import type { RunRecord } from "../../core/record.ts";
import type { ShownCell } from "../../figure/format-cell.ts";
import { metricName } from "../../figure/metric-name.ts";
import { keptEpoch } from "../../model/kept-epoch.ts";
import type { StopEarlySettings } from "../../model/model-state.ts";
import type { ResultTable } from "../../runs/experiment.ts";
import { spreadText } from "../seeds.ts";
import { runsOf } from "../series.ts";
import { foldsOf } from "./folds.ts";

/** Folds whose rows the table still holds; of more there are the mean and its spread. */
const mostFolds = 10;

/** What a training came to: of each network what its kept weights measure, of folds their mean too. */
export function resultsOf(record: Pick<RunRecord, "series" | "settings">): ResultTable {
  const metrics = [...new Set(record.series.map(({ metric }) => metric))];
  const stopEarly = stopEarlyOf(record);
  const folds = foldsOf(record);
  const wholes = runsOf(record).filter((run) => !folds.includes(run));
  const of = (run: string, stops: StopEarlySettings | null) => keptOf(record, run, { metrics, stops });
  const row = (name: ShownCell, { epochs, kept, values }: Kept): ShownCell[] => [
    ...[name, epochs],
    ...(stopEarly === null ? [] : [kept]),
    ...values,
  ];
  const measured = folds.map((run) => of(run, stopEarly));
  const spread = metrics.map((_, k) =>
    spreadText(measured.map(({ values }) => values[k]).filter((value) => value !== null)),
  );
  const mean = { en: "mean ± sd of the folds", ja: "分割の平均 ± 標準偏差" };
  return {
    columns: [
      ...[
        { en: "run", ja: "実行" },
        { en: "epochs", ja: "エポック" },
      ],
      ...(stopEarly === null ? [] : [{ en: "kept", ja: "採用" }]),
      ...metrics.map(metricName),
    ],
    rows:
      folds.length === 0
        ? wholes.map((run) => row(run, of(run, stopEarly)))
        : [
            ...(folds.length > mostFolds ? [] : folds.map((run, i) => row(run, measured[i]))),
            row(mean, { epochs: null, kept: null, values: spread }),
            // It has no rows held back to stop by.
            ...wholes.map((run) => row({ en: `${run}, all rows`, ja: `${run}(全行)` }, of(run, null))),
          ],
  };
}

interface Kept {
  readonly epochs: number | null;
  /** The epoch whose weights were kept, from 1. */
  readonly kept: number | null;
  readonly values: readonly ShownCell[];
}

function keptOf(
  { series }: Pick<RunRecord, "series">,
  run: string,
  { metrics, stops }: { readonly metrics: readonly string[]; readonly stops: StopEarlySettings | null },
): { readonly epochs: number; readonly kept: number; readonly values: readonly (number | null)[] } {
  const own = series.filter((one) => one.run === run);
  const history = Object.fromEntries(own.map(({ metric, y }) => [metric, y]));
  const epoch = keptEpoch(history, stops);
  return {
    epochs: own[0]?.y.length ?? 0,
    kept: epoch + 1,
    values: metrics.map((metric) => history[metric]?.[epoch] ?? null),
  };
}

/** What a record's settings say of stopping early. */
function stopEarlyOf({ settings, series }: Pick<RunRecord, "series" | "settings">): StopEarlySettings | null {
  const { patience = 0, stopMetric = "" } = settings;
  const usual = series.some(({ metric }) => metric === "valLoss") ? "valLoss" : "loss";
  return Number(patience) === 0 ? null : { patience: Number(patience), metric: String(stopMetric) || usual };
}
