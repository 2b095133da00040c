import * as Plot from "@observablehq/plot";
import { bandPolygons } from "./band-shapes.ts";
import { contourLines } from "./canvas/contour-lines.ts";
import { clipSegment, isNear, isSeen, reach } from "./clip.ts";
import type { Band, Bars, Contour, Heat, Spans } from "./figure-spec.ts";
import { heatCells } from "./heat.ts";
import { boxIn, far, gapInLine, type PlotFrame, type PlotPoint } from "./plane-plot.ts";
import type { PlotAxis } from "./plot-axis.ts";
import { sampled } from "./sampled.ts";
import { runStyle, type Theme } from "./style.ts";
import { dense } from "./thin.ts";

export function heatMarks(layer: Heat, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const cells = heatCells(layer, frame.panel, theme).flatMap((cell) => {
    const box = boxIn(frame, cell);
    return box === null ? [] : [{ ...box, fill: cell.fill }];
  });
  return cells.length === 0
    ? []
    : [
        Plot.rect(cells, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: "fill",
          // Else the page would show through where neighbours meet.
          inset: -0.4,
          shapeRendering: "crispEdges",
          clip: true,
        }),
      ];
}

export function spanMarks({ low, high, y, height, style }: Spans, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const half = height / 2;
  const seen = new Set<string>();
  const spans = y.flatMap((middle, i) => {
    const box = boxIn(frame, { x1: low[i], x2: high[i], y1: middle - half, y2: middle + half });
    if (box === null || Number.isNaN(box.x1 + box.x2 + box.y1 + box.y2)) {
      return [];
    }
    // Of a multitude those on the same pixels are one.
    const pixels = [frame.x.share(low[i]) * frame.width, frame.x.share(high[i]) * frame.width].map(Math.round);
    const key = `${pixels.join()},${Math.round(frame.y.share(middle) * frame.height)}`;
    if (y.length > dense * frame.width && seen.has(key)) {
      return [];
    }
    seen.add(key);
    return [box];
  });
  return spans.length === 0
    ? []
    : [
        Plot.rect(spans, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: runStyle(style).color,
          stroke: theme.background,
          strokeWidth: 0.4,
          clip: true,
        }),
      ];
}

export function barMarks(layer: Bars, frame: PlotFrame): Plot.Markish[] {
  const { edges, counts } = thinBars(layer, frame);
  // Bars stand on 0, or on the axis where it has no 0.
  const ground = frame.y.span.scale === "log" ? frame.y.span.domain[0] : 0;
  const bins = counts.flatMap((count, i) => {
    const box = boxIn(frame, { x1: edges[i], x2: edges[i + 1], y1: ground, y2: count });
    return box === null || Number.isNaN(box.y2) ? [] : [box];
  });
  return bins.length === 0
    ? []
    : [
        Plot.rect(bins, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: runStyle(layer.style).color,
          insetLeft: 0.5,
          clip: true,
        }),
      ];
}

/** Bars narrower than a pixel are one, as high as the highest. */
function thinBars({ edges, counts }: Bars, { x, width }: PlotFrame): Pick<Bars, "edges" | "counts"> {
  if (counts.length <= width) {
    return { edges, counts };
  }
  const [fewerEdges, fewer]: [number[], number[]] = [[edges[0]], []];
  counts.forEach((count, i) => {
    const from = fewerEdges.at(-1) as number;
    const most = fewer.length < fewerEdges.length ? count : Math.max(fewer.at(-1) as number, count);
    if (fewer.length < fewerEdges.length) {
      fewer.push(most);
    } else {
      fewer[fewer.length - 1] = most;
    }
    if ((x.share(edges[i + 1]) - x.share(from)) * width >= 1 || i === counts.length - 1) {
      fewerEdges.push(edges[i + 1]);
    }
  });
  return { edges: fewerEdges, counts: fewer };
}

