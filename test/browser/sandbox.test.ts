import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { violations } from "../support/axe.ts";
import type { TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { expectRefused, goTo } from "../support/studio.ts";
import { type PageOptions, studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

async function openSandbox(query = "", options: PageOptions = {}): Promise<TestPage> {
  const page = await studio.open(`#/sandbox${query}`, { viewport: { width: 1440, height: 1000 }, ...options });
  onTestFinished(() => page.context().close());
  return page;
}

async function accuracy(page: TestPage, of: "train" | "test"): Promise<number> {
  return Number.parseFloat((await page.locator(`[data-metric="${of}"]`).textContent()) ?? "");
}

async function runToEnd(page: TestPage): Promise<void> {
  await page.getByRole("combobox", { name: "speed" }).selectOption("null");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/^Done in/).waitFor({ timeout: 300_000 });
}

/** Colours of the picture's pixels, some of them: each as `r,g,b` in steps of 16. */
function colorsOf(page: TestPage, name: RegExp): Promise<string[]> {
  return page.getByRole("img", { name }).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    // A copy: reading the page's own canvas would make the browser complain.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set<string>();
    for (let i = 0; i < data.length; i += 4 * 97) {
      found.add([data[i], data[i + 1], data[i + 2]].map((value) => value >> 4).join(","));
    }
    return [...found];
  });
}

type Tab = "Data" | "Network" | "Training" | "Results" | "Runs" | "More";
/** Opens a tab beside the network, where it is not open already. */
async function openTab(page: TestPage, name: Tab): Promise<void> {
  const tab = page.getByRole("tab", { name, exact: true });
  if ((await tab.getAttribute("aria-selected")) !== "true") {
    await tab.click();
  }
}

/** The file input of the page's drop zone. */
const fileInput = (page: TestPage) => page.getByRole("group", { name: /^Drop/ }).locator("input[type=file]");
async function shelfRuns(page: TestPage): Promise<number> {
  await openTab(page, "Runs");
  return page.getByRole("region", { name: "Runs" }).getByRole("listitem").count();
}
/** A page in English or Japanese: the tab of that place. */
const tabAt = (page: TestPage, at: number) => page.getByRole("tab").nth(at);

const csv = (name: string, text: string | Uint8Array) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text as string),
});

test("a digit drawn with the mouse is answered beside the network, on the one screen, while it learns and afterwards", async () => {
  const page = await openSandbox("?data=mnist&network=affine%2020;%20relu&iterations=150&batchSize=50", {
    viewport: { width: 1280, height: 720 },
  });
  await runToEnd(page);
  const region = page.getByRole("region", { name: "Draw a digit" });
  const pad = region.getByRole("application", { name: "Drawing pad" });
  const box = (await pad.boundingBox())!;
  expect(box.y + box.height).toBeLessThan(720);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => region.getByRole("status").textContent()).toMatch(/The network says\s+1/);
  await page.getByRole("button", { name: "Confusion", exact: true }).click();
  expect(await page.getByRole("region", { name: "Confusion of the test data" }).count()).toBe(1);
  expect(page.complaints).toEqual([]);
});

test("convolutions are asked for in the drawing, the list or the text, learn digits, and are told where they do not fit", async () => {
  const network = encodeURIComponent("conv2d 6 size=5 stride=2; batchnorm; relu; maxPool; affine 20; relu");
  const page = await openSandbox(`?data=mnist&network=${network}&iterations=120&batchSize=50&trainRows=3000`);
  await page.getByRole("button", { name: "One filter more in layer 1" }).click();
  await openTab(page, "Network");
  const text = page.getByRole("textbox", { name: /as text/ });
  expect(await text.inputValue()).toMatch(/^conv2d 7 size=5 stride=2\nbatchnorm\nrelu\nmaxPool\naffine 20/);
  const field = (name: string) => page.getByRole("textbox", { name: `layer 1, ${name}` });
  await field("step of the window").fill("1");
  await field("step of the window").press("Enter");
  await field("zeros around the image").fill("65");
  await field("zeros around the image").press("Enter");
  // What may not be goes back to what was.
  expect(await field("zeros around the image").inputValue()).toBe("0");
  expect(await text.inputValue()).toMatch(/^conv2d 7 size=5\nbatchnorm/);
  await text.fill("affine 20\nconv2d 4");
  await page.getByText("network: conv2d must stand where rows are images, got rows of 20 numbers").first().waitFor();
  await expectRefused(page);
  await text.fill("conv2d 6 size=5 stride=2\nbatchnorm\nrelu\nmaxPool\naffine 20\nrelu");
  await page.getByText("4,718 parameters").waitFor();
  await page.getByText("784 → 12×12×6 → 20 → 10", { exact: true }).waitFor();
  await runToEnd(page);
  expect(await accuracy(page, "test")).toBeGreaterThan(80);
  expect(page.complaints).toEqual([]);
});

