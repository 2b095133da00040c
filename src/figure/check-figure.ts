import { oneOf } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { Axis, FigureSpec, Grid, Layer, Panel } from "./figure-spec.ts";

/** A list of a figure, by its name in the spec. */
type Lists = Readonly<Record<string, ArrayLike<unknown>>>;

/** Which lists of a layer belong together: each has as many values as the first. */
const alike: { readonly [K in Layer["kind"]]: (layer: Extract<Layer, { kind: K }>) => Lists } = {
  curve: ({ x, y }) => ({ x, y }),
  path: ({ x, y }) => ({ x, y }),
  contour: () => ({}),
  heat: () => ({}),
  bars: () => ({}),
  spans: ({ low, high, y }) => ({ low, high, y }),
  band: ({ x, low, high }) => ({ x, low, high }),
  points: ({ x, y, value }) => ({ x, y, ...(value === undefined ? {} : { value }) }),
  rule: () => ({}),
  label: () => ({}),
};

/**
 * Makes sure that a figure can be drawn as it is meant: known kinds, lists that belong together of one length.
 * @throws HyperError on an unknown kind, DataError on a list that is too short or too long; both name the panel and the layer
 */
export function checkFigure({ id, panels }: FigureSpec): void {
  for (const [i, panel] of panels.entries()) {
    checkPanel(panel, `figure ${id}: panels[${i}]`);
  }
}

function checkPanel(panel: Panel, where: string): void {
  oneOf(where, "kind", panel.kind, ["plane", "surface", "parallel"]);
  if (panel.kind === "parallel") {
    for (const [i, axis] of panel.axes.entries()) {
      checkAxis(axis, `${where}.axes[${i}]`);
    }
    for (const [i, { at }] of panel.lines.entries()) {
      mustHave(`${where}.lines[${i}].at`, at, panel.axes.length, "axes");
    }
    return;
  }
  checkAxis(panel.x, `${where}.x`);
  checkAxis(panel.y, `${where}.y`);
  if (panel.kind === "surface") {
    checkAxis(panel.z, `${where}.z`);
    checkGrid(panel.grid, where);
    return;
  }
  for (const [i, layer] of panel.layers.entries()) {
    checkLayer(layer, `${where}.layers[${i}]`);
  }
}

function checkLayer(layer: Layer, where: string): void {
  oneOf(where, "kind", layer.kind, Object.keys(alike));
  if (layer.kind === "contour" || layer.kind === "heat") {
    checkGrid(layer.grid, where);
  } else if (layer.kind === "bars") {
    mustHave(`${where}.edges`, layer.edges, layer.counts.length + 1, "counts, and one");
  }
  const lists = Object.entries(alike[layer.kind](layer as never));
  for (const [name, list] of lists) {
    const [first, values] = lists[0];
    mustHave(`${where}.${name}`, list, values?.length ?? 0, first);
  }
}

function checkGrid({ x, y, z }: Grid, where: string): void {
  mustHave(`${where}.grid.z`, z, x.length * y.length, "x times y");
}

function checkAxis({ ticks, tickLabels }: Axis, where: string): void {
  if (tickLabels !== undefined) {
    mustHave(`${where}.tickLabels`, tickLabels, ticks?.length ?? 0, "ticks");
  }
}

function mustHave(where: string, list: unknown, count: number, as: string): void {
  const length = (list as Partial<ArrayLike<unknown>> | undefined)?.length;
  if (length !== count) {
    const got = length === undefined ? describeValue(list) : String(length);
    throw new DataError({
      en: `${where}: must have as many values as ${as} (${count}), got ${got}. Give null where there is none.`,
      ja: `${where}: 値の数を ${as} と同じ ${count} 個にしてください(${got} でした)。値のない所は null にします。`,
    });
  }
}
