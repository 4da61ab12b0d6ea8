/** Have the page look as a sheet says. A policy without `unsafe-inline` lets sheets that a program makes be. */
export function wear(style: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets.push(sheet);
}
