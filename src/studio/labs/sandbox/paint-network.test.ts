import { expect, test } from "vitest";
import { endRoom, headRoom, placeNetwork } from "./paint-network.ts";

const box = { width: 700, height: 600, head: headRoom.plain, end: endRoom.bare };

test("tiles stay below what changes their layer, however many lines that has, and above the box's end", () => {
  for (const head of Object.values(headRoom)) {
    for (const units of [[2, 1, 2], [784, 8, 16, 64, 10], Array.from({ length: 12 }, () => 128)]) {
      const { columns, tile } = placeNetwork(units, { ...box, head });
      for (const { spots } of columns) {
        expect(spots[0].y - tile / 2).toBeGreaterThanOrEqual(head);
        expect(spots.at(-1)!.y + tile / 2).toBeLessThanOrEqual(box.height);
      }
    }
  }
});

test("outputs leave the room for their names, and the others move with them", () => {
  for (const end of Object.values(endRoom)) {
    const { columns } = placeNetwork([2, 16, 16, 10], { ...box, end });
    expect(columns.at(-1)!.middle).toBe(box.width - end);
    const steps = columns.slice(2).map(({ middle }, i) => middle - columns[i + 1].middle);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
  }
});
