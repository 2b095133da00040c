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
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "noise.pem");
  writeFileSync(file, "this is no certificate");
  // Yes to the request for TLS, whatever comes then.
  const port = await answering("S");
  const { message } = await refusal(`sslmode=require&sslcert=${encodeURIComponent(file)}`, port);
  expect(message).toMatch(/must be met with certificates that both sides take.*sslcert/);
});

/** A server that answers the first message of each connection so. */
async function answering(reply: Buffer | string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.write(reply));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** PostgreSQL's ErrorResponse. */
function errorResponse(fields: Readonly<Record<string, string>>): Buffer {
  const body = `${Object.entries(fields)
    .map(([kind, value]) => `${kind}${value}\0`)
    .join("")}\0`;
  const head = Buffer.alloc(5, "E");
  head.writeInt32BE(4 + Buffer.byteLength(body), 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

test.each([
  [
    "no encryption",
    /must be met as it asks, got a refusal of a connection without encryption\. Add \?sslmode=verify-full/,
  ],
  ["SSL off", /got a refusal of a connection without encryption/],
  ["SSL encryption", /must let this user in from this computer, got no such line in its pg_hba\.conf/],
])("a server whose pg_hba.conf lets nobody in (%s) is not taken for a wrong password", async (how, said) => {
  const refused = errorResponse({
    S: "FATAL",
    C: "28000",
    M: `no pg_hba.conf entry for host "127.0.0.1", user "ann", database "runs", ${how}`,
  });
  expect((await refusal("", await answering(refused))).message).toMatch(said);
});

test("a wrong password, and a server without encryption that was asked for, are told of", async () => {
  const wrong = errorResponse({ S: "FATAL", C: "28P01", M: 'password authentication failed for user "ann"' });
  expect((await refusal("", await answering(wrong))).message).toMatch(/got a refusal of the user or the password/);
  const { message } = await refusal("sslmode=require", await answering("N"));
  expect(message).toMatch(/must offer encrypted connections, got a server without them\. Turn ssl on there, or leave/);
});
