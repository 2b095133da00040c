/**
 * A process that draws: one job a message, one answer each. Whatever happens to it (resvg ends a whole process where it
 * meets something it did not expect) costs its parent that one answer.
 */
import { renderSection } from "../../figure/report.ts";
import { renderSvg } from "../../figure/svg.ts";
import { fontsFor, japaneseFamily, withFamilies } from "./fonts.ts";
import type { RenderAnswer, RenderJob } from "./renderer.ts";

async function draw(job: RenderJob): Promise<string | Uint8Array> {
  switch (job.kind) {
    case "svg":
      return renderSvg(job.spec, job.options);
    case "section":
      return renderSection(job.section);
    case "png": {
      // Loaded when it is needed: where its binary is missing, everything else is drawn all the same.
      const { Resvg } = await import("@resvg/resvg-js");
      const fontFiles = fontsFor(job.svg);
      const image = new Resvg(withFamilies(job.svg), {
        fitTo: { mode: "zoom", value: job.density },
        font: { fontFiles, loadSystemFonts: fontFiles.length === 0, defaultFontFamily: japaneseFamily },
      });
      return image.render().asPng();
    }
  }
}

// Ctrl-C reaches every process of a terminal; the parent decides when this one ends.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
process.on("message", async (job: RenderJob) => {
  let answer: RenderAnswer;
  try {
    answer = { drawn: await draw(job) };
  } catch (error) {
    answer = { failure: (error as Error).message };
  }
  process.send!(answer);
});
