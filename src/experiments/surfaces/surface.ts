import { text } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import type { FloatArray } from "../../core/tensor.ts";
import { type PlaneFunction, planeExpression } from "../../formula/expression.ts";
import { plainText } from "../../formula/plain-text.ts";
import { namedSurfaces } from "./named.ts";
import type { Interval, Point, SurfaceDefinition } from "./surface-definition.ts";

export type { Interval, Point, SurfaceDefinition };

/** A function of two parameters to walk down on. */
export interface Surface extends Omit<SurfaceDefinition, "name" | "rates"> {
  /** null for a typed one. */
  readonly name: string | null;
  readonly rates: Readonly<Record<string, number>> | null;
  readonly value: PlaneFunction;
  /** Writes (∂f/∂x, ∂f/∂y), without noise. */
  gradient(x: number, y: number, out: FloatArray | number[]): void;
}

const defaultSurface = "ravine";
const names = Object.keys(namedSurfaces);

/**
 * The surface of that name, or of that formula.
 * @throws FormulaError when it is neither
 */
export function surfaceOf(nameOrFormula: string): Surface {
  const named = namedSurface(nameOrFormula);
  const { value, dx, dy } = expressionOf(nameOrFormula);
  const gradient = (x: number, y: number, out: FloatArray | number[]) => {
    out[0] = dx(x, y);
    out[1] = dy(x, y);
  };
  return named !== null ? { ...named, value, gradient } : { ...typed(nameOrFormula, value), value, gradient };
}

/** The surface of a record; records from before surfaces could be chosen are of the book's. */
export function surfaceIn({ settings }: Pick<RunRecord, "settings">): Surface {
  return surfaceOf(String(settings?.surface ?? defaultSurface));
}

/** Whether it is the book's, with noise or without. */
export function isRavine({ name }: Surface): boolean {
  return name === "ravine" || name === "noisy";
}

function namedSurface(text: string): SurfaceDefinition | null {
  const word = plainText(text).trim().toLowerCase();
  return Object.hasOwn(namedSurfaces, word) ? namedSurfaces[word] : null;
}

function expressionOf(nameOrFormula: string) {
  return planeExpression(namedSurface(nameOrFormula)?.formula ?? nameOrFormula, "surface");
}

/** The setting that chooses a surface. */
export function surfaceSetting() {
  return text({
    default: defaultSurface,
    range: {
      en: `one of ${names.join(", ")}, or a formula of x and y such as x^2/20 + y^2`,
      ja: `${names.join("、")} のいずれか、または x^2/20 + y^2 のような x と y の式`,
    },
    validate: expressionOf,
    plain: plainText,
    options: names,
    about: { en: "function to minimise, by name or as a formula", ja: "最小化する関数(名前または式)" },
  });
}

function typed(formula: string, value: PlaneFunction): Omit<Surface, "value" | "gradient"> {
  const side = [-10, 10] as const;
  return {
    name: null,
    label: formula,
    about: { en: "A formula typed by hand.", ja: "手で書かれた式です。" },
    formula,
    x: side,
    y: side,
    levels: levelsBetween(gridOf({ x: side, y: side, value }, 41).z),
    minima: [],
    start: [-7, 2],
    noise: 0,
    updates: 30,
    rates: null,
  };
}

/** z over an even grid of the part of the plane that is drawn; null where f has no finite value. */
export function gridOf({ x, y, value }: Pick<Surface, "x" | "y" | "value">, count: number) {
  const axis = ([low, high]: Interval) =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  const [across, up] = [axis(x), axis(y)];
  const z = up.flatMap((b) =>
    across.map((a) => {
      const height = value(a, b);
      return Number.isFinite(height) ? height : null;
    }),
  );
  return { x: across, y: up, z };
}

/** Sixteen heights that lie closer where the surface is low: as dense at the bottom as on the walls. */
export function levelsBetween(heights: readonly (number | null)[]): number[] {
  const known = heights.filter((z) => z !== null);
  if (known.length === 0) {
    return [];
  }
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const count = 16;
  return high > low ? Array.from({ length: count }, (_, i) => low + (high - low) * ((i + 0.5) / count) ** 2.5) : [];
}
