import { expect, test } from "vitest";
import { reasonOf } from "./foreign-value.ts";
import { trialError, trialErrorText } from "./trial-errors.ts";

test("a sentence of Tanren's own in a trial's record is shown in Japanese with what differs in it", () => {
  expect(trialErrorText(trialError("lostOften", 3)).ja).toBe("実行していたワーカーが 3 回失われました。");
  expect(trialErrorText(trialError("lost", "out of memory: $& {}")).ja).toContain("out of memory: $& {}");
  expect(trialErrorText(trialError("damaged")).ja).toMatch(/^ストア/);
  expect(trialErrorText(trialError("noConstraints", "[null]")).ja).toContain("[null]");
  expect(trialErrorText(trialError("otherConstraints", "[1] (1 / 2)")).ja).toContain("[1] (1 / 2)");
  expect(trialErrorText(reasonOf(null)).ja).toBe("目的関数が null を投げました。");
});

test("an objective's own error is shown as it is", () => {
  expect(trialErrorText("RangeError: no such layer")).toEqual({
    en: "RangeError: no such layer",
    ja: "RangeError: no such layer",
  });
});
