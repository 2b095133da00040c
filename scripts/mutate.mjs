// Breaks one line at a time, in a copy, and sees that a check fails: the gradient check on every broken backward pass, the
// named tests on every other fault; the simulator on those of what is kept (`--simulation`, which only runs when asked for).
//   node scripts/mutate.mjs [--gradients | --others | --simulation] [--some N] [text …]
//     text: only faults whose file or name holds it; --some: so many of them, drawn anew each time
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gradientFaults, otherFaults } from "./mutations.mjs";
import { node, root } from "./setup.mjs";
import { simulationFaults } from "./simulation-mutations.mjs";

const { values: asked, positionals: only } = parseArgs({
  options: {
    gradients: { type: "boolean", default: false },
    others: { type: "boolean", default: false },
    simulation: { type: "boolean", default: false },
    some: { type: "string" },
  },
  allowPositionals: true,
});
const wanted = ([file, name]) => only.every((text) => `${file}: ${name}`.includes(text));
const copy = mkdtempSync(join(tmpdir(), "tanren-mutate-"));
const run = (program, extra = {}) =>
  spawnSync(node, program, {
    cwd: copy,
    encoding: "utf8",
    timeout: 600_000,
    maxBuffer: 1 << 26,
    // The named tests are usual ones, whoever plants the faults.
    env: { ...process.env, TANREN_LONG: "" },
    ...extra,
  });

/** The command without the others: most of a command's time is their loading. */
const gradcheckAlone = `
  import { Command } from "commander";
  import { addGradcheckCommand } from "./src/cli/commands/gradcheck.ts";
  import { openContext } from "./src/cli/context.ts";
  const program = new Command("tanren");
  addGradcheckCommand(program, () => openContext({}));
  await program.parseAsync(["gradcheck", ...process.argv.slice(1)], { from: "user" });`;

/** "sound" or "caught" only when the check itself says so: a crash is not a catch. */
function gradientCheck() {
  // Small: a wrong backward pass shows in six elements of a parameter as in fifty.
  const small = ["--hidden", "8,8", "--inputs", "10", "--rows", "8", "--samples", "6"];
  const { status, stdout, stderr } = run([
    ...["--input-type=module", "--eval", gradcheckAlone, "--"],
    ...["--backend", "reference", "--json", ...small],
  ]);
  const said = status === 0 || status === 1 ? JSON.parse(stdout || "{}").passed : undefined;
  return { verdict: said === true ? "sound" : said === false ? "caught" : "crashed", stderr };
}

function testsOf(files) {
  return () => {
    const report = join(copy, "report.json");
    rmSync(report, { force: true });
    const vitest = join("node_modules", "vitest", "vitest.mjs");
    const { stderr, stdout } = run([vitest, "run", "--bail=1", "--reporter=json", `--outputFile=${report}`, ...files]);
    try {
      const { numFailedTests, numPassedTests, success, testResults } = JSON.parse(readFileSync(report, "utf8"));
      const verdict = numFailedTests > 0 ? "caught" : success && numPassedTests > 0 ? "sound" : "crashed";
      const failed = testResults
        .filter(({ status }) => status === "failed")
        .map(({ name, message }) => `${name} ${message}`);
      return { verdict, stderr: `${failed.join("\n")}\n${stderr}` };
    } catch {
      return { verdict: "crashed", stderr: stderr + stdout };
    }
  };
}

/** Plays schedules until one fails. @param {string} kind of schedules */
function simulated(kind) {
  /** @param {number} seeds at most */
  return (seeds = kind === "postgres" ? 300 : 10_000) => {
    const program = ["test/simulation/simulate.ts", "--kind", kind, "--seeds", `${seeds}`, "--first"];
    const { status, stdout, stderr } = run(program);
    const said = /^seed \d+: .+$/m.exec(stdout ?? "");
    const verdict = status === 0 ? "sound" : said !== null ? "caught" : "crashed";
    return { verdict, stderr: `${stderr}${stdout}`, by: said?.[0] };
  };
}

let planted = 0;
let escaped = 0;

/** So many of them as were asked for. */
function some(faults) {
  const count = Number(asked.some ?? faults.length);
  const drawn = faults.map((fault) => ({ fault, at: Math.random() })).sort((a, b) => a.at - b.at);
  return drawn.slice(0, count).map(({ fault }) => fault);
}

/** Looks at every fault, whichever are asked for: code that changed may have lost its place, or be no code with it. */
function findPlaces() {
  const all = [gradientFaults, ...[...otherFaults, ...simulationFaults].map(({ faults }) => faults)].flat();
  for (const [file, name, from, to] of all) {
    const text = readFileSync(join(root, "src", file), "utf8");
    const times = text.split(from).length - 1;
    const wrong =
      times !== 1
        ? `must hold "${from}" once, got ${times}`
        : isCode(
              file,
              text.replace(from, () => to),
            )
          ? null
          : `must still be read with "${name}", got none that can be`;
    if (wrong !== null) {
      process.stderr.write(`mutate: ${file} ${wrong}. Mend the list of faults.\n`);
      planted++;
      escaped++;
    }
  }
}

/** Of TypeScript only; others are read by what they are planted for. @param {string} file @param {string} text */
function isCode(file, text) {
  try {
    return !file.endsWith(".ts") || stripTypeScriptTypes(text) !== "";
  } catch {
    return false;
  }
}

/** Plants each fault in turn; the unbroken code must pass. */
function plant(faults, check) {
  const chosen = some(faults.filter(wanted));
  if (chosen.length === 0) {
    return;
  }
  const sound = check(200);
  if (sound.verdict !== "sound") {
    process.stderr.write(`mutate: the unbroken code must pass its check, got: ${sound.stderr}\n`);
    escaped++;
    return;
  }
  for (const [file, name, from, to] of chosen) {
    planted++;
    const path = join(copy, "src", file);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const { verdict, stderr, by } = check();
    writeFileSync(path, text);
    escaped += verdict === "caught" ? 0 : 1;
    process.stdout.write(
      `${verdict === "caught" ? "caught " : "ESCAPED"}  ${file}: ${name}${by === undefined ? "" : ` (${by})`}\n`,
    );
    if (verdict === "crashed") {
      process.stderr.write(`${stderr}\n`);
    }
  }
}

try {
  for (const part of [
    "src",
    "test",
    "scripts",
    "notebooks",
    "build",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
  ]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  findPlaces();
  if (asked.simulation) {
    for (const { kind, faults } of simulationFaults) {
      plant(faults, simulated(kind));
    }
  } else if (!asked.others) {
    plant(gradientFaults, gradientCheck);
  }
  if (!asked.gradients && !asked.simulation) {
    for (const { tests, faults } of otherFaults) {
      plant(faults, testsOf(tests));
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`${planted - escaped} of ${planted} planted faults caught\n`);
process.exitCode = escaped > 0 || planted === 0 ? 1 : 0;
