import { expect, test } from "vitest";
import { Newest } from "./newest.ts";

test("a wish stands until there is a newer one", () => {
  const wishes = new Newest();
  const first = wishes.next();
  expect(first()).toBe(true);
  const second = wishes.next();
  expect([first(), second()]).toEqual([false, true]);
});
