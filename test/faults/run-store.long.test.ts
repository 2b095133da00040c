import { test } from "vitest";
import { expectTold, losses } from "./lost-store.ts";

test.each(["deleted with its folder", "moved"] as const)(
  "a store that is %s in mid-run: is said, the exit code tells, and the files are written",
  (how) => expectTold(losses[how]),
);
