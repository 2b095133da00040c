import type { Context } from "../../src/figure/drawing/pencil.ts";

/** Pixels that no drawing of some hundred pixels needs. */
const most = 1e4;

/** A canvas that draws nothing, and throws where it is asked for a place that is none or far away. */
export function strictCanvas(): Context {
  const check = (name: string, values: readonly unknown[]) => {
    for (const value of values) {
      if (typeof value === "number" && !(Math.abs(value) < most)) {
        throw new Error(`canvas: ${name} must be within ${most} pixels, got ${values.join(", ")}.`);
      }
    }
  };
  const known: Record<string, unknown> = {
    getTransform: () => ({ a: 1, b: 0 }),
    getLineDash: () => [],
    vector: undefined,
  };
  return new Proxy(known, {
    get: (target, name) =>
      name in target ? target[String(name)] : (...values: unknown[]) => check(String(name), values),
    set(target, name, value) {
      check(String(name), [value]);
      target[String(name)] = value;
      return true;
    },
  }) as unknown as Context;
}

/** Node has no outlines for canvases. */
export function withoutPath2D(): void {
  globalThis.Path2D ??= class {} as unknown as typeof Path2D;
}
