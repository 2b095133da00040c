import { saidBy } from "../../core/errors.ts";
import { originOfManifest } from "./mnist-manifest.ts";
import { MnistPieces } from "./mnist-pieces.ts";
import type { FromDataWorker, RowsAsked, RowsSent, ToDataWorker } from "./protocol.ts";

/** The worker that loads a data set once for all training workers, and hands each the rows that its task reads. */
const page = self as unknown as Worker;
let mnist: MnistPieces;
const shared = self.crossOriginIsolated === true;

function say(message: FromDataWorker): void {
  page.postMessage(message);
}

async function serve(port: MessagePort, { id, needed, have }: RowsAsked): Promise<void> {
  const send = (message: RowsSent, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  try {
    const manifest = await mnist.manifest();
    const { width, classes } = manifest;
    const rows = await mnist.available(needed);
    send({ kind: "size", id, width, classes, origin: originOfManifest(manifest), rows });
    if (shared) {
      const { train, test } = await mnist.dataset(rows);
      send({ kind: "shared", id, train, test });
    } else {
      await mnist.want(rows);
      for (const part of ["train", "test"] as const) {
        for await (const { from, piece } of mnist.pieces(part, have[part], rows[part])) {
          const bytes = piece.bytes.slice();
          send({ kind: "piece", id, part, from, piece: { ...piece, bytes } }, [bytes.buffer]);
        }
      }
    }
    send({ kind: "complete", id });
  } catch (error) {
    send({ kind: "failed", id, text: saidBy(error) });
  }
}

page.onmessage = async ({ data: message }: MessageEvent<ToDataWorker>) => {
  switch (message.kind) {
    case "setup":
      mnist = new MnistPieces({
        baseUrl: message.baseUrl,
        pauses: message.pauses,
        // Ends with the worker.
        signal: new AbortController().signal,
        shared,
        onProgress: (progress) => say({ kind: "progress", progress }),
      });
      break;
    case "port": {
      const { port } = message;
      port.onmessage = ({ data }: MessageEvent<RowsAsked>) => void serve(port, data);
      break;
    }
    case "preload":
      try {
        await (shared ? mnist.dataset(message.needed) : mnist.rowsReady(message.needed));
        say({ kind: "loaded", id: message.id });
      } catch (error) {
        say({ kind: "failed", id: message.id, text: saidBy(error) });
      }
  }
};
