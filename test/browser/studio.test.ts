import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { dropout } from "../../src/experiments/ch06/dropout.ts";
import { chapter } from "../../src/experiments/registry.ts";
import { renderSvg } from "../../src/figure/svg.ts";
import { applyView } from "../../src/studio/figure/figure-view.ts";
import { violations } from "../support/axe.ts";
import type { TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { runExperiment } from "../support/run-experiment.ts";
import {
  assignments,
  differing,
  done,
  goTo,
  openTab,
  press,
  reached,
  runToEnd,
  saved,
  settled,
  shortRuns,
} from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

/** The list of runs beside the figure, once it holds so many. */
async function shelfOf(page: TestPage, count: number) {
  await openTab(page, "runs");
  const shelf = page.getByRole("region", { name: "Runs" });
  await expect.poll(() => shelf.getByRole("listitem").count()).toBe(count);
  return shelf;
}

test("experiments run on their pages, in both languages, with Node's numbers bit for bit", async () => {
  const page = await studio.open();
  for (const [i, { id, title, datasets }] of few(3, chapter).entries()) {
    const language = i % 2 === 0 ? "日本語" : "English";
    await page.getByRole("button", { name: language }).click();
    await goTo(page, `#/${id}?${new URLSearchParams({ ...shortRuns[id], seed: "3", backend: "wasm-simd" })}`);
    const words = typeof title === "string" ? title : title[i % 2 === 0 ? "ja" : "en"];
    await page.getByRole("heading", { level: 1, name: words }).waitFor();
    await runToEnd(page);
    const web = await saved(page);
    const set = assignments(shortRuns[id]);
    const node = await runExperiment(id, { set, seed: 3, backend: "wasm-simd", dtype: "float32" });
    expect(web.engine.kernels, id).toBe("wasm-simd");
    expect(web.settings, id).toEqual(node.settings);
    expect(differing(web, node), id).toEqual([]);
    expect(node.series.length + node.histograms.length + node.checks.length).toBeGreaterThan(0);
    if (datasets.length > 0) {
      expect(await page.locator("canvas").count(), id).toBeGreaterThan(0);
    }
  }
  expect(page.complaints).toEqual([]);
});

describe("a page's address", () => {
  test("holds its state: a change goes in, a reload and another browser give it back", async () => {
    const page = await studio.open("#/optimizer-comparison?SGD.lr=0.1&seed=2");
    await page.getByLabel("iterations", { exact: true }).fill("123");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toMatch(/iterations=123/);
    await page.reload();
    expect(await page.getByLabel("iterations", { exact: true }).inputValue()).toBe("123");
    expect(await page.getByLabel("seed").inputValue()).toBe("2");
    await openTab(page, "settings");
    expect(await page.getByText("2 changed from the book").count()).toBe(1);
    await page.getByRole("button", { name: "Reset all" }).click();
    await expect.poll(() => page.url()).not.toMatch(/iterations/);
    expect(page.complaints).toEqual([]);
  });

  test("that says nonsense is told in words, and the rest of it is used", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const hash = `#/optimizer-comparison?iterations=-4&batchSize=64&nonsense=1&seed=${encodeURIComponent(hostile)}&smooth=7&%E0%A4%A`;
    const page = await studio.open(hash, { locale: "ja-JP" });
    const told = await page.locator(".error").allInnerTexts();
    expect(told.join("\n")).toMatch(/iterations に "-4" は指定できません/);
    expect(told.join("\n")).toContain(hostile);
    expect(told.join("\n")).toMatch(/nonsense という設定はこの実験にない/);
    expect(await page.locator("img").count()).toBe(0);
    await openTab(page, "settings");
    expect(await page.getByLabel("batchSize", { exact: true }).inputValue()).toBe("64");
    expect(await page.getByLabel("iterations", { exact: true }).inputValue()).toBe("2000");
    expect(page.complaints).toEqual([]);
  });

  test("is told at once, and what it does not say yet as the page is loaded anew is not lost", async () => {
    const page = await studio.open("#/optimizer-comparison?iterations=500");
    /** Moves what has a label as a hand does, all in one moment, and loads the page anew in the same. */
    const hurry = async (label: string, values: readonly string[], events = ["input", "change"]) => {
      const field = page.getByLabel(label, { exact: true });
      await field.waitFor();
      const loaded = page.waitForEvent("load");
      await field.evaluate(
        (input, given) => {
          for (const value of given.values) {
            (input as HTMLInputElement).value = value;
            for (const event of given.events) {
              input.dispatchEvent(new Event(event, { bubbles: true }));
            }
          }
          location.reload();
        },
        { values, events },
      );
      await loaded;
      return field;
    };
    expect(await (await hurry("iterations", ["120", "130", "140"])).inputValue()).toBe("140");
    expect(page.url()).toMatch(/iterations=140/);
    // A link that is opened after it says what it says itself.
    await page.goto(`${studio.site.url}#/optimizer-comparison?iterations=500`);
    await page.reload();
    expect(await page.getByLabel("iterations", { exact: true }).inputValue()).toBe("500");
    const [first, ...rest] = ["7", "8", "9"];
    await page.getByLabel("seed", { exact: true }).fill(first);
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => location.hash)).toMatch(/seed=7/);
    expect(await (await hurry("seed", rest)).inputValue()).toBe("9");
    await goTo(page, "#/optimizer-paths");
    expect(await (await hurry("updates in all", ["70", "71", "72"], ["input"])).inputValue()).toBe("72");
    await goTo(page, "#/sandbox");
    expect(await (await hurry("seed", ["11", "12", "13"])).inputValue()).toBe("13");
    expect(page.complaints).toEqual([]);
  });

  test("of no page leads back to the experiments", async () => {
    const page = await studio.open("#/nowhere");
    expect(await page.getByRole("link", { name: "To all experiments" }).getAttribute("href")).toBe("#/");
  });
});

