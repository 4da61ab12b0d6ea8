/** Prints what Lighthouse finds of a page, as JSON: its score in each category, its times, and what it lost points by. */

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, url, ...onlyCategories] = process.argv.slice(2);
// It may run as root, and asks nothing of its maker's servers. What Lighthouse would report its own errors to its maker
// with is a third of all that it installs: `package.json` has another of its packages stand in for that.
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "interactive"];

const chrome = await launch({ chromePath, chromeFlags });
try {
  const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories, disableFullPageScreenshot: true, logLevel: "silent" });
  const scores = Object.values(lhr.categories).map((one) => [one.id, Math.round(one.score * 100)]);
  const times = TIMES.flatMap((id) => (lhr.audits[id] ? [[id, Math.round(lhr.audits[id].numericValue)]] : []));
  const lost = Object.values(lhr.audits).filter((one) => one.score !== null && one.score < 1);
  console.log(JSON.stringify({ scores: Object.fromEntries(scores), times: Object.fromEntries(times), lost: lost.map((one) => `${one.id}: ${one.displayValue ?? one.title}`) }));
} finally {
  chrome.kill();
}
