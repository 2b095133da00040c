import { readFileSync } from "node:fs";
import pg from "pg";
import { DataError } from "../../core/errors.ts";
import { whyUnreadable } from "../file-errors.ts";
import { parseStoreAddress } from "./store-address.ts";

// By itself, so that no type of pg's, which are in a package that is not installed with it, is among those of our doors.

/** Of whatever an unlucky moment left behind on a connection, in milliseconds. */
const limits = { connect: 10_000, statement: 20_000, idleInTransaction: 8_000, answer: 30_000 };

/**
 * Opens a pool of connections, each when it is first needed. A server that vanished without a word is noticed by its
 * silence.
 * @param application what the server calls us
 * @throws DataError when a file that the URL names cannot be read
 */
export function openPool(url: string, application: string, connections: number): pg.Pool {
  checkKeyFiles(url);
  const pool = new pg.Pool({
    // As URLs are written: pg would encode one that holds a space a second time.
    connectionString: new URL(url).href,
    application_name: application,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: limits.connect,
    statement_timeout: limits.statement,
    query_timeout: limits.answer,
    // A worker that was frozen in the middle of a transaction must not keep its locks.
    idle_in_transaction_session_timeout: limits.idleInTransaction,
  });
  // A connection that breaks between two queries is replaced by the next one who asks; nobody else is to hear of it.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** The files that a URL may name: pg reads them when it first connects, and would say no more than ENOENT. */
function checkKeyFiles(url: string): void {
  const asked = new URL(url).searchParams;
  for (const name of ["sslcert", "sslkey", "sslrootcert"]) {
    const path = asked.get(name);
    if (path === null || path === "") {
      continue;
    }
    try {
      readFileSync(path);
    } catch (error) {
      const where = parseStoreAddress(url, "study store").text;
      const why = whyUnreadable(error);
      throw new DataError(
        {
          en: `study store ${where}: ${name} must be a file that can be read, got ${why.en} (${path}). Correct the URL.`,
          ja: `study store ${where}: ${name} のファイル(${path})を読めません(${why.ja})。URL を直してください。`,
        },
        { cause: error },
      );
    }
  }
}
