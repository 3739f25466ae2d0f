package node

import "strings"

// nodeOptionsOf collects the options of Node.js itself from a process's command
// line (those before the script) and its NODE_OPTIONS.
func nodeOptionsOf(args, environ []string) []string {
	var options []string
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, "NODE_OPTIONS="); ok {
			options = append(options, strings.Fields(value)...)
		}
	}
	for i, arg := range args {
		if i == 0 {
			continue
		}
		if !strings.HasPrefix(arg, "-") {
			// deno run --inspect, and the value of an option ("-r module"): go on
			// while options follow.
			if i+1 >= len(args) || !strings.HasPrefix(args[i+1], "-") {
				break
			}
			continue
		}
		options = append(options, arg)
	}
	return options
}
