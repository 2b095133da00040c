import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RunRecord } from "../../core/record.ts";
import { taught } from "../../experiments/registry.ts";
import { bookState } from "./experiment-link.ts";
import { type PackedRecord, packRecord, unpackRecord } from "./packed-record.ts";
import { staleSettings } from "./stale.ts";

const shipped = (id: string) =>
  unpackRecord(JSON.parse(readFileSync(new URL(`../public/book/${id}.json`, import.meta.url), "utf8")) as PackedRecord);

test("what was measured is rounded, and no setting is", () => {
  const record = {
    settings: { lr: 1 / 3, scales: [0.1234567] },
    series: [{ x: [0, 1], y: [1 / 3, 2 / 3] }],
  } as unknown as RunRecord;
  const packed = packRecord(record);
  expect(packed.settings).toEqual({ lr: 1 / 3, scales: [0.1234567] });
  expect(packed.series[0].y).toEqual([0.33333, 0.66667]);
});

test("x comes back as it was, evenly spaced or not", () => {
  for (const x of [[], [3], [0, 5, 10, 15], [0, 5, 11, 15], [1, 1, 1]]) {
    const record = { settings: {}, series: [{ x, y: x.map(() => 1) }] } as unknown as RunRecord;
    expect(unpackRecord(packRecord(record)).series[0].x).toEqual(x);
  }
});

test.each(taught.map(({ id }) => id))("the shipped run of %s is of the book's settings, to the last digit", (id) => {
  const experiment = taught.find((one) => one.id === id)!;
  const { settings, seed, lastSeed, dtype } = bookState(experiment);
  expect(staleSettings(experiment, shipped(id), { settings, seed, seeds: lastSeed, dtype })).toEqual([]);
});
