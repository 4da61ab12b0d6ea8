/** The frame around every page, and which page an address stands for. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { base, isPlural, KINDS } from "./api/client";
import { Folded } from "./parts/folded";
import { Guarded } from "./parts/guarded";
import { later } from "./parts/later";
import { SearchBox } from "./parts/search-box";
import { Failure } from "./parts/states";
import { wear } from "./parts/wear";
import { ChangesPage } from "./pages/changes";
import { DisputesPage } from "./pages/disputes";
import { FactsPage } from "./pages/facts";
import { HomePage } from "./pages/home";
import { ListPage } from "./pages/list";
import { RecordPage } from "./pages/record";
import { SearchPage } from "./pages/search";
import { SlipsPage } from "./pages/slips";
import { SourcePage } from "./pages/source";
import { SourcesPage } from "./pages/sources";
import { keepPlace, type Place, to, usePlace } from "./router";
import { usePlaceTold } from "./title";
import { capital } from "./words";

const PAGES = {
  ...Object.fromEntries(Object.keys(KINDS).map((plural) => [`/${plural}`, capital(plural)])),
  "/timeline": "Timeline",
  "/disputes": "Disputes",
  "/slips": "Slips",
  "/sources": "Sources",
};
const MORE = { "/changes": "What changed lately", "/path": "How two of them are connected" };
// On demand, with what lays them out, or since few begin there.
const GraphPage = later(() => import("./pages/graph").then((one) => (wear(one.style), one.GraphPage)));
const PathPage = later(() => import("./pages/path").then((one) => one.PathPage));
const TimelinePage = later(() => import("./pages/timeline").then((one) => (wear(one.style), one.TimelinePage)));

export function App() {
  const place = usePlace();
  usePlaceTold(place);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // Before what a page does by itself once it is there, such as to go to a passage.
  useLayoutEffect(() => {
    // A new page begins at its top, for the eye as for a screen reader, and the way back ends where one was.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
    return keepPlace();
  }, [place.path]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header>
        <a class="brand" href="#/">
          filmspace
        </a>
        <nav aria-label="Pages">
          <Folded summary="Pages" key={place.path}>
            <Links pages={PAGES} place={place} />
          </Folded>
        </nav>
        <SearchBox page={place.path} asked={place.path === "/search" ? (place.query.get("q") ?? "") : ""} />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <Guarded at={`${place.path}?${place.query}`} key={place.path}>
          <Page place={place} />
        </Guarded>
      </main>
      <footer>
        <nav aria-label="More pages">
          <Links pages={MORE} place={place}>
            <li>
              <a href={`${base}/docs`}>The API behind it</a>
            </li>
          </Links>
        </nav>
      </footer>
    </>
  );
}

function Links({ pages, place, children }: { pages: Record<string, string>; place: Place; children?: ComponentChildren }) {
  return (
    <ul>
      {Object.entries(pages).map(([path, label]) => (
        <li key={path}>
          <a href={to(path)} aria-current={place.path === path ? "page" : undefined}>
            {label}
          </a>
        </li>
      ))}
      {children}
    </ul>
  );
}

function Page({ place }: { place: Place }) {
  if (!place.parts) return <Failure problem={{ status: 404 }} isPage />;
  const [noun = "", slug, ...rest] = place.parts;
  if (slug === undefined) {
    if (isPlural(noun)) return <ListPage plural={noun} query={place.query} key={noun} />;
    if (noun === "") return <HomePage />;
    if (noun === "search") return <SearchPage q={place.query.get("q") ?? ""} />;
    if (noun === "sources") return <SourcesPage />;
    if (noun === "disputes") return <DisputesPage />;
    if (noun === "slips") return <SlipsPage />;
    if (noun === "changes") return <ChangesPage />;
    if (noun === "path") return <PathPage from={place.query.get("from") ?? ""} until={place.query.get("to") ?? ""} />;
    if (noun === "timeline") return <TimelinePage query={place.query} />;
  }
  if (slug && !rest.length) {
    if (isPlural(noun)) return <RecordPage plural={noun} slug={slug} key={place.path} />;
    if (noun === "sources") return <SourcePage slug={slug} at={place.query.get("at")} key={place.path} />;
  }
  if (slug && isPlural(noun) && rest.length === 1) {
    if (rest[0] === "graph") return <GraphPage plural={noun} slug={slug} key={place.path} />;
    if (rest[0] === "facts") return <FactsPage plural={noun} slug={slug} query={place.query} key={place.path} />;
  }
  return <Failure problem={{ status: 404 }} isPage />;
}
