import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { placeOf } from "./place-of.ts";

const home = `${sep}home${sep}me`;
const at = (path: string) => pathToFileURL(`${home}${path}`).href;
const thrown = (...lines: string[]) => Object.assign(new Error("no"), { stack: ["Error: no", ...lines].join("\n") });

test.each([
  [thrown(`    at objective (${at("/proj/a b.ts")}:3:9)`), "proj/a b.ts:3:9"],
  [
    thrown(`    at ${at("/proj/sub/helper.ts")}?once:1:77`, `    at f (${at("/proj/o.ts")}:9:9)`),
    "proj/sub/helper.ts:1:77",
  ],
  [thrown(`    at f (${at("/lib/x.ts")}:1:1)`, `    at async g (${at("/proj/o.ts")}:2:5)`), "proj/o.ts:2:5"],
  [thrown(`    at f (${at("/proj/node_modules/p/x.js")}:1:1)`, `    at g (${at("/proj/o.ts")}:2:5)`), "proj/o.ts:2:5"],
  [thrown("    at f (node:internal/x:1:1)"), null],
  ["a text", null],
  [null, null],
])("where %s was thrown", (error, place) => {
  expect(placeOf(error, "proj/o.ts", home)).toBe(place);
});

test("an error that cannot be read was thrown nowhere", () => {
  const odd = {
    get stack() {
      throw new Error("odd");
    },
  };
  expect(placeOf(odd, "proj/o.ts", home)).toBeNull();
});
