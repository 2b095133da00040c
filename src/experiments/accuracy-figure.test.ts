import { expect, test } from "vitest";
import { gapFinding } from "./accuracy-figure.ts";

/** A record whose two runs end with these accuracies on training and test data. */
function record(regular: [train: number, test: number], plain: [train: number, test: number]) {
  return {
    events: [],
    series: [
      { run: "decay=0.1", accuracies: regular },
      { run: "decay=0", accuracies: plain },
    ].flatMap(({ run, accuracies }) =>
      ["trainAccuracy", "testAccuracy"].map((metric, i) => ({ run, tags: {}, metric, x: [0], y: [accuracies[i]] })),
    ),
  };
}

const sentence = (...runs: Parameters<typeof record>) =>
  gapFinding(record(...runs)).map((text) => (text as { en: string }).en);

test("a narrower gap with a lower test accuracy is called learning less", () => {
  const [text] = sentence([0.8, 0.7], [1, 0.75]);
  expect(text).toContain("decay=0.1: gap 10.0 points, test 70.0%; decay=0: gap 25.0 points, test 75.0%");
  expect(text).toContain("the network has learnt less, not generalised better");
});

test("a narrower gap with a higher test accuracy is called just that", () => {
  expect(sentence([0.9, 0.8], [1, 0.75])[0]).toContain("The gap is narrower and the test accuracy higher.");
});

test("a gap that is not narrower is not called narrower, whichever test accuracy is higher", () => {
  for (const testAccuracy of [0.6, 0.74]) {
    expect(sentence([1, testAccuracy], [1, 0.75])[0]).toContain("The gap is not narrower here.");
  }
});

test("equal gaps and equal test accuracies are neither narrower nor better", () => {
  expect(sentence([1, 0.75], [1, 0.75])[0]).toContain("The gap is not narrower here.");
});

test("nothing is said of a run that has no accuracy yet", () => {
  expect(gapFinding({ series: record([1, 0.7], [1, 0.75]).series.slice(0, 2), events: [] })).toEqual([]);
});

test("nothing is said where a run diverged, or went further than the other", () => {
  const whole = record([0.8, 0.7], [1, 0.75]);
  const diverged = { kind: "diverged", run: "decay=0", tags: {}, step: 3, layer: "affine1" } as const;
  expect(gapFinding({ ...whole, events: [diverged] })).toEqual([]);
  const [first, ...others] = whole.series;
  expect(gapFinding({ ...whole, series: [{ ...first, x: [0, 3], y: [0.1, 0.8] }, ...others] })).toEqual([]);
});

test("a gap is a distance: a network that is better on what it has not seen has one as well", () => {
  expect(sentence([0.5, 0.53], [0.5, 0.51])[0]).toContain("The gap is not narrower here.");
  expect(sentence([0.6, 0.61], [0.5, 0.62])[0]).toContain("The gap is narrower and the test accuracy no higher.");
});

test("gaps that differ by rounding alone are not told apart", () => {
  expect(0.3 - 0.1).toBeLessThan(0.4 - 0.2);
  expect(sentence([0.3, 0.1], [0.4, 0.2])[0]).toContain("The gap is not narrower here.");
});
