// npm run bench [-- steps|updates|traffic|table|whole|fit|endurance|convolutions …]: sets up, installs the peers of bench/ (once) and measures.
import { launch } from "./launch.mjs";
import { installPeers } from "./peers.mjs";
import { setUp } from "./setup.mjs";

await setUp();
if (!installPeers()) {
  process.stderr.write("bench: the peers could not be installed, so only Tanren is measured.\n");
}
process.exitCode = await launch("bench/bench.ts", process.argv.slice(2));