test("a value out of range is refused in the page's language and changes nothing", async () => {
  const page = await studio.open("#/dropout", { locale: "ja-JP" });
  const field = page.getByLabel("iterations", { exact: true });
  await field.fill("many");
  await field.press("Enter");
  expect(await page.getByRole("alert").innerText()).toMatch(/iterations: .*指定された値: "many"/);
  expect(page.url()).not.toMatch(/iterations/);
});

test("a run can be paused, stepped, resumed, scrubbed and stopped with the keyboard alone", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=100000&hiddenSizes=20");
  const pressKey = async (name: RegExp) => {
    const button = page.getByRole("button", { name });
    await button.focus();
    await page.keyboard.press("Enter");
  };
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/Skip/);
  await pressKey(/^Run$/);
  await page.getByText(/^Running: /).waitFor();
  const history = page.getByLabel("history");
  await history.waitFor();
  await pressKey(/Pause/);
  await page.getByText(/^Paused/).waitFor();
  const held = await settled(page);
  await pressKey(/^Step$/);
  await expect.poll(() => reached(page)).toBe(held + 1);
  await history.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => page.url()).toMatch(/at=0/);
  await page.keyboard.press("End");
  await pressKey(/Resume/);
  await expect.poll(() => reached(page)).toBeGreaterThan(held + 1);
  await pressKey(/Stop/);
  await page.getByText(/^Stopped/).waitFor();
  expect(page.complaints).toEqual([]);
});

test("a double click on Run runs: its second press does not pause what the first began", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=100000&hiddenSizes=20");
  await page.getByRole("button", { name: "Run", exact: true }).dblclick({ delay: 150 });
  await expect.poll(() => page.getByText(/^(Running|Paused)/).textContent()).toMatch(/^Running: [1-9]/);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByText(/^Paused/).waitFor();
  expect(page.complaints).toEqual([]);
});

test("a run goes at the pace that its page shows, not held or slowed as one before it was", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=2000&hiddenSizes=20&backend=native");
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await page.getByText("Failed.", { exact: true }).waitFor();
  await goTo(page, "#/optimizer-comparison?iterations=2000&hiddenSizes=20");
  const speed = page.getByRole("combobox", { name: "speed" });
  await speed.selectOption("2");
  await press(page);
  await page.getByText(/^Running: /).waitFor();
  await page.getByRole("button", { name: /Stop/ }).click();
  await page.getByText(/^Stopped/).waitFor();
  await speed.selectOption("null");
  await runToEnd(page);
  expect(page.complaints).toEqual([]);
});

