import { inLanguage, type Language } from "../core/text.ts";
import { mix } from "./colors.ts";
import type { SurfacePanel } from "./figure-spec.ts";
import type { Theme } from "./style.ts";

type Point3 = readonly [x: number, y: number, z: number];

/** Height of the box over the width of its base. */
const boxHeight = 0.72;

/**
 * Draws z = f(x, y) as a wireframe: the box's back edges and ticks, then the grid's cells from far to near, each filled
 * with the background so that it hides what is behind it. Returns SVG markup of width × height.
 */
export function drawSurface(
  panel: SurfacePanel,
  { language, theme, width, height }: { language: Language; theme: Theme; width: number; height: number },
): string {
  const { grid } = panel;
  const known = grid.z.filter((z) => z !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const unit = (value: number, from: number, to: number) => (to > from ? (value - from) / (to - from) : 0.5) - 0.5;
  const [x0, x1] = [grid.x[0], grid.x[grid.x.length - 1]];
  const [y0, y1] = [grid.y[0], grid.y[grid.y.length - 1]];
  const project = projection(panel, width, height);
  const at = (x: number, y: number, z: number) =>
    project([unit(x, x0, x1), unit(y, y0, y1), unit(z, low, high) * boxHeight]);

  const cells: { depth: number; path: string; z: number }[] = [];
  const columns = grid.x.length;
  for (let j = 0; j + 1 < grid.y.length; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ].map(([a, b]) => ({ x: grid.x[a], y: grid.y[b], z: grid.z[b * columns + a] }));
      if (corners.some(({ z }) => z === null)) {
        continue;
      }
      const points = corners.map(({ x, y, z }) => at(x, y, z as number));
      cells.push({
        depth: points.reduce((sum, p) => sum + p.depth, 0),
        path: points.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(" "),
        z: corners.reduce((sum, { z }) => sum + (z as number), 0) / 4,
      });
    }
  }
  cells.sort((a, b) => b.depth - a.depth);
  const polygons = cells.map(({ path, z }) => {
    const stroke = mix(theme.low, theme.high, unit(z, low, high) + 0.5);
    return `<polygon points="${path}" fill="${theme.background}" stroke="${stroke}" stroke-width="0.9"/>`;
  });

  const line = (a: Point3, b: Point3) => {
    const [p, q] = [at(...a), at(...b)];
    return `<line x1="${p.x.toFixed(1)}" y1="${p.y.toFixed(1)}" x2="${q.x.toFixed(1)}" y2="${q.y.toFixed(1)}" stroke="${theme.faint}"/>`;
  };
  const floor = [
    line([x0, y0, low], [x1, y0, low]),
    line([x0, y1, low], [x1, y1, low]),
    line([x0, y0, low], [x0, y1, low]),
    line([x1, y0, low], [x1, y1, low]),
    line([x0, y1, low], [x0, y1, high]),
    line([x1, y1, low], [x1, y1, high]),
    line([x0, y0, low], [x0, y0, high]),
    line([x0, y1, high], [x1, y1, high]),
    line([x0, y0, high], [x0, y1, high]),
  ];
  const text = (point: Point3, words: string, dx: number, dy: number, anchor: "start" | "middle" | "end") => {
    const p = at(...point);
    return `<text x="${(p.x + dx).toFixed(1)}" y="${(p.y + dy).toFixed(1)}" text-anchor="${anchor}" fill="${theme.ink}" font-size="11">${escapeText(words)}</text>`;
  };
  const middle = (a: number, b: number) => (a + b) / 2;
  const labels = [
    ...[x0, middle(x0, x1), x1].map((x) => text([x, y0, low], format(x), -6, 15, "middle")),
    ...[y0, middle(y0, y1), y1].map((y) => text([x1, y, low], format(y), 9, y === y0 ? 4 : 10, "start")),
    ...[low, middle(low, high), high].map((z) => text([x0, y0, z], format(z), -6, 3, "end")),
    text([middle(x0, x1), y0, low], inLanguage(panel.x.label, language), -16, 30, "middle"),
    text([x1, middle(y0, y1), low], inLanguage(panel.y.label, language), 24, 24, "start"),
    text([x0, y0, high], inLanguage(panel.z.label, language), 0, -12, "middle"),
  ];
  return `<g>${floor.join("")}${polygons.join("")}${labels.join("")}</g>`;
}

/** Orthographic, as Matplotlib's view_init(elevation, azimuth) turns the box; the unit box fills the panel. */
function projection({ azimuth, elevation }: SurfacePanel, width: number, height: number) {
  const turn = (azimuth * Math.PI) / 180;
  const tilt = (elevation * Math.PI) / 180;
  const size = Math.min(width / 1.62, height / 1.32);
  return ([x, y, z]: Point3) => {
    const right = -x * Math.sin(turn) + y * Math.cos(turn);
    const near = x * Math.cos(turn) + y * Math.sin(turn);
    return {
      x: width / 2 + right * size,
      y: height / 2 - (z * Math.cos(tilt) - near * Math.sin(tilt)) * size,
      depth: -(near * Math.cos(tilt) + z * Math.sin(tilt)),
    };
  };
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
