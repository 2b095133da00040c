// Writes MNIST for the studio once a checkout, into build/studio-data. Runs on the checkout's own Node, which reads
// TypeScript.
import { join } from "node:path";
import { makeMnistPieces } from "../src/node/data/mnist-pieces.ts";
import { root } from "./setup.mjs";

/** Makes the pieces unless they are there; gives their folder. */
export async function studioData() {
  const folder = join(root, "build", "studio-data", "mnist");
  await makeMnistPieces(folder);
  return folder;
}
