import { describe, expect, test } from "vitest";
import { resolve } from "../../core/hyper.ts";
import { RandomStream } from "../../core/random.ts";
import { Recorder, type RunRecord, type TaskEvent } from "../../core/record.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { encodedTable } from "../../data/csv/encoded-table.ts";
import { csvTable } from "../../data/csv/read-csv.ts";
import { encodePoints } from "../../data/drawn-points.ts";
import { drawToy } from "../../data/toy.ts";
import { referenceKernels } from "../../kernels/reference.ts";
import { wasmKernels } from "../../kernels/wasm.ts";
import type { Settings, TaskContext } from "../../runs/experiment.ts";
import { merged } from "../compare.ts";
import { chapter, experimentNamed } from "../registry.ts";
import type { OwnData } from "./prepare.ts";
import type { SandboxTask } from "./run.ts";
import { sandbox } from "./sandbox.ts";

const kernels = wasmKernels("wasm-simd", "float32");

async function eventsOf(
  given: Settings,
  {
    own,
    from,
    watched = false,
    ...more
  }: Partial<TaskContext> & Pick<SandboxTask, "own" | "from"> & { watched?: boolean } = {},
): Promise<TaskEvent[]> {
  let now = 0;
  const context: TaskContext = {
    kernels,
    kernelsIn: () => kernels,
    dataset: () => Promise.reject(new Error("no data set here")),
    signal: new AbortController().signal,
    // 10 ms pass from one look at the clock to the next.
    now: watched ? () => (now += 10) : undefined,
    ...more,
  };
  const settings = resolve(sandbox.settings, given) as Settings;
  const events: TaskEvent[] = [];
  for (const task of sandbox.plan(settings, 0)) {
    for await (const event of sandbox.execute({ ...task, own, from }, context)) {
      events.push(event);
    }
  }
  return events;
}

function seriesOf(events: readonly TaskEvent[], metric: string): (number | null)[] {
  const recorder = new Recorder();
  for (const event of events) {
    recorder.add({ task: 0, event });
  }
  return recorder.recorded().series.find((series) => series.metric === metric)?.y ?? [];
}

const snapshotsOf = (events: readonly TaskEvent[]) =>
  events.flatMap((event): Snapshot[] => (event.kind === "snapshot" ? [event.snapshot] : []));

test("workers find the sandbox by name; the chapter does not hold it", () => {
  expect(experimentNamed("sandbox")).toBe(sandbox);
  expect(chapter).not.toContain(sandbox);
});

describe("it learns", () => {
  test.each([
    ["two moons", {}, 0.95],
    ["spirals with a cosine schedule", sandbox.presets.spirals, 0.95],
    ["exclusive or with four units", sandbox.presets.xor, 0.95],
    ["a checkerboard", sandbox.presets.checkerboard, 0.9],
    ["circles without a hidden layer, given x² and y²", sandbox.presets.linear, 0.95],
    [
      "three Gaussians by batch normalization, dropout and a typed rule",
      {
        toy: "gaussians",
        network: "affine 16; batchnorm; tanh; dropout 0.2",
        optimizer: "custom",
        rule: "v = momentum * v - lr * g; w = w + v",
        schedule: "oneCycle",
      },
      0.95,
    ],
    [
      "two moons by residual blocks of which each is left out now and then",
      { network: "affine 16; relu; affine 16; relu; residual 0.9; affine 16; relu; residual 0.8", iterations: 600 },
      0.95,
    ],
    [
      "two moons by the other normalizations, a learnt slope and a maxout",
      { network: "affine 16; layerNorm; prelu; affine 16; rmsNorm; maxout 2" },
      0.95,
    ],
  ])("%s", async (_, settings, wanted) => {
    const accuracy = seriesOf(await eventsOf(settings), "testAccuracy");
    expect(accuracy.at(-1)).toBeGreaterThanOrEqual(wanted);
  });

  test.each(Object.keys(sandbox.presets).filter((name) => sandbox.presets[name].data !== "mnist"))(
    "preset %s runs to its end",
    async (name) => {
      const events = await eventsOf({ ...sandbox.presets[name], iterations: 30 });
      expect(seriesOf(events, "loss")).toHaveLength(30);
    },
  );
});

