import { describe, expect, test } from "vitest";
import { drawLine, drawMarker, drawWords } from "./pencil.ts";
import { SvgContext } from "./svg-context.ts";

/** What a drawing becomes. */
function drawn(draw: (ctx: SvgContext) => void): string {
  const ctx = new SvgContext("f");
  draw(ctx);
  return ctx.markup();
}

describe("what is filled and stroked", () => {
  const triangle = (ctx: SvgContext) => {
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.lineTo(10, 0);
    ctx.lineTo(5, 8.66);
    ctx.closePath();
  };

  test("is one element, in the order of its drawing", () => {
    const both = drawn((ctx) => {
      ctx.fillStyle = "#fff";
      triangle(ctx);
      ctx.fill();
      ctx.stroke();
    });
    expect(both).toBe('<path d="M0,0L10,0L5,8.7Z" fill="#fff" stroke="#000000"/>');
  });

  test("is two where something else lies between, or the path has gone on", () => {
    const between = drawn((ctx) => {
      triangle(ctx);
      ctx.fill();
      ctx.fillRect(1, 1, 2, 2);
      ctx.stroke();
    });
    expect(between.match(/<path|<rect/g)).toEqual(["<path", "<rect", "<path"]);
    const longer = drawn((ctx) => {
      triangle(ctx);
      ctx.fill();
      ctx.rect(20, 0, 5, 5);
      ctx.stroke();
    });
    expect(longer).toBe(
      '<path d="M0,0L10,0L5,8.7Z" fill="#000000"/>' +
        '<path d="M0,0L10,0L5,8.7ZM20,0L25,0L25,5L20,5Z" fill="none" stroke="#000000"/>',
    );
  });

  test("and has nothing in it is not there", () => {
    expect(
      drawn((ctx) => {
        ctx.beginPath();
        ctx.fill();
        ctx.stroke();
      }),
    ).toBe("");
  });
});

test("a line goes on where its next piece begins, and is broken where it does not", () => {
  const line = drawn((ctx) => {
    ctx.setLineDash([4, 3]);
    ctx.globalAlpha = 0.5;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.lineTo(1, 1);
    ctx.moveTo(1, 1);
    ctx.lineTo(2, 0);
    ctx.moveTo(3, 0);
    ctx.lineTo(4, 0);
    ctx.stroke();
  });
  const look = 'stroke="#000000" stroke-width="2" stroke-dasharray="4 3" stroke-opacity="0.5"';
  expect(line).toBe(`<path d="M0,0L1,1L2,0M3,0L4,0" fill="none" ${look}/>`);
});

test("everything set since it was saved is as before when it is restored", () => {
  const line = (ctx: SvgContext) => drawLine(ctx, 0, 0, 1, 0);
  const [before, after] = drawn((ctx) => {
    line(ctx);
    ctx.save();
    ctx.translate(5, 5);
    ctx.scale(2, 2);
    ctx.strokeStyle = "red";
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    ctx.globalAlpha = 0.1;
    ctx.setLineDash([1]);
    ctx.lineDashOffset = 1;
    ctx.restore();
    line(ctx);
  }).split(/(?<=\/>)/);
  expect(after).toBe(before);
});

describe("a clipped group", () => {
  const within = (ctx: SvgContext, draw: () => void) => {
    ctx.save();
    ctx.beginPath();
    ctx.rect(1, 2, 30, 40);
    ctx.clip();
    draw();
    ctx.restore();
  };

  test("holds what is drawn until it ends, by an id of its own", () => {
    const groups = drawn((ctx) => {
      within(ctx, () => ctx.fillRect(0, 0, 1, 1));
      ctx.fillRect(5, 5, 1, 1);
      within(ctx, () => within(ctx, () => ctx.fillRect(0, 0, 1, 1)));
    });
    const rect = (at: number) => `<rect x="${at}" y="${at}" width="1" height="1" fill="#000000"/>`;
    const open = (id: number) =>
      `<clipPath id="f-clip${id}"><rect x="1" y="2" width="30" height="40"/></clipPath><g clip-path="url(#f-clip${id})">`;
    expect(groups).toBe(`${open(1)}${rect(0)}</g>${rect(5)}${open(2)}${open(3)}${rect(0)}</g></g>`);
  });

  test("with nothing in it is not there: resvg ends its whole process at one", () => {
    expect(
      drawn((ctx) =>
        within(ctx, () => {
          ctx.beginPath();
          ctx.stroke();
        }),
      ),
    ).toBe("");
  });

  test("ends before what is drawn after it, also where a fill had waited for its stroke", () => {
    const shapes = drawn((ctx) => {
      within(ctx, () => {
        ctx.beginPath();
        ctx.arc(5, 5, 2);
        ctx.fill();
      });
      ctx.stroke();
    });
    expect(shapes).toMatch(/<circle cx="5" cy="5" r="2" fill="#000000"\/><\/g><circle [^>]*stroke="#000000"\/>$/);
  });
});

test("words are set where they stand, turned about their place, their letters never markup", () => {
  const words = drawn((ctx) => {
    ctx.translate(10, 20);
    ctx.rotate(-Math.PI / 2);
    drawWords(ctx, "<a & b>", { x: 0, y: 8, size: 11, weight: 700, anchor: "middle", color: "#123456" });
  });
  expect(words).toBe(
    '<text x="18" y="20" transform="rotate(-90,18,20)" font-size="11" font-weight="700" text-anchor="middle" fill="#123456">&lt;a &amp; b&gt;</text>',
  );
});

test("letters with a border are one text", () => {
  const words = drawn((ctx) => {
    ctx.font = "400 10px x";
    ctx.lineWidth = 3;
    ctx.strokeText("0.1", 1, 2);
    ctx.fillText("0.1", 1, 2);
    ctx.strokeText("alone", 1, 2);
  });
  const border = 'stroke="#000000" stroke-width="3" paint-order="stroke"';
  expect(words).toBe(
    `<text x="1" y="2" font-size="10" fill="#000000" ${border}>0.1</text><text x="1" y="2" font-size="10" fill="none" ${border}>alone</text>`,
  );
});

test("a marker is its outline about its place, as thick as asked at every size", () => {
  const marker = drawn((ctx) =>
    drawMarker(ctx, { marker: "plus", color: "red" }, { x: 3, y: 4, r: 2, width: 1.4, background: "#fff" }),
  );
  expect(marker).toBe(
    '<path transform="translate(3,4) scale(0.5)" d="M-4.5,0H4.5M0,-4.5V4.5" fill="#fff" stroke="red" stroke-width="2.8"/>',
  );
});
