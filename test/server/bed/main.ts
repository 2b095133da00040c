import { Recorder } from "../../../src/core/record.ts";
import { apiOf, openServerClient, serverInfo } from "../../../src/web/served/client.ts";
import { openServerRunner } from "../../../src/web/served/runner.ts";
import { openServerShelf } from "../../../src/web/served/shelf.ts";

/** What the test asks of a page that its server gave. */
async function served() {
  const client = openServerClient(apiOf(document)!);
  const shelf = openServerShelf({ client, info: await serverInfo(client) });
  let changes = 0;
  shelf.subscribe(() => {
    changes++;
  });
  const request = {
    experiment: { id: "optimizer-comparison" },
    preset: "book",
    settings: { iterations: 60, hiddenSizes: [20], trainRows: 600 },
    seed: 0,
    dtype: "float32",
    backend: "wasm-simd",
  } as const;
  const run = await openServerRunner(client).start(request, { signal: new AbortController().signal, watch: true });
  const recorder = new Recorder();
  const kinds = new Set<string>();
  for await (const event of run.events) {
    recorder.add(event);
    kinds.add(event.event.kind);
  }
  await shelf.mark(run.id, { label: "from a page" });
  const listed = await shelf.list();
  shelf.close();
  return {
    isolated: globalThis.crossOriginIsolated,
    status: run.summary.status,
    series: recorder.recorded().series,
    kinds: [...kinds],
    labels: listed.map(({ label }) => label),
    changes,
  };
}

/** What the page's policy must not let happen. */
async function forbidden() {
  // What a debugger evaluates is let through, until it has returned once.
  await new Promise((resolve) => setTimeout(resolve));
  const element = document.createElement("script");
  element.textContent = "globalThis.wasRun = true";
  document.head.append(element);
  let evaluated = false;
  try {
    evaluated = new Function("return true")() as boolean;
  } catch {}
  const abroad = await fetch("http://127.0.0.1:9/").then(
    () => true,
    () => false,
  );
  return { inline: "wasRun" in globalThis, evaluated, abroad };
}

Object.assign(globalThis, { served, forbidden });
