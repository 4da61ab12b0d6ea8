/** A film, person, organisation, event, place or character: all that is known of it, each value with its sentence. */

import { api, base, type Fact, KINDS, type Plural, type Schemas } from "../api/client";
import { useAsked } from "../api/use";
import { Facts } from "../parts/facts";
import { Shown } from "../parts/states";
import { to } from "../router";
import { useTitle } from "../title";
import { capital, counted, named } from "../words";

type RecordOf = Schemas["FilmDocument"] | Schemas["PersonDocument"] | Schemas["OrganisationDocument"] | Schemas["EventDocument"] | Schemas["PlaceDocument"] | Schemas["CharacterDocument"];

export function RecordPage({ plural, slug }: { plural: Plural; slug: string }) {
  const asked = useAsked<RecordOf>(`/${plural}/${slug}`, (signal) =>
    api.GET(`/${plural}/{slug}`, { params: { path: { slug }, query: { evidence: "quotes" } }, signal }),
  );
  useTitle(asked.state === "ready" ? asked.data.label : undefined, asked.data?.description);
  return <Shown asked={asked} isPage>{(record) => <Known record={record} plural={plural} />}</Shown>;
}

function Known({ record, plural }: { record: RecordOf; plural: Plural }) {
  const facts = (record.facts ?? {}) as Record<string, Fact[]>;
  // In the order of the record, and then what is no key of its own.
  const keys = new Set([...Object.keys(record), ...Object.keys(facts)]);
  const shown = [...keys].flatMap((key) => (key !== "name" && facts[key]?.length ? [[key, facts[key]] as const] : []));
  return (
    <article>
      <p class="kind">
        <a href={to(`/${plural}`)}>{capital(KINDS[plural])}</a>
        {record.name === null && " · no source names it; its title here only describes it"}
      </p>
      <h1>{record.label}</h1>
      {record.description && <p class="lead">{record.description}</p>}
      <dl class="known">
        {shown.map(([key, facts]) => (
          <div key={key}>
            <dt>{capital(named(key))}</dt>
            <dd>
              <Facts facts={facts} record={record.url} isDisputed={record.disputed.includes(key)} />
              {record.more[key] && <a href={to(record.more[key])}>all of them</a>}
            </dd>
          </div>
        ))}
      </dl>
      <p class="fresh">
        From {counted(record.source_count, "source")}, last changed{" "}
        <time dateTime={record.updated_at}>{new Date(record.updated_at).toLocaleDateString()}</time>.{" "}
        <a href={to(`${record.url}/graph`)}>What is around it</a> ·{" "}
        <a href={to("/path", { from: `${KINDS[plural]}/${record.slug}` })}>How it is connected</a> · <a href={base + record.url}>The same as JSON</a>
      </p>
    </article>
  );
}
