import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DataError } from "../../core/errors.ts";
import { openPostgresDatabase } from "./postgres.ts";

const refusal = async (query: string, port = 1) => {
  const url = `postgres://ann:hunter22@127.0.0.1:${port}/runs?${query}`;
  const error = await openPostgresDatabase({ url, random: () => 0, patienceMs: 1 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  expect(JSON.stringify([(error as DataError).message, (error as DataError).text])).not.toContain("hunter22");
  return error as DataError;
};

test.each(["sslcert", "sslkey", "sslrootcert"])(
  "a file of %s that is not there, or a folder, is told of",
  async (name) => {
    const missing = await refusal(`sslmode=require&${name}=/no/such/file.pem`);
    expect(missing.message).toBe(
      `study store postgres://ann@127.0.0.1:1/runs: ${name} must be a file that can be read, got no such file (/no/such/file.pem). Correct the URL.`,
    );
    expect((await refusal(`${name}=${encodeURIComponent(tmpdir())}`)).message).toContain("got a folder");
  },
);

test("a certificate that is none is told of once the server wants it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tanren-ssl-"));
  const server = createServer((socket) => {
    socket.on("error", () => {});
    // Yes to the request for TLS, whatever comes then.
    socket.once("data", () => socket.write("S"));
  });
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const file = join(folder, "noise.pem");
  writeFileSync(file, "this is no certificate");
  const { port } = server.address() as AddressInfo;
  const { message } = await refusal(`sslmode=require&sslcert=${encodeURIComponent(file)}`, port);
  expect(message).toMatch(/must be met with certificates that both sides take.*sslcert/);
});
