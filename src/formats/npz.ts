import { checkOptions, oneOf } from "../core/checks.ts";
import { type FileBytes, fileBytes } from "../core/file-bytes.ts";
import { npyBytes, readNpy } from "./npy.ts";
import type { NumberArray } from "./number-array.ts";
import { readZip, zipBytes } from "./zip.ts";

/**
 * Writes arrays by name as NumPy's `np.savez` does (`stored`), or `np.savez_compressed` (`deflated`).
 * Python reads them with `numpy.load(file)["W1"]`.
 * @throws HyperError on an unknown option or method
 */
export function npzBytes(
  arrays: ReadonlyMap<string, NumberArray>,
  options: { readonly method?: "stored" | "deflated" } = {},
): Promise<Uint8Array> {
  checkOptions("npz", options, { method: true });
  const { method = "stored" } = options;
  oneOf("npz", "method", method, ["stored", "deflated"]);
  return zipBytes(new Map([...arrays].map(([key, array]) => [`${key}.npy`, npyBytes(array, `npz, ${key}`)])), {
    method,
  });
}

/**
 * Reads the arrays of a `.npz` file by name.
 * @param name of the file, for errors
 * @throws DataError
 */
export async function readNpz(file: FileBytes, name: string): Promise<Map<string, NumberArray>> {
  const arrays = new Map<string, NumberArray>();
  for (const [entry, content] of await readZip(fileBytes(file, name), name)) {
    arrays.set(entry.replace(/\.npy$/, ""), readNpy(content, `${name}, ${entry}`));
  }
  return arrays;
}
