import { join } from "node:path";
import { test } from "vitest";
import { damages, expectTold, losses } from "./lost-store.ts";

test.each(["deleted with its folder", "moved", "replaced by a folder"] as const)(
  "a store that is %s in mid-run: is said, the exit code tells, and the files are written",
  (how) => expectTold(losses[how]),
);

test.each(Object.entries(damages))(
  "a store that is %s in mid-run: is said, the exit code tells, and the files are written",
  (_, damage) => expectTold((folder) => damage(join(folder, "runs.sqlite"))),
);
