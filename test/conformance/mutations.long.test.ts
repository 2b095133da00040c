import { test } from "vitest";
import { expectCaught } from "./planted-faults.ts";

test("the gradient check catches every broken backward pass", () => {
  expectCaught("--gradients");
});

test("the tests catch every fault planted in metrics, diagnostics, findings, tables and stores", () => {
  expectCaught("--others");
});