test("a link to a place in the history shows it, and says that it speaks of it", async () => {
  const page = await studio.open("#/optimizer-comparison?at=500");
  await page.getByText(/^Iteration 500 of 1999: .+ has the lowest loss/).waitFor();
  const history = page.getByLabel("history");
  expect(await page.getByText("Iteration 500 of 1999", { exact: true }).count()).toBe(1);
  expect(await history.inputValue()).toBe("500");
  expect(await history.getAttribute("aria-valuetext")).toBe("iteration 500 of 1999");
  await history.focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText(/^Iteration 501 of 1999: /).waitFor();
  await page.keyboard.press("End");
  await page.getByText(/^\w+ has the lowest loss/).waitFor();
  expect(await page.getByText(/Iteration \d+ of 1999/).count()).toBe(0);
  // Of one beyond the end of the run that is shown, the end.
  await goTo(page, "#/init-comparison?at=5000");
  await page.getByText(/^With std=0\.01 the loss is/).waitFor();
  expect(await history.inputValue()).toBe("1999");
  expect(page.complaints).toEqual([]);
});

test("of several seeds an earlier iteration is shown and told as of one", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=40&hiddenSizes=20&seeds=2..3");
  await runToEnd(page);
  await page.getByText(/^Seed 3: .+ has the lowest loss/).waitFor();
  const drawn = () => page.locator("canvas[role=img]").first().getAttribute("aria-label");
  const whole = await drawn();
  await page.getByLabel("history").fill("20");
  await page.getByText(/^Seed 3, iteration 20 of 39: .+ has the lowest loss/).waitFor();
  await expect.poll(drawn).not.toBe(whole);
  await page.getByLabel("history").press("End");
  await expect.poll(drawn).toBe(whole);
  expect(page.complaints).toEqual([]);
});

test("a run goes on while one looks at other pages, and its own page shows it live again", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=100000&hiddenSizes=20");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const left = await reached(page);
  await goTo(page, "#/glossary");
  await goTo(page, "#/dropout");
  await goTo(page, "#/optimizer-comparison?iterations=100000&hiddenSizes=20");
  await page.getByText(/^Running: /).waitFor();
  await expect.poll(() => reached(page)).toBeGreaterThan(left);
  const back = await reached(page);
  await expect.poll(() => reached(page)).toBeGreaterThan(back);
  await page.getByRole("button", { name: /Stop/ }).click();
  await page.getByText(/^Stopped/).waitFor();
  expect(page.complaints).toEqual([]);
});

test("runs are kept, renamed, pinned, compared and deleted; a reload finds them again", async () => {
  const page = await studio.open("#/weight-decay?iterations=4&hiddenSizes=20");
  await runToEnd(page);
  await openTab(page, "settings");
  await page.getByLabel("lr", { exact: true }).fill("0.1");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/^Running|^Preparing/).waitFor({ state: "detached" });
  await done(page);
  const shelf = await shelfOf(page, 2);
  await shelf
    .getByRole("button", { name: /^More about/ })
    .first()
    .click();
  await shelf.getByLabel("name").fill("fast one");
  await shelf.getByRole("button", { name: "Rename" }).click();
  await shelf.getByRole("button", { name: "Pin", exact: true }).click();
  await page.reload();
  await openTab(page, "runs");
  await shelf.getByText("fast one").waitFor();
  for (const box of await shelf.getByRole("checkbox").all()) {
    await box.check();
  }
  await shelf.getByRole("link", { name: "Compare 2" }).click();
  await page.getByRole("heading", { name: "What differs" }).waitFor();
  const told = await page.getByRole("table").first().innerText();
  expect(told).toMatch(/lr/);
  expect(told).toMatch(/fast one/);
  expect(told).toMatch(/0\.1/);
  expect(await violations(page)).toEqual([]);
  await page.goBack();
  await openTab(page, "runs");
  await shelf
    .getByRole("button", { name: /^More about/ })
    .first()
    .click();
  await shelf.getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => shelf.getByRole("listitem").count()).toBe(1);
  expect(page.complaints).toEqual([]);
});

