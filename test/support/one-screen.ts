import type { TestPage } from "./browser.ts";
import { goTo } from "./studio.ts";

export const screens = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
] as const;

/**
 * What of a page does not lie within its first screen: the figure's plot, the sentence it shows, Run and a control; and
 * whether the page is higher than 1.6 screens (on a desktop) or wider than the window. Empty when all is well.
 */
export async function outsideFirstScreen(page: TestPage, id: string): Promise<string[]> {
  await goTo(page, `#/${id}`);
  const found: string[] = [];
  for (const screen of screens) {
    await page.setViewportSize(screen);
    await page.evaluate(() => scrollTo(0, 0));
    await page.locator("[data-stage] canvas").first().waitFor();
    // Figures are drawn anew for the size.
    await page.waitForTimeout(120);
    const wrong = await page.evaluate(() => {
      const run = [...document.querySelectorAll("button")].find((button) =>
        // A page that trains by itself may be at it.
        /^(Run|Pause|実行|一時停止)$/.test((button.textContent ?? "").trim()),
      );
      const parts = {
        figure: document.querySelector("[data-stage]"),
        sentence: document.querySelector("[data-says]"),
        run,
        control: document.querySelector("[data-controls] input, [data-controls] select, [data-controls] button"),
      };
      const lines = Object.entries(parts).flatMap(([name, element]) => {
        const box = element?.getBoundingClientRect();
        if (box === undefined || box.width === 0) {
          return [`no ${name}`];
        }
        const inside = box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0 && box.right <= innerWidth + 1;
        return inside ? [] : [`${name} from ${Math.round(box.top)} to ${Math.round(box.bottom)}`];
      });
      const stage = parts.figure?.getBoundingClientRect();
      const { scrollHeight, scrollWidth } = document.documentElement;
      return [
        ...lines,
        ...((stage?.height ?? 0) < 150 ? [`figure ${Math.round(stage?.height ?? 0)} px high`] : []),
        ...(innerWidth >= 900 && scrollHeight > 1.6 * innerHeight ? [`page ${scrollHeight} px high`] : []),
        ...(scrollWidth > innerWidth ? [`page ${scrollWidth} px wide`] : []),
      ];
    });
    found.push(...wrong.map((line) => `${id}, ${screen.width}×${screen.height}: ${line}`));
  }
  return found;
}
