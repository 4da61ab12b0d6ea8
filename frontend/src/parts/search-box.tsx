/** The field to search by, which completes what is typed. */

import { useEffect, useId, useRef, useState } from "preact/hooks";

import { api, type Schemas } from "../api/client";
import { go, to } from "../router";

type Suggestion = Schemas["Suggestion"];

// Nobody types faster than this and reads what comes meanwhile, in milliseconds.
const PAUSE = 80;

interface Asking {
  /** What the field holds until somebody types: what is asked for, or what is chosen. */
  asked?: string;
  label?: string;
  /** Where the field is, if it starts anew on each page. */
  page?: string;
  /** What is done with what is chosen; otherwise its page is shown, or what a search finds. */
  onChoose?: (one: Suggestion) => void;
}

const NOTHING = { of: "", results: [] as Suggestion[], isDown: false };

async function suggest(q: string, signal: AbortSignal | null): Promise<typeof NOTHING> {
  const told = await api.GET("/suggest", { params: { query: { q } }, signal }).catch(() => undefined);
  return { of: q, results: told?.data?.results ?? [], isDown: !told?.data };
}

export function SearchBox({ asked = "", label = "Search", page, onChoose }: Asking) {
  const [text, setText] = useState(asked);
  const [found, setFound] = useState(NOTHING);
  const [chosen, setChosen] = useState<Suggestion>();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  // What the choice waits for that was asked for before there were suggestions.
  const awaited = useRef("");
  useEffect(() => {
    if (!isOpen || !text.trim()) return;
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      const told = await suggest(text, leaving.signal);
      if (!leaving.signal.aborted) setFound(told);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [text, isOpen]);

  // While somebody types, what was found for less stays in sight; an arrow has it back.
  const options = text.trim() && (isOpen || text.startsWith(found.of)) ? found.results : [];
  const shown = isOpen ? options : [];
  const place = shown.findIndex((one) => one.url === chosen?.url);
  const close = () => {
    setOpen(false);
    setChosen(undefined);
  };
  // Another address has the field say something else, and nobody asked for suggestions of that.
  useEffect(() => {
    setText(asked);
    close();
  }, [asked, page]);
  const take = (one: Suggestion) => {
    close();
    setText(onChoose ? one.label : "");
    if (onChoose) onChoose(one);
    else go(to(one.url));
  };
  const submit = async () => {
    if (shown[place]) return take(shown[place]);
    close();
    if (!onChoose) return go(to("/search", { q: text }));
    // What is shown may still belong to what was typed before.
    awaited.current = text;
    const told = found.of === text ? found : await suggest(text, null);
    if (awaited.current !== text) return;
    awaited.current = "";
    if (told.results[0]) take(told.results[0]);
    else setFound(told);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && text.trim()) {
      event.preventDefault();
      setOpen(true);
      setChosen(options[after(place, step, options.length)]);
    } else if (event.key === "Escape" && shown.length) {
      event.preventDefault();
      close();
    }
  };

  return (
    <form
      role="search"
      aria-label={label}
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) void submit();
      }}
      onFocusOut={(event) => {
        if (event.currentTarget.contains(event.relatedTarget as Node | null)) return;
        close();
        // A field to choose by says what is chosen, not what somebody began to type.
        if (onChoose && !awaited.current) setText(asked);
      }}
    >
      {onChoose && (
        <label class="kind" for={`${id}-field`}>
          {label}
        </label>
      )}
      <input
        id={`${id}-field`}
        type="search"
        name="q"
        value={text}
        maxLength={500}
        autoComplete="off"
        placeholder="Film, person, flight …"
        aria-label={label}
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={place >= 0 ? `${id}-${place}` : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setChosen(undefined);
          awaited.current = "";
        }}
        onKeyDown={onKeyDown}
      />
      {!onChoose && <button type="submit">Search</button>}
      {(onChoose || isOpen) && text.trim() && found.of === text && !found.results.length && (
        <p class="kind" role="status">
          {found.isDown ? "The server does not answer." : onChoose ? "Nothing is called that." : "Nothing is called that; a search looks into the texts as well."}
        </p>
      )}
      <ul id={id} role="listbox" aria-label="Suggestions" hidden={!shown.length}>
        {shown.map((one, number) => (
          <li
            key={one.url}
            id={`${id}-${number}`}
            role="option"
            aria-selected={number === place}
            onMouseDown={(event) => {
              event.preventDefault();
              take(one);
            }}
          >
            <span>{one.label}</span> <small>{one.kind}</small>
          </li>
        ))}
      </ul>
    </form>
  );
}

/** The place that an arrow leads to among so many; before the first and after the last is the field itself, at -1. */
export function after(place: number, step: number, count: number): number {
  return ((place + 1 + step + count + 1) % (count + 1)) - 1;
}
