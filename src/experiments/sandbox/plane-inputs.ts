/** What a network may be given of a point of the plane, x and y with mean 0 and deviation 1. */
const planeInputs = {
  x: (x: number) => x,
  y: (_: number, y: number) => y,
  x2: (x: number) => x * x,
  y2: (_: number, y: number) => y * y,
  xy: (x: number, y: number) => x * y,
  sinx: (x: number) => Math.sin(Math.PI * x),
  siny: (_: number, y: number) => Math.sin(Math.PI * y),
} as const satisfies Readonly<Record<string, (x: number, y: number) => number>>;

export type PlaneInput = keyof typeof planeInputs;
export const planeInputNames = Object.keys(planeInputs) as PlaneInput[];

/** As they are written in print. */
export const planeInputLabels: Readonly<Record<PlaneInput, string>> = {
  x: "x",
  y: "y",
  x2: "x²",
  y2: "y²",
  xy: "xy",
  sinx: "sin πx",
  siny: "sin πy",
};

/** Points [n · 2] as rows of the inputs named: [n · names]. */
export function planeRows(points: Float32Array, names: readonly PlaneInput[]): Float32Array {
  const count = points.length / 2;
  const rows = new Float32Array(count * names.length);
  names.forEach((name, j) => {
    const input = planeInputs[name];
    for (let i = 0; i < count; i++) {
      rows[i * names.length + j] = input(points[2 * i], points[2 * i + 1]);
    }
  });
  return rows;
}
