// Runs the queries that come on the standard input, and prints their rows.
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';

const db = await (await DuckDBInstance.create(':memory:')).connect();
const answers = [];
for (const query of JSON.parse(readFileSync(0, 'utf8'))) answers.push((await db.runAndReadAll(query)).getRowObjectsJson());
console.log(JSON.stringify(answers));
