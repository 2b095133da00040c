import { largestOf } from "../core/long-lists.ts";
import type { RunRecord } from "../core/record.ts";
import { inLanguage, type Text } from "../core/text.ts";
import type { Curve, DashName, FigureSpec, Layer, Panel, PlanePanel } from "../figure/figure-spec.ts";
import type { Experiment, ResultTable } from "../runs/experiment.ts";
import { type Compared, labelsOf, merged } from "./compare.ts";

/** A dash a run, in their order; more runs than these begin again, told apart by their names. */
const dashes: readonly DashName[] = ["solid", "dashed", "dotted", "dashdot", "long", "sparse"];

/**
 * Several records of one experiment, to be shown as one: all in one record, and an experiment whose figures lay run over
 * run: what they share a colour for is one thing, the dash and the name at a line's end tell whose it is. Figures of
 * something else than curves stand one after the other, each with its run's name, and so do the rows of results.
 * @throws DataError when they are of different experiments
 */
export function comparison(
  experiment: Experiment,
  runs: readonly Compared[],
): { readonly experiment: Experiment; readonly record: RunRecord } {
  const record = merged(runs);
  const together = experiment.figures(record);
  const each = runs.map((run) => experiment.figures(run.record));
  const labels = labelsOf(runs);
  const figures = together.flatMap((figure) => {
    const parts = each.map((list) => list.find(({ id }) => id === figure.id));
    if (!parts.every((part) => part !== undefined)) {
      return [figure];
    }
    const over = overlaid(figure, parts, labels);
    return over === null ? apart(parts, labels) : [over];
  });
  const results = resultsOf(
    runs.map((run) => experiment.results(run.record)),
    labels,
  );
  return { record, experiment: { ...experiment, figures: () => figures, results: () => results } };
}

/** Each run's own figure, named after it; one for all where it is the same. */
function apart(parts: readonly FigureSpec[], labels: readonly string[]): FigureSpec[] {
  const [first] = parts;
  const text = JSON.stringify(first);
  if (parts.every((part) => JSON.stringify(part) === text)) {
    return [first];
  }
  return parts.map((part, run) => ({
    ...part,
    id: run === 0 ? part.id : `${part.id}-${run + 1}`,
    title: ofLabel(part.title, labels[run]),
  }));
}

/** The rows of all runs, each with what tells its run from the others in front; what a run's table has not stays empty. */
function resultsOf(tables: readonly ResultTable[], labels: readonly string[]): ResultTable {
  const columns = [
    ...new Map(tables.flatMap((table) => table.columns.map((column) => [key(column), column]))).entries(),
  ];
  return {
    columns: [{ en: "compared", ja: "比べた実行" }, ...columns.map(([, column]) => column)],
    rows: tables.flatMap((table, run) => {
      const places = columns.map(([name]) => table.columns.findIndex((column) => key(column) === name));
      return table.rows.map((row) => [labels[run], ...places.map((place) => row[place] ?? null)]);
    }),
  };
}

/** The figures laid over one another; null where their panels are not of curves, or which belong together is not plain. */
function overlaid(whole: FigureSpec, parts: readonly FigureSpec[], labels: readonly string[]): FigureSpec | null {
  const groups = groupsOf(parts);
  if (groups === null) {
    return null;
  }
  const columns = largestOf(parts.map((part) => part.columns ?? 1));
  const panels = groups.map((group) => panelOf(group, labels));
  // More runs than dashes: the experiment's own way with many names.
  return parts.length > dashes.length ? whole : { ...whole, subtitle, columns, panels };
}

/** A run's panel, by the run's place. */
type OfRun = readonly [run: number, panel: PlanePanel];

/**
 * Panels of the same axes, those of one figure in their order; null where one is of something else than curves, or where of
 * several with the same axes another run has another number.
 */
function groupsOf(parts: readonly FigureSpec[]): OfRun[][] | null {
  const panels = parts.flatMap((part, run) => part.panels.map((panel): readonly [number, Panel] => [run, panel]));
  if (!panels.every((one): one is OfRun => isOfCurves(one[1]))) {
    return null;
  }
  const byAxes = Map.groupBy(panels, ([, { x, y }]) => JSON.stringify([key(x.label), key(y.label)]));
  const groups: OfRun[][] = [];
  for (const all of byAxes.values()) {
    const ofRuns = [...Map.groupBy(all, ([run]) => run).values()];
    const [{ length }] = ofRuns;
    const plain = ofRuns.every((own) => own.length === length) && (length === 1 || ofRuns.length === parts.length);
    if (!plain) {
      return null;
    }
    for (let place = 0; place < length; place++) {
      groups.push(ofRuns.map((own) => own[place]));
    }
  }
  // As they stand in their figures.
  return groups.sort(([a], [b]) => panels.indexOf(a) - panels.indexOf(b));
}

/** In the place of the experiment's own words, which speak of what a comparison leaves out. */
const subtitle: Text = {
  en: "a colour a curve, a dash a run; values before smoothing and shaded gaps are left out",
  ja: "色が曲線、線種が実行を表します。平滑化前の値や網かけは省いています",
};

function isOfCurves(panel: Panel): panel is PlanePanel {
  return (
    panel.kind === "plane" &&
    panel.layers.length > 0 &&
    panel.layers.every(({ kind }) => kind === "curve" || kind === "band" || kind === "rule")
  );
}

function panelOf(group: readonly OfRun[], labels: readonly string[]): PlanePanel {
  const [[, first]] = group;
  const titles = [
    ...new Map(group.flatMap(([, { title }]) => (title === undefined ? [] : [[key(title), title]]))).values(),
  ];
  const named = titles.length > 1;
  return {
    ...first,
    ...(titles.length === 0 ? {} : { title: joined(titles) }),
    x: { ...first.x, domain: undefined },
    namesAtEnds: true,
    layers: group.flatMap(([run, { layers, title }]) =>
      layers.flatMap((layer): Layer[] =>
        layer.kind === "curve" && layer.role !== "raw"
          ? [ofRun(layer, { run, label: labels[run], title: named ? title : undefined })]
          : [],
      ),
    ),
  };
}

function ofRun(
  curve: Curve,
  { run, label, title }: { readonly run: number; readonly label: string; readonly title?: Text },
): Curve {
  const name = (language: "en" | "ja") =>
    [inLanguage(curve.name, language), ...(title === undefined ? [] : [inLanguage(title, language)])].join(", ");
  return {
    ...curve,
    dash: dashes[run],
    name: ofLabel({ en: name("en"), ja: name("ja") }, label),
  };
}

const ofLabel = (text: Text, label: string): Text => ({
  en: `${inLanguage(text, "en")} (${label})`,
  ja: `${inLanguage(text, "ja")} (${label})`,
});

const key = (text: Text) => inLanguage(text, "en");

function joined(titles: readonly Text[]): Text {
  const of = (language: "en" | "ja") => titles.map((title) => inLanguage(title, language)).join(" · ");
  return { en: of("en"), ja: of("ja") };
}
