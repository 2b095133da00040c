import { expect, test } from "vitest";
import { addressesOf, isLoopback, ownNames, publicAddress } from "./addresses.ts";

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["127.0.0.1.example.org", false],
  ["127.example.org", false],
  ["128.0.0.1", false],
  ["0.0.0.0", false],
])("whether only this machine can reach %s: %s", (host, only) => {
  expect(isLoopback(host)).toBe(only);
});

test("browsers leave the usual port out of Host: both forms are this server's", () => {
  expect([...ownNames("192.0.2.7", 6464)]).toEqual([
    "localhost:6464",
    "127.0.0.1:6464",
    "[::1]:6464",
    "192.0.2.7:6464",
  ]);
  expect(ownNames("192.0.2.7", 80)).toEqual(
    new Set(["localhost", "127.0.0.1", "[::1]", "192.0.2.7"].flatMap((name) => [name, `${name}:80`])),
  );
  expect(publicAddress("https://studio.example.org").hosts).toEqual(["studio.example.org", "studio.example.org:443"]);
  expect(publicAddress("http://studio.example.org:8080").hosts).toEqual(["studio.example.org:8080"]);
});

test.each(["studio.example.org", "ftp://example.org", "https://user@example.org", "https://example.org/?a=1", ""])(
  "%j is no address of a proxy",
  (text) => {
    expect(() => publicAddress(text)).toThrow(/--origin: must be the address that browsers open/);
  },
);

test("addresses to open begin with the proxy's, and end with a slash", () => {
  const behind = [publicAddress("https://example.org/studio")];
  expect(addressesOf("127.0.0.1", 6464, behind)).toEqual(["https://example.org/studio/", "http://127.0.0.1:6464/"]);
  expect(addressesOf("::1", 6464, [])).toEqual(["http://[::1]:6464/"]);
  expect(addressesOf("0.0.0.0", 6464, [])[0]).toBe("http://127.0.0.1:6464/");
});
