const arrays = { Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array };

/** A value as the server had it: what it sent as `{ typed, base64 }` becomes a typed array again. */
export function withTypedArrays(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withTypedArrays);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const { typed, base64 } = value as { typed?: unknown; base64?: unknown };
  if (typeof typed === "string" && typeof base64 === "string" && Object.hasOwn(arrays, typed)) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      bytes[i] = text.charCodeAt(i);
    }
    return new arrays[typed as keyof typeof arrays](bytes.buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTypedArrays(part)]));
}
