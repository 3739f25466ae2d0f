// Package mcp holds plumb mcp against a client that others have written, the Model
// Context Protocol's SDK for TypeScript, which it installs (go test -tags conformance).
package mcp
