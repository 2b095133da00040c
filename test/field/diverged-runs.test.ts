import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Ended, tanren, temporaryFolder } from "../support/cli.ts";
import { few } from "../support/few.ts";

const base = ["run", "optimizer-comparison", "--set", "hiddenSizes=20,20", "--set", "trainRows=500", "--quiet"];
const files = ["figure.png", "figure.svg", "report.html", "run.json", "series.csv"];

function quietly(ended: Ended, warning: RegExp | null): void {
  expect(ended.status, ended.stderr).toBe(0);
  const said = ended.stderr.split("\n").filter((line) => line !== "");
  expect(said.every((line) => warning?.test(line) === true)).toBe(true);
}

const diverging = [
  ["Momentum.lr=1", "iterations=40"],
  ["AdaGrad.lr=0.1", "iterations=20"],
  ["optimizers=RMSprop", "iterations=20"],
  ["Adam.lr=1e6", "SGD.lr=1e6", "weightInit=1000", "iterations=40"],
];
const lost = /must be finite, got NaN or Infinity/;

test.each(few(1, diverging.slice(1)))(
  "a run whose loss is far above its axis or lost is drawn: %s",
  async (...set) => {
    const home = temporaryFolder();
    const args = [...base, ...set.flatMap((one) => ["--set", one])];
    quietly(await tanren([...args, "--out", "out"], { home }), lost);
    expect(readdirSync(join(home, "out")).sort()).toEqual(files);
  },
  600_000,
);

test("such a run is shown, compared and run with several seeds: Momentum.lr=1", async () => {
  const home = temporaryFolder();
  const args = [...base, ...diverging[0].flatMap((one) => ["--set", one])];
  quietly(await tanren([...args, "--out", "out"], { home }), lost);
  expect(readdirSync(join(home, "out")).sort()).toEqual(files);
  quietly(await tanren(["show", "latest", "--out", "again"], { home }), null);
  expect(readdirSync(join(home, "again")).sort()).toEqual(files);
  quietly(await tanren(["compare", "latest", "latest", "--out", "both"], { home }), /both\//);
  expect(readdirSync(join(home, "both"))).toContain("figure.png");
  quietly(await tanren([...args, "--seeds", "0..1", "--out", "seeds"], { home }), lost);
  const folder = join(home, "seeds", "optimizer-comparison");
  expect(readdirSync(folder).sort()).toEqual(["figure.png", "figure.svg", "seed0", "seed1", "seeds.csv"]);
  expect(existsSync(join(folder, "seed1", "report.html"))).toBe(true);
  const again = JSON.parse(readFileSync(join(home, "again", "run.json"), "utf8"));
  expect(again).toEqual(JSON.parse(readFileSync(join(home, "out", "run.json"), "utf8")));
});
