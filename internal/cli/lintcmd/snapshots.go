package lintcmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/heapcmd"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/source"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/evidence"
)

// sortArguments takes the snapshots out of the arguments: --snapshots A B has
// one value, and B is an argument.
func sortArguments(args, snapshots []string) (paths, all []string) {
	all = snapshots
	for _, arg := range args {
		if len(snapshots) > 0 && isSnapshot(arg) {
			all = append(all, arg)
		} else {
			paths = append(paths, arg)
		}
	}
	return paths, all
}

func isSnapshot(path string) bool {
	for _, ending := range [...]string{".gz", ".zst"} {
		path = strings.TrimSuffix(path, ending)
	}
	return strings.HasSuffix(path, ".heapsnapshot")
}

// judge asks the snapshots about the findings.
func judge(ui *terminal.UI, cmd *cobra.Command, result *lint.Result, paths []string, requests int) error {
	if len(paths) < 2 {
		return terminal.UsageError(cmd, "%s: --snapshots takes two and more, in the order in which they were taken", cmd.CommandPath())
	}
	var snapshots []*heap.Snapshot
	for _, path := range paths {
		s, err := heapcmd.OpenSnapshot(ui, cmd, path)
		if err != nil {
			return err
		}
		defer s.Close()
		snapshots = append(snapshots, s)
	}
	opts := leak.Options{Requests: requests, ReadSource: source.ReadFile, Names: func([]string) []string { return evidence.Names(result.Findings) }}
	var err error
	if opts.Scripts, err = heapcmd.CaptureRecord(paths[len(paths)-1]); err != nil {
		return err
	}
	seen, err := leak.Find(cmd.Context(), snapshots, opts)
	if err != nil {
		return heapcmd.LeaksError(cmd.Context(), err, paths)
	}
	evidence.Judge(result.Findings, seen)
	if named := unsuspected(result, seen); len(named) > 0 {
		ui.Note("the snapshots show growth that no line of these sources explains: %s; %q says more", strings.Join(named, ", "),
			fmt.Sprintf("plumb leaks %s", strings.Join(paths, " ")))
	}
	return nil
}

// unsuspected are the containers that leak and that no confirmed finding is about.
func unsuspected(result *lint.Result, seen *leak.Result) []string {
	var names []string
	for i := range seen.Findings {
		g := &seen.Findings[i]
		explains := func(f lint.Finding) bool {
			return f.Evidence != nil && f.Evidence.Verdict == lint.Confirmed && evidence.About(&f, g)
		}
		if g.Verdict == leak.Leaking && !slices.ContainsFunc(result.Findings, explains) {
			names = append(names, g.Container.Name)
		}
	}
	return names
}
