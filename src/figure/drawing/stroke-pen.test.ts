import { expect, test } from "vitest";
import type { Context } from "./pencil.ts";
import { StrokePen } from "./stroke-pen.ts";

test("dashes go on from piece to piece of a line, and begin anew where it is set down again", () => {
  const offsets: number[] = [];
  const ctx = {
    lineDashOffset: 0,
    getLineDash: () => [6, 4],
    beginPath() {},
    moveTo() {
      offsets.push(ctx.lineDashOffset);
    },
    lineTo() {},
    stroke() {},
  };
  const pen = new StrokePen(ctx as unknown as Context, 3);
  pen.moveTo(0, 0);
  for (let x = 1; x <= 45; x++) {
    pen.lineTo(x, 0);
  }
  pen.moveTo(100, 0);
  pen.lineTo(102, 0);
  pen.end();
  expect([...offsets, pen.length]).toEqual([3, 43, 0, 2]);
});
