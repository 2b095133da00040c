// npm start: sets up, then trains the chapter's four optimizers on MNIST.
import { launch } from "./launch.mjs";

process.exitCode = await launch("src/cli/main.ts", ["run", "optimizer-comparison", ...process.argv.slice(2)]);
