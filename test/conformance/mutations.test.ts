import { test } from "vitest";
import { expectCaught } from "./planted-faults.ts";

test("the gradient check catches broken backward passes, five of them drawn anew each time", () => {
  expectCaught("--gradients", "--some", "5");
});
