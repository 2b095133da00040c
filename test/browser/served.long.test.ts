import { afterAll, beforeAll, expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { openServer } from "../server/support.ts";
import { builtStudio, openBrowser, type TestBrowser } from "../support/browser.ts";
import { expectNodesNumbers, ofEachKind, openServedStudio } from "./served-experiments.ts";

let browser: TestBrowser;
let pages: string;

beforeAll(async () => {
  [pages, browser] = await Promise.all([builtStudio(), openBrowser()]);
});

afterAll(() => browser?.close());

test("the other experiments run on the server from their pages: Node's numbers bit for bit, kept in its store", async () => {
  const server = await openServer({ pages });
  const page = await openServedStudio(browser, server, "#/");
  const others = chapter.map(({ id }) => id).filter((id) => !ofEachKind.includes(id));
  expect(others).toHaveLength(5);
  await expectNodesNumbers(page, server, others);
  await page.close();
});
