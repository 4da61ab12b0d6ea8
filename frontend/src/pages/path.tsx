/** How one record is connected to another: the shortest chain of facts, each step with its sentence. */

import { useState } from "preact/hooks";

import { api, type Problem, type Ref, type Schemas } from "../api/client";
import { useAsked } from "../api/use";
import { isRefusal, Refused } from "../parts/filters";
import { Receipt } from "../parts/receipt";
import { SearchBox } from "../parts/search-box";
import { Failure, Shown } from "../parts/states";
import { go, to } from "../router";
import { ofPath, useTold } from "../title";
import { counted, named, sense } from "../words";

type Path = Schemas["PathDocument"];
type Step = Schemas["PathStep"];
type Suggestion = Schemas["Suggestion"];

export function PathPage({ from, until }: { from: string; until: string }) {
  const [start, end] = [useEnd(from), useEnd(until)];
  useTold(start.name || end.name ? ofPath(start.name, end.name) : undefined);
  return (
    <>
      <h1>From one to another</h1>
      <div class="ends">
        <SearchBox label="From" asked={start.name} onChoose={(one) => go(to("/path", { from: start.take(one), to: until }))} />
        <SearchBox label="To" asked={end.name} onChoose={(one) => go(to("/path", { from, to: end.take(one) }))} />
      </div>
      {from && until ? <Found from={from} until={until} /> : <Half from={from} until={until} problem={start.problem ?? end.problem} />}
    </>
  );
}

/** What is missing, or what is wrong with the end that is there. */
function Half({ from, until, problem }: { from: string; until: string; problem: Partial<Problem> | undefined }) {
  if (isRefusal(problem)) {
    const errors = problem.errors.filter(({ parameter }) => parameter === (from ? "from" : "to"));
    return <Refused problem={{ ...problem, errors }} path="/path" query={new URLSearchParams(from ? { from } : { to: until })} />;
  }
  if (problem) return <Failure problem={problem} />;
  return <p class="kind">{from ? "Choose where to end." : until ? "Choose where to begin." : "Choose where to begin, and where to end."}</p>;
}

/** The name of one end of the way, which the address tells as `film/the-challenge`, and what the address tells of another. */
function useEnd(of: string) {
  const [taken, setTaken] = useState<Suggestion>();
  // The way to itself is the shortest there is, and tells what it is called, or why there is no such thing.
  const asked = useAsked<Path>(of ? `/path?${of}&${of}` : undefined, (signal) => api.GET("/path", { params: { query: { from: of, to: of } }, signal }));
  const name = taken && idOf(taken) === of ? taken.label : asked.data?.from.label;
  const take = (one: Suggestion) => (setTaken(one), idOf(one));
  return { name: name ?? "", take, problem: asked.state === "failed" ? asked.problem : undefined };
}

function idOf({ kind, slug }: Suggestion): string {
  return `${kind}/${slug}`;
}

function Found({ from, until }: { from: string; until: string }) {
  const asked = useAsked<Path>(`/path?${from}&${until}`, (signal) =>
    api.GET("/path", { params: { query: { from, to: until } }, signal }),
  );
  if (asked.state === "failed" && isRefusal(asked.problem)) return <Refused problem={asked.problem} path="/path" query={new URLSearchParams({ from, to: until })} />;
  return (
    <Shown asked={asked}>
      {(found) => (
        <>
          <p role="status" class="lead">
            <Name of={found.from} /> and <Name of={found.to} />:{" "}
            {found.path ? counted(found.path.length, "step") : found.complete ? "nothing connects them" : "nothing was found that connects them"}
          </p>
          <ol class="list">{found.path?.map((one) => <StepTold key={one.fact.id} step={one} />)}</ol>
        </>
      )}
    </Shown>
  );
}

function StepTold({ step }: { step: Step }) {
  const how = sense(step.fact);
  const [one, other] = step.direction === "in" ? [step.to, step.from] : [step.from, step.to];
  return (
    <li>
      <Name of={one} /> <small>{step.direction === "beside" ? "and" : named(step.property)}</small> <Name of={other} />
      {step.direction === "beside" && <small> {named(step.property)}</small>}
      {how && " "}
      {how && <span class={`mark-of ${how.mark}`}>{how.told}</span>}
      <Receipt evidence={step.fact.evidence} />
    </li>
  );
}

function Name({ of }: { of: Ref }) {
  return <a href={to(of.url)}>{of.label}</a>;
}
