import { expect, test } from "vitest";
import type { WeightInit } from "../init/weights.ts";
import { Relu } from "../nn/activation.ts";
import { Affine } from "../nn/affine.ts";
import { defineLoss } from "../nn/loss.ts";
import { PRelu } from "../nn/prelu.ts";
import { Residual } from "../nn/residual.ts";
import { mlp } from "./blueprint.ts";
import { classify, regress } from "./classify.ts";
import { modelFromBytes } from "./load.ts";
import { ownLoss } from "./own-loss.ts";

const x = Array.from({ length: 20 }, (_, i) => [i, (i * 7) % 5]);
const data = { x, y: x.map(([a]) => (a < 10 ? "low" : "high")) };

test("layers of one's own may be given to several models, which know nothing of one another", async () => {
  const layers = [new Affine(2, 3), new PRelu(3, 0.7), new Residual([new Affine(3, 3)]), new Affine(3, 2)];
  const [first, second] = [classify(layers), classify(layers)];
  await first.fit(data, { epochs: 2 });
  const told = first.predict(x);
  const together = [second.fit(data, { epochs: 2 }), first.fit(data, { epochs: 9, hyper: { lr: 0.1 } })];
  await Promise.all(together);
  expect(second.predict(x)).toEqual(told);
  expect(first.predict(x)).not.toEqual(told);
});

test("a layer derived from one of ours is not taken for it: what a file cannot make again is refused", async () => {
  class Relu6 extends Relu {}
  const derived = /got Relu6, which is derived from that of "relu"\. A layer of one's own is in no file/;
  for (const layers of [
    [new Affine(2, 3), new Relu6(3), new Affine(3, 2)],
    [new Affine(2, 3), new Residual([new Affine(3, 3), new Relu6(3)]), new Affine(3, 2)],
  ]) {
    await expect(classify(layers).fit(data, { epochs: 1 })).rejects.toThrow(derived);
  }
});

test("the slopes that PReLU is given are those that it starts from", async () => {
  const model = classify([new Affine(2, 3), new PRelu(3, 0.7), new Affine(3, 2)]);
  await model.fit(data, { epochs: 1, hyper: { lr: 0 } });
  expect([...(model.toState().tensors.a1.data as Float32Array)]).toEqual(new Array(3).fill(Math.fround(0.7)));
});

test("an initialiser of one's own draws the weights, and is no part of what goes on", async () => {
  const weightInit: WeightInit = {
    ...{ name: "halves", about: { en: "halves", ja: "0.5" }, paper: "–", draws: "double" },
    draw: ({ data }) => data.fill(0.5),
  };
  const model = classify(mlp([3]), { weightInit });
  await model.fit(data, { epochs: 1, hyper: { lr: 0 } });
  expect(new Set(model.toState().tensors.W1.data as Float32Array)).toEqual(new Set([0.5]));
  const again = modelFromBytes(model.toBytes());
  expect(await again.resume(data, { epochs: 2 })).toEqual(await model.resume(data, { epochs: 2 }));
});

test("a loss of one's own with the name of one of ours, which a file would call back, is refused", () => {
  const element = { value: (y: number, t: number) => (y - t) ** 4, slope: (y: number, t: number) => 4 * (y - t) ** 3 };
  expect(() => regress(mlp([3]), { loss: ownLoss("huber", element) })).toThrow(/a name of its own, got huber/);
  const about = { en: "Mine.", ja: "独自の損失です。" };
  const open = ownLoss("mine", element).open;
  const kind = { about, tex: "(y - t)^4", targets: "values", hyper: {} } as const;
  const mine = defineLoss({ ...kind, name: "meanSquaredError", open: (_, memory) => open(memory) });
  expect(() => regress(mlp([3]), { loss: mine() })).toThrow(/got meanSquaredError/);
  expect(() => regress(mlp([3]), { loss: ownLoss("mine", element) })).not.toThrow();
});

test("a loss without its slope is refused where it is made", () => {
  expect(() => ownLoss("mine", { value: () => 1 } as never)).toThrow(/two functions/);
});
