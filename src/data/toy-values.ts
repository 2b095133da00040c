import { exp, sin } from "../core/elementary.ts";
import type { RandomStream } from "../core/random.ts";
import type { Text } from "../core/text.ts";
import type { ToyOptions } from "./toy.ts";

/** Points of the plane, each with a number to be told. */
export interface PlaneValues {
  /** [n · 2]: x, y of each point, in [−1, 1] */
  readonly xy: Float32Array;
  /** [n], about within [−1, 1] */
  readonly values: Float64Array;
}

/** A surface over the plane. */
export interface ValueSet {
  /** As in settings: `hills` */
  readonly name: string;
  readonly label: Text;
  /** Its height at a point of [−1, 1]², in [−1, 1]. */
  readonly height: (x: number, y: number) => number;
}

/** A hill 1 high about a place. */
const hill = (x: number, y: number, atX: number, atY: number) => exp(-9 * ((x - atX) ** 2 + (y - atY) ** 2));

export const valueSets: readonly ValueSet[] = [
  {
    name: "slope",
    label: { en: "a slope", ja: "斜面" },
    height: (x, y) => (x + y) / 2,
  },
  {
    name: "hills",
    label: { en: "hills and hollows", ja: "山と谷" },
    height: (x, y) => hill(x, y, 0.5, 0.5) + hill(x, y, -0.5, -0.5) - hill(x, y, 0.5, -0.5) - hill(x, y, -0.5, 0.5),
  },
  {
    name: "waves",
    label: { en: "waves", ja: "波" },
    height: (x, y) => sin(4 * x) * sin(3 * y + 1.5 * x),
  },
];

export const valueSetNames = valueSets.map(({ name }) => name);

/** Points of a surface, anywhere on the plane; the noise is added to their heights. */
export function drawValues(
  { height }: ValueSet,
  { points, noise }: Pick<ToyOptions, "points" | "noise">,
  stream: RandomStream,
): PlaneValues {
  const xy = new Float32Array(2 * points);
  const values = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    const [x, y] = [stream.uniform(-1, 1), stream.uniform(-1, 1)];
    xy[2 * i] = x;
    xy[2 * i + 1] = y;
    values[i] = height(x, y) + noise * stream.normal();
  }
  return { xy, values };
}
