import { expect, test } from "vitest";
import { languages } from "../../src/core/text.ts";
import { renderSvg } from "../../src/figure/svg.ts";
import { studyViews } from "../../src/search/views/index.ts";
import { sampleStudy } from "../support/sample-study.ts";

test.each(studyViews)("the view $id of a study is drawn as it was", async ({ id, draw }) => {
  const figure = draw(sampleStudy())!;
  const language = languages[studyViews.findIndex((view) => view.id === id) % 2];
  const drawn = renderSvg(figure, { language });
  await expect(drawn).toMatchFileSnapshot(`snapshots/study-${id}.${language}.svg`);
});
