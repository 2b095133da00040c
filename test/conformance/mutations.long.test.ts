import { test } from "vitest";
import { expectCaught } from "./planted-faults.ts";

// Some 80 faults, a run of Vitest each: against hanging only, as the machine may have much else to do.
const threeHours = 10_800_000;

test("the gradient check catches every broken backward pass", { timeout: threeHours }, () => {
  expectCaught("--gradients");
});

test("the tests catch every fault planted in metrics, diagnostics, findings, tables and stores", {
  timeout: threeHours,
}, () => {
  expectCaught("--others");
});
