/** Pages that are loaded when they are asked for, each with what it needs; one that cannot be is told as any other failure. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Failure, Waiting } from "./states";

type Loaded<P> = ComponentType<P> | "failed" | undefined;

export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P & JSX.IntrinsicAttributes) => JSX.Element {
  let before: Loaded<P>;
  return function Later(props) {
    const [Page, setPage] = useState<Loaded<P>>(() => before);
    useEffect(() => {
      if (!before) load().then((one) => setPage(() => (before = one)), () => setPage("failed"));
    }, []);
    if (Page === "failed") return <Failure problem={{}} isPage />;
    return Page ? <Page {...props} /> : <Waiting />;
  };
}
