import type { Kysely } from "kysely";
import { HyperError } from "../../core/errors.ts";
import { packIntermediate } from "./study-rows.ts";
import { type ArtifactInfo, checkpointName, type Lease } from "./study-store.ts";
import type { StudyTables } from "./tables.ts";
import type { Unit } from "./trial-locks.ts";

type Db = Kysely<StudyTables>;

/** @throws HyperError on a name that an artifact of one's own cannot have */
export function checkArtifactName(name: string): void {
  if (name === "" || name === checkpointName) {
    throw new HyperError({
      en: `artifact: must have a name other than "${checkpointName}", got "${name}". Give another, or use checkpoint.`,
      ja: `artifact: "${checkpointName}" 以外の名前を指定してください(指定された値: "${name}")。再開用のデータには checkpoint を使います。`,
    });
  }
}

/** Keeps bytes under a name of an attempt, in place of those before. The lease must have been fenced. */
export async function keepArtifact(unit: Unit, lease: Lease, name: string, bytes: Uint8Array): Promise<void> {
  await keep(unit, lease, name, bytes, null);
}

/** Keeps a checkpoint, and what had been reported until then. The lease must have been fenced. */
export async function keepCheckpoint(unit: Unit, lease: Lease, bytes: Uint8Array): Promise<void> {
  const reported = await unit.tx
    .selectFrom("metrics")
    .select(["step", "value"])
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .where("attempt", "=", lease.attempt)
    .orderBy("step")
    .execute();
  await keep(unit, lease, checkpointName, bytes, packIntermediate(reported));
}

async function keep(
  { tx, clock }: Unit,
  { study, number, attempt }: Lease,
  name: string,
  bytes: Uint8Array,
  intermediate: string | null,
): Promise<void> {
  await tx
    .insertInto("artifacts")
    .values({ study, number, attempt, name, bytes: Buffer.from(bytes), intermediate, created_at: clock })
    .onConflict((conflict) =>
      conflict.columns(["study", "number", "attempt", "name"]).doUpdateSet(({ ref }) => ({
        bytes: ref("excluded.bytes"),
        intermediate: ref("excluded.intermediate"),
        created_at: ref("excluded.created_at"),
      })),
    )
    .execute();
}

/** What a trial's attempts have kept, without the bytes. */
export async function artifactsOf(db: Db, study: number, number: number): Promise<ArtifactInfo[]> {
  const rows = await db
    .selectFrom("artifacts")
    .select(({ fn }) => ["name", "attempt", fn<number>("length", ["bytes"]).as("size"), "created_at"])
    .where("study", "=", study)
    .where("number", "=", number)
    .orderBy("attempt")
    .orderBy("name")
    .execute();
  return rows.map(({ name, attempt, size, created_at }) => ({ name, attempt, size, createdAt: created_at }));
}

/** The bytes that the last attempt kept under a name; null when none did. */
export async function artifactNamed(db: Db, study: number, number: number, name: string): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom("artifacts")
    .select("bytes")
    .where("study", "=", study)
    .where("number", "=", number)
    .where("name", "=", name)
    .orderBy("attempt", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : new Uint8Array(row.bytes);
}
