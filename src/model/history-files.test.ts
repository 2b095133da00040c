import { expect, test } from "vitest";
import { historyCsv, historyEvents, historyJson } from "./history-files.ts";

const history = { loss: [0.5, null, 0.25], valLoss: [1, 2, 3], valAccuracy: [0.5, 0.75, 1] };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("a history is a line an epoch in CSV, and itself in JSON", () => {
  expect(text(historyCsv(history))).toBe("epoch,loss,valLoss,valAccuracy\n0,0.5,1,0.5\n1,,2,0.75\n2,0.25,3,1\n");
  expect(JSON.parse(text(historyJson(history)))).toEqual(history);
  expect(text(historyCsv({}))).toBe("epoch\n");
});

test("TensorBoard has training and validation of a metric in one section, and nothing where nothing was finite", () => {
  const shown = text(historyEvents(history, 1_790_000_000));
  const times = (tag: string) => shown.split(tag).length - 1;
  expect(["loss/training", "loss/validation", "accuracy/validation"].map(times)).toEqual([2, 3, 3]);
});
