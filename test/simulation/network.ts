import { Chance } from "./chance.ts";
import type { SimProcess, World } from "./world.ts";

/** Who answers at an address. */
export interface Answering {
  readonly process: SimProcess;
  readonly answer: (request: Request) => Response | Promise<Response>;
}

/** Milliseconds after which a system gives up a connection on which a request was sent and nothing has come back. */
const givenUpAfter = 60_000;
/** Pieces of a body that may be under way at a time: who reads slowly holds up who writes. */
const under = 4;

/**
 * What lies between pages and their server: requests and answers take time, pieces of an answer keep their order,
 * connections break, and some carry nothing any more without anybody being told.
 */
export class Network {
  private readonly world: World;
  private readonly chance: Chance;
  private readonly links = new Set<Link>();
  /** Who answers now; nobody while no server runs. */
  server: Answering | null = null;

  constructor(world: World) {
    this.world = world;
    this.chance = new Chance(world.seed, "network");
  }

  /** `fetch` as a page of that process has it. */
  fetchOf(page: SimProcess): typeof fetch {
    return (address, init = {}) => {
      const link = new Link(this.world, page, () => this.delay());
      this.links.add(link);
      const { signal, ...rest } = init;
      signal?.addEventListener("abort", () => link.giveUp(), { once: true });
      const { url } = new Request(address as string);
      this.world.at(this.world.now + this.delay(), null, "request", () => {
        const { server } = this;
        if (server === null || !server.process.alive) {
          link.break();
          return;
        }
        server.process.onDeath.push(() => link.break());
        const headers = new Headers({ ...(rest.headers as Record<string, string>), host: new URL(url).host });
        link.carry(server, () => server.answer(new Request(url, { ...rest, headers })));
      });
      return link.answer;
    };
  }

  /** Every connection breaks. */
  drop(): void {
    for (const link of this.links) {
      link.break();
    }
    this.links.clear();
  }

  /** Every connection is silent from now on. Who has sent a request hears so in the end, who only listens never does. */
  cut(): void {
    for (const link of this.links) {
      link.silence();
    }
    this.links.clear();
  }

  private delay(): number {
    return this.chance.one(10) ? 20 + 300 * this.chance.next() : 0.2 + 2 * this.chance.next();
  }
}

class Link {
  readonly answer: Promise<Response>;
  private silent = false;
  private readonly world: World;
  private readonly page: SimProcess;
  private readonly delay: () => number;
  private resolve!: (response: Response) => void;
  private reject!: (error: Error) => void;
  private body: ReadableStreamDefaultController<Uint8Array> | null = null;
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  private over = false;
  private last = 0;

  constructor(world: World, page: SimProcess, delay: () => number) {
    this.world = world;
    this.page = page;
    this.delay = delay;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Nobody need hear of an answer that comes to nothing.
    this.answer.catch(() => {});
  }

  /** Has the server answer, and brings back what it says. */
  carry({ process }: Answering, answer: () => Response | Promise<Response>): void {
    this.world.at(this.world.now, process, "answer", async () => {
      if (this.silent || this.over) {
        return;
      }
      const response = await answer();
      const { status, headers } = response;
      this.reader = response.body?.getReader() ?? null;
      const reader = this.reader;
      this.deliver(() => {
        const body =
          reader === null
            ? null
            : new ReadableStream<Uint8Array>({
                start: (controller) => {
                  this.body = controller;
                },
                cancel: () => this.giveUp(),
              });
        this.resolve(new Response(body, { status, headers }));
        if (reader !== null) {
          for (let i = 0; i < under; i++) {
            this.pump(process, reader);
          }
        }
      });
    });
  }

  /** Both sides are told, each in its time, that the connection is gone. */
  break(): void {
    if (!this.silent) {
      this.deliver(() => this.fail(new TypeError("simulated: the connection broke")));
      this.hangUp();
    }
  }

  silence(): void {
    this.silent = true;
    this.world.at(this.world.now + givenUpAfter, this.page, "given up", () => {
      if (this.body === null) {
        this.fail(new TypeError("simulated: the connection timed out"));
      }
    });
  }

  /** The page wants no more of it. */
  giveUp(): void {
    this.fail(new DOMException("simulated: the page gave up", "AbortError"));
    if (!this.silent) {
      this.hangUp();
    }
  }

  private fail(error: Error): void {
    if (!this.over) {
      this.over = true;
      this.reject(error);
      try {
        this.body?.error(error);
      } catch {
        // It was closed before.
      }
    }
  }

  private hangUp(): void {
    this.world.at(this.world.now + this.delay(), null, "hang up", () => void this.reader?.cancel().catch(() => {}));
  }

  /** The next piece, from the server's hands into the page's. */
  private pump(process: SimProcess, reader: ReadableStreamDefaultReader<Uint8Array>): void {
    this.world.at(this.world.now, process, "piece", async () => {
      if (this.over || this.silent) {
        return;
      }
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      this.deliver(() => {
        if (this.over) {
          return;
        }
        if (done) {
          this.over = true;
          this.body?.close();
        } else {
          this.body?.enqueue(value as Uint8Array);
          this.pump(process, reader);
        }
      });
    });
  }

  /** Something arrives at the page, after all that was sent before it. */
  private deliver(action: () => void): void {
    this.last = Math.max(this.last, this.world.now + this.delay());
    this.world.at(this.last, this.page, "arrives", () => {
      if (!this.silent) {
        action();
      }
    });
  }
}