test("two moons are learnt to more than 95%, the plane is painted in both colours, and the run is on the shelf", async () => {
  const page = await openSandbox();
  const before = await colorsOf(page, /points; accuracy/);
  await runToEnd(page);
  expect(await accuracy(page, "test")).toBeGreaterThan(95);
  await page.waitForTimeout(300);
  const after = await colorsOf(page, /points; accuracy/);
  expect(after.length).toBeGreaterThan(before.length);
  await openTab(page, "Results");
  expect(await page.getByRole("region", { name: "Confusion of the test data" }).textContent()).toMatch(/A\s*B/);
  await expect.poll(() => shelfRuns(page)).toBe(1);
  expect(page.complaints).toEqual([]);
});

test.each(["before", "after"] as const)(
  "Run pressed right %s the page begins to train by itself is what is run, and kept",
  async (order) => {
    const pressing = (when: string) => {
      const set = window.setTimeout.bind(window);
      let pressed = false;
      const press = (at: string) => {
        if (at === when && !pressed) {
          pressed = true;
          [...document.querySelectorAll("button")].find(({ textContent }) => textContent?.trim() === "Run")?.click();
        }
      };
      // The page waits so long before it trains by itself.
      window.setTimeout = ((what: () => void, ms?: number) =>
        set(() => {
          if (ms === 250) {
            press("before");
          }
          what();
          if (ms === 250) {
            press("after");
          }
        }, ms)) as typeof window.setTimeout;
    };
    const page = await studio.open("#/glossary");
    await page.evaluate(pressing, order);
    await goTo(page, "#/sandbox");
    await expect.poll(() => shelfRuns(page)).toBe(1);
    await page.getByText(/^Done in/).waitFor();
    expect(page.complaints).toEqual([]);
  },
);

