import { useEffect } from "preact/hooks";

const meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
const general = meta?.content ?? "";

/** What the window is called, and what is told of the page, while a component is shown; nothing until there is a title. */
export function useTitle(title: string | undefined, description?: string | null): void {
  useEffect(() => {
    if (title === undefined) return;
    document.title = title ? `${title} – filmspace` : "filmspace";
    if (meta) meta.content = description ?? general;
  }, [title, description]);
}
