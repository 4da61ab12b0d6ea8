/** The field to search by, which completes what is typed. */

import { useEffect, useId, useState } from "preact/hooks";

import { api, type Schemas } from "../api/client";
import { go, to } from "../router";

type Suggestion = Schemas["Suggestion"];

// Nobody types faster than this and reads what comes meanwhile, in milliseconds.
const PAUSE = 80;

interface Asking {
  asked?: string;
  label?: string;
  /** What is done with what is chosen; otherwise its page is shown, or what a search finds. */
  onChoose?: (one: Suggestion) => void;
}

export function SearchBox({ asked = "", label = "Search", onChoose }: Asking) {
  const [text, setText] = useState(asked);
  const [found, setFound] = useState<Suggestion[]>([]);
  const [chosen, setChosen] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (!isOpen || !text.trim()) return setFound([]);
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      const { signal } = leaving;
      const told = await api.GET("/suggest", { params: { query: { q: text } }, signal }).catch(() => undefined);
      if (told?.data && !signal.aborted) setFound(told.data.results);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [text, isOpen]);

  const close = () => {
    setOpen(false);
    setChosen(-1);
  };
  const follow = (one?: Suggestion) => {
    close();
    if (!onChoose) return go(one ? to(one.url) : to("/search", { q: text }));
    const taken = one ?? found[0];
    if (!taken) return;
    setText(taken.label);
    onChoose(taken);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      setOpen(true);
      setChosen((chosen + step + found.length + 1) % (found.length + 1) || (step > 0 && chosen < 0 ? 0 : -1));
    } else if (event.key === "Escape") close();
  };

  return (
    <form
      role="search"
      aria-label={label}
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) follow(found[chosen]);
      }}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) close();
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
        placeholder="A film, a person, a flight …"
        aria-label={label}
        role="combobox"
        aria-expanded={isOpen && found.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setChosen(-1);
        }}
        onKeyDown={onKeyDown}
      />
      {!onChoose && <button type="submit">Search</button>}
      <ul id={id} role="listbox" aria-label="Suggestions" hidden={!isOpen || found.length === 0}>
        {found.map((one, number) => (
          <li
            key={one.url}
            id={`${id}-${number}`}
            role="option"
            aria-selected={number === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              follow(one);
            }}
          >
            <span>{one.label}</span> <small>{one.kind}</small>
          </li>
        ))}
      </ul>
    </form>
  );
}
