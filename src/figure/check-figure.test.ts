import { expect, test } from "vitest";
import { renderSvg } from "./svg.ts";
import { renderTerminal } from "./terminal.ts";

const label = { label: "x" };
const grid = { x: [0, 1], y: [0, 1, 2], z: [1, 2, 3, 4, 5, 6] };
const plane = (...layers: unknown[]) => ({ kind: "plane", x: label, y: label, layers });
const curve = { kind: "curve", name: "a", style: 0, role: "line", x: [1, 2, 3], y: [1, 2, 3] };
const panels = {
  curve: plane(curve),
  path: plane({ kind: "path", name: "a", style: 0, x: [1, 2], y: [1, 2] }),
  contour: plane({ kind: "contour", grid, levels: [2] }),
  heat: plane({ kind: "heat", grid, colors: { label: "z", domain: [0, 6] } }),
  bars: plane({ kind: "bars", style: 0, edges: [0, 1, 2], counts: [3, 4] }),
  spans: plane({ kind: "spans", style: 0, low: [0, 1], high: [1, 2], y: [1, 2], height: 0.5 }),
  band: plane({ kind: "band", style: 0, x: [1, 2], low: [0, 0], high: [1, 1] }),
  points: plane({ kind: "points", style: 0, x: [1, 2], y: [1, 2], value: [1, null] }),
  rule: plane(curve, { kind: "rule", axis: "x", at: 2 }),
  label: plane(curve, { kind: "label", x: 1, y: 1, text: "here" }),
  ticks: { ...plane(curve), x: { label: "x", ticks: [1, 2], tickLabels: ["a", "b"] } },
  surface: { kind: "surface", x: label, y: label, z: label, grid, azimuth: 0, elevation: 30 },
  parallel: {
    kind: "parallel",
    axes: [0, 1].map(() => ({ label: "x", domain: [0, 1] })),
    lines: [{ at: [0, null], value: 1 }],
    colors: { label: "z", domain: [0, 1] },
  },
};
type Changed = { readonly [key: string | number]: Changed };

function drawn(panel: unknown) {
  const figure = { id: "mine", title: "t", columns: 1, panels: [panel] } as never;
  renderTerminal(figure, { language: "en", columns: 60, color: false });
  return renderSvg(figure, { language: "ja" });
}

/** The panel with one list a value longer. */
function longer(panel: object, path: readonly (string | number)[]): object {
  const copy = structuredClone(panel);
  let at = copy as Changed;
  for (const step of path) {
    at = at[step];
  }
  (at as unknown as unknown[]).push(1);
  return copy;
}

test.each(Object.entries(panels))("a panel of %s is drawn", (_, panel) => {
  expect(drawn(panel)).toContain("</svg>");
});

test.each<[keyof typeof panels, (string | number)[], RegExp]>([
  ["curve", ["layers", 0, "y"], /layers\[0\]\.y: must have as many values as x \(3\), got 4\./],
  ["path", ["layers", 0, "x"], /layers\[0\]\.y: must have as many values as x \(3\), got 2\./],
  ["contour", ["layers", 0, "grid", "z"], /grid\.z: must have as many values as x times y \(6\), got 7\./],
  ["heat", ["layers", 0, "grid", "x"], /grid\.z: must have as many values as x times y \(9\), got 6\./],
  ["bars", ["layers", 0, "counts"], /edges: must have as many values as counts, and one \(4\), got 3\./],
  ["spans", ["layers", 0, "high"], /high: must have as many values as low \(2\), got 3\./],
  ["band", ["layers", 0, "low"], /low: must have as many values as x \(2\), got 3\./],
  ["points", ["layers", 0, "value"], /value: must have as many values as x \(2\), got 3\./],
  ["ticks", ["x", "tickLabels"], /x\.tickLabels: must have as many values as ticks \(2\), got 3\./],
  ["surface", ["grid", "z"], /grid\.z: must have as many values as x times y \(6\), got 7\./],
  ["parallel", ["lines", 0, "at"], /lines\[0\]\.at: must have as many values as axes \(2\), got 3\./],
])("of %s, a list too long is refused: %s", (kind, path, says) => {
  const panel = longer(panels[kind], path);
  expect(() => drawn(panel)).toThrow(says);
  expect(() => drawn(panel)).toThrow(/^figure mine: panels\[0\]\./);
});

test.each([
  [
    "a kind of panel",
    { ...panels.curve, kind: "plan" },
    'figure mine: panels[0]: kind must be a known name, got "plan"',
  ],
  ["a kind of layer", plane({ ...curve, kind: "curv" }), 'kind must be a known name, got "curv". Did you mean curve?'],
  [
    "a missing list",
    plane({ ...curve, x: undefined }),
    "layers[0].x: must have as many values as x (0), got undefined.",
  ],
])("%s is refused", (_, panel, says) => {
  expect(() => drawn(panel)).toThrow(says);
});

test.each([
  [{ language: "fr" }, 'renderSvg: language must be a known name, got "fr".'],
  [{ language: "en", theme: "drak" }, 'renderSvg: theme must be a known name, got "drak". Did you mean dark?'],
  [{ language: "en", widht: 300 }, "renderSvg.widht: no such setting. Did you mean width?"],
])("options %j are refused", (options, says) => {
  const figure = { id: "mine", title: "t", columns: 1, panels: [panels.curve] } as never;
  expect(() => renderSvg(figure, options as never)).toThrow(says);
});