export function bandMarks(layer: Band, frame: PlotFrame): Plot.Markish[] {
  const polygons = bandPolygons(layer, { x: frame.x.span, y: frame.y.span, width: frame.width });
  const seen = polygons.filter((polygon) => isAreaSeen(polygon));
  if (seen.length === 0) {
    return [];
  }
  const fill = { fill: runStyle(layer.style).color, fillOpacity: 0.18, clip: true } as const;
  const near = (value: number | null, axis: PlotAxis) =>
    value === null || Number.isNaN(value) || isNear(axis.share(value), 0, reach);
  const whole =
    layer.x.length <= dense * frame.width &&
    layer.x.every((x, i) => near(x, frame.x) && near(layer.low[i], frame.y) && near(layer.high[i], frame.y));
  if (whole) {
    const value = (axis: PlotAxis, at: number | null) => axis.at(at ?? Number.NaN);
    const band = layer.x.map((x, i) => ({
      x: frame.x.at(x),
      low: value(frame.y, layer.low[i]),
      high: value(frame.y, layer.high[i]),
    }));
    return [Plot.areaY(band, { x: "x", y1: "low", y2: "high", ...fill })];
  }
  const points = seen.flatMap((polygon, z) => polygon.map(([x, y]) => ({ x: frame.x.back(x), y: frame.y.back(y), z })));
  return [Plot.line(points, { x: "x", y: "y", z: "z", ...fill, stroke: "none" })];
}

function isAreaSeen(polygon: readonly (readonly [number, number])[]): boolean {
  let [left, right, bottom, top] = [1, 0, 1, 0].map(Number);
  [left, right, bottom, top] = [far, -far, far, -far];
  for (const [x, y] of polygon) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  return left < 1 && right > 0 && bottom < 1 && top > 0;
}

/** Columns and rows of a field that a picture can show. */
const mostSamples = 400;

export function contourMarks({ grid, levels }: Contour, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const style = { fill: "none", stroke: theme.ink, strokeOpacity: 0.28, strokeWidth: 0.8, clip: true } as const;
  const field = sampled(grid, mostSamples);
  const pieces = contourLines(field, levels);
  const points: PlotPoint[] = [];
  for (let i = 0; i < pieces.length; i += 4) {
    const shares = [frame.x.share(pieces[i]), frame.y.share(pieces[i + 1])];
    const ends = [frame.x.share(pieces[i + 2]), frame.y.share(pieces[i + 3])];
    const cut = clipSegment([shares[0], shares[1], ends[0], ends[1]], reach);
    if (cut !== null && isSeen(cut)) {
      points.push(
        { x: frame.x.back(cut[0]), y: frame.y.back(cut[1]) },
        { x: frame.x.back(cut[2]), y: frame.y.back(cut[3]) },
        gapInLine,
      );
    }
  }
  if (points.length === 0) {
    return [];
  }
  if (!isSmooth(field, frame)) {
    return [Plot.line(points, { x: "x", y: "y", ...style })];
  }
  const columns = field.x.length;
  const rows = field.y.length;
  const stepX = (field.x[columns - 1] - field.x[0]) / (columns - 1);
  const stepY = (field.y[rows - 1] - field.y[0]) / (rows - 1);
  // Plot takes samples as cells' centres: the extent reaches half a step beyond the first and last.
  return [
    Plot.contour(
      field.z.map((z) => z ?? Number.NaN),
      {
        width: columns,
        height: rows,
        x1: field.x[0] - stepX / 2,
        x2: field.x[columns - 1] + stepX / 2,
        y1: field.y[0] - stepY / 2,
        y2: field.y[rows - 1] + stepY / 2,
        thresholds: [...levels],
        ...style,
      },
    ),
  ];
}

/** Whether Plot's own contours can be used: the field lies in the panel or near it, in units of its own, and is finite. */
function isSmooth({ x, y, z }: Contour["grid"], frame: PlotFrame): boolean {
  const near = (axis: PlotAxis, ends: readonly (number | undefined)[]) =>
    ends.every((end) => end !== undefined && axis.at(end) === end && isNear(axis.share(end), 0, reach));
  return (
    near(frame.x, [x[0], x.at(-1)]) &&
    near(frame.y, [y[0], y.at(-1)]) &&
    z.every((value) => value === null || Math.abs(value) < 1e100)
  );
}
