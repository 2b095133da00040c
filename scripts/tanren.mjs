// npm run -s tanren -- <command> …: the command line from source.
import { launch } from "./launch.mjs";

process.exitCode = await launch("src/cli/main.ts", process.argv.slice(2));
