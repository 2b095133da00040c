import { expect, test } from "vitest";
import { taught } from "../../experiments/registry.ts";
import { sandbox } from "../../experiments/sandbox/sandbox.ts";
import { fromSlider, rangeOf, sliderOf } from "./slider.ts";

test.each([...taught, sandbox].map((experiment) => [experiment.id, experiment] as const))(
  "%s: every place of every slider is a value of its setting",
  (_, { settings }) => {
    const sliders = Object.entries(settings).flatMap(([name, hyper]) => {
      const slider = sliderOf(hyper, hyper.default as number);
      return slider === null ? [] : [{ name, hyper, slider }];
    });
    expect(sliders.length).toBeGreaterThan(0);
    for (const { name, hyper, slider } of sliders) {
      for (const place of [0, slider.step, 0.5, 1 - slider.step, 1]) {
        const value = fromSlider(slider, place);
        expect(() => hyper.check(value as never, name), `${name} = ${value}`).not.toThrow();
      }
    }
  },
);

test("a range says which of its ends are in it", () => {
  const { dropRatio } = taught.find(({ id }) => id === "dropout")!.settings;
  expect(rangeOf(dropRatio)).toMatchObject({ en: "a number in [0, 1)", ja: "[0, 1) の数" });
});
