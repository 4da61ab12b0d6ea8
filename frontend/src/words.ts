/** Names of the API as people say them. */

const SAID: Record<string, string> = {
  film_type: "kind of film",
  label: "described as",
  duration: "length",
  duration_minutes: "length",
  point_in_time: "when",
  alternate_name: "also called",
  alternate_names: "also called",
  box_office: "box office",
};

/** `release_date` is "release date". */
export function named(key: string): string {
  return own(SAID, key) ?? key.replaceAll("_", " ");
}

/** What a table says of a key, and not what every object has, such as `constructor`: an address may say anything. */
export function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a source is called: few data sets have a title, and some articles neither that nor a publisher. */
export function called(source: { title: string | null; publisher: string | null; slug: string }): string {
  return source.title || source.publisher || source.slug;
}

/** A number with its noun: 1 film, 4 films. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** An amount with its unit, which the API has in the singular: 165 minutes, 1 hour, 28,000 kilometres per hour. */
export function measured({ amount, unit }: { amount: number | string; unit: string }): string {
  const many = /^[a-z ]*[a-rt-z]$/.test(unit.split(" per ")[0]!) ? unit.replace(/^[a-z ]+?(?= per |$)/, plural) : unit;
  // To the last digit that a source gives: 0.0004 is not 0.
  return `${Number(amount).toLocaleString("en", { maximumFractionDigits: 20 })} ${Number(amount) === 1 ? unit : many}`;
}

function plural(noun: string): string {
  if (/foot$/.test(noun)) return noun.replace(/foot$/, "feet");
  if (/[^aeiou]y$/.test(noun)) return noun.replace(/y$/, "ies");
  return `${noun}${/(?:ch|sh)$/.test(noun) ? "es" : "s"}`;
}

/** How much later or earlier than planned something came, by as many days as its dates tell. */
export function slipped({ at_least, at_most }: { at_least: number | null; at_most: number | null }): string {
  if (at_least === null || at_most === null) return "differently than planned";
  if (at_least < 0 && at_most > 0) return `up to ${counted(-at_least, "day")} earlier or ${counted(at_most, "day")} later`;
  const [few, many] = [Math.abs(at_least), Math.abs(at_most)].sort((one, other) => one - other) as [number, number];
  return `${few === many ? "" : `${few.toLocaleString("en")} to `}${counted(many, "day")} ${at_most > 0 ? "later" : "earlier"}`;
}

interface Sense {
  mark: "planned" | "reported" | "hoped" | "negated" | "fictional";
  told: string;
}

/** In what sense a fact holds, where it is not simply so. */
export function sense(fact: { modality: string; attributed_to: string | null }): Sense | undefined {
  const by = fact.attributed_to;
  switch (fact.modality) {
    case "planned":
      return { mark: "planned", told: by ? `planned, says ${by}` : "planned" };
    case "reported":
      return { mark: "reported", told: by ? `says ${by}` : "reported" };
    case "hoped":
      return { mark: "hoped", told: by ? `hoped for, says ${by}` : "hoped for" };
    case "negated":
      return { mark: "negated", told: "not so" };
    case "fictional":
      return { mark: "fictional", told: "in the story" };
    default:
      return undefined;
  }
}
