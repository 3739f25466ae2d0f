package report

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"html"
	"io"
	"strings"
)

// dist is the part of plumb's page (ui/src/report) that shows a report, compressed.
//
//go:embed dist
var dist embed.FS

// html writes one page that needs nothing else: no server, no font, no network. Its
// script shows the document that is in it; without scripts, the text is there.
func (r *Report) html(w io.Writer) error {
	style, err := asset("report.css")
	if err != nil {
		return err
	}
	script, err := asset("report.js")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := r.text(&text); err != nil {
		return err
	}
	shown := r.Document()
	// The encoder writes < and > as escapes: no text can end the element it is in.
	document, err := json.Marshal(shown)
	if err != nil {
		return err
	}
	_, err = strings.NewReplacer(
		"TITLE", html.EscapeString(shown.Verdict+": "+shown.Title), "STYLE", style, "TEXT", html.EscapeString(text.String()),
		"DOCUMENT", string(document), "VERSION", html.EscapeString(r.Version), "SCRIPT", script,
	).WriteString(w, frameOfPage)
	return err
}

// frameOfPage has the places of what makes a page. The policy lets it run what is in it,
// and load nothing.
const frameOfPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="generator" content="plumb VERSION">
<title>TITLE</title>
<style>STYLE</style>
</head>
<body>
<div id="root"><pre>TEXT</pre></div>
<script type="application/json" id="document">DOCUMENT</script>
<script type="module">SCRIPT</script>
</body>
</html>
`

// asset reads a file of dist.
func asset(name string) (string, error) {
	file, err := dist.Open("dist/" + name + ".gz")
	if err != nil {
		return "", err
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(unpacked)
	return string(text), err
}
