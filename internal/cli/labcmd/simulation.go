package labcmd

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/simulate"
)

func showSimulation(ui *terminal.UI, t *lab.Trace, n int, cut string) error {
	r, err := simulate.At(t, n, cut)
	if errors.Is(err, simulate.ErrNoReference) {
		return terminal.WithHint(fmt.Errorf("there is no reference %s to an object at this step", terminal.Printable(cut)), "name a variable (user) or a property (@2.tags) that the step shows with an arrow")
	}
	if err != nil {
		return err
	}
	return ui.Print(terminal.Result{JSON: r, Text: func(w io.Writer) error { return writeSimulation(w, r) }})
}

func writeSimulation(w io.Writer, r *simulate.Result) error {
	var out strings.Builder
	what := "as it is"
	if r.Cut != "" {
		what = "without " + terminal.Printable(r.Cut)
	}
	fmt.Fprintf(&out, "Step %d %s: mark and sweep would free %s, a reference counter %s.\n", r.Step, what, list(r.Swept), list(r.Freed))
	out.WriteString("\nSimulated on the recorded graph: mark and sweep\n")
	for i, wave := range r.Waves {
		name := "roots refer to"
		if i > 0 {
			name = fmt.Sprintf("at distance %d", i)
		}
		fmt.Fprintf(&out, "  %-15s %s\n", name, list(wave))
	}
	fmt.Fprintf(&out, "  %-15s %s\n", "swept", list(r.Swept))
	out.WriteString("\nSimulated: reference counting\n")
	var ids []int
	for id := range r.Counts {
		n, _ := strconv.Atoi(id)
		ids = append(ids, n)
	}
	slices.Sort(ids)
	for _, id := range ids {
		fmt.Fprintf(&out, "  @%-4d %d\n", id, r.Counts[strconv.Itoa(id)])
	}
	fmt.Fprintf(&out, "  freed at once   %s\n  never freed     %s\n", list(r.Freed), list(r.Leaked))
	if len(r.Leaked) > 0 {
		out.WriteString("  A cycle keeps its own counts above zero.\n")
	}
	if r.Cut != "" {
		fmt.Fprintf(&out, "  trial deletion  %s\n", list(r.Trial))
	}
	if r.RealStep > 0 {
		fmt.Fprintf(&out, "\nReal: at step %d, the next snapshot, V8's collector had freed %s.\n", r.RealStep, list(r.Real))
	} else {
		out.WriteString("\nReal: no snapshot follows this step.\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// wave says what mark and sweep has done after so many waves.
func wave(r *simulate.Result, n int) string {
	switch {
	case n == 0:
		return "Simulated: all objects are white ○; the roots are the variables."
	case n > len(r.Waves):
		return fmt.Sprintf("Simulated: no grey object is left; white and swept ✗: %s.", list(r.Swept))
	case n == 1:
		return fmt.Sprintf("Simulated: roots refer to %s: grey ◐.", list(r.Waves[0]))
	}
	return fmt.Sprintf("Simulated: at distance %d, %s: grey ◐; those before are done: black ●.", n-1, list(r.Waves[n-1]))
}

func list(ids []int) string {
	if len(ids) == 0 {
		return "nothing"
	}
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = fmt.Sprintf("@%d", id)
	}
	return strings.Join(text, " ")
}
