/** The sentence that says a value, with the words that count, and the way into its article. */

import type { Evidence } from "../api/client";
import { inWords } from "../dates";
import { to } from "../router";

export function Receipt({ evidence }: { evidence: Evidence[] }) {
  return (
    <ol class="receipt">
      {evidence.map((one) => (
        <li key={`${one.source.slug} ${one.start} ${one.role}`}>
          <Words one={one} />
          <Whose one={one} />
        </li>
      ))}
    </ol>
  );
}

function Words({ one }: { one: Evidence }) {
  const { quote, sentence, locator } = one;
  if (!quote) return <p class="locator">{locator}</p>;
  const at = sentence?.indexOf(quote) ?? -1;
  if (!sentence || at < 0) {
    return (
      <blockquote>
        <mark>{quote}</mark>
      </blockquote>
    );
  }
  return (
    <blockquote>
      {sentence.slice(0, at)}
      <mark>{quote}</mark>
      {sentence.slice(at + quote.length)}
    </blockquote>
  );
}

function Whose({ one }: { one: Evidence }) {
  const { source, attributed_to: by, start, end } = one;
  const at = start === null || end === null ? undefined : `${start},${end}`;
  return (
    <p class="whose">
      {by && `${by}, in `}
      <a href={to(source.url, { at })}>{source.title ?? source.publisher}</a>
      {source.title && `, ${source.publisher}`}
      {source.published && <>, {inWords(source.published)}</>}
    </p>
  );
}