describe("it tells numbers", () => {
  test.each([
    ["slope", { network: "" }],
    ["hills", { network: "affine 16; tanh; affine 16; tanh" }],
    ["waves", { network: "affine 32; tanh; affine 32; tanh" }],
  ])("%s, to about their noise; no class is spoken of", async (toy, settings) => {
    const events = await eventsOf({ toy, points: 800, noise: 0.05, ...settings }, { watched: true });
    const off = seriesOf(events, "testRmse").at(-1);
    expect(off).toBeGreaterThan(0.03);
    expect(off).toBeLessThan(0.1);
    expect(seriesOf(events, "testAccuracy")).toEqual([]);
    expect(snapshotsOf(events).at(-1)?.confusion).toBeUndefined();
    const recorder = new Recorder();
    for (const event of events) {
      recorder.add({ task: 0, event });
    }
    const record = { ...recorder.recorded(), settings: {} } as unknown as RunRecord;
    const { columns, rows } = sandbox.results(record);
    expect([columns[3], rows[0][4]]).toEqual([{ en: "training RMSE", ja: "訓練のRMSE" }, off]);
    expect(sandbox.figures(record)[0].panels.map((panel) => panel.kind === "plane" && panel.y.label)).toContain("RMSE");
  });

  test("what is seen of the plane is the surface, and its colours reach from the least to the largest number", async () => {
    const { boundary } = snapshotsOf(await eventsOf({ toy: "slope", network: "", noise: 0 }, { watched: true })).at(
      -1,
    )!;
    const { columns, rows, x, y, range, classes, probabilities } = boundary!;
    const [low, high] = range!;
    expect([classes, low > -1, high < 1]).toEqual([1, true, true]);
    for (const [i, j] of [
      [10, 10],
      [40, 20],
      [30, 55],
    ]) {
      const at = ([from, to]: readonly [number, number], k: number, n: number) => from + ((to - from) * k) / (n - 1);
      const told = low + ((high - low) * probabilities[j * columns + i]) / 255;
      expect(told).toBeCloseTo((at(x, i, columns) + at(y, j, rows)) / 2, 1);
    }
    // Beyond the points the colours end.
    expect([probabilities[0], probabilities.at(-1)]).toEqual([0, 255]);
  });

  test.each([
    ["mixed rows", { "training.mixup": 0.2 }, 0.3],
    ["noise on the inputs and a mean of the weights", { "training.inputNoise": 0.05, "training.emaDecay": 0.98 }, 0.2],
    ["batch normalization and dropout", { network: "affine 32; batchnorm; relu; dropout 0.1; affine 16; relu" }, 0.3],
    ["x², y² and xy", { network: "affine 16; tanh", inputs: ["x", "y", "x2", "y2", "xy"] }, 0.2],
  ])("with %s too", async (_, settings, most) => {
    const hills = { toy: "hills", noise: 0.05, points: 600, network: "affine 16; tanh; affine 16; tanh", ...settings };
    expect(seriesOf(await eventsOf(hills), "testRmse").at(-1)).toBeLessThan(most);
  });

  test("plain loops give the same errors", async () => {
    const settings = { toy: "waves", network: "affine 6; tanh", iterations: 40 };
    const plain = seriesOf(await eventsOf(settings, { kernels: referenceKernels("float32") }), "testRmse");
    const fast = seriesOf(await eventsOf(settings), "testRmse");
    expect(fast.map((value) => expect.closeTo(value!, 4))).toEqual(plain);
    expect(fast.length).toBeGreaterThan(2);
  });

  test("what asks for classes is refused where a number is told", async () => {
    await expect(eventsOf({ toy: "slope", "training.labelSmoothing": 0.1 })).rejects.toThrow(
      "labelSmoothing: needs the loss crossEntropy, got meanSquaredError. Leave it out.",
    );
  });
});

