package conformance

import (
	"bytes"
	"context"
	"fmt"

	"github.com/plumb-dev/plumb/internal/cli"
)

// plumbHeap runs a heap command of plumb and returns what it prints.
func plumbHeap(args ...string) ([]byte, error) {
	var out, failure bytes.Buffer
	streams := cli.Streams{In: bytes.NewReader(nil), Out: &out, Err: &failure}
	if code := cli.Main(context.Background(), append([]string{"heap", "--quiet"}, args...), streams); code != 0 {
		return nil, fmt.Errorf("exit code %d: %s", code, bytes.TrimSpace(failure.Bytes()))
	}
	return out.Bytes(), nil
}
