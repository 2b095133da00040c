import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprintOf, originOf } from "./fingerprint.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });

test("any change of a value, a label or a shape gives another fingerprint", () => {
  fc.assert(
    fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (data, place, change) => {
      const labels = new Uint8Array(data.length);
      const of = (values: Uint8Array, classes: Uint8Array) =>
        fingerprintOf([{ images: { data: values, count: values.length, width: 1 }, labels: classes }]);
      const original = of(data, labels);
      const i = place % data.length;
      const other = data.slice();
      other[i] = (other[i] + change) & 255;
      const moved = labels.slice();
      moved[i] = change;
      const longer = new Uint8Array(data.length + 1);
      longer.set(data);
      const wider = fingerprintOf([{ images: { data, count: 1, width: data.length }, labels }]);
      const found = [original, of(other, labels), of(data, moved), of(longer, new Uint8Array(longer.length))];
      expect(new Set([...found, ...(data.length > 1 ? [wider] : [])]).size).toBe(data.length > 1 ? 5 : 4);
    }),
  );
});

test("the same values have the same fingerprint wherever they lie in memory and however wide their labels are", () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 7 }), (data, offset) => {
      const room = new Uint8Array(data.length + offset);
      room.set(data, offset);
      const labels = Uint8Array.from(data, (_, i) => i % 3);
      const images = { data, count: data.length, width: 1 };
      const shifted = { ...images, data: room.subarray(offset) };
      const shared = { ...images, data: new Uint8Array(new SharedArrayBuffer(data.length)) };
      shared.data.set(data);
      const found = [images, shifted, shared].flatMap((one) => [
        fingerprintOf([{ images: one, labels }]),
        fingerprintOf([{ images: one, labels: Uint16Array.from(labels) }]),
        fingerprintOf([{ images: one, labels: Int32Array.from(labels) }]),
      ]);
      expect(new Set(found).size).toBe(1);
    }),
  );
});

test("the fingerprint of given bytes is written down: records of one version are read by the next", () => {
  const data = Uint8Array.from({ length: 1003 }, (_, i) => (i * 7) & 255);
  const split = { images: { data, count: 17, width: 59 }, labels: new Uint8Array(17).fill(3) };
  expect(fingerprintOf([split, split])).toBe("c694566e3e575148");
  const floats = { images: { data: Float32Array.of(0.5, -1), count: 1, width: 2 }, labels: Uint8Array.of(1) };
  expect(fingerprintOf([floats])).toBe("5c4c66bf4721b939");
});

test("a set that is not MNIST is called after its folder", () => {
  const split = { images: { data: new Uint8Array(4), count: 2, width: 2 }, labels: new Uint8Array(2) };
  const dataset = { name: "mnist", classes: 10, train: split, test: split };
  expect(originOf({ ...dataset, folder: "/data/fashion/" })).toMatchObject({ name: "fashion", trainRows: 2 });
  expect(originOf({ ...dataset, folder: "C:\\data\\kuzushiji" })).toMatchObject({ name: "kuzushiji" });
  expect(originOf(dataset)).not.toHaveProperty("folder");
});
