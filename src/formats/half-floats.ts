const word = new DataView(new ArrayBuffer(4));

/** What 16 bits say as a number, exactly. float16 is IEEE 754's binary16; bfloat16 the upper half of a float32. */
export const halfToNumber = {
  float16(bits: number): number {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) {
      return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    }
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  },
  bfloat16(bits: number): number {
    word.setUint16(0, bits);
    word.setUint16(2, 0);
    return word.getFloat32(0);
  },
} as const;
