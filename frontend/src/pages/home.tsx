/** What is in here, how fresh it is, and where to go. */

import { api } from "../api/client";
import { useAsked } from "../api/use";
import { moment } from "../dates";
import { Shown } from "../parts/states";
import { to } from "../router";
import { capital } from "../words";

const MARKS = {
  why: ["1 sentence", "A click shows the sentence that says the value, and from there the way leads into its article."],
  reported: ["says TASS", "It is not the source’s own word: it tells what somebody else says."],
  planned: ["planned", "It was to be so. Whether it came about is told elsewhere, if any source says."],
  slipped: ["differently than planned", "It came, and not when it was to. A click shows the plan beside it."],
  hoped: ["hoped for", "Somebody wishes it, and nobody plans it yet."],
  disputed: ["disputed", "Sources do not agree. A click shows the sides beside each other."],
  negated: ["not so", "A source says that it is not so."],
  fictional: ["in the story", "It is so within a film."],
};

export function HomePage() {
  const asked = useAsked("/", (signal) => api.GET("/", { signal }));
  return (
    <Shown asked={asked} isPage>
      {(root) => (
        <>
          <h1>Film and spaceflight, with a receipt for every value</h1>
          <p class="lead">{root.description}</p>
          <ul class="tiles">
            {Object.entries(root.counts).map(([name, count]) => (
              <li key={name}>
                <a href={to(`/${name}`)}>
                  <strong>{count.toLocaleString("en")}</strong> {capital(name)}
                </a>
              </li>
            ))}
          </ul>
          <p class="fresh">
            {root.updated_at && (
              <>
                Last changed on <time dateTime={root.updated_at}>{moment(root.updated_at)}</time>, revision {root.revision}.{" "}
              </>
            )}
            <a href={to("/changes")}>What changed lately</a>
          </p>
          <h2>How to read it</h2>
          <dl class="known marks">
            {Object.entries(MARKS).map(([mark, told]) => (
              <div key={mark}>
                <dt>
                  <span class={`mark-of ${mark}`}>{told[0]}</span>
                </dt>
                <dd>{told[1]}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Shown>
  );
}
