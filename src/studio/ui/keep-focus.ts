const reachable =
  'a[href], button:not(:disabled), input:not(:disabled, [type="file"]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

/**
 * What is used with the keyboard may go by being used: a reset, a run that is deleted, a note that is taken back. The focus
 * would begin the page anew then; it goes to what stands nearest instead. A pointer's focus is left alone: on a phone the
 * keyboard would come up.
 * @returns ends it
 */
export function keepFocus(root: HTMLElement): () => void {
  let held: Element | null = null;
  const take = ({ target }: FocusEvent) => {
    held = target instanceof Element && target.matches(":focus-visible") ? target : null;
  };
  const observer = new MutationObserver((changes) => {
    const gone = changes.find(({ removedNodes }) =>
      [...removedNodes].some((node) => held !== null && node.contains(held)),
    );
    if (gone === undefined || held?.isConnected || document.activeElement !== document.body) {
      return;
    }
    held = null;
    nearest(gone, root)?.focus();
  });
  root.addEventListener("focusin", take);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    root.removeEventListener("focusin", take);
  };
}

/** What can be reached beside the place of what has gone: after it, before it, else around it. */
function nearest({ target, previousSibling, nextSibling }: MutationRecord, root: HTMLElement): HTMLElement | null {
  for (let node = nextSibling; node !== null; node = node.nextSibling) {
    const [found] = within(node);
    if (found !== undefined) {
      return found;
    }
  }
  for (let node = previousSibling; node !== null; node = node.previousSibling) {
    const found = within(node).at(-1);
    if (found !== undefined) {
      return found;
    }
  }
  for (let around: Node | null = target; around !== null && root.contains(around); around = around.parentNode) {
    const [found] = within(around);
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

function within(node: Node): HTMLElement[] {
  if (!(node instanceof HTMLElement)) {
    return [];
  }
  const all = [...(node.matches(reachable) ? [node] : []), ...node.querySelectorAll<HTMLElement>(reachable)];
  return all.filter((one) => one.getClientRects().length > 0);
}
