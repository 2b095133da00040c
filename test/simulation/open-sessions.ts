import { openPostgresDatabase } from "../../src/node/store/postgres.ts";
import { startPostgres } from "../support/postgres.ts";
import { Sessions } from "./sessions.ts";

/** A PostgreSQL of its own, its tables made, and connections to it that a schedule commands. */
export async function openSessions(): Promise<{ readonly place: Sessions; close(): Promise<void> }> {
  const server = await startPostgres(["-c deadlock_timeout=20ms", "-c fsync=off"]);
  const url = await server.database("interleaved");
  await (await openPostgresDatabase({ url, random: () => 0.5 })).close();
  const place = await Sessions.open(url);
  return {
    place,
    async close() {
      await place.close();
      server.stop();
    },
  };
}
