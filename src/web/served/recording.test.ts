import { expect, onTestFinished, test, vi } from "vitest";
import { runInfo } from "../../../test/support/run-info.ts";
import { DataError } from "../../core/errors.ts";
import { inLanguage } from "../../core/text.ts";
import { RefusedError, type ServerClient, unreachable } from "./client.ts";
import { ServerRecording } from "./recording.ts";
import { openServerShelf } from "./shelf.ts";

const info = runInfo();
const end = { total: 1, train: 1 };

/** A server that answers so, and whose clock stands but for what is waited for without end. */
function clientOf(answer: (path: string) => unknown): { client: ServerClient; asked: string[]; pass: () => void } {
  const asked: string[] = [];
  const coming: (() => void)[] = [];
  const client: ServerClient = {
    base: "",
    fetch,
    timers: {
      after(_, action) {
        coming.push(action);
        return () => void coming.splice(coming.indexOf(action), coming.includes(action) ? 1 : 0);
      },
    },
    async ask<T>(_: string, path: string): Promise<T> {
      asked.push(path);
      return (await answer(path)) as T;
    },
  };
  return { client, asked, pass: () => coming.shift()?.() };
}

test("a run that ends in whichever moment, that in which the one before was taken too, is ended on the server", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const { client, asked } = clientOf(() => null);
    const recording = new ServerRecording(client, "r", info, () => {});
    for (let i = 0; i < turns; i++) {
      await null;
    }
    await recording.finish("done", end);
    expect(asked).toEqual(["recordings", "recordings/r/finish"]);
  }
});

test("what did not reach the server is sent again, and what was refused ends the sending", async () => {
  let answers = 0;
  const { client, asked, pass } = clientOf(() => {
    if (answers++ === 0) {
      throw unreachable();
    }
    return null;
  });
  const heard: (string | null)[] = [];
  const recording: ServerRecording = new ServerRecording(client, "r", info, () =>
    heard.push(recording.trouble === null ? null : inLanguage(recording.trouble, "en").slice(0, 12)),
  );
  await new Promise((resolve) => setTimeout(resolve));
  // The beat, then what did not come through.
  pass();
  pass();
  await recording.finish("done", end);
  expect(asked).toEqual(["recordings", "recordings", "recordings/r/finish"]);
  expect(heard).toEqual(["The studio's", null]);

  const refusing = clientOf(() => {
    throw new RefusedError("fault", "no");
  });
  const refused = new ServerRecording(refusing.client, "r", info, () => {});
  refused.append([{ task: 0, event: { kind: "points", run: "a", tags: {}, metric: "loss", x: [0], y: [0] } }]);
  await refused.finish("done", end);
  expect(refusing.asked).toEqual(["recordings"]);
  expect(refused.trouble).toEqual({ en: "no", ja: "サーバーの応答: no" });
});

test("a run that says nothing says now and then that it lives, until its end", async () => {
  let now = 1000;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const { client, asked, pass } = clientOf(() => null);
  const recording = new ServerRecording(client, "r", info, () => {});
  const later = async () => {
    now += 31_000;
    pass();
    await new Promise((resolve) => setTimeout(resolve));
  };
  await later();
  await later();
  expect(asked).toEqual(["recordings", "recordings/r/events", "recordings/r/events"]);
  await recording.finish("done", end);
  await later();
  await later();
  expect(asked.slice(3)).toEqual(["recordings/r/finish"]);
});

test("why a run cannot be imported is told in both languages", async () => {
  const why = new DataError({ en: "no room", ja: "空きがありません" });
  const { client } = clientOf((path) => {
    if (path.startsWith("runs?")) {
      return { runs: [], more: false };
    }
    throw why;
  });
  const shelf = openServerShelf({ client, info: { store: "sqlite" } as never });
  const run = { ...info, id: "r1", seconds: end, series: [], histograms: [], checks: [], events: [] };
  await expect(shelf.import(JSON.stringify(run))).rejects.toMatchObject({ text: why.text });
});
