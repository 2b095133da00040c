import { DataError } from "../core/errors.ts";

type Failure = Error & { code?: string; errors?: Failure[] };

/** What PostgreSQL's codes and the network's mean: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sentences: readonly (readonly [codes: RegExp, holds: string, came: string, advice: string])[] = [
  [/^28/, "must let this user in", "a refusal of the user or the password", "Check both in the URL."],
  [/^3D000$/, "must have this database", "none of that name", "Make it (createdb) or correct the URL."],
  [/^42501$/, "must let this user make its tables", "a refusal", "Grant CREATE on the database."],
  [/^ENOTFOUND$|^EAI_AGAIN$/, "must be reachable", "a host name that nobody knows", "Check the host in the URL."],
  [/^ECONNREFUSED$/, "must be reachable", "a refused connection", "Is PostgreSQL running there, and the port right?"],
  [/^53100$/, "needs free space", "a full disk", "Free some; everything recorded before is kept."],
  [/^53300$/, "must have a connection free", "too many already", "Raise max_connections or run fewer workers."],
];

/** Says in one sentence what went wrong with a database; an error that is neither PostgreSQL's nor the network's comes back. */
export function explainPostgres(error: unknown, where: string): unknown {
  const failure = innermost(error);
  const { code = "", message } = failure;
  const found = sentences.find(([codes]) => codes.test(code));
  if (found !== undefined) {
    const [, holds, came, advice] = found;
    return new DataError(`study store ${where}: ${holds}, got ${came}. ${advice}`, { cause: error });
  }
  if (mayPass(error)) {
    return new DataError(
      `study store ${where}: must answer, got "${message}" again and again. Check the server and the network; what was recorded is kept.`,
      { cause: error },
    );
  }
  if (/^[0-9A-Z]{5}$/.test(code) || /SSL|SASL|protocol/i.test(message ?? "")) {
    return new DataError(`study store ${where}: must do as asked, got "${message}". Check that it is PostgreSQL.`, {
      cause: error,
    });
  }
  return error;
}

/**
 * Whether the same transaction may succeed if tried again: conflicts, a server that restarts, a connection that broke, a
 * disk that somebody may clear.
 */
export function mayPass(error: unknown): boolean {
  const { code = "", message = "" } = innermost(error);
  return (
    /^(40001|40P01|55P03|57P0[123]|57014|25P0[34]|53[0-9A-Z]{3}|08[0-9A-Z]{3})$/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(
      code,
    ) ||
    /connection (terminated|ended|timeout)|Client has encountered a connection error|not queryable|timeout (exceeded|expired)|Query read timeout|has been discarded|transaction was aborted|aborted transaction/i.test(
      message,
    )
  );
}

/** A connection tried at several addresses fails with one error for each. */
function innermost(error: unknown): Failure {
  const failure = error as Failure;
  return failure.errors?.[0] ?? failure;
}
