/** From which year until which: the fields say what the address does. */

interface Asking {
  from: string | null;
  until: string | null;
  show: (from: string, until: string) => void;
}

export function Years({ from, until, show }: Asking) {
  const field = (name: string, value: string | null, example: string) => (
    <input name={name} key={value} inputMode="numeric" pattern="-?\d{4}(-\d\d(-\d\d)?)?" title={`A year, such as ${example}`} size={5} defaultValue={value ?? ""} placeholder={example} />
  );
  return (
    <form
      class="years"
      onSubmit={(event) => {
        event.preventDefault();
        const told = new FormData(event.currentTarget);
        show(String(told.get("from")), String(told.get("to")));
      }}
    >
      <label>From {field("from", from, "1957")}</label>
      <label>to {field("to", until, "2031")}</label>
      <button type="submit">Show</button>
    </form>
  );
}

/** Puts both ends into the filters, or takes away what was left empty. */
export function between(query: URLSearchParams, names: [string, string], values: [string, string]): void {
  names.forEach((name, number) => (values[number] ? query.set(name, values[number]) : query.delete(name)));
}
