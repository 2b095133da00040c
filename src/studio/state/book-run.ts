import type { RunRecord } from "../../core/record.ts";
import { type PackedRecord, unpackRecord } from "./packed-record.ts";

/** The book's own run as it is shipped with the page; null where it cannot be had. */
export async function bookRun(experiment: string): Promise<RunRecord | null> {
  try {
    const answer = await fetch(new URL(`book/${experiment}.json`, document.baseURI));
    return answer.ok ? unpackRecord((await answer.json()) as PackedRecord) : null;
  } catch {
    return null;
  }
}
