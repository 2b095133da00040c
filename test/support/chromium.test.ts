import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("processes that unpack Chromium at once get one that is whole, and leave nothing else behind", async () => {
  const parent = mkdtempSync(join(tmpdir(), "tanren-unpack-"));
  try {
    const code = `import { unpackedChromium } from ${JSON.stringify(new URL("chromium.ts", import.meta.url).href)};
      import { statSync } from "node:fs";
      const program = unpackedChromium(${JSON.stringify(parent)});
      console.log(program, statSync(program).size);`;
    const told = await Promise.all(
      [1, 2].map(() =>
        run(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", code]),
      ),
    );
    const [folder = "", ...others] = readdirSync(parent);
    const program = join(parent, folder, "chromium");
    expect(others).toEqual([]);
    expect(told.map(({ stdout }) => stdout.trim())).toEqual(Array(2).fill(`${program} ${statSync(program).size}`));
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
