package cli

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// update rewrites the golden files inside the scripts ("make golden").
var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

// TestMain lets a script run plumb as a program of its own: the test binary
// under another name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"plumb": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			context.AfterFunc(ctx, stop)
			os.Exit(Main(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
	})
}

// TestScripts runs testdata/script. Beside testscript's own commands there are
//
//	plumb ARGS...          run plumb; "! plumb" expects it to fail
//	code N plumb ARGS...   run plumb and expect the exit code N
//	snapshot NAME FILE     write the snapshot NAME of fixtures_test.go
//	program FILE           run FILE with Node.js until the script ends; when its
//	                       first line is there, PID and PORT (of the inspector
//	                       that plumb may open) are set
//	keep ARGS...           plumb run ARGS in the background, until the script ends;
//	                       it returns when the program has printed "ready", and
//	                       sets APP_PID to its process id
//	freeport NAME          set NAME to a TCP port that nobody listens at
//	fetch URL REGEXP       wait until the page at URL matches, and keep it in "page"
//	post STATUS URL [TOKEN]  post until the answer has that status, and keep it in
//	                       "page"
//	envfile NAME FILE      set NAME to what FILE says
//	closed HOST:PORT       wait until nobody listens there
//	serve                  start a server for load_test.go, in $URL and $HOST
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			// The index of a read-only folder goes to the user's cache.
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
			env.Setenv("COLUMNS", "80")
			env.Setenv("ESC", "\x1b")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":     expectCode,
			"snapshot": writeFixture,
			"program":  startProgram,
			"keep":     keepUp,
			"serve":    serveForLoad,
			"freeport": setFreePort,
			"fetch":    fetchPage,
			"post":     postFor,
			"envfile":  envOfFile,
			"closed":   waitClosed,
		},
	})
}

func expectCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND ARGS...")
	}
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func writeFixture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: snapshot NAME FILE")
	}
	build, ok := fixtures[args[0]]
	if !ok {
		ts.Fatalf("no snapshot %q in fixtures_test.go", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), build().JSON(), 0o600))
}