test("what was asked for last stands: a run of the shelf that is read late ends no run and takes no place", async () => {
  const page = await studio.open("#/weight-decay?iterations=7&hiddenSizes=20,20");
  await runToEnd(page);
  await openTab(page, "runs");
  const items = page.getByRole("region", { name: "Runs" }).getByRole("listitem");
  await expect.poll(() => items.count()).toBe(1);
  // In one moment, as with quick fingers on a slow store.
  await page.evaluate(() => {
    const buttons = [...document.querySelectorAll("button")];
    document.querySelector<HTMLElement>("section[aria-labelledby=shelf-title] li button.name")?.click();
    buttons.find((button) => button.textContent?.trim() === "Run")?.click();
  });
  await expect.poll(() => items.count()).toBe(2);
  await done(page);
  expect((await items.allTextContents()).join()).not.toContain("interrupted");
  await page.evaluate(() => {
    const [newer, older] = document.querySelectorAll<HTMLElement>(
      "section[aria-labelledby=shelf-title] li button.name",
    );
    newer.click();
    older.click();
  });
  await items.nth(1).and(page.locator(".current")).waitFor();
  // What is shown already need not be read again: who goes on at once is not called back.
  const scrub = page.locator("label.scrub input[type=range]");
  await page.evaluate(async () => {
    document.querySelector<HTMLElement>("section[aria-labelledby=shelf-title] li.current button.name")?.click();
    await new Promise((resolve) => setTimeout(resolve));
    const history = document.querySelector<HTMLInputElement>("label.scrub input[type=range]")!;
    history.value = "2";
    history.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.waitForTimeout(500);
  expect(await scrub.inputValue()).toBe("2");
  expect(page.complaints).toEqual([]);
});

test("a page whose state is being written into the address calls nobody back who leaves at that moment", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=3");
  await page.locator("h1").waitFor();
  await page.evaluate(() => {
    // The writer's timer at the worst moment: after the address changed, before the page is told.
    const { setTimeout: later, clearTimeout: forget } = globalThis;
    const waiting = new Map<number, () => void>();
    let last = 1e9;
    Object.assign(globalThis, {
      setTimeout: (action: () => void, ms: number) => {
        if (ms !== 300) {
          return later(action, ms);
        }
        waiting.set(++last, action);
        return last;
      },
      clearTimeout: (id: number) => (waiting.delete(id) ? undefined : forget(id)),
      leave: () => {
        location.hash = "#/weight-decay";
        for (const action of waiting.values()) {
          action();
        }
        Object.assign(globalThis, { setTimeout: later, clearTimeout: forget });
      },
    });
  });
  await page.getByLabel("iterations", { exact: true }).fill("5");
  await page.keyboard.press("Tab");
  await page.waitForTimeout(50);
  await page.evaluate(() => (globalThis as unknown as { leave: () => void }).leave());
  await page.waitForURL(/#\/weight-decay/);
  await expect.poll(() => page.locator("h1").innerText()).toMatch(/weight decay/i);
  expect(page.complaints).toEqual([]);
});

test("a figure is saved as SVG and as PNG, in the page's language and its own faces", async () => {
  const page = await studio.open("#/weight-decay?iterations=4&hiddenSizes=20");
  await page.getByRole("button", { name: "日本語" }).click();
  await runToEnd(page);
  await openTab(page, "more");
  const files: Buffer[] = [];
  for (const name of ["SVG", "PNG"]) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^weight-decay-.+\\.${name.toLowerCase()}$`));
    files.push(readFileSync(await file.path()));
  }
  const [svg, png] = files;
  const record = await saved(page);
  const [figure] = chapter.find(({ id }) => id === "weight-decay")!.figures(record);
  expect(svg.toString()).toBe(renderSvg(figure, { language: "ja" }));
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg.toString())!;
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
  // Compressed to so little, a picture would be empty.
  expect(png.length).toBeGreaterThan(20_000);
  if (process.env.TANREN_LOOK !== undefined) {
    writeFileSync(`${process.env.TANREN_LOOK}/saved.png`, png);
  }
  expect(page.complaints).toEqual([]);
});

test("a seed that is none is forgotten where another page is looked at, and where all is set back", async () => {
  const page = await studio.open("#/optimizer-paths");
  const seed = page.getByLabel("seed", { exact: true });
  const spoil = async () => {
    await seed.fill("abc");
    await seed.press("Enter");
    await page
      .getByRole("alert")
      .getByText(/^seed: must be/)
      .waitFor();
  };
  await spoil();
  await goTo(page, "#/dropout");
  await goTo(page, "#/optimizer-paths");
  expect(await seed.inputValue()).toBe("0");
  await runToEnd(page);
  await spoil();
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect.poll(() => seed.inputValue()).toBe("0");
  await runToEnd(page);
  expect(page.complaints).toEqual([]);
});

test("several seeds run with the settings that they began with, whatever is changed meanwhile", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=300&hiddenSizes=20");
  const seed = page.getByLabel("seed", { exact: true });
  await seed.fill("0..2");
  await seed.press("Enter");
  await page.getByRole("combobox", { name: "speed" }).selectOption("200");
  await press(page);
  await page.getByText(/^Running: [1-9]/).waitFor();
  await page.getByLabel("iterations", { exact: true }).fill("299");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "speed" }).selectOption("null");
  await page.getByText(/^Done in/).waitFor();
  expect(await page.evaluate(() => location.hash)).toMatch(/iterations=299/);
  const shelf = await shelfOf(page, 3);
  const told = await shelf.getByRole("listitem").allTextContents();
  expect(new Set(told.map((text) => /iterations=\d+/.exec(text)?.[0]))).toEqual(new Set(["iterations=300"]));
  expect(page.complaints).toEqual([]);
});

test("of files of runs that are given together the one that is refused is told, whichever comes first", async () => {
  const page = await studio.open("#/optimizer-paths");
  await openTab(page, "runs");
  const record = JSON.stringify(await runExperiment("optimizer-paths"));
  const good = { name: "good.json", mimeType: "application/json", buffer: Buffer.from(record) };
  const bad = { name: "bad.json", mimeType: "application/json", buffer: Buffer.from("no run") };
  for (const files of [
    [good, bad],
    [bad, good],
  ]) {
    await page.getByLabel("Files of runs").setInputFiles(files);
    await page.getByText(/^import: the file must hold runs/).waitFor();
    await page.waitForTimeout(300);
    expect(await page.getByText(/^import: the file must hold runs/).count()).toBe(1);
    await page.getByLabel("Files of runs").setInputFiles([good]);
    await expect.poll(() => page.getByText(/^import: the file must hold runs/).count()).toBe(0);
  }
  expect(page.complaints).toEqual([]);
});

test("a locked link hides and locks what its teacher said", async () => {
  const page = await studio.open("#/init-comparison?iterations=50&lock=1&hide=text,shelf");
  expect(await page.getByLabel("iterations", { exact: true }).isDisabled()).toBe(true);
  expect(await page.getByRole("tab", { name: "Runs" }).count()).toBe(0);
  expect(await page.getByRole("tab", { name: /Story|Challenges/ }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Run", exact: true }).isEnabled()).toBe(true);
  // It would set the iterations back, and nobody could set them again.
  expect(await page.getByRole("button", { name: "Reset", exact: true }).isDisabled()).toBe(true);
});

test("language and theme change without a touch to the state", async () => {
  const page = await studio.open("#/dropout?iterations=77&seed=5");
  const before = page.url();
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByLabel("テーマ").selectOption("dark");
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("ja");
  expect(page.url()).toBe(before);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: /Dropout/ }).waitFor();
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual([
    "ja",
    "dark",
  ]);
});

const looked = ["", ...chapter.map(({ id }) => id), "sandbox", "studies", "compare", "glossary"];

test.each([
  { width: 1440, locale: "en-US", colorScheme: "light" },
  { width: 360, locale: "ja-JP", colorScheme: "dark" },
] as const)(
  "axe finds nothing on a page at $width px, $locale, $colorScheme, and no page is wider than the window",
  async (look) => {
    const { width, locale, colorScheme } = look;
    const page = await studio.open("#/", { viewport: { width, height: 800 }, locale, colorScheme });
    const found: string[] = [];
    for (const id of few(3, looked)) {
      await goTo(page, `#/${id}`);
      await page.waitForTimeout(300);
      found.push(...(await violations(page)).map((line) => `${id}: ${line}`));
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
      if (scroll > width) {
        found.push(`${id}: ${scroll} px wide`);
      }
    }
    expect(found).toEqual([]);
    expect(page.complaints).toEqual([]);
  },
);

test("the first load is at most 200 kB gzipped", async () => {
  const from = studio.site.requests.length;
  const page = await studio.open();
  await page.waitForLoadState("networkidle");
  const asked = [...new Set(studio.site.requests.slice(from))].filter((path) => path !== "");
  const bytes = ["index.html", ...asked]
    .map((path) => gzipSync(readFileSync(`${studio.folder}/${path}`)).length)
    .reduce((sum, size) => sum + size, 0);
  expect(asked.length).toBeGreaterThan(1);
  expect(bytes).toBeLessThan(200_000);
});

test("on a phone the bar shows the name of the page one is on", async () => {
  const page = await studio.open("#/", { viewport: { width: 360, height: 780 }, locale: "ja-JP" });
  for (const id of ["glossary", "models", "compare", "studies"]) {
    await goTo(page, `#/${id}`);
    await expect
      .poll(
        () =>
          page.evaluate(() => {
            const name = document.querySelector("nav [aria-current]")!.getBoundingClientRect();
            const bar = document.querySelector("nav")!.getBoundingClientRect();
            return name.left >= bar.left - 1 && name.right <= bar.right + 1;
          }),
        { message: id },
      )
      .toBe(true);
  }
  expect(page.complaints).toEqual([]);
});

test("runs to compare are told by the reader's own clock, as everywhere", async () => {
  const page = await studio.open("#/dropout?iterations=4&hiddenSizes=20", { timezoneId: "Asia/Tokyo" });
  await runToEnd(page);
  await goTo(page, "#/compare");
  const run = page.getByRole("listitem").filter({ hasText: "dropout" });
  await run.filter({ hasText: "+09:00" }).waitFor();
  expect(page.complaints).toEqual([]);
});

test("on a phone one goes from tab to tab while the sheet is open, and the sheet's cross closes it", async () => {
  const phone = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };
  const page = await studio.open("#/weight-decay", phone);
  const tap = (name: string) => page.getByRole("tab", { name, exact: true }).tap();
  await tap("Story");
  await page.getByRole("button", { name: "Next" }).waitFor();
  await tap("Challenges");
  await page.getByRole("button", { name: "Make a prediction" }).waitFor();
  await tap("Settings");
  await page.getByRole("tabpanel").getByLabel("batchSize", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Close" }).tap();
  await page.getByRole("tabpanel").waitFor({ state: "hidden" });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Settings");
  expect(page.complaints).toEqual([]);
});

test("what goes away by being used hands the keyboard's focus to what stands nearest", async () => {
  const page = await studio.open("#/dropout?iterations=4&hiddenSizes=20");
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute("aria-label") ?? activeElement?.closest(".setting")?.textContent ?? "";
    });
  /** Comes to it by Tab, as a keyboard does, and presses it. */
  const use = async (name: string | RegExp) => {
    const button = page.getByRole("button", { name }).first();
    await button.focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await button.waitFor({ state: "detached" });
  };
  await use("Reset iterations to 903");
  expect(await focused()).toMatch(/^iterations/);
  await page.getByLabel("iterations", { exact: true }).fill("4");
  await page.keyboard.press("Enter");
  await runToEnd(page);
  await page.getByLabel("seed").fill("1");
  await page.keyboard.press("Enter");
  await runToEnd(page);
  const shelf = await shelfOf(page, 2);
  await shelf
    .getByRole("button", { name: /^More about/ })
    .first()
    .click();
  await use("Delete");
  expect(await shelf.getByRole("listitem").count()).toBe(1);
  expect(await page.evaluate(() => document.activeElement?.closest("section")?.textContent)).toMatch(/^Runs/);
  expect(page.complaints).toEqual([]);
});

