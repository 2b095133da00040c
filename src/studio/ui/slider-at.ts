import type { Attachment } from "svelte/attachments";

/**
 * Puts a range input at its place whenever the place or the bound changes. One that is given its value while the bound
 * is lower is cut to the bound, and would stay there when the bound grows.
 */
export function sliderAt(place: () => { readonly value: number; readonly max: number }): Attachment<HTMLInputElement> {
  return (slider) => {
    const { value, max } = place();
    slider.max = String(max);
    slider.value = String(value);
  };
}
