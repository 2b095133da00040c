import type { Text } from "../../core/text.ts";

export type Interval = readonly [low: number, high: number];
export type Point = readonly [x: number, y: number];

/** What is known of a surface beside its formula. */
export interface SurfaceDefinition {
  /** As in the setting `surface`. */
  readonly name: string;
  readonly label: Text;
  /** One sentence: what makes it hard. */
  readonly about: Text;
  /** f(x, y) in the formula language. */
  readonly formula: string;
  /** The part of the plane that is drawn. */
  readonly x: Interval;
  readonly y: Interval;
  /** Heights of the contour lines, ascending. */
  readonly levels: readonly number[];
  /** Every minimum inside the part that is drawn. */
  readonly minima: readonly Point[];
  readonly start: Point;
  /** Standard deviation of the noise added to each component of each gradient. */
  readonly noise: number;
  /** Updates after which something can be seen. */
  readonly updates: number;
  /** Learning rates with which the rules can be compared here, by optimizer label. */
  readonly rates: Readonly<Record<string, number>>;
}
