import type { RunRecord } from "../core/record.ts";
import { inLanguage, type Text } from "../core/text.ts";
import type { Curve, DashName, FigureSpec, Layer, Panel, PlanePanel } from "../figure/figure-spec.ts";
import type { Experiment } from "../runs/experiment.ts";
import { type Compared, labelsOf, merged } from "./compare.ts";

/** A dash a run, in their order; more runs than these begin again, told apart by their names. */
const dashes: readonly DashName[] = ["solid", "dashed", "dotted", "dashdot", "long", "sparse"];

/**
 * Several records of one experiment, to be shown as one: all in one record, and an experiment whose figures lay run over
 * run: what they share a colour for is one thing, the dash and the name at a line's end tell whose it is.
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
  const figures = together.map((figure) => {
    const parts = each.map((list) => list.find(({ id }) => id === figure.id));
    return overlaid(figure, parts, labels) ?? figure;
  });
  return { record, experiment: { ...experiment, figures: () => figures } };
}

/** The figures laid over one another; null where their panels are not of curves over the same axes. */
function overlaid(
  whole: FigureSpec,
  parts: readonly (FigureSpec | undefined)[],
  labels: readonly string[],
): FigureSpec | null {
  const [first] = parts;
  const alike = parts.every((part) => part !== undefined && part.panels.length === first?.panels.length);
  if (first === undefined || !alike || parts.length > dashes.length) {
    return null;
  }
  const panels: Panel[] = [];
  for (let place = 0; place < first.panels.length; place++) {
    const group = parts.map((part) => part?.panels[place]);
    if (!group.every(isOfCurves)) {
      return null;
    }
    panels.push(panelOf(group, labels));
  }
  return { ...whole, columns: first.columns, panels };
}

function isOfCurves(panel: Panel | undefined): panel is PlanePanel {
  return (
    panel?.kind === "plane" &&
    panel.layers.length > 0 &&
    panel.layers.every(({ kind }) => kind === "curve" || kind === "band" || kind === "rule")
  );
}

function panelOf(group: readonly PlanePanel[], labels: readonly string[]): PlanePanel {
  const [first] = group;
  const titles = [
    ...new Map(group.flatMap(({ title }) => (title === undefined ? [] : [[key(title), title]]))).values(),
  ];
  const named = titles.length > 1;
  return {
    ...first,
    ...(titles.length === 0 ? {} : { title: joined(titles) }),
    x: { ...first.x, domain: undefined },
    namesAtEnds: true,
    layers: group.flatMap(({ layers, title }, run) =>
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
    name: { en: `${name("en")} (${label})`, ja: `${name("ja")} (${label})` },
  };
}

const key = (text: Text) => inLanguage(text, "en");

function joined(titles: readonly Text[]): Text {
  const of = (language: "en" | "ja") => titles.map((title) => inLanguage(title, language)).join(" · ");
  return { en: of("en"), ja: of("ja") };
}