test("while the page trains by itself Run and Step are there to be pressed at any moment", async () => {
  const watching = () => {
    const seen = { looks: 0, without: 0 };
    (window as unknown as { seen: typeof seen }).seen = seen;
    const look = () => {
      if (document.querySelector("progress") !== null) {
        const there = [...document.querySelectorAll<HTMLButtonElement>("button:enabled")].map(({ textContent }) =>
          textContent?.trim(),
        );
        seen.looks++;
        seen.without += there.includes("Run") && there.includes("Step") ? 0 : 1;
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
  };
  const page = await openSandbox("", { before: watching });
  await page.getByText(/^Done in/).waitFor();
  const seen = await page.evaluate(() => (window as unknown as { seen: { looks: number; without: number } }).seen);
  expect(seen.looks).toBeGreaterThan(0);
  expect(seen.without).toBe(0);
  // A step in the midst of such a run is the first of a run of one's own.
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector("progress") !== null) {
        observer.disconnect();
        [...document.querySelectorAll("button")].find(({ textContent }) => textContent?.trim() === "Step")?.click();
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.getByRole("radio", { name: "circles" }).check();
  await page.getByText(/^Paused at/).waitFor();
  await expect.poll(() => shelfRuns(page)).toBe(1);
  expect(page.complaints).toEqual([]);
});

test("Run pressed right after a change is the run to see, and goes to its end", async () => {
  const page = await openSandbox("?iterations=400");
  await page.getByText(/^Done in/).waitFor();
  await page.getByRole("textbox", { name: "Adam.lr" }).fill("0.02");
  await page.getByRole("textbox", { name: "Adam.lr" }).press("Enter");
  await page.evaluate(() =>
    [...document.querySelectorAll("button")].find(({ textContent }) => textContent?.trim() === "Run")?.click(),
  );
  // At the speed that one can watch it takes two seconds: longer than the page waits before it trains by itself.
  await page.getByText(/^Running/).waitFor();
  await page.getByText(/^Done in/).waitFor();
  await openTab(page, "Runs");
  const runs = page.getByRole("region", { name: "Runs" });
  await expect.poll(() => runs.getByRole("listitem").count()).toBe(1);
  expect(await runs.textContent()).not.toMatch(/stopped|interrupted/i);
  expect(page.complaints).toEqual([]);
});

test("a change trains again by itself, also on a page one comes back to, without a run on the shelf; without that, the page says what it is of, or the old picture is taken away", async () => {
  const page = await openSandbox();
  await page.getByRole("radio", { name: "circles" }).check();
  await page.getByText(/^Done in/).waitFor({ timeout: 300_000 });
  await expect.poll(() => accuracy(page, "train")).toBeGreaterThan(90);
  expect(await shelfRuns(page)).toBe(0);
  await openTab(page, "Data");
  // A run that a person begins in the middle of such a one is kept.
  await page.getByRole("radio", { name: "checkerboard" }).check();
  await page.waitForTimeout(350);
  await runToEnd(page);
  await expect.poll(() => shelfRuns(page)).toBe(1);
  expect(await accuracy(page, "train")).toBeGreaterThan(75);
  await goTo(page, "#/glossary");
  await page.goBack();
  await page.getByRole("textbox", { name: "Adam.lr" }).fill("1e-6");
  await page.keyboard.press("Enter");
  // Nothing is learnt at that rate; the run before knew the checkerboard well.
  await expect.poll(() => accuracy(page, "train")).toBeLessThan(65);
  await page.getByRole("checkbox", { name: /train again/ }).uncheck();
  await page.getByRole("textbox", { name: "Adam.lr" }).fill("0.01");
  await page.keyboard.press("Enter");
  await page.getByText("Adam.lr = 0.000001").waitFor();
  expect(await page.locator(".stage.stale").count()).toBe(1);
  await openTab(page, "Data");
  await page.getByRole("radio", { name: "exclusive or" }).check();
  expect(await page.locator(".stale").count()).toBe(0);
  await expect.poll(() => accuracy(page, "train")).toBeNaN();
  await openTab(page, "Results");
  await expect.poll(() => page.getByRole("region", { name: "Confusion of the test data" }).count()).toBe(0);
  expect(page.complaints).toEqual([]);
});

test("the whole state is in the address: another browser shows the same and learns the same", async () => {
  const page = await openSandbox("?preset=xor");
  await page.getByRole("checkbox", { name: /train again/ }).uncheck();
  await openTab(page, "Network");
  await page.getByRole("textbox", { name: /as text/ }).fill("affine 12\ntanh\ndropout 0.1");
  await openTab(page, "Training");
  await page.getByRole("combobox", { name: "schedule" }).selectOption("oneCycle");
  await page.getByRole("combobox", { name: "optimizer" }).selectOption("Momentum");
  await runToEnd(page);
  await expect.poll(() => page.url()).toContain("schedule=oneCycle");
  const other = await openSandbox(page.url().replace(/^.*#\/sandbox/, ""));
  await openTab(other, "Network");
  expect(await other.getByRole("combobox", { name: "layer 1, kind" }).inputValue()).toBe("affine");
  expect(await other.getByRole("textbox", { name: "layer 3, share dropped" }).inputValue()).toBe("0.1");
  await other.getByRole("checkbox", { name: /train again/ }).uncheck();
  await runToEnd(other);
  const results = async (tab: TestPage) => {
    await openTab(tab, "Results");
    return tab.getByRole("region", { name: "Table of results" }).textContent();
  };
  expect(await results(other)).toBe(await results(page));
  expect([...page.complaints, ...other.complaints]).toEqual([]);
});

test("an example is marked as chosen while its settings are what one sees, and no longer", async () => {
  const page = await openSandbox();
  const chosen = () =>
    page.getByRole("group", { name: "Begin from" }).locator('[aria-pressed="true"]').allTextContents();
  expect(await chosen()).toEqual(["Two moons"]);
  await page.getByRole("radio", { name: "circles" }).check();
  await expect.poll(chosen).toEqual([]);
  await page.getByRole("button", { name: "Spirals", exact: true }).click();
  await expect.poll(chosen).toEqual(["Spirals"]);
  expect(page.complaints).toEqual([]);
});

test("a hostile link is read as far as it has a meaning", async () => {
  const page = await openSandbox("?network=rellu%3Cscript%3E&drawn=%3C%3E&points=1e9&toy=__proto__&x.y=1");
  await expect.poll(() => page.getByText(/^link:/).count()).toBe(5);
  expect(page.complaints).toEqual([]);
});

test("the network's list and its text stay in step; a mistyped word is placed and answered in the page's language", async () => {
  const page = await openSandbox();
  await page.getByRole("checkbox", { name: /train again/ }).uncheck();
  await openTab(page, "Network");
  const text = page.getByRole("textbox", { name: /as text/ });
  await page.getByRole("button", { name: "Remove relu (layer 4)" }).click();
  expect(await text.inputValue()).toBe("affine 16\nrelu\naffine 16");
  await page.getByRole("button", { name: "Move affine 16 (layer 3) up" }).click();
  expect(await text.inputValue()).toBe("affine 16\naffine 16\nrelu");
  await text.fill("affine 8\nrelu\ndropuot 0.5");
  await page
    .getByText('network, line 3, column 1: a line must begin with a layer, got "dropuot". Did you mean dropout?')
    .waitFor();
  await expectRefused(page);
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByText("ネットワーク 3 行目 1 文字目: 行は層の名前で始めてください").waitFor();
  await page.getByRole("textbox", { name: /テキスト/ }).fill("affine 8\nrelu\ndropout 0.5");
  expect(await page.getByRole("textbox", { name: "3 番目の層の無効にする割合" }).inputValue()).toBe("0.5");
  await page.getByText("パラメータ 42 個").waitFor();
  expect(page.complaints).toEqual([]);
});

test("the network is changed in its own drawing: units, activation, a layer more and one fewer, inputs", async () => {
  const page = await openSandbox("?preset=xor");
  await page.getByRole("checkbox", { name: /train again/ }).uncheck();
  await page.getByRole("button", { name: "One unit more in layer 1" }).click();
  await page.getByRole("combobox", { name: "activation of layer 1" }).selectOption("relu");
  await page.getByRole("button", { name: "layer", exact: true }).click();
  await page.getByRole("button", { name: "One unit fewer in layer 2" }).click();
  await page
    .locator("summary")
    .filter({ hasText: /^inputs$/ })
    .click();
  await page.getByRole("button", { name: "xy", exact: true }).click();
  await openTab(page, "Network");
  expect(await page.getByRole("textbox", { name: /as text/ }).inputValue()).toBe("affine 5\nrelu\naffine 4\nrelu");
  await page.getByText("3 → 5 → 4 → 2", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Take layer 1 out" }).click();
  expect(await page.getByRole("textbox", { name: /as text/ }).inputValue()).toBe("affine 4\nrelu");
  expect(page.complaints).toEqual([]);
});

describe("drawing", () => {
  test("by mouse: strokes become points, the boundary follows, the link holds them", async () => {
    const page = await openSandbox("?data=drawn");
    await page.getByText("at least 4 points of 2 classes").waitFor();
    const area = page.getByRole("application");
    const stroke = async (from: number, to: number) => {
      const box = (await area.boundingBox())!;
      await page.mouse.move(box.x + from * box.width, box.y + 0.3 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + to * box.width, box.y + 0.6 * box.height, { steps: 12 });
      await page.mouse.up();
    };
    await stroke(0.1, 0.3);
    await page.getByRole("button", { name: "B", exact: true }).click();
    await stroke(0.7, 0.9);
    await page.getByText(/^Done in/).waitFor({ timeout: 300_000 });
    expect(await accuracy(page, "train")).toBe(100);
    await expect.poll(() => page.url()).toMatch(/drawn=[\w-]{40,}/);
    const other = await openSandbox(page.url().replace(/^.*#\/sandbox/, ""));
    const count = (tab: TestPage) => tab.getByText(/of 600 points/).textContent();
    expect(await count(other)).toBe(await count(page));
    expect([...page.complaints, ...other.complaints]).toEqual([]);
  });

  test("by keyboard alone: class, points, eraser", async () => {
    const page = await openSandbox("?data=drawn");
    await page.getByRole("application").focus();
    for (const key of [
      "ArrowLeft",
      "Shift+ArrowLeft",
      "Space",
      "ArrowUp",
      "ArrowUp",
      "Space",
      "2",
      "Shift+ArrowRight",
      "Shift+ArrowRight",
      "Enter",
      "ArrowDown",
      "ArrowDown",
      "Enter",
    ]) {
      await page.keyboard.press(key);
    }
    await page.getByText("4 of 600 points").waitFor();
    await page.keyboard.press("Delete");
    await page.getByText("3 of 600 points").waitFor();
    expect(page.complaints).toEqual([]);
  });

  test("more points while it trains: the network goes on from where it is instead of beginning anew", async () => {
    const page = await openSandbox();
    await page.getByRole("checkbox", { name: /train again/ }).uncheck();
    await page.getByRole("radio", { name: "Draw" }).check();
    await page.getByRole("button", { name: "Begin from the toy set" }).click();
    await runToEnd(page);
    expect(await accuracy(page, "train")).toBeGreaterThan(95);
    await page.getByRole("checkbox", { name: /train again/ }).check();
    // That is a change of its own: it trains anew.
    await page.waitForTimeout(800);
    await page.getByText(/^Done in/).waitFor({ timeout: 300_000 });
    const history = page.getByLabel("history");
    await expect.poll(async () => Number(await history.getAttribute("max"))).toBe(1999);
    const box = (await page.getByRole("application").boundingBox())!;
    await page.mouse.click(box.x + 0.5 * box.width, box.y + 0.9 * box.height);
    await expect.poll(async () => Number(await history.getAttribute("max")), { timeout: 300_000 }).toBe(3999);
    await openTab(page, "Results");
    await page.getByText(/went on from iteration 2000/).waitFor();
    expect(page.complaints).toEqual([]);
  });

  test("by finger", async () => {
    const page = await openSandbox("?data=drawn", {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 800 },
    });
    const area = page.getByRole("application");
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    await page.touchscreen.tap(box.x + 0.5 * box.width, box.y + 0.4 * box.height);
    await page.getByText("1 of 600 points").waitFor();
    expect(page.complaints).toEqual([]);
  });
});

describe("files", () => {
  const rows = Array.from({ length: 80 }, (_, i) => `${Math.cos(i)},${Math.sin(i)},${i % 2 ? "inside" : "outside"}`);
  const scaled = rows.map((row, i) =>
    i % 2 ? row : row.replace(/^([^,]+),([^,]+)/, (_, x, y) => `${3 * x},${3 * y}`),
  );
  const table = `width,height,kind\n${scaled.join("\n")}\n`;

  test("a CSV is read, its plane drawn and learnt; the link says that it holds no file", async () => {
    const page = await openSandbox("?data=csv");
    await page.getByText("A link to this page does not carry it.").waitFor();
    await fileInput(page).setInputFiles(csv("rings.csv", table));
    await page.getByText("rings.csv: 80 rows, 3 columns").waitFor();
    await runToEnd(page);
    expect(await accuracy(page, "train")).toBeGreaterThan(95);
    await openTab(page, "Results");
    expect(await page.getByRole("region", { name: "Confusion of the test data" }).textContent()).toContain("outside");
    expect(page.complaints).toEqual([]);
  });

  test("a table stays at hand while one looks elsewhere; another takes its numbers away, and trains by itself where that takes a moment", async () => {
    const page = await openSandbox("?data=csv");
    await page.getByText("There are no data yet: give a file under “Data”.").waitFor();
    await fileInput(page).setInputFiles(csv("rings.csv", table));
    // Two inputs: a change of the data like any other.
    await page.getByText(/^Done in/).waitFor({ timeout: 300_000 });
    await expect.poll(() => accuracy(page, "train")).toBeGreaterThan(95);
    await page.getByRole("combobox", { name: "cells without a value" }).selectOption("fill");
    const atHand = async () => {
      await page.getByText("rings.csv: 80 rows, 3 columns").waitFor();
      expect(await page.getByRole("combobox", { name: "cells without a value" }).inputValue()).toBe("fill");
    };
    await openTab(page, "Network");
    await openTab(page, "Data");
    await atHand();
    await page.getByRole("radio", { name: "Toy sets" }).check();
    await page.getByText(/^300 points; accuracy: training \d/).waitFor();
    await page.getByRole("radio", { name: "CSV" }).check();
    await page.getByText(/^80 points; accuracy: training \d/).waitFor();
    await goTo(page, "#/glossary");
    await page.goBack();
    await atHand();
    // Nothing long reaches out of the panel.
    expect(
      await page.getByRole("tabpanel").evaluate((panel) => {
        const { right } = panel.getBoundingClientRect();
        return [...panel.querySelectorAll("select")].filter((one) => one.getBoundingClientRect().right > right).length;
      }),
    ).toBe(0);
    // Three inputs: they are trained on when Run is pressed, and nothing is told of the table before.
    const wide = scaled.map((row, i) => `${i % 7},${row}`);
    await fileInput(page).setInputFiles(csv("wide.csv", `extra,width,height,kind\n${wide.join("\n")}\n`));
    await page.getByText("80 rows; accuracy: training –, test –.").waitFor();
    await page.waitForTimeout(600);
    expect(await accuracy(page, "train")).toBeNaN();
    expect(await page.getByRole("list", { name: "Inputs" }).getByRole("listitem").allTextContents()).toEqual([
      "extra",
      "width",
      "height",
    ]);
    await runToEnd(page);
    await openTab(page, "More");
    await page.getByRole("button", { name: "Copy as command" }).click();
    await page.getByText(/Nothing is copied: the table was given to this page alone.*tanren train/).waitFor();
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download model" }).click();
    expect((await saving).suggestedFilename()).toBe("wide.tanren");
    expect(page.complaints).toEqual([]);
  });

  test("a file that misses its place leaves the page as it is", async () => {
    const page = await openSandbox("?data=csv");
    const kept = (type: string) =>
      page.evaluate((name) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["a,b"], "missed.csv", { type: "text/csv" }));
        // False where the page has taken it upon itself, so that the browser does not open the file.
        return !document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer }));
      }, type);
    expect([await kept("dragover"), await kept("drop")]).toEqual([true, true]);
    expect(page.complaints).toEqual([]);
  });

  test("dropped onto the zone it is read as well", async () => {
    const page = await openSandbox("?data=csv");
    const transfer = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
      return data;
    }, table);
    await page.getByRole("group", { name: /Drop a CSV file/ }).dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByText("dropped.csv: 80 rows, 3 columns").waitFor();
    expect(page.complaints).toEqual([]);
  });

  test("a file that is refused just after it was given is not trained on: only the refusal is told", async () => {
    const rows = Array.from({ length: 24 }, (_, i) => `${i},5;${24 - i};${i % 3 ? "None" : "yes"}`);
    const page = await openSandbox("?data=csv");
    await fileInput(page).setInputFiles(csv("guess.csv", Buffer.from(`a;b;c\n${rows.join("\n")}\n`)));
    const button = page.getByRole("button", { name: /Read otherwise: "None" in c/ });
    await button.waitFor();
    await page.getByText("guess.csv: 24 rows, 3 columns").waitFor();
    // Before the training that follows a file has begun.
    await button.click();
    const alerts = () => page.getByRole("alert").allTextContents();
    await expect.poll(alerts).toEqual([expect.stringMatching(/column c must have a value, got "None"/)]);
    // Longer than the page waits after a change.
    await page.waitForTimeout(1500);
    expect(await alerts()).toHaveLength(1);
  });

  test("what was guessed of a file stands in the panel, and is told otherwise there, in both languages", async () => {
    const rows = Array.from({ length: 24 }, (_, i) => `${i},5;01/0${1 + (i % 9)}/2024;${i % 3 ? "None" : "café"}`);
    const text = `größe;tag;klasse\n${rows.join("\n")}\n`;
    const bytes = Uint8Array.from([...text], (c) => c.charCodeAt(0));
    const page = await openSandbox("?data=csv");
    await fileInput(page).setInputFiles(csv("guess.csv", bytes));
    await page.getByText("guess.csv: 24 rows, 3 columns").waitFor();
    const list = page.getByRole("listitem");
    for (const said of [
      /encoding: windows-1252 \("größe"\)/,
      /cells are parted by semicolons/,
      /"0,5" is a number with a decimal comma/,
      /the first row names the columns/,
      /"None" in klasse is a class like the others/,
      /dates in tag begin with the month, by habit only/,
    ]) {
      await list.filter({ hasText: said }).waitFor();
    }
    await page.screenshot({ path: process.env.TANREN_LOOK ? `${process.env.TANREN_LOOK}/notes-en.png` : undefined });
    await page.getByRole("button", { name: /Read otherwise: dates in tag/ }).click();
    await list.filter({ hasText: "order of day and month: dmy (your choice)" }).waitFor();
    await page.getByRole("button", { name: /Read otherwise: "None" in klasse/ }).click();
    await expect
      .poll(() => page.getByRole("alert").allTextContents())
      .toEqual([expect.stringMatching(/column klasse must have a value, got "None"/)]);
    await page.getByRole("combobox", { name: "cells without a value" }).selectOption("skip");
    await expect
      .poll(() => page.getByRole("alert").allTextContents())
      .toEqual([expect.stringMatching(/at least 2 different values/)]);
    await page.getByRole("button", { name: "Take back: words for no value" }).click();
    await page.getByText("guess.csv: 24 rows, 3 columns").waitFor();
    await page.getByRole("combobox", { name: "encoding" }).selectOption("shift_jis");
    await expect
      .poll(() => page.getByRole("alert").allTextContents())
      .toEqual([expect.stringMatching(/line \d+: every byte must be shift_jis/)]);
    await page.getByRole("button", { name: "Take back: encoding" }).click();
    await list.filter({ hasText: /windows-1252/ }).waitFor();
    await runToEnd(page);
    expect(await violations(page)).toEqual([]);
    expect(page.complaints).toEqual([]);

    const gaps = Array.from(
      { length: 40 },
      (_, i) => `${i + 1},${i % 4 ? `p${i % 2}` : ""},${(i * 7) % 11},Name ${i},${i % 2}`,
    );
    const passengers = `PassengerId,Cabin,Age,Name,Survived\n${[...gaps, ...gaps.map((row) => row.replace(/^\d+/, (id) => `${+id + 40}`).replace("Name", "Ms"))].join("\n")}\n`;
    await fileInput(page).setInputFiles(csv("passengers.csv", passengers));
    await expect
      .poll(() => page.getByRole("alert").allTextContents())
      .toEqual([expect.stringMatching(/line 2: column Cabin must have a value/)]);
    const learnt = () =>
      page.getByRole("group", { name: "columns to learn from" }).getByRole("checkbox", { checked: true }).count();
    // What would be learnt from stands there before the gaps are filled: no names, no numbers of passengers.
    await expect.poll(learnt).toBe(2);
    expect(await page.getByRole("combobox", { name: "column to be told" }).inputValue()).toBe("Survived");
    await page.getByRole("combobox", { name: "cells without a value" }).selectOption("fill");
    await page.getByText("20 cells without a value are filled in").waitFor();
    await page.getByText(/column PassengerId is left out: its numbers name the rows/).waitFor();
    await runToEnd(page);
    expect(await violations(page)).toEqual([]);
    expect(page.complaints).toEqual([]);

    const japanese = await openSandbox("?data=csv", { locale: "ja", viewport: { width: 360, height: 900 } });
    await tabAt(japanese, 0).click();
    await japanese
      .getByRole("group", { name: /^ここに/ })
      .locator("input[type=file]")
      .setInputFiles(csv("guess.csv", bytes));
    await japanese.getByText("小数点がカンマの数値として読みます").waitFor();
    await japanese.getByText(/欠損値ではなくクラスとして扱います/).waitFor();
    await japanese.getByText("ファイルの読み方").scrollIntoViewIfNeeded();
    await japanese.screenshot({
      path: process.env.TANREN_LOOK ? `${process.env.TANREN_LOOK}/notes-ja.png` : undefined,
    });
    expect(await japanese.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(japanese.complaints).toEqual([]);
  });

  test("broken and hostile files are answered with one sentence and run nothing", async () => {
    const page = await openSandbox("?data=csv");
    const input = fileInput(page);
    const cases: [string, string | Uint8Array, RegExp][] = [
      ["ragged.csv", "a,b,c\n1,2,x\n1,2\n", /ragged\.csv, line 3: every row must have 3 cells/],
      ["empty.csv", "", /must hold rows of values, got an empty file/],
      ["picture.csv", Uint8Array.from([0x89, 0x50, 0, 1, 2, 0xff]), /must hold text, got the control character/],
      ["one.csv", `a,b\n${"1,x\n".repeat(9)}`, /at least 2 different values/],
      ["<img src=x onerror=alert(1)>.csv", '"><script>alert(1)</script>,b\n1', /must have 2 cells|quoted cell|onerror/],
    ];
    for (const [name, text, words] of cases) {
      await input.setInputFiles(csv(name, text));
      await expect.poll(() => page.getByRole("alert").allTextContents()).toEqual([expect.stringMatching(words)]);
    }
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect
      .poll(() => page.getByRole("alert").allTextContents())
      .toContainEqual(expect.stringMatching(/a link carries no file/));
    expect(page.complaints).toEqual([]);
  });

  test("images and labels in IDX, packed or not, are learnt from; one alone is refused", async () => {
    const count = 60;
    const bytes = (shape: number[], data: Uint8Array) => {
      const head = [
        0,
        0,
        8,
        shape.length,
        ...shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
      ];
      return Buffer.concat([Uint8Array.from(head), data]);
    };
    const labels = bytes(
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 2),
    );
    const pixels = Uint8Array.from({ length: count * 16 }, (_, i) => (Math.floor(i / 16) % 2 === i % 2 ? 255 : 0));
    const images = gzipSync(bytes([count, 4, 4], pixels));
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });
    const page = await openSandbox("?data=idx&iterations=200");
    const input = fileInput(page);
    await input.setInputFiles([file("labels-idx1-ubyte", labels)]);
    await page.getByText("two files are needed together").waitFor();
    await input.setInputFiles([file("labels-idx1-ubyte", labels), file("images-idx3-ubyte.gz", images)]);
    await page.getByText("60 images of 4 × 4, 2 classes").waitFor();
    await runToEnd(page);
    await openTab(page, "Results");
    expect(await page.getByRole("region", { name: "Table of results" }).textContent()).toMatch(/network.*1\s*1$/s);
    expect(page.complaints).toEqual([]);
  });
});

