import { expect, test } from "vitest";
import type { Dataset } from "../../data/dataset.ts";
import { receiveDataset, sendDataset } from "./shared-datasets.ts";

const images = new Uint8Array(new SharedArrayBuffer(64), 8, 12).map((_, i) => i);
const wide = new Uint16Array(new SharedArrayBuffer(16), 4, 3);
const dataset: Dataset = {
  name: "letters",
  classes: 300,
  train: { images: { data: new Uint8Array(new SharedArrayBuffer(64), 8, 12), count: 3, width: 4 }, labels: wide },
  test: { images: { data: images, count: 3, width: 4 }, labels: new Uint8Array(3) },
};

test("a data set that comes back from its message lies in the same memory", () => {
  const { train, ...rest } = receiveDataset(structuredClone(sendDataset(dataset)));
  expect(rest.test).toEqual(dataset.test);
  expect(rest).toMatchObject({ name: "letters", classes: 300 });
  expect(train).toEqual(dataset.train);
  wide[2] = 299;
  train.images.data[11] = 7;
  expect(train.labels[2]).toBe(299);
  expect(dataset.train.images.data[11]).toBe(7);
});

test("no typed array over shared memory is posted", () => {
  const { images, labels } = sendDataset(dataset).train;
  expect([images.data, labels].some(ArrayBuffer.isView)).toBe(false);
});
