/** A list of what is said of something in more than one way, the sides of each beside each other. */

import type { ComponentChildren } from "preact";

import type { Ref } from "../api/client";
import type { Listed } from "../api/pages";
import { to, usePlace } from "../router";
import { type Told, useTold } from "../title";
import { counted, named } from "../words";
import { Chips, isRefusal, Refused } from "./filters";
import { Empty, More } from "./listing";
import { Shown } from "./states";

interface ComparedProps<P, R> {
  path: string;
  heading: string;
  /** What one of them is called. */
  noun: string;
  listed: Listed<P, R>;
  /** What the page is about, where it is narrowed to one subject. */
  of: (subject: string) => Told;
  /** The sides of one of them. */
  children: (one: R) => ComponentChildren;
}

export function Compared<P extends { count: number }, R extends { subject: Ref; property: string }>(props: ComparedProps<P, R>) {
  const { path, heading, noun, listed, of, children } = props;
  const { query } = usePlace();
  const { asked, results } = listed;
  const label = query.has("subject") && results[0]?.subject.label;
  useTold(label ? of(label) : undefined);
  return (
    <>
      <h1>{heading}</h1>
      <Chips path={path} query={query} />
      {asked.state === "failed" && isRefusal(asked.problem) ? (
        <Refused problem={asked.problem} path={path} query={query} />
      ) : (
        <Shown asked={asked}>
          {(page) => (
            <>
              <p class="kind" role="status">
                {counted(page.count, noun)}
              </p>
              {!results.length && <Empty />}
              {results.map((one) => (
                <section key={`${one.subject.url} ${one.property}`} class={noun}>
                  <h2>
                    <a href={to(one.subject.url)}>{one.subject.label}</a>: {named(one.property)}
                  </h2>
                  <div class="sides">{children(one)}</div>
                </section>
              ))}
              <More listed={listed} />
            </>
          )}
        </Shown>
      )}
    </>
  );
}
