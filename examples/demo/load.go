//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// load sends the requests and prints how long they took.
func load(ctx context.Context, out io.Writer, app *leaktest.App) error {
	start := time.Now()
	took, err := app.Load(ctx, requests)
	total := time.Since(start)
	if err != nil {
		return fmt.Errorf("after %d requests: %w", len(took), err)
	}
	app.HangUp()
	slices.Sort(took)
	var sum time.Duration
	for _, t := range took {
		sum += t
	}
	fmt.Fprintf(out, "Completed requests:  %s\n", thousands(len(took)))
	fmt.Fprintf(out, "Errors:              %d\n", requests-len(took))
	fmt.Fprintf(out, "Total time:          %.2f s\n", total.Seconds())
	fmt.Fprintf(out, "Mean latency:        %s\n", milliseconds(sum/time.Duration(len(took))))
	fmt.Fprintf(out, "Requests per second: %s\n\n", thousands(int(float64(len(took))/total.Seconds())))
	fmt.Fprintln(out, "Served within")
	for _, percent := range []int{50, 90, 95, 99} {
		fmt.Fprintf(out, "  %3d %%  %s\n", percent, milliseconds(took[len(took)*percent/100]))
	}
	fmt.Fprintf(out, "  100 %%  %s (the longest)\n", milliseconds(took[len(took)-1]))
	return nil
}

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64) + " ms"
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
