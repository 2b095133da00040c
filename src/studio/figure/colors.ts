import { mix } from "../../figure/colors.ts";
import { type Theme, themes } from "../../figure/style.ts";

/** The colours figures take where an element stands: the page's properties, on the background behind the element. */
export function colorsAt(element: Element, probe: HTMLElement): Theme {
  const style = getComputedStyle(probe);
  const background = backgroundBehind(element);
  const base = isDark(background) ? themes.dark : themes.light;
  const ink = style.color;
  // Where a system has few colours, lines of a grid would have the words'.
  const faint = matchMedia("(forced-colors: active)").matches ? mix(background, ink, 0.25) : style.outlineColor;
  return { background, ink, faint, low: base.low, high: base.high };
}

function backgroundBehind(element: Element): string {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (color !== "transparent" && !/^rgba\(.*, 0\)$/.test(color)) {
      return color;
    }
  }
  return "rgb(255, 255, 255)";
}

function isDark(color: string): boolean {
  const [r, g, b] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

/** Calls back whenever the page may have changed its colours; returns how to stop. */
export function watchColors(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}
