import { render } from "preact";

import { App } from "./app";
import style from "./style.css?inline";

// It comes with the program: a file of its own would be one more connection to wait for, and a page without either is
// blank anyway. A policy without `unsafe-inline` lets sheets that a program makes be.
const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets = [sheet];

render(<App />, document.getElementById("app")!);
