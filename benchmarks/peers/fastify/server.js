// Fastify and better-sqlite3 as somebody writes them who knows both: prepared statements, one thread, pages by key.
// node server.js BASE PORT rows|json: objects from rows, or JSON made by SQLite itself.

import Database from "better-sqlite3";
import Fastify from "fastify";

const [, , base, port, mode] = process.argv;
const db = new Database(base, { readonly: true, fileMustExist: true });
db.pragma("query_only = on");
db.pragma("mmap_size = 4294967296");
db.pragma("cache_size = -16000");

const FILM = "film.id, film.slug, title, film_type, released, released_first, minutes, text";
const NAMED = "FROM credit JOIN person ON person.id = person_id WHERE film_id = ? AND role = ?";
const GENRE = "FROM film_genre WHERE genre = ? AND released_first BETWEEN ? AND ?";
const sql = {
  film: `SELECT ${FILM} FROM film WHERE slug = ?`,
  genres: "SELECT genre FROM film_genre WHERE film_id = ?",
  people: `SELECT person.slug, name ${NAMED}`,
  page: `SELECT ${FILM} FROM film WHERE (released_first, id) > (?, ?) ORDER BY released_first, id LIMIT ?`,
  offset: `SELECT ${FILM} FROM film JOIN (SELECT id AS found FROM film ORDER BY released_first, id LIMIT ? OFFSET ?)
    ON film.id = found ORDER BY released_first, film.id`,
  genre: `SELECT ${FILM} FROM film JOIN (SELECT film_id ${GENRE} ORDER BY released_first, film_id LIMIT ?)
    ON film.id = film_id ORDER BY released_first, film.id`,
  count: `SELECT count(*) AS count ${GENRE}`,
  facets: "SELECT genre, count(*) AS count FROM film_genre WHERE released_first BETWEEN ? AND ? GROUP BY genre",
  search: `SELECT slug, film.title FROM film_fts JOIN film ON film.id = film_fts.rowid
    WHERE film_fts MATCH ? ORDER BY rank LIMIT 20`,
  suggest: `SELECT slug, film.title FROM title_fts JOIN film ON film.id = title_fts.rowid
    WHERE title_fts MATCH ? ORDER BY rank LIMIT 10`,
  person: "SELECT id, slug, name, born, country FROM person WHERE slug = ?",
  credits: "SELECT count(*) AS count FROM credit WHERE person_id = ?",
  films: `SELECT film.slug, title, released, role FROM (SELECT film_id, role FROM credit WHERE person_id = ?
    ORDER BY released_first, film_id LIMIT 25) JOIN film ON film.id = film_id`,
};

// The same as JSON: one text for each answer.
const list = (value, rest) => `json((SELECT json_group_array(${value}) ${rest}))`;
const named = (role) =>
  list("json_object('slug', person.slug, 'name', name)",
    `FROM credit JOIN person ON person.id = person_id WHERE film_id = film.id AND role = '${role}'`);
const genres = list("genre", "FROM film_genre WHERE film_id = film.id");
const fields = "'slug', slug, 'title', title, 'film_type', film_type, 'released', released, 'minutes', minutes, 'text', text";
const shown = `json_object(${fields}, 'genres', ${genres}, 'directors', ${named("director")})`;
const page = (inner) =>
  `SELECT json_object('results', json(json_group_array(json(${shown}))),
    'next', max(released_first || ',' || printf('%010d', id))) AS json FROM (${inner}) AS film`;
const json = {
  film: `SELECT json_object(${fields}, 'genres', ${genres}, 'directors', ${named("director")},
    'screenwriters', ${named("screenwriter")}, 'cast', ${named("cast")}) AS json FROM film WHERE slug = ?`,
  found: (inner) => `SELECT json_object('results', json((SELECT json_group_array(json_object('slug', slug, 'title', title))
    FROM (${inner})))) AS json`,
  person: `SELECT json_object('slug', slug, 'name', name, 'born', born, 'country', country,
    'credits_count', (SELECT count(*) FROM credit WHERE person_id = person.id),
    'films', ${list("json_object('slug', slug, 'title', title, 'released', released, 'role', role)",
      "FROM (" + sql.films.replace("person_id = ?", "person_id = person.id") + ")")}) AS json FROM person WHERE slug = ?`,
};

const prepared = Object.fromEntries(Object.entries(sql).map(([name, query]) => [name, db.prepare(query)]));
const texts = {
  film: db.prepare(json.film), person: db.prepare(json.person),
  search: db.prepare(json.found(sql.search)), suggest: db.prepare(json.found(sql.suggest)),
};
for (const name of ["page", "offset", "genre"]) texts[name] = db.prepare(page(sql[name]));

const told = ({ id, released_first, ...film }) => ({
  ...film,
  genres: prepared.genres.all(id).map((row) => row.genre),
  directors: prepared.people.all(id, "director"),
});
const after = (row) => (row ? `${row.released_first},${String(row.id).padStart(10, "0")}` : null);
const makers = {
  page(name, values) {
    const rows = prepared[name].all(...values);
    return { results: rows.map(told), next: after(rows.at(-1)) };
  },
  film(slug) {
    const film = prepared.film.get(slug);
    const { id } = film;
    const [screenwriters, cast] = ["screenwriter", "cast"].map((role) => prepared.people.all(id, role));
    return { ...told(film), screenwriters, cast };
  },
  person(slug) {
    const { id, ...person } = prepared.person.get(slug);
    return { ...person, credits_count: prepared.credits.get(id).count, films: prepared.films.all(id) };
  },
};

const app = Fastify();
const answer = (reply, name, values, rows) => {
  if (mode === "json") return reply.type("application/json; charset=utf-8").send(texts[name].get(...values).json);
  return reply.send(rows());
};
const match = (words) => words.split(" ").map((word) => `"${word.replaceAll('"', '""')}"*`).join(" ");
const span = ({ first, last }) => [`${first}-01-01`, `${last}-12-31`];

app.get("/", (request, reply) => reply.send({ name: "films" }));
app.get("/films/:slug", ({ params }, reply) => answer(reply, "film", [params.slug], () => makers.film(params.slug)));
app.get("/people/:slug", ({ params }, reply) => answer(reply, "person", [params.slug], () => makers.person(params.slug)));
app.get("/films", ({ query }, reply) => {
  let [name, values] = ["page", ["", 0, 20]];
  if (query.genre) [name, values] = ["genre", [query.genre, ...span(query), 20]];
  else if (query.offset) [name, values] = ["offset", [20, Number(query.offset)]];
  else if (query.after) {
    const [date, id] = query.after.split(",");
    values = [date, Number(id), 20];
  }
  return answer(reply, name, values, () => makers.page(name, values));
});
app.get("/count", ({ query }, reply) => reply.send(prepared.count.get(query.genre, ...span(query))));
app.get("/facets", ({ query }, reply) => reply.send({ results: prepared.facets.all(...span(query)) }));
for (const name of ["search", "suggest"]) {
  app.get(`/${name}`, ({ query }, reply) => {
    const values = [match(query.q)];
    return answer(reply, name, values, () => ({ results: prepared[name].all(...values) }));
  });
}
await app.listen({ port: Number(port), host: "127.0.0.1" });