const boundaryOf = async (network: string) =>
  snapshotsOf(await eventsOf({ network, iterations: 20 }, { watched: true })).at(-1)?.boundary;

test("of a residual block the map is what comes out of it, and its lines are the weights of its affine", async () => {
  const network = "affine 4; tanh; affine 4; tanh; residual; dropout 0.1";
  const boundary = await boundaryOf(network);
  expect(boundary?.units.map(({ layer, units, inputs }) => [layer, units, inputs])).toEqual([
    ["affine1", 4, 2],
    ["residual1.affine1", 4, 4],
  ]);
  expect(boundary?.outputs?.weights).toHaveLength(8);
});

test("of a maxout the map is the largest of its pieces, led to by the strongest of their weights", async () => {
  const network = "affine 6; maxout 3; affine 4; tanh";
  const boundary = await boundaryOf(network);
  expect(boundary?.units.map(({ layer, units, inputs }) => [layer, units, inputs])).toEqual([
    ["affine1", 2, 2],
    ["affine2", 4, 2],
  ]);
  expect(boundary?.units[0].weights).toHaveLength(4);
  expect([...(boundary?.units[1].weights ?? [Number.NaN])].every(Number.isFinite)).toBe(true);
});

test("the same settings give the same bits, watched or not", async () => {
  const given = {
    iterations: 120,
    network: "affine 8; batchnorm; relu; dropout 0.3",
    schedule: "plateau",
    weightDecay: 0.01,
  };
  const recorded = async (watched: boolean) =>
    (await eventsOf(given, { watched })).filter(({ kind }) => kind !== "snapshot");
  expect(await recorded(true)).toEqual(await recorded(false));
});

test("a run that is given another's numbers goes on from them, counts on, and says so; others begin anew", async () => {
  const given = { iterations: 200 };
  const last = snapshotsOf(await eventsOf(given, { watched: true })).at(-1)!;
  const from = { parameters: last.parameters!, step: last.step + 1 };
  const more = await eventsOf({ ...given, points: 320 }, { from });
  const fresh = await eventsOf({ ...given, points: 320 });
  expect(Number(seriesOf(more, "trainAccuracy")[0])).toBeGreaterThan(Number(seriesOf(fresh, "trainAccuracy")[0]));
  const points = more.find((event) => event.kind === "points" && event.metric === "loss");
  expect(points).toMatchObject({ x: expect.arrayContaining([200]) });
  expect(more).toContainEqual({
    kind: "note",
    note: { kind: "continued", run: expect.any(String), tags: {}, step: 200 },
  });
  const other = await eventsOf({ ...given, network: "affine 3; relu" }, { from });
  expect(other.some((event) => event.kind === "note" && event.note.kind === "continued")).toBe(false);
});

test("a look gives probabilities that sum to one, and maps and weights of the hidden units", async () => {
  const snapshots = snapshotsOf(await eventsOf({ iterations: 300 }, { watched: true }));
  expect(snapshots.length).toBeGreaterThan(3);
  expect(snapshots.at(-1)?.step).toBe(299);
  const { boundary, confusion } = snapshots.at(-1)!;
  expect(boundary?.probabilities).toHaveLength(60 * 60 * 2);
  for (let i = 0; i < 3600; i++) {
    const sum = boundary!.probabilities[2 * i] + boundary!.probabilities[2 * i + 1];
    expect(Math.abs(sum - 255)).toBeLessThanOrEqual(1);
  }
  expect(boundary?.units.map(({ layer, shown, units, inputs }) => [layer, shown, units, inputs])).toEqual([
    ["affine1", 12, 16, 2],
    ["affine2", 12, 16, 12],
  ]);
  expect(Math.max(...boundary!.units[0].values)).toBe(127);
  expect(confusion?.counts.reduce((sum, count) => sum + count, 0)).toBe(75);
});

