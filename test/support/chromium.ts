import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(import.meta.resolve("@sparticuz/chromium"));

/**
 * The program of the Chromium that the npm package carries, unpacked once a version. The package itself writes into the
 * temporary folder and takes what lies there for whole; where several test files begin at once, or one was killed while it
 * wrote, a program is started that is not. So it unpacks into a folder of its own, which gets its name when it is done.
 * @param parent folder to unpack into
 */
export function unpackedChromium(parent = tmpdir()): string {
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
  const folder = join(parent, `tanren-chromium-${version}`);
  const program = join(folder, "chromium");
  if (!existsSync(program)) {
    const fresh = mkdtempSync(`${folder}-`);
    const unpack = `import chromium from ${JSON.stringify(import.meta.resolve("@sparticuz/chromium"))}; await chromium.executablePath();`;
    try {
      execFileSync(process.execPath, ["--input-type=module", "--eval", unpack], {
        env: { ...process.env, TMPDIR: fresh },
      });
      renameSync(fresh, folder);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      // Another was quicker: a folder with something in it is not replaced.
      if (!existsSync(program)) {
        throw error;
      }
    }
  }
  return program;
}
