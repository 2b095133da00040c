import { afterEach, expect, test, vi } from "vitest";
import { timeText } from "./time-text.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["Asia/Tokyo", "2026-01-02 12:04:05 +09:00"],
  ["UTC", "2026-01-02 03:04:05 +00:00"],
  ["America/St_Johns", "2026-01-01 23:34:05 -03:30"],
])("a time carries its distance from UTC, in %s", (zone, text) => {
  vi.stubEnv("TZ", zone);
  expect(timeText("2026-01-02T03:04:05Z")).toBe(text);
  expect(timeText(Date.UTC(2026, 0, 2, 3, 4, 5), { seconds: false })).toBe(text.replace(/:05 /, " "));
  expect(Date.parse(text.replace(" ", "T").replace(" ", ""))).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
});
