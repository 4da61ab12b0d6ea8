/** What stands open where there is room beside the rest, and is folded away on a phone until it is asked for. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

// As in the style.
const WIDE = matchMedia("(min-width: 48.01rem)");

function useWide(): boolean {
  const [isWide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const follow = () => setWide(WIDE.matches);
    WIDE.addEventListener("change", follow);
    return () => WIDE.removeEventListener("change", follow);
  }, []);
  return isWide;
}

export function Folded({ summary, children }: { summary: ComponentChildren; children: ComponentChildren }) {
  const isWide = useWide();
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="folded" open={isWide || isOpen} onToggle={({ currentTarget: { open } }) => isWide || setOpen(open)}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
