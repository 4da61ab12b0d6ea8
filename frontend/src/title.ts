import { useEffect } from "preact/hooks";

/** What the window is called, and what is told of the page, while a component is shown. */
export function useTitle(title: string | undefined, description?: string | null): void {
  useEffect(() => {
    if (title !== undefined) document.title = title ? `${title} – filmspace` : "filmspace";
    const meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
    if (meta && description) meta.content = description;
  }, [title, description]);
}
