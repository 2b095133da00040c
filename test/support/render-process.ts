/**
 * The process that draws, bundled for the tests. With `TANREN_TEST_PICTURES=none` it gives blank sheets: for what looks at
 * numbers, sentences and exit codes only.
 */
import type { RenderAnswer, RenderJob } from "../../src/node/figure/renderer.ts";

if (process.env.TANREN_TEST_PICTURES === "none") {
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", ({ kind }: RenderJob) => {
    const drawn = kind === "png" ? Uint8Array.of(0x89, 0x50, 0x4e, 0x47) : kind === "svg" ? "<svg/>" : "<section/>";
    process.send!({ drawn } satisfies RenderAnswer);
  });
} else {
  await import("../../src/node/figure/render-process.ts");
}
