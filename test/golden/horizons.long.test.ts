import { test } from "vitest";
import { expectUpToHorizon } from "../support/expect-horizon.ts";
import { horizonCases } from "../support/horizons.ts";

test.each(horizonCases())("$experiment, seed $seed: the original's numbers up to the horizon", expectUpToHorizon);
