package diagnosis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Child compares with "plumb leaks" in a process of its own, bin being plumb. Its
// memory, about the size of the snapshots, is gone when it ends; it takes one
// processor, what the app leaves of it, and is the first that the kernel ends
// when memory is short.
func Child(bin string) Comparer {
	return func(ctx context.Context, _ *Finding, baseline, last string, requests int) (*leak.Result, error) {
		cmd := exec.CommandContext(ctx, bin, "leaks", "--json", "--no-index", "--quiet",
			"--requests", strconv.Itoa(requests), baseline, last)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		if err := cmd.Start(); err != nil {
			return nil, fmt.Errorf("compare the snapshots: %w", err)
		}
		humble(cmd.Process.Pid)
		err := cmd.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return nil, fmt.Errorf("compare the snapshots: %w", err)
		}
		result := &leak.Result{}
		if json.Unmarshal(out.Bytes(), result) == nil && result.Verdict != "" {
			return result, nil // 1 and 3 are verdicts
		}
		words, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(said.String()), "error: "), "\n")
		if words == "" && err != nil {
			words = err.Error()
		}
		return nil, fmt.Errorf("compare the snapshots: %s", words)
	}
}
