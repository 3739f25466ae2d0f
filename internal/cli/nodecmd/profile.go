package nodecmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/profile"
)

// profileFlags are the flags of plumb profile.
type profileFlags struct {
	time           time.Duration
	allAllocations bool
	interval       int
	output         string
	rows           terminal.Listing
}

func newProfileCommand(ui *terminal.UI) *cobra.Command {
	var flags profileFlags
	cmd := &cobra.Command{
		Use:   "profile PID|URL|FILE|-- CMD",
		Short: "Show which functions allocate memory",
		Long: "Samples the allocations of a running program, of one that it starts, or reads a .heapprofile file. Shows the\n" +
			"calls that allocated what is still alive at the end, the largest first; with --all-allocations, also what the\n" +
			"garbage collector took meanwhile. V8 picks one allocation in about --interval bytes: sizes are estimates.\n\n" +
			"The tree has the program's own functions and those of others that allocate 1 % and more themselves; --all\n" +
			"shows every call. Ctrl-C ends the sampling early.\n\n" +
			"-o writes the profile to a file as well. Its name says the form: .heapprofile for Chrome DevTools, .pb.gz\n" +
			"for \"go tool pprof\", .collapsed for flame graphs (flamegraph.pl, inferno, speedscope).",
		Example: "plumb profile 1234 --for 30s\n" +
			"plumb profile 1234 --all-allocations -o app.pb.gz\n" +
			"plumb profile --for 10s -- node app.js\n" +
			"plumb profile app.heapprofile",
		RunE: func(cmd *cobra.Command, args []string) error {
			return runProfile(ui, cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&flags.time, "for", 30*time.Second, "how `long` to sample")
	f.BoolVar(&flags.allAllocations, "all-allocations", false, "count also what the garbage collector took meanwhile")
	f.IntVar(&flags.interval, "interval", 128<<10, "sample one allocation in about so many `bytes`; less is more exact and slows the program down")
	f.StringVarP(&flags.output, "output", "o", "", "also write the profile to this `FILE` (.heapprofile, .pb.gz or .collapsed)")
	terminal.AddTopFlags(cmd, &flags.rows.Top, &flags.rows.All)
	return cmd
}

func runProfile(ui *terminal.UI, cmd *cobra.Command, args []string, flags *profileFlags) error {
	write, err := profileWriter(cmd, flags.output)
	if err != nil {
		return err
	}
	if _, err := ui.Limit(cmd, flags.rows.Top, flags.rows.All, 0); err != nil {
		return err // before half a minute has passed
	}
	var p *profile.Profile
	if cmd.ArgsLenAtDash() < 0 && len(args) == 1 && !isTarget(args[0]) {
		p, err = readProfile(ui, cmd, args[0])
	} else {
		p, err = recordProfile(ui, cmd, args, flags)
	}
	if err != nil {
		return err
	}
	if write != nil {
		if err := terminal.WriteWhole(flags.output, func(file *os.File) error { return write(p, file) }); err != nil {
			return fmt.Errorf("write heap profile: %w", err)
		}
		ui.Note("the profile is in %s", flags.output)
	}
	return printProfile(ui, cmd, p, &flags.rows)
}

// isTarget says whether an argument is a process id or a URL, not a file.
func isTarget(arg string) bool {
	_, err := strconv.Atoi(arg)
	return err == nil || strings.Contains(arg, "://")
}

// readProfile reads a .heapprofile file, "-" for the standard input.
func readProfile(ui *terminal.UI, cmd *cobra.Command, path string) (*profile.Profile, error) {
	for _, name := range []string{"for", "all-allocations", "interval"} {
		if cmd.Flags().Changed(name) {
			return nil, terminal.WithHint(fmt.Errorf("%s: --%s is for a recording, and %s is a file", cmd.CommandPath(), name, path),
				"name a process id or a URL, or put the program to start after --")
		}
	}
	const hint = "name a .heapprofile file (node --heap-prof and DevTools' allocation sampling write them), a process id or a URL"
	in, name := ui.In, "standard input"
	if path != "-" {
		name = path
		f, err := os.Open(path)
		if err != nil {
			return nil, terminal.WithHint(err, hint)
		}
		defer f.Close()
		in = f
	}
	p, err := profile.Read(in)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("read heap profile %s: %w", name, err), hint)
	}
	return p, nil
}

// profileWriter finds the form that a file's name asks for; nil without name.
func profileWriter(cmd *cobra.Command, path string) (func(*profile.Profile, io.Writer) error, error) {
	switch name := strings.ToLower(filepath.Base(path)); {
	case path == "":
		return nil, nil
	case strings.HasSuffix(name, ".heapprofile"):
		return (*profile.Profile).Write, nil
	case strings.HasSuffix(name, ".pb.gz"):
		return (*profile.Profile).WritePprof, nil
	case strings.HasSuffix(name, ".collapsed"):
		return (*profile.Profile).WriteCollapsed, nil
	default:
		return nil, terminal.WithHint(fmt.Errorf("%s: the name %q does not say which form to write", cmd.CommandPath(), path),
			"end it in .heapprofile (Chrome DevTools), .pb.gz (pprof) or .collapsed (flame graphs)")
	}
}
