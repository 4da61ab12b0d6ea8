/** What is in here, how fresh it is, and where to go. */

import { api } from "../api/client";
import { useAsked } from "../api/use";
import { Shown } from "../parts/states";
import { to } from "../router";
import { useTitle } from "../title";
import { capital } from "../words";

export function HomePage() {
  useTitle("");
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
            Revision {root.revision}
            {root.updated_at && (
              <>
                {" "}
                of <time dateTime={root.updated_at}>{new Date(root.updated_at).toLocaleString()}</time>
              </>
            )}
            . <a href={to("/changes")}>What changed lately</a>
          </p>
        </>
      )}
    </Shown>
  );
}
