// For each line "kind<tab>path" of the input: what eslint-scope does not
// resolve in that file, as one line of JSON.
"use strict";
const fs = require("node:fs");
const readline = require("node:readline");
const acorn = require("acorn");
const { analyze } = require("eslint-scope");

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [kind, path] = line.split("\t");
  const text = fs.readFileSync(path, "utf8").replace(/^\ufeff/, "");
  let result;
  try {
    const module = kind === "module";
    const tree = acorn.parse(text, {
      ecmaVersion: "latest", sourceType: kind, locations: true, ranges: true,
      allowReturnOutsideFunction: true, allowHashBang: true,
    });
    const scopes = analyze(tree, { ecmaVersion: 2022, sourceType: kind, nodejsScope: !module });
    result = scopes.globalScope.through.map((r) => ({
      name: r.identifier.name, line: r.identifier.loc.start.line, column: r.identifier.loc.start.column + 1,
      write: r.isWrite(),
    }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message) }));
    return;
  }
  console.log(JSON.stringify({ globals: result }));
});
