/** Makes what must outlive the part of the page that asks for it first, which would own all that it derives otherwise. */
export function outliving<T>(make: () => T): T {
  let made: T | undefined;
  $effect.root(() => {
    made = make();
  });
  return made!;
}
