package docs

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/cli"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// metricCalls are the functions that make a metric of a name and a help text.
var metricCalls = map[string]string{"gauge": "gauge", "counter": "counter", "histogram": "histogram", "describe": "gauge"}

// writeMetrics makes the page of metrics: what /metrics says of itself.
func writeMetrics(t *testing.T, b *bytes.Buffer) {
	s := newSource(t)
	b.WriteString("# Metrics\n\nNames, types and help texts as `/metrics` has them. [metrics.md](../metrics.md) says what they mean,\n" +
		"where they differ from prom-client's, and what a scrape costs.\n")
	for _, part := range []struct{ title, dir string }{
		{"Of programs: plumb run, attach, exporter", "internal/metrics"},
		{"Of the hub", "internal/fleet/hub"},
	} {
		fmt.Fprintf(b, "\n## %s\n\n| metric | type | help |\n|---|---|---|\n", part.title)
		found := map[string][2]string{}
		for _, file := range s.in(part.dir).files {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 2 {
					return true
				}
				f, _ := call.Fun.(*ast.Ident)
				name, isText := text(call.Args[0])
				help, both := text(call.Args[1])
				if f != nil && metricCalls[f.Name] != "" && isText && both {
					found[name] = [2]string{metricCalls[f.Name], help}
				}
				return true
			})
		}
		if len(found) < 10 {
			t.Errorf("%s has only %d metrics: are they made in another way now?", part.dir, len(found))
		}
		for _, name := range slices.Sorted(maps.Keys(found)) {
			row(b, "`"+name+"`", found[name][0], cell("%s", found[name][1]))
		}
	}
	b.WriteString("\n`plumb monitor` shows the metrics of Prometheus and Alertmanager themselves, under their own names.\n")
}

// writeExitCodes makes the page of exit codes: the codes, and what commands say of theirs.
func writeExitCodes(_ *testing.T, b *bytes.Buffer) {
	b.WriteString("# Exit codes\n\n| code | |\n|---|---|\n")
	row(b, "0", "done, and nothing found")
	row(b, fmt.Sprint(int(terminal.FoundLeak)), "a leak, a finding of the linter, or a demand that is not met")
	row(b, "2", "wrong usage or failure: `error:` on the standard error says what, `hint:` what to do")
	row(b, fmt.Sprint(int(terminal.NotEnoughEvidence)), "not enough evidence")
	b.WriteString("\nWhat commands say of their own:\n")
	for _, cmd := range commandsBelow(cli.Tree()) {
		for paragraph := range strings.SplitSeq(cmd.Long, "\n\n") {
			flat := strings.Join(strings.Fields(paragraph), " ")
			if i := strings.Index(strings.ToLower(flat), "exit code"); i >= 0 {
				fmt.Fprintf(b, "\n- `%s`: %s\n", cmd.CommandPath(), strings.Replace(flat, "Exit codes: ", "", 1))
			}
		}
	}
}

var indented = regexp.MustCompile(`(?m)^\t(.*)$|^ {4}(.*)$`)

// writeConfiguration makes the page of files: plumb.yaml and PM2's.
func writeConfiguration(t *testing.T, b *bytes.Buffer) {
	s := newSource(t)
	b.WriteString("# Configuration\n\n" +
		"plumb needs no file. `plumb lint` reads one, `plumb run` takes PM2's, `plumb monitor` those of\n" +
		"[Prometheus and Alertmanager](../monitor.md).\n\n" +
		"## plumb.yaml\n\nIn the folder or the nearest one above; [lint.md](../lint.md#configuration) has the rest.\n\n```yaml\n")
	for _, m := range indented.FindAllStringSubmatch(s.in("internal/lint/config").files["config.go"].Doc.Text(), -1) {
		fmt.Fprintln(b, m[1]+m[2])
	}
	b.WriteString("```\n\n| rule | severity without a file | finds |\n|---|---|---|\n")
	for _, r := range rule.All() {
		row(b, fmt.Sprintf("[%s](../lint.md#%s)", r.ID, r.ID), string(r.Severity), cell("%s", r.Title()))
	}

	b.WriteString("\n## PM2's files\n\nFields of an app in `ecosystem.config.js` and the like; values and defaults are in\n" +
		"[ecosystem.md](../ecosystem.md#fields). `env` and `env_NAME` are there as well.\n\n| field | other names | |\n|---|---|---|\n")
	fields := ecosystemFields(s)
	if len(fields) < 40 {
		t.Errorf("only %d fields of PM2's files were found", len(fields))
	}
	for _, f := range fields {
		b.WriteString(f)
	}
	writeEnvironment(t, b)
}

// variables are those of the environment that plumb reads.
var variables = map[string]string{
	"COLUMNS":         "width of the output, where it is no terminal",
	"GOGC":            "of Go's runtime: plumb leaves its own setting out when it is set",
	"NOTIFY_SOCKET":   "of systemd: where `plumb run` says that it is ready, alive, and ends",
	"NO_COLOR":        "no colour, whatever its value",
	"PATH":            "goes into the unit that `plumb startup` writes, and is where programs are found",
	"PLUMB_HUB_TOKEN": "the token for a hub, where `--hub-token-file` is not given",
	"SSH_CONNECTION":  "of ssh: no browser is opened there",
	"TERM":            "`dumb`: no colour",
	"XDG_RUNTIME_DIR": "where control sockets are: its folder plumb",
	"XDG_STATE_HOME":  "where states, findings, spools and the hub are: its folder plumb; `~/.local/state` without it",
}

// writeEnvironment lists the variables, and misses none that the source reads by name.
func writeEnvironment(t *testing.T, b *bytes.Buffer) {
	b.WriteString("\n## Environment\n\n| variable | |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		row(b, "`"+name+"`", variables[name])
	}
	b.WriteString("\nThe folder for the index of a snapshot that lies where nothing can be written is the user's cache\n" +
		"(`XDG_CACHE_HOME`), that for temporary files `TMPDIR`.\n")
	read := regexp.MustCompile(`(?:Getenv|LookupEnv)\("([A-Z_]+)"`)
	eachFile(t, []string{"cmd", "heap", "internal"}, func(name, text string) {
		for _, m := range read.FindAllStringSubmatch(text, -1) {
			if variables[m[1]] == "" {
				t.Errorf("%s reads %s, which docs/reference/configuration.md does not tell", name, m[1])
			}
		}
	})
}

// ecosystemFields reads the variable schema of package ecosystem.
func ecosystemFields(s *source) []string {
	var rows []string
	for _, d := range s.in("internal/supervise/ecosystem").files["schema.go"].Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		spec := d.Specs[0].(*ast.ValueSpec)
		if spec.Names[0].Name != "schema" {
			continue
		}
		list := spec.Values[0].(*ast.CompositeLit)
		for _, e := range list.Elts {
			var name, why string
			var alias []string
			for _, kv := range e.(*ast.CompositeLit).Elts {
				kv := kv.(*ast.KeyValueExpr)
				switch kv.Key.(*ast.Ident).Name {
				case "name":
					name, _ = text(kv.Value)
				case "why":
					why, _ = text(kv.Value)
				case "alias":
					for _, one := range kv.Value.(*ast.CompositeLit).Elts {
						other, _ := text(one)
						alias = append(alias, "`"+other+"`")
					}
				}
			}
			if why != "" {
				why = "ignored: " + why
			}
			var b bytes.Buffer
			row(&b, "`"+name+"`", strings.Join(alias, ", "), cell("%s", why))
			rows = append(rows, b.String())
		}
	}
	return rows
}
