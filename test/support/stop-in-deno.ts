// Run by Deno: prints the steps made until a timer stopped training.
import { trainUntil } from "./endless-training.ts";

const controller = new AbortController();
setTimeout(() => controller.abort(), 50);
process.stdout.write(`${await trainUntil(controller.signal)}\n`);
