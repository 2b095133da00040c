import { statSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { DataError } from "../core/errors.ts";
import { numberOf } from "../core/hyper.ts";
import { absolute } from "../node/store/make-folder.ts";

/** Parses an option that is a whole number in [low, high]. */
export function wholeNumber(low: number, high: number) {
  return (text: string): number => {
    const value = numberOf(text);
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be a whole number in [${low}, ${high}].`);
    }
    return value;
  };
}

/** A number > 0. */
export function positiveNumber(text: string): number {
  const value = numberOf(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("It must be a number > 0.");
  }
  return value;
}

/** A seed of NumPy's legacy generator. */
export const seedNumber = wholeNumber(0, 0xffffffff);

/** `0..9` or `3,1,4` */
export function seedRange(text: string): number[] {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (first === undefined) {
    const listed = text.split(",");
    if (listed.length > mostSeeds || !listed.every((seed) => /^\d+$/.test(seed))) {
      throw noSeeds();
    }
    return listed.map(seedNumber);
  }
  const [low, high] = [seedNumber(first), seedNumber(last)];
  if (high < low || high - low >= mostSeeds) {
    throw noSeeds();
  }
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

const mostSeeds = 10_000;

const noSeeds = () =>
  new InvalidArgumentError(`It must be A..B with A ≤ B or seeds parted by commas, at most ${mostSeeds} of them.`);

/** For options that may be repeated. */
export function collect(text: string, all: readonly string[]): string[] {
  return [...all, text];
}

/** Lets every thread of this process find the data sets in a folder. @throws DataError when there is none */
export function useDataFolder(folder: string): void {
  const path = absolute(folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new DataError({
      en: `--data-folder: must be a folder, got "${folder}", where there is none. Check the path.`,
      ja: `--data-folder: "${folder}" というフォルダーはありません。パスを確かめてください。`,
    });
  }
  process.env.TANREN_DATA = path;
}
