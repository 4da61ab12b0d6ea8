/** A film, person, organisation, event, place or character: all that is known of it, each value with its sentence. */

import { useEffect } from "preact/hooks";

import { api, base, type Fact, KINDS, type Plural, type Schemas } from "../api/client";
import { useSides } from "../api/sides";
import { useAsked } from "../api/use";
import { moment } from "../dates";
import { Facts, groupOf, GROUPS, OWN, PLANNED } from "../parts/facts";
import { Shown } from "../parts/states";
import { settle, to } from "../router";
import { ofRecord, useTold } from "../title";
import { capital, counted, named } from "../words";

type RecordOf = Schemas["FilmDocument"] | Schemas["PersonDocument"] | Schemas["OrganisationDocument"] | Schemas["EventDocument"] | Schemas["PlaceDocument"] | Schemas["CharacterDocument"];

export function RecordPage({ plural, slug }: { plural: Plural; slug: string }) {
  const asked = useAsked<RecordOf>(`/${plural}/${slug}`, (signal) =>
    api.GET(`/${plural}/{slug}`, { params: { path: { slug }, query: { evidence: "quotes" } }, signal }),
  );
  useEffect(() => {
    if (asked.data) settle(`/${plural}/${slug}`, asked.data.url);
  }, [asked.data?.url]);
  useTold(asked.data && ofRecord(asked.data, plural));
  return <Shown asked={asked} isPage>{(record) => <Known record={record} plural={plural} />}</Shown>;
}

function Known({ record, plural }: { record: RecordOf; plural: Plural }) {
  const groups = groupsOf(record);
  // Beside each other where there is room: what it is, and what it has to do with.
  const halves = [true, false].map((isOwn) => groups.filter(([group]) => OWN.includes(group) === isOwn)).filter((half) => half.length);
  const isSomebody = plural === "people" || plural === "characters";
  const sides = useSides(record.disputed.length ? { subject: [`${record.kind}/${record.slug}`] } : undefined);
  return (
    <article>
      <p class="kind">
        <a href={to(`/${plural}`)}>{capital(KINDS[plural])}</a>
        {record.name === null && " · no source names it; its title here only describes it"}
      </p>
      <h1 dir="auto">{record.label}</h1>
      {record.description && <p class="lead" dir="auto">{record.description}</p>}
      <p class="fresh">
        <a href={to(`${record.url}/graph`)}>What is around {isSomebody ? "them" : "it"}</a> ·{" "}
        <a href={to("/path", { from: `${KINDS[plural]}/${record.slug}` })}>How {isSomebody ? "they are" : "it is"} connected</a>
      </p>
      {!groups.length && <p class="empty">No source says anything of it yet.</p>}
      <div class="groups">
        {halves.map((half, number) => (
          <div key={number}>
            {half.map(([group, keys]) => (
              <Group key={group} group={group} keys={keys} record={record} sides={sides} />
            ))}
          </div>
        ))}
      </div>
      <p class="fresh">
        From {counted(record.source_count, "source")}, last changed{" "}
        <time dateTime={record.updated_at}>{moment(record.updated_at)}</time>. <a href={base + record.url}>The same as JSON</a>
      </p>
    </article>
  );
}

interface GroupProps {
  group: string;
  keys: [string, Fact[]][];
  record: RecordOf;
  sides: Set<string> | undefined;
}

function Group({ group, keys, record, sides }: GroupProps) {
  const id = group.replaceAll(" ", "-");
  return (
    <section class={group === PLANNED ? "group plans" : "group"} aria-labelledby={id}>
      <h2 id={id}>{group}</h2>
      <dl class="known">
        {keys.map(([key, facts]) => (
          <div key={key}>
            <dt>{capital(named(key))}</dt>
            <dd>
              <Facts
                facts={facts}
                record={record.url}
                isDisputed={(one) => record.disputed.includes(key) && (sides?.has(one.id) ?? true)}
                slipped={record.slipped.includes(key) && group !== PLANNED ? record : undefined}
              />
              {record.more[key] && <a href={to(record.more[key])}>all of them</a>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What is known, in groups; in each in the order of the record, and then what is no key of its own. Of several values of one
 * key the first is that which the record shows. */
function groupsOf(record: RecordOf): [string, [string, Fact[]][]][] {
  const known = (record.facts ?? {}) as Record<string, Fact[]>;
  const isShown = (key: string, { value }: Fact) => JSON.stringify(value) === JSON.stringify((record as Record<string, unknown>)[key]);
  const keys = new Set([...Object.keys(record), ...Object.keys(known)]);
  return GROUPS.flatMap((group) => {
    const held = [...keys].flatMap((key): [string, Fact[]][] => {
      const facts = known[key]?.filter((one) => groupOf(one, record.url) === group) ?? [];
      const [shown, others] = [true, false].map((is) => facts.filter((one) => isShown(key, one) === is));
      return facts.length ? [[key, [...shown!, ...others!]]] : [];
    });
    return held.length ? [[group, held]] : [];
  });
}
