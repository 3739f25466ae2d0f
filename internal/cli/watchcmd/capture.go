package watchcmd

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// CaptureFlags say when a diagnosis is made, and what it may take.
type CaptureFlags struct {
	At            string
	Ahead, warmUp time.Duration
	force         bool
	Store         StoreFlags
}

// Add gives cmd the flags. At is the default of --capture-at.
func (f *CaptureFlags) Add(cmd *cobra.Command, at string) {
	flags := cmd.Flags()
	flags.StringVar(&f.At, "capture-at", at, "diagnose above this use of memory: 70% of V8's limit for the heap, or an RSS as 400M")
	flags.DurationVar(&f.Ahead, "capture-ahead", 0, "... or when the trend reaches V8's limit within this time, as 30m")
	flags.DurationVar(&f.warmUp, "capture-warmup", diagnosis.DefaultWarmUp, "time before the snapshot that it is compared with")
	flags.BoolVar(&f.force, "force", false, "capture although memory is short")
	f.Store.add(cmd)
}

// highest is the share of the heap's limit at which a snapshot can be taken still.
const highest = 0.8

// Options are those of a diagnosis.
func (f *CaptureFlags) Options(ui *terminal.UI, cmd *cobra.Command) (diagnosis.Options, error) {
	opts := diagnosis.Options{Ahead: f.Ahead, WarmUp: f.warmUp, Force: f.force, Say: func(m string) { ui.Note("%s", m) }}
	if f.Ahead < 0 || f.warmUp < 0 {
		return opts, terminal.UsageError(cmd, "%s: --capture-ahead and --capture-warmup cannot be less than 0", cmd.CommandPath())
	}
	if f.At != "" {
		limit, err := supervise.ParseLimit(f.At)
		if err != nil {
			return opts, terminal.UsageError(cmd, "%s: --capture-at: %w", cmd.CommandPath(), err)
		}
		opts.Bytes, opts.Share = limit.Bytes, limit.Share
	}
	if opts.Share > highest && !f.force {
		return opts, terminal.WithHint(fmt.Errorf("%s: --capture-at %s is too high: V8 needs room for a snapshot", cmd.CommandPath(), f.At),
			"choose 80%% or less, or --force if the program may be lost")
	}
	var err error
	opts.Compare, err = comparer()
	return opts, err
}

// comparer compares snapshots with this program.
func comparer() (diagnosis.Comparer, error) {
	plumb, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find plumb itself: %w", err)
	}
	return diagnosis.Child(plumb), nil
}

// StoreFlags say where findings are kept, and how much of them.
type StoreFlags struct {
	Dir, bytes string
	count      int
	age        time.Duration
}

func (f *StoreFlags) add(cmd *cobra.Command) {
	budget := diagnosis.DefaultBudget
	flags := cmd.Flags()
	flags.StringVar(&f.Dir, "findings", "", "the folder of findings (default $XDG_STATE_HOME/plumb/findings)")
	flags.IntVar(&f.count, "findings-count", budget.Count, "findings to keep, those that are pinned too; 0 for all")
	flags.StringVar(&f.bytes, "findings-size", "2G", "room for their snapshots: the oldest go first; 0 for any")
	flags.DurationVar(&f.age, "findings-age", budget.Age, "time to keep them; 0 for ever")
}

// Open opens the store that the flags name.
func (f *StoreFlags) Open(cmd *cobra.Command) (*diagnosis.Store, error) {
	budget := diagnosis.Budget{Count: f.count, Age: f.age}
	if f.count < 0 || f.age < 0 {
		return nil, terminal.UsageError(cmd, "%s: --findings-count and --findings-age cannot be less than 0", cmd.CommandPath())
	}
	if f.bytes != "0" {
		limit, err := supervise.ParseLimit(f.bytes)
		if err != nil || limit.Bytes == 0 {
			return nil, terminal.UsageError(cmd, "%s: --findings-size %q is no size", cmd.CommandPath(), f.bytes)
		}
		budget.Bytes = int64(limit.Bytes)
	}
	return openStore(f.Dir, budget)
}

// openStore opens the store in dir, "" for the usual one.
func openStore(dir string, budget diagnosis.Budget) (*diagnosis.Store, error) {
	if dir == "" {
		var err error
		if dir, err = diagnosis.DefaultDir(); err != nil {
			return nil, terminal.WithHint(err, "set HOME or XDG_STATE_HOME, or name a folder with --findings")
		}
	}
	store, err := diagnosis.Open(dir, budget)
	return store, terminal.WithHint(err, "name a folder of yours with --findings")
}
