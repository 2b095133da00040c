import type { Tags } from "../core/tags.ts";

/** What a run is called where several stand together: its name, and those tags that the name does not tell. */
export function runName({ run, tags }: { readonly run: string; readonly tags: Tags }): string {
  const told = Object.entries(tags).filter(([, value]) => !run.endsWith(`=${value}`));
  return [run, ...told.map(([key, value]) => `${key}=${tagText(value)}`)].join(" ");
}

/** A tag's value as it is read: a number with three digits, a word as it is. */
export function tagText(value: Tags[string]): string {
  return typeof value === "number" ? value.toPrecision(3) : value;
}
