package nodecmd

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/profile"
)

// profileResult is the result of plumb profile --json. Sizes are in bytes. What
// the recording was is not known of a file.
type profileResult struct {
	Summary string             `json:"summary"`
	Total   uint64             `json:"total"`
	Samples int                `json:"samples"`
	Record  *recording         `json:"recording,omitempty"`
	Sites   []terminal.JSONRow `json:"sites"` // the program's functions with all that was allocated for them
	Rows    []terminal.JSONRow `json:"rows"`  // the tree, depth first
}

type recording struct {
	Live     bool    `json:"live"`     // false with --all-allocations
	Interval int     `json:"interval"` // bytes between two samples, on average
	Seconds  float64 `json:"seconds"`
}

func recordingOf(p *profile.Profile) *recording {
	if p.Start.IsZero() {
		return nil
	}
	return &recording{p.Live, p.Interval, p.Duration.Seconds()}
}

const noProfile = "Nothing was sampled: the program did next to nothing meanwhile, or nothing of what it allocated is alive. " +
	"Send it work while it is recorded, or take a smaller --interval."

func printProfile(ui *terminal.UI, cmd *cobra.Command, p *profile.Profile, flags *terminal.Listing) error {
	every := flags.All || (ui.JSON || ui.CSV) && !cmd.Flags().Changed("top")
	all := p.Rows(every)
	limit, err := ui.Limit(cmd, flags.Top, flags.All, len(all))
	if err != nil {
		return err
	}
	rows := profile.Largest(all, limit)
	t := profileRows(rows, p.Total())
	sites := p.Sites()
	return ui.Print(terminal.Result{
		Table: t,
		JSON: profileResult{
			Summary: profileVerdict(ui, p, sites), Total: p.Total(), Samples: len(p.Samples), Record: recordingOf(p),
			Sites: profileSites(sites).JSONRows(), Rows: t.JSONRows(),
		},
		Text: func(w io.Writer) error {
			return ui.WriteTable(w, profileTree(ui, p, rows, sites, moreCalls(limit, len(all), every)))
		},
	})
}

// profileVerdict is the profile in one sentence.
func profileVerdict(ui *terminal.UI, p *profile.Profile, sites []profile.Site) string {
	said := ui.Size(int64(p.Total()))
	long := p.Duration.Round(100 * time.Millisecond)
	switch {
	case p.Start.IsZero():
	case p.Live:
		said += fmt.Sprintf(" of what was allocated in %s is alive", long)
	default:
		said += fmt.Sprintf(" allocated in %s", long)
	}
	if len(sites) == 0 {
		return said + ", none of it for a function of the program"
	}
	first := sites[0]
	return fmt.Sprintf("%s, the most by %s at %s: %s, %s", said, first.CallFrame.Name(), shortPlace(first.CallFrame),
		ui.Size(int64(first.Bytes)), terminal.Percent.Format(share(first.Bytes, p.Total()), false))
}

// deepest is the level down to which a tree is drawn by indenting. A deeper one
// would leave no room for the names: it has its levels as numbers.
const deepest = 8

// profileTree is the table for people: indented names, short places.
func profileTree(ui *terminal.UI, p *profile.Profile, rows []profile.Row, sites []profile.Site, footer string) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "total", Title: "Total", Kind: terminal.Kilobytes},
			{Key: "self", Title: "Self", Kind: terminal.Kilobytes},
			{Key: "share", Title: "Share", Kind: terminal.Percent},
			{Key: "depth", Kind: terminal.Number},
			{Key: "function", Title: "Function", Kind: terminal.Words},
			{Key: "place", Title: "Defined at", Kind: terminal.Words},
		},
		Empty:   noProfile,
		Verdict: profileVerdict(ui, p, sites) + ".",
		Footer:  footer,
	}
	longest := terminal.LongestCell
	if w := ui.Width(); w > 0 {
		longest = max(20, (w-30)/2) // what the numbers leave, and half of it for the function
	}
	indent := "  "
	if slices.ContainsFunc(rows, func(r profile.Row) bool { return r.Depth > deepest }) {
		indent = ""
		t.Columns[3].Title = "Depth"
		longest -= 4
	}
	for _, r := range rows {
		place := terminal.Printable(shortPlace(r.CallFrame))
		if over := ansi.StringWidth(place) - longest; over > 0 {
			place = ansi.TruncateLeft(place, over+1, "…")
		}
		t.Rows = append(t.Rows, []any{r.Total, r.Self, share(r.Total, p.Total()), r.Depth, strings.Repeat(indent, r.Depth) + r.CallFrame.Name(), place})
	}
	return t
}

func profileRows(rows []profile.Row, total uint64) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "depth"},
			{Key: "function"},
			{Key: "file"},
			{Key: "line"},
			{Key: "column"},
			{Key: "self"},
			{Key: "total"},
			{Key: "share"},
		},
		Empty: noProfile,
	}
	for _, r := range rows {
		f := r.CallFrame
		t.Rows = append(t.Rows, []any{r.Depth, f.Name(), f.File(), f.LineNumber + 1, f.ColumnNumber + 1, r.Self, r.Total, share(r.Total, total)})
	}
	return t
}

func profileSites(sites []profile.Site) *terminal.Table {
	t := &terminal.Table{Columns: []terminal.Column{{Key: "function"}, {Key: "file"}, {Key: "line"}, {Key: "column"}, {Key: "bytes"}}}
	for _, s := range sites {
		f := s.CallFrame
		t.Rows = append(t.Rows, []any{f.Name(), f.File(), f.LineNumber + 1, f.ColumnNumber + 1, s.Bytes})
	}
	return t
}

// shortPlace is a place without what everybody knows: the current folder, the
// way to an installed package.
func shortPlace(f profile.CallFrame) string {
	place := f.Place()
	if at := strings.LastIndex(place, "/node_modules/"); at >= 0 {
		return place[at+len("/node_modules/"):]
	}
	return strings.TrimPrefix(place, terminal.WorkingFolder())
}

// moreCalls says what was left out.
func moreCalls(shown, n int, every bool) string {
	switch {
	case shown < n && every:
		return fmt.Sprintf("%s more calls; --all shows them.", terminal.Thousands(int64(n-shown)))
	case shown < n:
		return fmt.Sprintf("%s more functions; --top %d shows them, --all every call.", terminal.Thousands(int64(n-shown)), n)
	default:
		return ""
	}
}

func share(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}
