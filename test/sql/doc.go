// Package sql runs the queries of docs/sql.md with DuckDB on the tables of real snapshots,
// and holds their answers against plumb's own (go test -tags conformance).
package sql