test("what is saved of a run is the figure one looks at, with its axes", async () => {
  const page = await studio.open("#/dropout?iterations=7&hiddenSizes=20");
  await runToEnd(page);
  await page.getByRole("button", { name: "Loss", exact: true }).click();
  await page.getByRole("button", { name: "log y" }).click();
  await openTab(page, "more");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "SVG", exact: true }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^dropout-.+-loss\.svg$/);
  const [figure] = dropout.figures(await saved(page)).filter(({ id }) => id === "loss");
  const svg = renderSvg(applyView(figure, { logY: true }), { language: "en" });
  expect(readFileSync(await file.path(), "utf8")).toBe(svg);
  expect(page.complaints).toEqual([]);
});

test("epochs are those of the run that is shown, be the settings beside it others by now", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=50&hiddenSizes=20&x=epoch");
  await runToEnd(page);
  const figure = async () => {
    await openTab(page, "more");
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "SVG", exact: true }).click();
    return readFileSync(await (await saving).path(), "utf8");
  };
  const drawn = await figure();
  expect(drawn).toContain(">epochs</text>");
  await openTab(page, "settings");
  await page.getByLabel("batchSize", { exact: true }).fill("500");
  await page.keyboard.press("Enter");
  await page.getByText(/^This figure is of/).waitFor();
  expect(await figure()).toBe(drawn);
  expect(page.complaints).toEqual([]);
});
