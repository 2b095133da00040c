/**
 * Tells whenever a face has been loaded: what is drawn on a canvas with one that is missing stays in another's letters until
 * it is drawn again. @returns what ends it
 */
export function whenFontsCome(told: () => void): () => void {
  const { fonts } = document;
  let ended = false;
  fonts?.addEventListener("loadingdone", told);
  fonts?.ready.then(() => {
    if (!ended) {
      told();
    }
  });
  return () => {
    ended = true;
    fonts?.removeEventListener("loadingdone", told);
  };
}
