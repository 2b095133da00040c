import { placer, type Span } from "./along.ts";
import { clipPolygon } from "./clip.ts";
import type { Band } from "./figure-spec.ts";
import { dense } from "./thin.ts";

type Corner = readonly [x: number, y: number];

/**
 * The area between two curves as polygons in shares of the panel, one a stretch without gaps, cut to the panel and what is
 * near. Where more points fall into a column of pixels than it can show, it is as wide as the widest of them.
 */
export function bandPolygons(
  { x, low, high }: Band,
  axes: { readonly x: Span; readonly y: Span /** Pixels. */; readonly width: number },
): Corner[][] {
  const [atX, atY] = [placer(axes.x), placer(axes.y)];
  const polygons: Corner[][] = [];
  const columns = x.length > dense * axes.width ? axes.width : null;
  let tops: Corner[] = [];
  let bottoms: Corner[] = [];
  const end = () => {
    if (tops.length > 1) {
      const polygon = clipPolygon([...tops, ...bottoms.reverse()]);
      if (polygon.length > 2) {
        polygons.push(polygon);
      }
    }
    tops = [];
    bottoms = [];
  };
  for (let i = 0; i < x.length; i++) {
    const px = atX(x[i]);
    const [bottom, top] = [atY(low[i] ?? Number.NaN), atY(high[i] ?? Number.NaN)];
    if (!Number.isFinite(px) || Number.isNaN(bottom) || Number.isNaN(top)) {
      end();
      continue;
    }
    const before = tops.at(-1);
    if (columns !== null && before !== undefined && Math.floor(before[0] * columns) === Math.floor(px * columns)) {
      tops[tops.length - 1] = [before[0], Math.max(before[1], far(top))];
      bottoms[bottoms.length - 1] = [before[0], Math.min(bottoms[bottoms.length - 1][1], far(bottom))];
    } else {
      tops.push([px, far(top)]);
      bottoms.push([px, far(bottom)]);
    }
  }
  end();
  return polygons;
}

/** An infinite edge is one that leaves the panel at once. */
function far(share: number): number {
  return Math.min(1e150, Math.max(-1e150, share));
}
