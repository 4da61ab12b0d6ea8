/** Dates as EDTF has them (ISO 8601-2), in words, and never more precise than they are. */

const MONTHS = "January February March April May June July August September October November December".split(" ");
const SEASONS: Record<string, string> = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" };

export function isDate(value: string): boolean {
  return /^-?\d{1,4}X{0,3}(-\d\d|-XX)*([T?~%/].*)?$/.test(value) || value.startsWith("../");
}

export function inWords(edtf: string): string {
  if (edtf.includes("/")) {
    const [from = "", until = ""] = edtf.split("/");
    if (from === ".." || from === "") return `until ${inWords(until)}`;
    if (until === ".." || until === "") return `from ${inWords(from)}`;
    return `${inWords(from)} to ${inWords(until)}`;
  }
  const [, plain = edtf, doubt = ""] = /^(.*?)([?~%]?)$/.exec(edtf) ?? [];
  const said = certain(plain);
  if (doubt === "~") return `about ${said}`;
  if (doubt === "?") return `${said}, perhaps`;
  return doubt === "%" ? `about ${said}, perhaps` : said;
}

/** The dates within a text, such as the label of a date on the timeline, in words. */
export function spelled(text: string): string {
  const between = text.replace(/\bin (\S+)\.\.(\S+)/, "between $1 and $2");
  return zoned(between).replace(/\b\d{4}-\d\d(-\d\d)?/g, inWords);
}

/** A text whose times say in words by which clock they are: 15:22:31 UTC+3. */
function zoned(text: string): string {
  return text.replace(/(\d\d:\d\d(?::\d\d)?)(?:Z\b|([+-])0?(\d+):(\d\d)\b)/, (_, time: string, sign?: string, hours?: string, minutes?: string) =>
    sign && `${hours}:${minutes}` !== "0:00" ? `${time} UTC${sign === "-" ? "−" : "+"}${hours}${minutes === "00" ? "" : `:${minutes}`}` : `${time} UTC`,
  );
}

/** A moment to the minute, the same for every reader. */
export function moment(iso: string): string {
  return inWords(`${iso.slice(0, 16)}Z`);
}

function certain(edtf: string): string {
  const [day = "", time] = edtf.split("T");
  const decade = /^(\d{3})X$/.exec(day);
  if (decade) return `the ${decade[1]}0s`;
  const century = /^(\d\d)XX$/.exec(day);
  if (century) return `the ${century[1]}00s`;
  const found = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(day);
  if (!found) return edtf;
  const [, year = "", month, date] = found;
  if (!month) return year;
  const season = SEASONS[month];
  if (season) return `${season} ${year}`;
  const name = MONTHS[Number(month) - 1];
  if (!name) return edtf;
  const said = date ? `${Number(date)} ${name} ${year}` : `${name} ${year}`;
  return time ? `${said}, ${zoned(time)}` : said;
}
