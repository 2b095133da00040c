import { expect, test } from "vitest";
import { mlp } from "./blueprint.ts";
import { classify } from "./classify.ts";
import { exportModel } from "./export-model.ts";
import { modelFromState } from "./load.ts";
import { loadWeights } from "./load-weights.ts";

const x = Array.from({ length: 20 }, (_, i) => [i, (i * 7) % 5]);
const data = { x, y: x.map(([a]) => (a < 10 ? "low" : "high")) };
const model = classify(mlp([3]));
await model.fit(data, { epochs: 2 });
const state = model.toState();

test("a state that was cloned is the same model", () => {
  expect(modelFromState(structuredClone(state)).predict(x as never)).toEqual(model.predict(x));
});

const { W1 } = state.tensors;
const odd: readonly (readonly [string, unknown, RegExp])[] = [
  ["what JSON made of the numbers", JSON.parse(JSON.stringify(state)), /W1: must .* have its data in a typed array/],
  ["a tensor missing", { ...state, tensors: {} }, /W1 must be float32 of shape \[2,3\], got nothing/],
  ["no tensors", { ...state, tensors: undefined }, /W1 must be float32 of shape \[2,3\], got nothing/],
  [
    "another shape",
    { ...state, tensors: { ...state.tensors, W1: { ...W1, shape: [3, 2] } } },
    /got float32 of \[3,2\]/,
  ],
  ["the model itself", model, /must be given a model's state, got a model\. Call model\.toState\(\)/],
  ["a file's bytes", model.toBytes(), /must be given a model's state, got a Uint8Array/],
  ["nothing", null, /must be given a model's state, got null/],
  ["an empty object", {}, /model.*must be/],
];

test.each(odd)("as a state %s is refused in a sentence, wherever one is given", async (_, given, sentence) => {
  expect(() => modelFromState(given as never)).toThrow(sentence);
  await expect(exportModel(given as never, "onnx")).rejects.toThrow(sentence);
  await expect(loadWeights(given as never, model.toBytes(), { name: "weights" })).rejects.toThrow(sentence);
});

test("weights are taken from a model's own file, with or without where its training stood", async () => {
  const other = classify(mlp([3]), { seed: 1 });
  await other.fit(data, { epochs: 1 });
  const loaded = await loadWeights(other.toState(), model.toBytes(), { name: "model.tanren" });
  expect(loaded.resume).toBeNull();
  expect(modelFromState(loaded).predict(x as never)).toEqual(model.predict(x));
});
