import { render } from "preact";

import { App } from "./app";
import { wear } from "./parts/wear";
import style from "./style.css?inline";

// It comes with the program: a file of its own would be one more connection to wait for, and a page without either is
// blank anyway.
wear(style);

render(<App />, document.getElementById("app")!);
