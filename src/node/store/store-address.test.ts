import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../../test/support/any-text.ts";
import { isPostgres, parseStoreAddress, withoutPasswords } from "./store-address.ts";

describe("an address of a store", () => {
  test.each([
    ["runs.sqlite", "runs.sqlite"],
    ["/var/lib/tanren.sqlite", "/var/lib/tanren.sqlite"],
    ["./a:b@c.sqlite", "./a:b@c.sqlite"],
    ["C:\\runs\\x.sqlite", "C:\\runs\\x.sqlite"],
    ["sqlite:runs.sqlite", "runs.sqlite"],
    ["sqlite:///abs/runs.sqlite", "/abs/runs.sqlite"],
    ["file:///abs/my%20runs.sqlite", "/abs/my runs.sqlite"],
    ["記録.sqlite", "記録.sqlite"],
    ["12:30.sqlite", "12:30.sqlite"],
  ])("%s is the file %s", (text, path) => {
    expect(parseStoreAddress(text)).toEqual({ kind: "file", path, text: path });
  });

  test.each([
    ["postgres://ann:hunter22@host:5432/runs", "postgres://ann@host:5432/runs"],
    ["postgresql://ann@host/runs?sslmode=verify-full&password=hunter22", "postgres://ann@host/runs"],
    ["POSTGRES://ann:hunter22@[::1]/runs", "postgres://ann@[::1]/runs"],
    ["postgres://ann:hunter@22@host/runs", "postgres://ann@host/runs"],
    ["postgres://ann%3Ahunter22@host/runs", "postgres://…@host/runs"],
    ["postgres:///runs?host=/run/postgresql&user=ann&password=hunter22", "postgres:///runs"],
  ])("%s is a database, shown as %s", (url, text) => {
    expect(parseStoreAddress(url)).toEqual({ kind: "postgres", url, text });
    expect(isPostgres(url)).toBe(true);
  });

  test(":memory: is no file", () => {
    expect(parseStoreAddress(":memory:").kind).toBe("memory");
    expect(parseStoreAddress("sqlite::memory:").kind).toBe("memory");
  });

  test.each([
    ["", /got nothing/],
    ["  ", /got nothing/],
    ["a\0b", /control character \(U\+0000\)/],
    ["runs\u001b[2J.sqlite", /control character \(U\+001B\)/],
    ["postgres:ann:hunter22@host/runs", /without the two slashes/],
    ["postgresql:/ann:hunter22@host/runs", /without the two slashes/],
    ["postgress://ann:hunter22@host/runs", /got postgress:\/\/…/],
    ["pg://ann:hunter22@host/runs", /got pg:\/\/…/],
    ["mysql:ann:hunter22@host", /got mysql:…/],
    ["http://host/hunter22", /got http:\/\/…/],
    ["jdbc:postgresql://host/runs?password=hunter22", /got jdbc:…/],
    ["whatever://ann:hunter22@host", /another kind of address/],
    ["ann:hunter22@host/runs", /another kind of address/],
    ["//ann:hunter22@host/runs", /another kind of address/],
    ["./postgres://ann:hunter22@host/runs", /another kind of address/],
    ["host=localhost password=hunter22 dbname=runs", /another kind of address/],
    ["postgres://ann:hunter/22@host/runs", /cannot be read/],
    ["postgres://ann:1234?hunter22@host/runs", /cannot be read/],
    ["postgres://ann:1234#hunter22@host/runs", /cannot be read/],
    ["postgres://ann:hunter22@host:port/runs", /cannot be read/],
    ["file://host/runs", /names no file/],
    ["sqlite:", /nothing after sqlite:/],
  ])("%j is refused by a sentence", (text, sentence) => {
    expect(() => parseStoreAddress(text)).toThrow(sentence);
  });

  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{2,7}$/);
  /** Told apart from every other part by its first letters. */
  const password = anyText({ minLength: 1, maxLength: 12 }).map((tail) => `Zq7${tail}`);
  const shape = fc.record({
    scheme: fc.constantFrom(
      "postgres://",
      "postgresql://",
      "postgres:",
      "postgresql:/",
      "pg://",
      "mysql://",
      "x://",
      "//",
      "",
    ),
    user: word,
    password,
    encode: fc.boolean(),
    host: fc.constantFrom("db.example", "127.0.0.1:5432", "[::1]", "h:port", ""),
    database: word,
    place: fc.constantFrom("user", "query", "second query", "coded colon", "dsn"),
  });

  test("never shows a password, whatever the shape it stands in", () => {
    fc.assert(
      fc.property(shape, ({ scheme, user, password: secret, encode, host, database, place }) => {
        const written = encode ? encodeURIComponent(secret.toWellFormed()) : secret;
        const texts: Record<typeof place, string> = {
          user: `${scheme}${user}:${written}@${host}/${database}`,
          query: `${scheme}${user}@${host}/${database}?password=${written}`,
          "second query": `${scheme}${host}/${database}?user=${user}&password=${written}&sslmode=require`,
          "coded colon": `${scheme}${user}%3A${encodeURIComponent(secret.toWellFormed())}@${host}/${database}`,
          dsn: `host=${host} user=${user} password=${written}`,
        };
        const text = texts[place];
        let shown: string;
        try {
          shown = parseStoreAddress(text).text;
        } catch (error) {
          shown = `${(error as Error).message}${(error as Error).stack}`;
        }
        expect(shown).not.toContain("Zq7");
        expect(withoutPasswords(`tanren: unknown option ${text}`, [text])).not.toContain("Zq7");
        expect(withoutPasswords(`got ${JSON.stringify(text)}.`, [`--stroe=${text}`])).not.toContain("Zq7");
      }),
      { numRuns: 2000 },
    );
  });
});

test("an address that stands in the middle of a message keeps its scheme and host, whoever wrote the message", () => {
  expect(withoutPasswords("connect to postgres://ann:hunter22@host:5432/runs failed")).toBe(
    "connect to postgres://…@host:5432/runs failed",
  );
  expect(withoutPasswords("no route from 'pg:ann:hun@ter22@host'")).toBe("no route from 'pg:…@host'");
});
