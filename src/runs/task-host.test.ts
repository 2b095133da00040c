import { expect, test } from "vitest";
import type { Experiment } from "./experiment.ts";
import type { FromHost } from "./protocol.ts";
import { TaskHost } from "./task-host.ts";

test("a task that throws has failed, one that throws because it is stopped has ended", async () => {
  const said: FromHost[] = [];
  const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
  const host: TaskHost = new TaskHost({
    ...{ say: (message) => said.push(message), now: () => 0, breathe },
    experimentNamed: () =>
      ({
        async *execute({ stops }: { stops: boolean }) {
          yield { kind: "ended" };
          if (stops) {
            host.steer({ kind: "stop" });
          }
          throw new Error("no");
        },
      }) as unknown as Experiment,
  });
  const perform = (stops: boolean) =>
    host.perform(
      { experiment: "x", tasks: [{ run: "a", tags: {}, stops } as never], limit: Number.POSITIVE_INFINITY },
      () => ({ kernels: {}, kernelsIn: () => ({}) }) as never,
    );
  await perform(false);
  await perform(true);
  expect(said.map(({ kind }) => kind)).toEqual(["events", "failed", "done", "events", "ended", "done"]);
});
