/** A name that a person gave as the name of a file, in any script; `otherwise` where nothing of it can be one. */
export function fileNameOf(name: string, otherwise: string): string {
  // Letters of any script, since a study may be called 画像の探索; at most 60 of them, and no dot or dash at the ends.
  const kept = [...name.replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-")].slice(0, 60).join("");
  return kept.replace(/^[.-]+|[.-]+$/g, "") || otherwise;
}

/** Gives the person a file. */
export function download(name: string, contents: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([contents], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
