import type { RunRecord, Series } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import type { FigureSpec, PlanePanel } from "../figure/figure-spec.ts";
import type { ResultTable } from "../runs/experiment.ts";
import { alike, brokenAt } from "./divergence.ts";
import { horizonOf, withHorizonWords } from "./horizon.ts";
import { drawn, lastOf, runsOf } from "./series.ts";

const names = {
  trainAccuracy: { en: "training", ja: "訓練" },
  testAccuracy: { en: "test", ja: "テスト" },
  valAccuracy: { en: "validation", ja: "検証" },
} as const;
type AccuracyMetric = keyof typeof names;

function isAccuracy(series: Series): series is Series & { metric: AccuracyMetric } {
  return Object.hasOwn(names, series.metric);
}

/** One run's accuracies over the iterations, the gap between the first and the second shaded. */
export function accuracyPanel(
  record: Pick<RunRecord, "events">,
  series: readonly Series[],
  { title, small = false }: { title: Text; small?: boolean },
): PlanePanel {
  const curves = series.filter(isAccuracy);
  const [first, second] = curves;
  return {
    kind: "plane",
    title,
    aspect: small ? 0.8 : 0.75,
    x: { label: small ? "" : { en: "iterations", ja: "更新回数" }, whole: true },
    y: { label: small ? "" : { en: "accuracy", ja: "認識精度" }, domain: [0, 1] },
    layers: [
      ...(second === undefined ? [] : [{ kind: "band", style: 7, x: first.x, low: second.y, high: first.y } as const]),
      ...curves.map(
        ({ run, tags, metric, x, y }, style) =>
          ({
            kind: "curve",
            name: names[metric],
            horizon: horizonOf(record, { run, tags, metric }),
            broken: brokenAt(record, { run, tags }),
            style,
            role: "line",
            x,
            y: drawn(y),
            markEvery: small ? undefined : Math.max(1, Math.floor(x.length / 20)),
          }) as const,
      ),
    ],
  };
}

/** A panel for each run of a record, in its order. */
export function accuracyFigure(record: Pick<RunRecord, "series" | "events">, title: Text): FigureSpec {
  const panelOf = (run: string) =>
    accuracyPanel(
      record,
      record.series.filter((series) => series.run === run),
      { title: run },
    );
  return {
    id: "accuracy",
    title,
    subtitle: withHorizonWords(record, {
      en: "accuracy on the training and on all test digits; the gap between them is shaded",
      ja: "訓練データと、全テストデータでの精度。両者の差に網をかけています",
    }),
    columns: 2,
    panels: runsOf(record).map(panelOf),
  };
}

/** The last accuracies of each run and the gap between them. */
export function accuracyTable(record: Pick<RunRecord, "series">, runColumn: Text): ResultTable {
  return {
    columns: [
      runColumn,
      { en: "training accuracy", ja: "訓練データの精度" },
      { en: "test accuracy", ja: "テストデータの精度" },
      { en: "gap", ja: "差" },
    ],
    rows: runsOf(record).map((run) => {
      const [train, test] = [lastOf(record, run, "trainAccuracy"), lastOf(record, run, "testAccuracy")];
      return [run, train, test, train === null || test === null ? null : train - test];
    }),
  };
}

/** Of two gaps that differ by less no table shows which is the wider: sums of floats do. */
const noGap = 1e-9;

/**
 * Says when a narrow gap comes from learning less rather than from generalising better. Nothing where a run diverged, whose
 * accuracies are those of no network, or where one went further than the other.
 */
export function gapFinding(record: Pick<RunRecord, "series" | "events">): Text[] {
  const { rows } = accuracyTable(record, "");
  const [regular, plain] = rows;
  if (
    plain === undefined ||
    [regular, plain].some((row) => row.slice(1).some((cell) => cell === null)) ||
    !alike(record, record.series.filter(isAccuracy))
  ) {
    return [];
  }
  const points = (value: unknown) => (100 * Number(value)).toFixed(1);
  const percent = (value: unknown) => `${points(value)}%`;
  const better = Number(regular[2]) > Number(plain[2]);
  const narrower = Math.abs(Number(regular[3])) < Math.abs(Number(plain[3])) - noGap;
  // A gap may also be narrow because of the other one, of a network that is better on what it has not seen.
  const learntLess = narrower && !better && Number(regular[1]) < Number(plain[1]);
  return [
    {
      en: `${regular[0]}: gap ${points(regular[3])} points, test ${percent(regular[2])}; ${plain[0]}: gap ${points(plain[3])} points, test ${percent(plain[2])}. ${
        learntLess
          ? "The gap is narrower, but the test accuracy is not higher: the network has learnt less, not generalised better."
          : narrower
            ? `The gap is narrower and the test accuracy ${better ? "higher" : "no higher"}.`
            : "The gap is not narrower here."
      }`,
      ja: `${regular[0]}: 差 ${points(regular[3])} ポイント、テスト精度 ${percent(regular[2])}。${plain[0]}: 差 ${points(plain[3])} ポイント、テスト精度 ${percent(plain[2])}。${
        learntLess
          ? "差は縮まりましたが、テスト精度は上がっていません。汎化したのではなく、学習が足りないだけです。"
          : narrower
            ? `差は縮まり、テスト精度${better ? "も上がりました" : "は上がっていません"}。`
            : "ここでは差は縮まっていません。"
      }`,
    },
  ];
}
