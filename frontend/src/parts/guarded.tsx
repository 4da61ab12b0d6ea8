/** Keeps the error of one page from the frame around it, and from the next page. */

import { Component, type ComponentChildren } from "preact";

import { Failure } from "./states";

interface Guarding {
  /** The address of what is within: another one is tried anew. */
  at: string;
  children: ComponentChildren;
}

export class Guarded extends Component<Guarding, { failedAt?: string | undefined }> {
  override componentDidCatch(error: unknown): void {
    // Whoever looks into it finds it where errors are.
    console.error(error);
    this.setState({ failedAt: this.props.at });
  }

  override render({ at, children }: Guarding) {
    if (this.state.failedAt !== at) return children;
    const problem = { status: 500, title: "This page has a fault", detail: "It is the page’s own, and the others work." };
    return <Failure problem={problem} isPage again={() => this.setState({ failedAt: undefined })} />;
  }
}
