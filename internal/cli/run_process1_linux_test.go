package cli

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// TestProcess1 runs plumb as process 1 of a container: it reaps what the program leaves
// behind, passes signals on, and ends with the program's exit code. The kernel gives
// process 1 no signal that it does not handle, and all orphans.
func TestProcess1(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", "")
	app := script(t, `
		const { spawnSync } = require('node:child_process');
		const { readdirSync, readFileSync } = require('node:fs');
		// Each shell ends at once, and leaves its sleep to process 1.
		for (let n = 0; n < 20; n++) spawnSync('sh', ['-c', 'sleep 0.1 & exit 0'], { stdio: 'ignore' });
		const orphans = () => readdirSync('/proc').filter((pid) => {
			if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
			try {
				return readFileSync('/proc/' + pid + '/stat', 'utf8').includes('(sleep)');
			} catch {
				return false;
			}
		}).length;
		console.log('below process ' + process.ppid + ', orphans: ' + (orphans() > 0));
		const watch = setInterval(() => {
			if (orphans() > 0) return;
			clearInterval(watch);
			console.log('all reaped');
		}, 50);
		process.on('SIGUSR2', () => console.log('usr2 came'));
		process.on('SIGTERM', () => { console.log('term came'); process.exit(9); });
		setInterval(() => {}, 1000);
		console.log('up');`)
	cmd := exec.Command("sh", "-c", `mount -t proc proc /proc && exec plumb run --name first --metrics-address off -- node "$0"`, app)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS, Unshareflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	k, err := startKept(cmd)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) {
		t.Skipf("no process namespaces here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.stop)
	k.must(t, "^below process 1, orphans: true$")
	k.must(t, "^up$")
	k.must(t, "^all reaped$")
	for _, sent := range []struct {
		signal syscall.Signal
		line   string
	}{{syscall.SIGUSR2, "^usr2 came$"}, {syscall.SIGTERM, "^term came$"}} {
		if err := k.cmd.Process.Signal(sent.signal); err != nil {
			t.Fatal(err)
		}
		k.must(t, sent.line)
	}
	<-k.ended
	if code := k.cmd.ProcessState.ExitCode(); code != 9 {
		t.Errorf("exit code %d", code)
	}
}
