/** The page's colours, as a canvas needs them. */
export interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly faint: string;
  /** The surface's colour at its lowest and at its highest. */
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
  readonly dark: boolean;
}

export function paletteOf(element: Element, dark: boolean): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    background: read("background"),
    surface: read("surface"),
    ink: read("ink"),
    muted: read("muted"),
    faint: read("faint"),
    low: dark ? [18, 24, 32] : [255, 253, 247],
    high: dark ? [46, 58, 76] : [178, 190, 206],
    dark,
  };
}
