package syntax

import (
	"bytes"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
)

// loaders are the languages that esbuild knows by their ending.
var loaders = map[string]api.Loader{
	".ts": api.LoaderTS, ".mts": api.LoaderTS, ".cts": api.LoaderTS,
	".tsx": api.LoaderTSX, ".jsx": api.LoaderJSX,
}

func needsLowering(ext string) bool { return loaders[ext] != api.LoaderNone }

// TypeScript says whether the file is one.
func (f *File) TypeScript() bool {
	loader := loaders[strings.ToLower(path.Ext(f.Path))]
	return loader == api.LoaderTS || loader == api.LoaderTSX
}

// lowered is what the parser does not know.
var lowered = map[string]bool{
	"for-await": false, "async-generator": false, "import-attributes": false, "import-assertions": false,
	"using": false, "decorators": false, "hashbang": false,
}

// lower turns a text into JavaScript that the parser reads.
func lower(name, ext, src string) (string, *backward, error) {
	loader, ok := loaders[ext]
	if !ok {
		loader = api.LoaderJSX // JSX in a .js file is common
	}
	options := api.TransformOptions{
		// A name that is not UTF-8 has esbuild write its source map for ever.
		Sourcefile: strings.ToValidUTF8(name, "\ufffd"), Loader: loader, LogLevel: api.LogLevelSilent,
		Target: api.ES2022, Supported: lowered, Sourcemap: api.SourceMapExternal,
		SourcesContent: api.SourcesContentExclude, Charset: api.CharsetUTF8,
		// What is imported and only used as a type stays, and a field stays one. Decorators
		// are those of TypeScript alone, as Nest and Angular have them.
		TsconfigRaw: `{"compilerOptions":{"verbatimModuleSyntax":true,"useDefineForClassFields":true,"experimentalDecorators":true}}`,
	}
	result := api.Transform(src, options)
	if len(result.Errors) > 0 && strings.Contains(result.Errors[0].Text, "ecorator") {
		options.TsconfigRaw = `{"compilerOptions":{"verbatimModuleSyntax":true,"useDefineForClassFields":true}}`
		result = api.Transform(src, options)
	}
	if len(result.Errors) > 0 {
		e := result.Errors[0]
		if e.Location == nil {
			return "", nil, &Error{Reason: e.Text}
		}
		at := newText(src).at(e.Location.Line, e.Location.Column)
		return "", nil, &Error{Line: at.Line, Column: at.Column, Reason: e.Text}
	}
	consumer, err := sourcemap.Parse("", result.Map)
	if err != nil && len(bytes.TrimSpace(result.Code)) > 0 { // of types alone nothing is left to map
		return "", nil, &Error{Reason: "the source map of its JavaScript: " + err.Error()}
	}
	// The parser takes async for the beginning of a function.
	code := strings.ReplaceAll(string(result.Code), "import async from \"", "import { default as async } from \"")
	return code, &backward{consumer}, nil
}

// backward leads from the JavaScript that esbuild wrote to the text.
type backward struct{ sources *sourcemap.Consumer }

func (b *backward) original(p Position) (Position, bool) {
	if b.sources == nil {
		return Position{}, false
	}
	_, _, line, column, ok := b.sources.Source(p.Line, p.Column-1)
	if !ok || line < 1 {
		return Position{}, false
	}
	return Position{line, column + 1}, true
}
