export function subsetFonts(): Promise<string>;
