import { hostname } from "node:os";
import { expect, test } from "vitest";
import { workerLives } from "./owner.ts";

test("a worker of this process is known to live, one whose process ended is known to be gone", () => {
  expect(workerLives(`${hostname()}:${process.pid}:0a1b2c3d`)).toBe(true);
  expect(workerLives(`${hostname()}:999999999:0a1b2c3d`)).toBe(false);
  expect(workerLives("elsewhere.example:1:0a1b2c3d")).toBe("elsewhere");
  expect(workerLives("w")).toBeUndefined();
});
