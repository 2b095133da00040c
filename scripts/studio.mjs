// npm run studio: sets up, builds the studio when its sources changed, and opens it on this machine.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { launch } from "./launch.mjs";
import { node, root, setUp } from "./setup.mjs";

await setUp();
const { status } = spawnSync(node, [join(root, "scripts", "build-studio.mjs")], { stdio: "inherit" });
process.exitCode = status === 0 ? await launch("src/cli/main.ts", ["studio", ...process.argv.slice(2)]) : 1;
