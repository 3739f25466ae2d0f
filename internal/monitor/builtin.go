package monitor

import (
	"log/slog"
	"path"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/plumb-dev/plumb/deploy"
)

// builtin begins the names of rule files that are inside the program:
// "plumb:alerts.rules.yml".
const builtin = "plumb:"

func isBuiltin(name string) bool { return strings.HasPrefix(name, builtin) }

// builtinRules are the files of rules for Node.js programs.
var builtinRules = []string{builtin + "recording.rules.yml", builtin + "alerts.rules.yml"}

// addBuiltinRules has our rules evaluated beside those of the user's file, which is
// shown as it is.
func (f *files) addBuiltinRules(o *Options) {
	if !o.BuiltinRules || o.Agent {
		return
	}
	for _, name := range builtinRules {
		if !slices.Contains(f.RuleFiles, name) {
			f.RuleFiles = append(f.RuleFiles, name)
		}
	}
}

// ruleLoader reads rules for Prometheus, built-in ones too.
type ruleLoader struct {
	parser parser.Parser
	log    *slog.Logger
}

// Load is for [rules.GroupLoader].
func (l ruleLoader) Load(name string, ignoreUnknown bool, names model.ValidationScheme) (*rulefmt.RuleGroups, []error) {
	if !isBuiltin(name) {
		return rulefmt.ParseFile(name, ignoreUnknown, names, l.parser, l.log)
	}
	text, err := deploy.Rules.ReadFile(path.Join("prometheus", strings.TrimPrefix(name, builtin)))
	if err != nil {
		return nil, []error{err}
	}
	return rulefmt.Parse(text, ignoreUnknown, names, l.parser, l.log)
}

// Parse is for [rules.GroupLoader].
func (l ruleLoader) Parse(expression string) (parser.Expr, error) {
	return l.parser.ParseExpr(expression)
}
