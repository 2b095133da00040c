import { expect, test } from "vitest";
import { taught } from "../../src/experiments/registry.ts";
import { few } from "../support/few.ts";
import { outsideFirstScreen } from "../support/one-screen.ts";
import { goTo, openTab, press, reached, shortRuns } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

const looks = [...taught.map(({ id }) => id), "sandbox"].flatMap((id) =>
  (["en-US", "ja-JP"] as const).flatMap((locale) =>
    (["light", "dark"] as const).map((colorScheme) => ({ id, locale, colorScheme })),
  ),
);

test.each(few(4, looks))(
  "figure, sentence, Run and a control of $id share the first screen at three sizes ($locale, $colorScheme)",
  async ({ id, locale, colorScheme }) => {
    const page = await studio.open("#/", { locale, colorScheme });
    expect(await outsideFirstScreen(page, id)).toEqual([]);
    expect(page.complaints).toEqual([]);
  },
);

test("a first visit shows the book's own run, with its numbers in the sentence, before anything is pressed", async () => {
  const page = await studio.open("#/optimizer-comparison");
  await page.getByText("The book's own run.").waitFor();
  expect(await reached(page)).toBe(1999);
  expect(await page.locator("[data-says]").innerText()).toMatch(/AdaGrad .*0\.03.*SGD .*0\.2/);
  expect(page.complaints).toEqual([]);
});

test("a figure of other settings says of what it is, and Run again makes it theirs; a reload finds that run", async () => {
  const { iterations } = shortRuns["init-comparison"];
  const page = await studio.open("#/init-comparison");
  await page.getByText("The book's own run.").waitFor();
  await page.getByLabel("iterations", { exact: true }).fill(iterations);
  await page.keyboard.press("Enter");
  await page.getByText(`iterations = 2000 (beside: ${iterations})`).waitFor();
  await page.getByRole("button", { name: "Run again" }).click();
  await page.getByText(/^Done in/).waitFor();
  expect(await page.getByRole("button", { name: "Run again" }).count()).toBe(0);
  await expect.poll(() => page.url()).toMatch(/iterations=30/);
  await page.reload();
  await page.getByText(/^Your run of/).waitFor();
  expect(await reached(page)).toBe(29);
  expect(page.complaints).toEqual([]);
});

test("Run with a setting that is no value begins nothing and gives it the focus", async () => {
  const page = await studio.open("#/dropout");
  await page.getByText("The book's own run.").waitFor();
  await page.getByLabel("iterations", { exact: true }).fill("many");
  await page.keyboard.press("Enter");
  await press(page);
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-invalid"))).toBe("true");
  await page.getByText("The book's own run.").waitFor();
});

test("the story sets what is shown, and a value in it runs at once without scrolling", async () => {
  const page = await studio.open("#/weight-decay?iterations=7&hiddenSizes=20");
  for (const title of ["When did the test curve stop?", "Large weights become expensive", "Which side moved?"]) {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: title }).waitFor();
  }
  await expect.poll(() => page.url()).toMatch(/step=4/);
  await page.getByRole("button", { name: "weightDecay = 0.01" }).click();
  await page.getByText(/^Done in/).waitFor();
  expect(await page.locator("[data-says]").innerText()).toMatch(/decay=0\.01/);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.getByRole("button", { name: "Back to the book's run" }).click();
  await page.getByText("The book's own run.").waitFor();
  expect(await page.locator("[data-says]").innerText()).toMatch(/decay=0\.1: gap 18\.7/);
  await expect.poll(() => page.url()).not.toMatch(/iterations|weightDecay|hiddenSizes/);
  expect(await page.getByRole("button", { name: "Back to the book's run" }).count()).toBe(0);
  expect(page.complaints).toEqual([]);
});

test("a prediction, a fault and a contrast are answered with the keyboard, and kept for a CSV", async () => {
  const page = await studio.open("#/batchnorm-gradcheck");
  await openTab(page, "try");
  const use = async (name: string | RegExp) => {
    await page.getByRole("button", { name }).first().focus();
    await page.keyboard.press("Enter");
  };
  await use("Make a prediction");
  await use("See what happens");
  await page.getByText(/Furthest off at|Close everywhere/).waitFor();
  await use("Show the broken run");
  await openTab(page, "settings");
  await page.getByText(/hidden until the fault is found/).waitFor();
  await openTab(page, "try");
  await goTo(page, "#/optimizer-paths");
  await openTab(page, "try");
  await use("SGD at this rate");
  await page.getByText(/Yes: noise is multiplied/).waitFor();
  await expect.poll(() => page.locator("[data-stage] figure canvas").count()).toBe(2);
  await openTab(page, "more");
  await page.getByText("Teacher mode").click();
  await page.getByRole("button", { name: /Save my answers as CSV \(2\)/ }).waitFor();
  expect(page.complaints).toEqual([]);
});

test("the pair of runs of a contrast ends when one goes back to the figure, and a reload begins none of it anew", async () => {
  const page = await studio.open("#/dropout");
  await openTab(page, "try");
  const contrast = page.getByRole("region", { name: "One difference" });
  await contrast.getByRole("button").first().click();
  await expect.poll(() => page.locator("[data-stage] figure canvas").count()).toBe(2);
  await openTab(page, "runs");
  const runs = page.getByRole("region", { name: "Runs" }).getByRole("listitem");
  await expect.poll(() => runs.allTextContents()).toEqual([expect.stringContaining("running")]);
  expect(await page.evaluate(() => sessionStorage.getItem("tanren.going.dropout"))).toBeNull();
  await openTab(page, "try");
  await contrast.getByRole("button", { name: "Back to the figure" }).click();
  await openTab(page, "runs");
  await expect.poll(() => runs.allTextContents()).toEqual([expect.stringContaining("interrupted")]);
  // The second would have begun by now.
  await page.waitForTimeout(1000);
  expect(await runs.count()).toBe(1);
  expect(page.complaints).toEqual([]);
});

test("a main setting of many names is one button: they are chosen in a layer above the page, which Escape closes", async () => {
  const page = await studio.open("#/lr-find");
  await page.getByText("The book's own run.").waitFor();
  const button = page.getByRole("button", { name: "optimizers SGD, Momentum, Adam" });
  const box = page.getByRole("checkbox", { name: "AdaGrad", exact: true });
  expect(await box.isVisible()).toBe(false);
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox", { name: "SGD", exact: true }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  expect(await box.isVisible()).toBe(false);
  const changed = page.getByRole("button", { name: "optimizers SGD, Momentum, AdaGrad, Adam" });
  expect(await changed.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => page.url()).toMatch(/optimizers=SGD,Momentum,AdaGrad,Adam/);
  await page.getByText(/beside: .*AdaGrad/).waitFor();
  expect(page.complaints).toEqual([]);
});
