package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/profile"
)

// profileFlags are the flags of plumb profile.
type profileFlags struct {
	output string
	rows   listing
}

func newProfileCommand(a *app) *cobra.Command {
	var flags profileFlags
	cmd := &cobra.Command{
		Use:   "profile FILE",
		Short: "Show which functions allocate memory",
		Long: "Shows the tree of calls that allocated, the largest first. V8 samples allocations: sizes are estimates.\n" +
			"The tree has the program's own functions and those of others that allocate 1 % and more themselves; --all\n" +
			"shows every call.\n\n" +
			"-o writes the profile to a file as well. Its name says the form: .heapprofile for Chrome DevTools, .pb.gz\n" +
			"for \"go tool pprof\", .collapsed for flame graphs (flamegraph.pl, inferno, speedscope).",
		Example: "plumb profile app.heapprofile\n" +
			"plumb profile app.heapprofile -o app.pb.gz",
		Args: takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := profileWriter(cmd, flags.output)
			if err != nil {
				return err
			}
			p, err := a.readProfile(args[0])
			if err != nil {
				return err
			}
			if err := a.writeProfile(p, flags.output, write); err != nil {
				return err
			}
			return a.printProfile(cmd, p, &flags.rows)
		},
	}
	cmd.Flags().StringVarP(&flags.output, "output", "o", "", "also write the profile to this `FILE` (.heapprofile, .pb.gz or .collapsed)")
	addTopFlags(cmd, &flags.rows.top, &flags.rows.all)
	return cmd
}

// readProfile reads a .heapprofile file, "-" for the standard input.
func (a *app) readProfile(path string) (*profile.Profile, error) {
	in, name := a.in, "standard input"
	if path != "-" {
		name = path
		f, err := os.Open(path)
		if err != nil {
			var onDisk *os.PathError
			if errors.As(err, &onDisk) {
				err = onDisk.Err
			}
			return nil, withHint(fmt.Errorf("open heap profile: %s: %w", path, err), "name a .heapprofile file: node --heap-prof writes one")
		}
		defer f.Close()
		in = f
	}
	p, err := profile.Read(in)
	if err != nil {
		return nil, withHint(fmt.Errorf("read heap profile %s: %w", name, err),
			"name a .heapprofile file: node --heap-prof and Chrome DevTools (Allocation sampling) write them; plumb heap reads snapshots")
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
		return nil, withHint(fmt.Errorf("%s: the name %q does not say which form to write", cmd.CommandPath(), path),
			"end it in .heapprofile (Chrome DevTools), .pb.gz (pprof) or .collapsed (flame graphs)")
	}
}

func (a *app) writeProfile(p *profile.Profile, path string, write func(*profile.Profile, io.Writer) error) error {
	if write == nil {
		return nil
	}
	if err := writeFile(path, func(w io.Writer) error { return write(p, w) }); err != nil {
		return fmt.Errorf("write heap profile: %w", err)
	}
	a.note("the profile is in %s", path)
	return nil
}
