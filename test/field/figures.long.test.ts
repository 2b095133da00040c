import { test } from "vitest";
import { manyPoints } from "../support/drawings.ts";
import { withoutPath2D } from "../support/strict-canvas.ts";

withoutPath2D();

test("a million points are a small drawing, quickly made, in every layer", () => manyPoints(1_000_000));
