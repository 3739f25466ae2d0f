package supervise

import (
	"testing"

	"github.com/plumb-dev/plumb/internal/node"
)

func TestReason(t *testing.T) {
	const heap = "Reached heap limit Allocation failed - JavaScript heap out of memory"
	for name, c := range map[string]struct {
		exit  node.Exit
		kills uint64
		want  Reason
	}{
		"exit code":                         {node.Exit{Code: 3}, 0, Exited},
		"exit code while others are killed": {node.Exit{Code: 3}, 2, Exited},
		"a signal":                          {node.Exit{Code: -1, Signal: "SIGSEGV"}, 0, Signalled},
		"somebody's SIGKILL":                {node.Exit{Code: -1, Signal: "SIGKILL"}, 0, Signalled},
		"the kernel's":                      {node.Exit{Code: -1, Signal: "SIGKILL"}, 1, KernelOOM},
		"the kernel's, behind a shell":      {node.Exit{Code: 137}, 1, KernelOOM},
		"V8's heap":                         {node.Exit{Code: -1, Signal: "SIGABRT", Fatal: heap}, 0, HeapOOM},
		"V8's heap, behind npm":             {node.Exit{Code: 134, Fatal: heap}, 0, HeapOOM},
		"V8's last words in the logs only":  {node.Exit{Code: 0, Fatal: heap}, 0, Exited},
		"abort for another reason":          {node.Exit{Code: -1, Signal: "SIGABRT", Fatal: "v8::ToLocalChecked Empty MaybeLocal"}, 0, Signalled},
		"a worker thread's heap":            {node.Exit{Code: 1, Said: "Error [ERR_WORKER_OUT_OF_MEMORY]: Worker terminated"}, 0, HeapOOM},
	} {
		t.Run(name, func(t *testing.T) {
			if got := reasonOf(c.exit, c.kills); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