test("numbers are told: a surface in colours, or a column of a table, which is taken for classes where one says so", async () => {
  const page = await openSandbox();
  await page.getByRole("button", { name: "Numbers", exact: true }).click();
  const picture = page.getByRole("img", { name: /points; RMSE: training 0\.0\d+, test 0\.\d+/ });
  await picture.waitFor();
  // Hollows are orange and hills are blue, as on every map of signed numbers.
  const colors = await colorsOf(page, /points; RMSE/);
  const share = (is: (r: number, b: number) => boolean) =>
    colors.filter((color) => {
      const [r, , b] = color.split(",").map(Number);
      return is(r, b);
    }).length;
  expect([share((r, b) => r > b + 4) > 5, share((r, b) => b > r + 4) > 5]).toEqual([true, true]);
  await page.getByText(/^z: -[\d.]+1?\.?\d*/).waitFor();
  await page.getByText("225 rows to learn from, 75 to test; 2 inputs, z is told").waitFor();
  expect(await violations(page)).toEqual([]);

  await page.getByRole("radio", { name: "CSV" }).check();
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i % 9},${(i * 7) % 11},${10 * (i % 9) + ((i * 7) % 11) / 4}%,${i % 3}`,
  );
  await fileInput(page).setInputFiles(csv("rent.csv", `size,age,rent,stars\n${rows.join("\n")}\n`));
  const told = page.getByRole("combobox", { name: "what is told" });
  const target = page.getByRole("combobox", { name: "column to be told" });
  await expect.poll(() => told.inputValue()).toBe("classes");
  await target.selectOption("rent");
  await expect.poll(() => told.inputValue()).toBe("numbers");
  await page.getByText("45 rows to learn from, 15 to test; 3 inputs, rent is told").waitFor();
  await runToEnd(page);
  await expect.poll(() => page.locator('[data-metric="test"]').textContent()).toMatch(/^[\d.]+%$/);
  await page.getByRole("region", { name: "Predicted over true values" }).getByRole("img").first().waitFor();
  expect(await violations(page)).toEqual([]);
  await openTab(page, "Results");
  expect(await page.getByRole("region", { name: "Table of results" }).textContent()).toMatch(/test RMSE/);
  await openTab(page, "Data");
  await target.selectOption("stars");
  await expect.poll(() => told.inputValue()).toBe("classes");
  await told.selectOption("numbers");
  await page.getByText(/stars is told/).waitFor();
  expect(page.complaints).toEqual([]);
});

test("step by step: one iteration a press, the boundary after each, and back through the history", async () => {
  const page = await openSandbox();
  // The run that the page opens with is over: one that ends at this moment could not be paused any more.
  await page.getByText(/^Done in/).waitFor();
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await page.getByText(/^Paused at/).waitFor();
  const picture = () =>
    page
      .getByRole("img", { name: /points; accuracy/ })
      .evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  await page.waitForTimeout(400);
  const first = await picture();
  for (let i = 0; i < 5; i++) {
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await page.waitForTimeout(60);
  }
  await expect.poll(picture).not.toBe(first);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText(/^Stopped/).waitFor();
  const painted = (await colorsOf(page, /points; accuracy/)).length;
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect.poll(async () => (await colorsOf(page, /points; accuracy/)).length).toBeLessThan(painted);
  expect(page.complaints).toEqual([]);
});

describe.each(
  few(1, [
    { width: 1440, locale: "en", colorScheme: "light" },
    { width: 360, locale: "ja", colorScheme: "dark" },
  ] as const),
)("$width px, $locale, $colorScheme", ({ width, locale, colorScheme }) => {
  test("no violation of axe, nothing wider than the page", async () => {
    const page = await openSandbox("", {
      viewport: { width, height: 900 },
      locale,
      colorScheme,
      reducedMotion: "reduce",
    });
    await page.getByRole("button", { name: locale === "en" ? "Spirals" : "らせん", exact: true }).click();
    await page.getByText(locale === "en" ? /^Done in/ : /秒で完了/).waitFor({ timeout: 300_000 });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    if (width < 900) {
      await tabAt(page, 0).click();
    }
    for (const name of locale === "en" ? ["Draw", "CSV"] : ["手で描く", "画像(IDX)"]) {
      await page.getByRole("radio", { name }).check();
      expect(await violations(page), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(width);
    }
    expect(page.complaints).toEqual([]);
  });
});
