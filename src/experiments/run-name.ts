import type { Tags } from "../core/record.ts";

/** What a run is called where several stand together: its name, and those tags that the name does not tell. */
export function runName({ run, tags }: { readonly run: string; readonly tags: Tags }): string {
  const told = Object.entries(tags).filter(([, value]) => !run.endsWith(`=${value}`));
  return [run, ...told.map(([key, value]) => `${key}=${Number(value).toPrecision(3)}`)].join(" ");
}
