import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tanren, temporaryFolder } from "../support/cli.ts";

const lr = ["--space", "lr=1e-3..1e-1:log"];
const sides = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(1.3 * i)] as const);
const rows = sides.map(
  ([a, b], i) => `${a.toFixed(3)},${b.toFixed(3)},${a * b > 0 ? "up" : "down"},${(a * b).toFixed(3)},${1 + (i % 3)}`,
);

function home(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "rows.csv"), ["a,b,kind,price,weight", ...rows].join("\n"));
  return folder;
}

const words = (command: string) =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

test("what train is told is fixed and searched by the same words, and its command trains the best trial", async () => {
  const run = (
    (home) =>
    (...args: string[]) =>
      tanren(args, { home, pictures: "none" })
  )(home());
  const asked = ["search", "rows.csv", "--target", "kind", "--features", "a,b", "--sample-weights", "weight", ...lr];
  const fixed = ["--set", "epochs=30", "--set", "patience=3", "--set", "validation=0.3", "--set", "batches=draw"];
  const space = ["--space", "classWeights=none,balanced,up=3", "--space", "loss=auto,binaryCrossEntropy"];
  const found = await run(...asked, ...fixed, ...space, "--trials", "8", "--study", "s");
  expect([found.stderr, found.status]).toEqual(["", 0]);
  const { best } = JSON.parse((await run("study", "export", "s", "--to", "json")).stdout);
  const command = /train it: tanren (.*)/.exec(found.stdout)![1];
  expect(command).toContain("--sample-weights weight");
  const trained = await run(...words(command), "--out", "net", "--json");
  const { series } = JSON.parse(trained.stdout) as { series: { metric: string; y: number[] }[] };
  const of = (name: string) => series.find(({ metric }) => metric === name)!.y;
  // It went back to the epoch of the least loss, and that is what the trial is worth.
  const losses = of("valLoss");
  expect(losses.length).toBeLessThan(30);
  expect(best.value).toBe(of("valAccuracy")[losses.indexOf(Math.min(...losses))]);
});

test("settings by which no trial could begin are one sentence before any does, in both languages", async () => {
  const folder = home();
  const run = (...args: string[]) => tanren(["search", ...args], { home: folder, pictures: "none" });
  const kind = ["rows.csv", "--target", "kind", "--features", "a,b"];
  const price = ["rows.csv", "--target", "price", "--features", "a,b"];
  const asked: readonly (readonly [args: readonly string[], sentence: string])[] = [
    [
      [...kind, ...lr, "--task", "binary", "--set", "labelSmoothing=0.1"],
      "labelSmoothing: needs the loss crossEntropy",
    ],
    [[...kind, ...lr, "--task", "binary", "--space", "labelSmoothing=0..0.1"], "labelSmoothing: needs the loss crossE"],
    [[...price, ...lr, "--set", "labelSmoothing=0.1", "--lang", "ja"], "損失が crossEntropy のときだけ使えます"],
    [[...kind, ...lr, "--task", "binary", "--space", "labelSmoothing=0,0.1"], "--space labelSmoothing: trials must be"],
    [[...kind, ...lr, "--set", "emaDecay=0.9", "--set", "swaFrom=3"], "average: the weights have one mean"],
    [[...kind, ...lr, "--set", "groups=foo.* lr=0.1"], "groups: foo.* must name a parameter"],
    [[...kind, ...lr, "--set", "shift=2"], "shift, rotate, elastic: rows must be images"],
    [[...kind, ...lr, "--set", "mixup=0.3", "--set", "batchSize=1"], "mixup: a minibatch must hold at least 2 rows"],
    [[...kind, ...lr, "--set", "validation=0.001"], "fit: validation must leave rows on both sides"],
    [[...price, ...lr, "--set", "classWeights=balanced"], "fit: classWeights need classes"],
    [
      [...kind, ...lr, "--set", "classWeights=left=2"],
      'fit: classWeights must name classes of the data (down, up), got "l',
    ],
    [
      [...price, ...lr, "--space", "loss=auto,crossEntropy"],
      "--space loss: trials must be able to begin with each choice",
    ],
    [
      [...price, ...lr, "--space", "loss=auto,huber", "--metric", "valLoss"],
      "--metric valLoss: must be the same loss in",
    ],
    [[...price, ...lr, "--set", "huber.delta=2"], "huber.delta: must be of a loss that trials use"],
    [
      [...price, ...lr, "--set", "patience=3", "--set", "stopMetric=valAccuracy"],
      "search: stopMetric must be a known name",
    ],
    [[...price, ...lr, "--set", "stopMetric=loss"], "stopMetric: must go with patience"],
    [[...price, ...lr, "--set", "decayOf=all"], "decayOf: must go with a rule that has weightDecay, got adam"],
    [["--set", "decayOf=all", ...lr], "decayOf: must go with a rule that has weightDecay, got sgd"],
    [["--set", "emaDecay=0.9", "--set", "swaFrom=3", ...lr], "average: the weights have one mean"],
    [["--set", "groups=foo.* lr=0.1", ...lr], "groups: foo.* must name a parameter"],
    [["--set", "loss=huber", ...lr], "loss: no such setting."],
  ];
  const answers = await Promise.all(asked.map(([args]) => run(...args)));
  answers.forEach(({ stdout, stderr }, i) => {
    expect([asked[i][0], stderr]).toEqual([asked[i][0], expect.stringContaining(asked[i][1])]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).not.toContain("trials");
  });
  expect((await tanren(["study", "list"], { home: folder })).stdout).not.toContain("rows");
});

test("what does nothing in a trial is left out of it and fails none", async () => {
  const folder = home();
  const space = ["--space", "lookahead=0,3", "--space", "optimizer=sgd,adamw", "--space", "patience=0,2"];
  const fixed = [
    "--set",
    "lookaheadAlpha=0.8",
    "--set",
    "decayOf=all",
    "--set",
    "stopMetric=loss",
    "--set",
    "epochs=2",
  ];
  const asked = ["search", "rows.csv", "--target", "kind", ...lr, ...space, ...fixed, "--trials", "12", "--json"];
  const { stdout, stderr } = await tanren(asked, { home: folder, pictures: "none" });
  const { trials } = JSON.parse(stdout) as { trials: { state: string }[] };
  expect([stderr, trials.map(({ state }) => state)]).toEqual(["", new Array(12).fill("complete")]);
});
