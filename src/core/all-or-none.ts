/**
 * Runs tasks side by side until all have ended. The first that breaks has `stop` called, so that the others end early; its
 * error is thrown after they have, when what they held is given back.
 */
export async function allOrNone(tasks: readonly (() => Promise<void>)[], stop: () => void): Promise<void> {
  const results = await Promise.allSettled(
    tasks.map((task) =>
      task().catch((error: unknown) => {
        stop();
        throw error;
      }),
    ),
  );
  const broken = results.find((result) => result.status === "rejected");
  if (broken !== undefined) {
    throw broken.reason;
  }
}
