import { test } from "vitest";
import { expectCaught } from "./planted-faults.ts";

test("the gradient check catches every broken backward pass", () => {
  expectCaught("--gradients");
}, 3_600_000);

test("the tests catch every fault planted in metrics, diagnostics, findings, tables and stores", () => {
  expectCaught("--others");
}, 3_600_000);