test("the boundary is where the points are: most training points lie in their own class's colour", async () => {
  const { boundary } = snapshotsOf(await eventsOf({}, { watched: true })).at(-1)!;
  const { xy, labels } = drawToy("moons", { points: 200, noise: 0, classes: 2 }, RandomStream.seeded(9));
  const { x, y, columns, rows, probabilities } = boundary!;
  const cell = (value: number, [low, high]: readonly [number, number], count: number) =>
    Math.min(count - 1, Math.max(0, Math.round(((value - low) / (high - low)) * (count - 1))));
  const right = labels.filter((label, i) => {
    const place = cell(xy[2 * i + 1], y, rows) * columns + cell(xy[2 * i], x, columns);
    return probabilities[2 * place + label] > 127;
  });
  expect(right.length).toBeGreaterThan(190);
});

test("schedules change lr between steps, and the change is recorded", async () => {
  const events = await eventsOf({
    schedule: "step",
    "step.every": 10,
    "step.gamma": 0.5,
    "Adam.lr": 0.02,
    iterations: 25,
  });
  expect(seriesOf(events, "lr")).toEqual([...Array(10).fill(0.02), ...Array(10).fill(0.01), ...Array(5).fill(0.005)]);
  expect(seriesOf(await eventsOf({ iterations: 25 }), "lr")).toEqual([]);
  // A rate of zero changes nothing at all.
  const still = await eventsOf({
    schedule: "step",
    "step.every": 1,
    "step.gamma": 1e-12,
    optimizer: "SGD",
    iterations: 40,
    accuracyEvery: 1,
  });
  expect(new Set(seriesOf(still, "trainLoss").slice(2)).size).toBe(1);
});

test("a held run shows the plane after every step", async () => {
  let steps = 5;
  const stop = new AbortController();
  const pace = {
    held: true,
    open: false,
    pass: async () => {
      steps--;
      if (steps === 0) {
        stop.abort();
      }
    },
  };
  const events = await eventsOf({}, { watched: true, pace, signal: stop.signal });
  expect(snapshotsOf(events).map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
});

const table = (rows: number) => {
  const lines = Array.from({ length: rows }, (_, i) => `${i % 7},${(i * i) % 5},${i % 2 ? "odd" : "even"},${i % 2}`);
  return encodedTable(csvTable(`a,b,c,d\n${lines.join("\n")}`, "t.csv"), {
    header: true,
    target: "c",
    features: ["a", "b", "d"],
  });
};

test("a table learns, has no plane, and its confusion is told by the classes' names", async () => {
  const events = await eventsOf(
    { data: "csv", iterations: 200 },
    { own: { kind: "csv", table: table(100) }, watched: true },
  );
  expect(seriesOf(events, "testAccuracy").at(-1)).toBe(1);
  expect(snapshotsOf(events)[0].boundary).toBeUndefined();
  const note = events.find((event) => event.kind === "note" && event.note.kind === "confusion");
  expect(note).toMatchObject({ note: { classNames: ["even", "odd"] } });
});

/** Stripes of 4 × 4 pixels, a class each way. */
function stripes(): OwnData {
  const count = 80;
  const data = Uint8Array.from({ length: count * 16 }, (_, i) => ((Math.floor(i / 16) + i) % 2 ? 255 : 0));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const split = { images: { data, count, width: 16 }, labels };
  return { kind: "idx", name: "t", split, classes: 2, rows: 4, columns: 4 };
}

test.each([
  "affine 16; relu",
  "conv2d 6 size=2 stride=2; batchnorm; relu; affine 8; relu",
  "image 2 8; conv2d 6 size=2; relu",
])("images as bytes learn too, by %s", async (network) => {
  const events = await eventsOf({ data: "idx", iterations: 100, trainRows: 100, network }, { own: stripes() });
  expect(seriesOf(events, "testAccuracy").at(-1)).toBe(1);
});

test("points drawn by hand are learnt from", async () => {
  const points = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ({ x: i / 4 - 1, y: 0.1 * i, label: i < 4 ? 0 : 1 }));
  const events = await eventsOf({ data: "drawn", drawn: encodePoints(points), testShare: 0, iterations: 200 });
  expect(seriesOf(events, "trainAccuracy").at(-1)).toBe(1);
  expect(seriesOf(events, "testAccuracy")).toEqual([]);
});

