package huntcmd

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// huntOptions are the flags of a hunt that another one of the same load needs. A
// report is read by many: the values of headers and bodies are not among them.
func huntOptions(cmd *cobra.Command) []string {
	again := []string{
		"url", "requests", "rounds", "warmup", "connections", "method", "header", "body", "drive", "script",
		"ready-url", "ready-line", "ready-delay", "ready-timeout", "i-own-this-host",
	}
	var options []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(again, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			switch {
			case f.Value.Type() == "bool":
				options = append(options, "--"+f.Name)
				continue
			case f.Name == "header":
				name, _, _ := strings.Cut(value, ":")
				value = name + ": ..."
			case f.Name == "body" && !strings.HasPrefix(value, "@"):
				value = "..."
			}
			options = append(options, "--"+f.Name+" "+shellWord(value))
		}
	})
	return options
}

var plainWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// shellWord quotes a word for a shell where it must be.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
