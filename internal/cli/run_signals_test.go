//go:build unix

package cli

import (
	"syscall"
	"testing"
)

// TestSignals holds that signals of the program's reach it, and that one which came
// twice is not taken for haste.
func TestSignals(t *testing.T) {
	k := newKept(t, "--name", "told", "--metrics-address", "off", "--", "node", "-e", `
		process.on('SIGUSR2', () => console.log('usr2 came'));
		process.on('SIGTERM', () => { console.log('term came'); setTimeout(() => process.exit(6), 50); });
		setInterval(() => {}, 1000);
		console.log('up');`)
	k.must(t, "^up$")
	for _, signal := range []syscall.Signal{syscall.SIGUSR2, syscall.SIGTERM, syscall.SIGTERM} {
		if err := k.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if signal == syscall.SIGUSR2 {
			k.must(t, "^usr2 came$")
		}
	}
	k.must(t, "^term came$")
	<-k.ended
	if code := k.cmd.ProcessState.ExitCode(); code != 6 {
		t.Errorf("exit code %d", code)
	}
}
