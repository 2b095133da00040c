// Plays simulated schedules.
//   npm run simulate -- --seed N [--steps K]     one schedule, told line by line, at most K turns of it
//   npm run simulate -- --seeds COUNT [--from N] so many schedules; what fails is shrunk and told
//   --kind study | run | hub | postgres     what is simulated, a study unless told: on a real PostgreSQL its statements interleaved; --first ends at the first that fails
import { parseArgs } from "node:util";
import { interleavedPlanOf, playInterleaved, smallerInterleavedPlans } from "./interleaved.ts";
import { hub, type Kind, run, study } from "./kinds.ts";
import { openSessions } from "./open-sessions.ts";
import { SharedFile } from "./shared-file.ts";
import { shrink } from "./shrink.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    steps: { type: "string" },
    seeds: { type: "string" },
    first: { type: "boolean", default: false },
    kind: { type: "string", default: "study" },
    from: { type: "string", default: "0" },
  },
});

/** After so many schedules the sum so far is told. */
const toldEvery = 10_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Where it happens; used for one schedule after the other. */
interface Opened<W> {
  readonly place: W;
  close(): Promise<void>;
}

async function simulate<P, W>(open: () => Promise<Opened<W>>, kind: Kind<P, W>): Promise<boolean> {
  const { place, close } = await open();
  try {
    return await playAll(place, kind);
  } finally {
    await close();
  }
}

async function playAll<P, W>(place: W, { planOf, smaller, play }: Kind<P, W>): Promise<boolean> {
  if (values.seed !== undefined) {
    const steps = values.steps === undefined ? {} : { steps: Number(values.steps) };
    const { violation, turns } = await play(place, planOf(Number(values.seed)), { trace: say, ...steps });
    say(violation === null ? `all held in ${turns} turns` : `VIOLATION: ${violation}`);
    return violation === null;
  }
  const from = Number(values.from);
  const count = Number(values.seeds ?? 1000);
  let played = 0;
  let turns = 0;
  let failed = 0;
  const tellSum = () => {
    const { user, system } = process.cpuUsage();
    const rate = (played / ((user + system) / 1e6)) * 3600;
    say(
      `${played} schedules from seed ${from}, ${failed} violations, ${turns} turns, ${rate.toFixed(0)} an hour of one core`,
    );
  };
  for (let seed = from; seed < from + count; seed++) {
    // What a long run has played stands there even if it is ended.
    if (played > 0 && played % toldEvery === 0) {
      tellSum();
    }
    const { violation, turns: taken } = await play(place, planOf(seed));
    played++;
    turns += taken;
    if (violation !== null) {
      failed++;
      say(`seed ${seed}: ${violation}`);
      if (values.first) {
        break;
      }
      if (failed <= 3) {
        const least = await shrink(planOf(seed), smaller, async (plan) => (await play(place, plan)).violation !== null);
        say(JSON.stringify(least));
        await play(place, least, { trace: say });
      }
    }
  }
  tellSum();
  return failed === 0;
}

const inFile = async () => ({ place: await SharedFile.prepared(), async close() {} });

const kinds: Readonly<Record<string, () => Promise<boolean>>> = {
  study: () => simulate(inFile, study),
  run: () => simulate(inFile, run),
  hub: () => simulate(inFile, hub),
  postgres: () =>
    simulate(openSessions, { planOf: interleavedPlanOf, smaller: smallerInterleavedPlans, play: playInterleaved }),
};
const kind = kinds[values.kind];
if (kind === undefined) {
  throw new Error(`--kind: must be one of ${Object.keys(kinds).join(", ")}, got "${values.kind}".`);
}
// A program that PostgreSQL's package leaves behind would end with 0 otherwise.
process.exit((await kind()) ? 0 : 1);
