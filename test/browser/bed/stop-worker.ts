import { trainUntil } from "../../support/endless-training.ts";

/** A Web Worker of a user of the library: trains until it is told to stop, and says how far it came. */
const page = self as unknown as Worker;
const controller = new AbortController();
page.onmessage = () => controller.abort();
page.postMessage("begun");
page.postMessage(await trainUntil(controller.signal));
