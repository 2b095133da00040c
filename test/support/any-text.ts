import fc from "fast-check";

/**
 * Texts of any code points, halves of surrogate pairs and what controls terminals among them. fast-check's own of the unit
 * "binary" lists a million of them first, which takes three seconds in each process.
 */
export function anyText(
  bounds: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  const ascii = fc.nat(0x7f);
  const any = fc.nat(0x10ffff);
  const unit = fc.oneof(ascii, any).map((code) => String.fromCodePoint(code));
  return fc.string({ ...bounds, unit });
}
