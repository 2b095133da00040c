/** A piece of a step's text: words, or a value that can be pressed. */
export type StoryPiece =
  | { readonly words: string }
  | { readonly tries: readonly (readonly [name: string, value: string])[] };

/** Takes the values out of a text: `[[SGD.lr=0.1&iterations=200]]`. */
export function storyPieces(text: string): StoryPiece[] {
  return text.split(/(\[\[[^\]]+\]\])/).flatMap((part): StoryPiece[] => {
    const inside = /^\[\[(.+)\]\]$/.exec(part)?.[1];
    if (inside === undefined) {
      return part === "" ? [] : [{ words: part }];
    }
    return [
      {
        tries: inside.split("&").map((one) => {
          const at = one.lastIndexOf("=");
          return [one.slice(0, at), one.slice(at + 1)] as const;
        }),
      },
    ];
  });
}
