// Plays simulated schedules.
//   npm run simulate -- --seed N [--steps K]     one schedule, told line by line, at most K turns of it
//   npm run simulate -- --seeds COUNT [--from N] so many schedules; what fails is shrunk and told
import { parseArgs } from "node:util";
import { type Plan, planOf, smallerPlans } from "./plan.ts";
import { playStudy } from "./schedule.ts";
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

const file = await SharedFile.prepared();
const say = (line: string) => process.stdout.write(`${line}\n`);

async function least(plan: Plan): Promise<Plan> {
  return shrink(plan, smallerPlans, async (smaller) => (await playStudy(file, smaller)).violation !== null);
}

if (values.seed !== undefined) {
  const plan = planOf(Number(values.seed));
  const { violation, turns } = await playStudy(file, plan, {
    trace: say,
    ...(values.steps === undefined ? {} : { steps: Number(values.steps) }),
  });
  say(violation === null ? `all held in ${turns} turns` : `VIOLATION: ${violation}`);
  process.exitCode = violation === null ? 0 : 1;
} else {
  const from = Number(values.from);
  const count = Number(values.seeds ?? 1000);
  let turns = 0;
  let failed = 0;
  for (let seed = from; seed < from + count; seed++) {
    const played = await playStudy(file, planOf(seed));
    turns += played.turns;
    if (played.violation !== null) {
      failed++;
      say(`seed ${seed}: ${played.violation}`);
      if (values.first) {
        break;
      }
      if (failed <= 3) {
        const smallest = await least(planOf(seed));
        say(JSON.stringify(smallest));
        await playStudy(file, smallest, { trace: say });
      }
    }
  }
  const { user, system } = process.cpuUsage();
  const seconds = (user + system) / 1e6;
  say(
    `${count} schedules from seed ${from}, ${failed} violations, ${turns} turns, ${((count / seconds) * 3600).toFixed(0)} an hour of one core`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}
