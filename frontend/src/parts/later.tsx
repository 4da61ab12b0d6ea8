/** Pages that are loaded when they are asked for, each with what it needs; one that cannot be is told as any other failure. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Failure, Waiting } from "./states";

type Loaded<P> = ComponentType<P> | "failed" | undefined;

export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P & JSX.IntrinsicAttributes) => JSX.Element {
  let before: Loaded<P>;
  return function Later(props) {
    const [Page, setPage] = useState<Loaded<P>>(() => before);
    const ask = () => {
      setPage(undefined);
      load().then((one) => setPage(() => (before = one)), () => setPage("failed"));
    };
    useEffect(() => {
      if (!before) ask();
    }, []);
    if (Page === "failed") return <Failure problem={{}} isPage again={ask} />;
    return Page ? <Page {...props} /> : <Waiting />;
  };
}
