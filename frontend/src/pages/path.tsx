/** How one record is connected to another: the shortest chain of facts, each step with its sentence. */

import { useEffect, useState } from "preact/hooks";

import { api, type Ref, type Schemas } from "../api/client";
import { useAsked } from "../api/use";
import { Receipt } from "../parts/receipt";
import { SearchBox } from "../parts/search-box";
import { Shown } from "../parts/states";
import { go, to } from "../router";
import { useTitle } from "../title";
import { counted, named, sense } from "../words";

type Path = Schemas["PathDocument"];
type Step = Schemas["PathStep"];

export function PathPage({ from, until }: { from: string; until: string }) {
  const [start, setStart] = useState(from);
  const [ends, setEnds] = useState<Partial<Path>>({});
  useTitle("From one to another");
  return (
    <>
      <h1>From one to another</h1>
      <div class="ends">
        <SearchBox label="From" asked={ends.from?.label ?? start} onChoose={(one) => setStart(`${one.kind}/${one.slug}`)} />
        <SearchBox label="To" asked={ends.to?.label ?? until} onChoose={(one) => go(to("/path", { from: start, to: `${one.kind}/${one.slug}` }))} />
      </div>
      {from && until ? <Found from={from} until={until} tell={setEnds} /> : <p class="kind">Choose where to begin, and then where to end.</p>}
    </>
  );
}

function Found({ from, until, tell }: { from: string; until: string; tell: (found: Path) => void }) {
  const asked = useAsked<Path>(`/path?${from}&${until}`, (signal) =>
    api.GET("/path", { params: { query: { from, to: until } }, signal }),
  );
  useEffect(() => asked.data && tell(asked.data), [asked.data]);
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