test.each([
  ["a file that a link cannot carry", { data: "csv" }, /a link carries no file/],
  ["too few points drawn", { data: "drawn" }, /at least 4 points of 2 classes must be drawn, got 0 of 0/],
  ["a network too large", { network: "affine 4096; affine 4096" }, /at most 8000000 parameters, got 16/],
  [
    "a network with images too large within",
    { network: "image 2 1; conv2d 64 size=1 padding=64; globalAveragePool" },
    /at most 250000 values of a row .* got 1073346/,
  ],
  [
    "a convolution of points",
    { network: "conv2d 4" },
    /conv2d must stand where rows are images, got rows of 2 numbers/,
  ],
  ["custom without a rule", { optimizer: "custom" }, /rule: must be an update rule/],
  [
    "a schedule for a rule without lr",
    { optimizer: "custom", rule: "w = w - g", schedule: "cosine" },
    /Name lr in the rule/,
  ],
])("%s is refused in words", async (_, settings, words) => {
  await expect(eventsOf(settings)).rejects.toThrow(words);
});

test("two runs compared stand together in one figure and one table", async () => {
  const recordOf = (events: readonly TaskEvent[], seed: number): RunRecord => {
    const recorder = new Recorder();
    for (const event of events) {
      recorder.add({ task: 0, event });
    }
    const settings = resolve(sandbox.settings, {}) as Settings;
    const engine = { kernels: "wasm-simd", dtype: "float32", workers: 1 } as const;
    const base = { tanren: "0", experiment: "sandbox", preset: "book", startedAt: "", seconds: { total: 0, train: 0 } };
    return { ...base, seed, settings, engine, ...recorder.recorded() };
  };
  const events = await eventsOf({ iterations: 25, schedule: "cosine" });
  const record = merged([0, 1].map((seed) => ({ id: `run-${seed}`, record: recordOf(events, seed) })));
  const [figure] = sandbox.figures(record);
  expect(figure.panels.map((panel) => panel.kind === "plane" && panel.layers.length)).toEqual([6, 4, 2]);
  expect(sandbox.results(record).rows.map(([run]) => run)).toEqual(["network (seed=0)", "network (seed=1)"]);
  expect(sandbox.details?.(record)).toHaveLength(2);
});

test("a network is one value, in a line or in several, as it is typed or as it is printed", () => {
  const texts = ["affine 8; relu; dropout 0.5", "affine 8\nrelu\ndropout 0.5", "Dense(8) # first\n\nReLU;Dropout 0.50"];
  const values = texts.map((text) => resolve(sandbox.settings, { network: text }).network);
  expect(new Set(values)).toEqual(new Set([texts[0]]));
});

test("every text stands in both languages", () => {
  for (const [name, { about }] of Object.entries(sandbox.settings)) {
    expect(about, name).toMatchObject({
      en: expect.stringMatching(/\w/),
      ja: expect.stringMatching(/[ぁ-んァ-ヶ一-龠λ]/),
    });
  }
});

test("numbers that stop being finite are told, not hidden", async () => {
  const events = await eventsOf({ optimizer: "SGD", "SGD.lr": 1e30, iterations: 60 }, { watched: true });
  expect(events.some((event) => event.kind === "note" && event.note.kind === "diverged")).toBe(true);
  expect(seriesOf(events, "loss").at(-1)).toBeNull();
});

test("plain loops give the same accuracies", async () => {
  const given = { iterations: 60, accuracyEvery: 10 };
  const plain = await eventsOf(given, { kernels: referenceKernels("float32") });
  const fast = seriesOf(await eventsOf(given), "trainLoss");
  for (const [i, loss] of seriesOf(plain, "trainLoss").entries()) {
    expect(Math.abs(loss! / fast[i]! - 1)).toBeLessThan(1e-3);
  }
});
