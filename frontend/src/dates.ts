/** Dates as EDTF has them (ISO 8601-2), in words, and never more precise than they are. */

const MONTHS = "January February March April May June July August September October November December".split(" ");
const SEASONS = ["spring", "summer", "autumn", "winter"];
/** The parts of a year by their numbers: its seasons from 21, those of either hemisphere, quarters, thirds and halves. */
const PARTS = [
  ...["", "northern ", "southern "].flatMap((where) => SEASONS.map((one) => where + one)),
  ...["first", "second", "third", "last"].map((one) => `the ${one} quarter of`),
  ...["first", "second", "last"].map((one) => `the ${one} third of`),
  ...["first", "second"].map((one) => `the ${one} half of`),
];

/** The properties whose values are dates, as the vocabulary of the API has them; of others a text may look like one, such as the name "1917". */
const DATED = ["release_date", "filming_date", "point_in_time", "date", "birth_date", "death_date", "inception", "dissolution"];

export function isDated(property: string): boolean {
  return DATED.includes(property);
}

/** Whether what somebody wrote into an address looks like a date. */
export function isDate(value: string): boolean {
  return /^[?~%]?-?\d{1,4}X{0,3}[?~%]?(-[?~%]?(\d\d|XX)[?~%]?)*([T/].*)?$/.test(value) || /^\.\.\/\d/.test(value) || /^[[{](\.\.)?-?\d[\dX.,?~%-]*[\]}]$/.test(value);
}

export function inWords(edtf: string): string {
  if (/^[[{]/.test(edtf)) return ofSet(edtf.slice(1, -1), edtf.startsWith("["));
  if (edtf.includes("/")) {
    const [from = "", until = ""] = edtf.split("/");
    if (from === ".." || from === "") return `until ${inWords(until)}`;
    if (until === ".." || until === "") return `from ${inWords(from)}`;
    return `${inWords(from)} to ${inWords(until)}`;
  }
  const [isAbout, isPerhaps] = [/[~%]/.test(edtf), /[?%]/.test(edtf)];
  return `${isAbout ? "about " : ""}${certain(edtf.replace(/[?~%]/g, ""))}${isPerhaps ? ", perhaps" : ""}`;
}

/** One of several dates, or all of them, as the timeline says it. */
function ofSet(members: string, isOne: boolean): string {
  const told = members.split(",").map((one) => {
    const [from = "", until] = one.split("..");
    if (until === undefined) return inWords(from);
    if (!from) return `until ${inWords(until)}`;
    if (!until) return `from ${inWords(from)} on`;
    return isOne ? `between ${inWords(from)} and ${inWords(until)}` : `${inWords(from)} to ${inWords(until)}`;
  });
  if (told.length === 1) return isOne && members.includes("..") ? `some time ${told[0]}` : told[0]!;
  return `${told.slice(0, -1).join(", ")} ${isOne ? "or" : "and"} ${told.at(-1)}`;
}

/** The dates within a text, such as the label of a date on the timeline, in words. */
export function spelled(text: string): string {
  return zoned(text).replace(/((?<!\S)-)?\b\d{4}-\d\d(-\d\d)?/g, (date) => inWords(date));
}

/** The day that a date of the API begins with; JavaScript knows a year before the first by six digits only. */
export function dayOf(date: string): Date {
  return new Date(date.replace(/^-(?=\d{4}(?!\d))/, "-00"));
}

/** The year that a date begins with, if it begins with one. */
export function yearOf(date: string | null | undefined): number | undefined {
  const told = /^-?\d{4}/.exec(date ?? "");
  return told ? Number(told[0]) : undefined;
}

/** A year as EDTF has it: 1957, -0043. */
export function yearTold(year: number): string {
  return `${year < 0 ? "-" : ""}${String(Math.abs(year)).padStart(4, "0")}`;
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
  // A month or a day that nobody knows is left out.
  const [day = "", time] = edtf.replace(/(-XX)+$/, "").split("T");
  const decade = /^(\d{3})X$/.exec(day);
  if (decade) return `the ${decade[1]}0s`;
  const century = /^(\d\d)XX$/.exec(day);
  if (century) return `the ${century[1]}00s`;
  const found = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(day);
  if (!found) return edtf;
  const [, year = "", month, date] = found;
  if (!month) return year;
  const part = PARTS[Number(month) - 21];
  if (part) return `${part} ${year}`;
  const name = MONTHS[Number(month) - 1];
  if (!name) return edtf;
  const said = date ? `${Number(date)} ${name} ${year}` : `${name} ${year}`;
  return time ? `${said}, ${zoned(time)}` : said;
}
