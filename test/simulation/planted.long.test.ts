import { test } from "vitest";
import { expectCaught } from "../conformance/planted-faults.ts";

test("the simulator finds every fault planted in what keeps studies", () => {
  expectCaught("--simulation");
});
