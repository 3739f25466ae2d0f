package node

import (
	"errors"
	"testing"
)

// endings are programs that end by themselves with exit code 5.
var endings = map[string]string{
	"last task":    `process.exitCode = 5`,
	"process.exit": `process.exit(5)`,
	"uncaught":     `process.on('exit', () => { process.exitCode = 5 }); throw new Error('expected')`,
}

// startEnding starts a program that ends when it is told so.
func startEnding(t *testing.T, bin, how string) (p *Process, finish func()) {
	t.Helper()
	p, out := start(t, bin, "-e", `globalThis.kept = [];
		function keep() { for (let i = 0; i < 1e4; i++) kept.push({ i }); }
		globalThis.finish = () => { clearInterval(timer); keep(); `+how+`; };
		const timer = setInterval(() => { if (globalThis.finished) finish(); }, 5);
		console.log('up');`)
	out.after(t, "up")
	return p, func() {
		if err := p.Evaluate(t.Context(), "void (globalThis.finished = true)", nil); err != nil {
			t.Error(err)
		}
	}
}

// TestHold holds that what a program allocated can be asked for at its end, and
// that it ends as it would have without us.
func TestHold(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		for name, how := range endings {
			t.Run(name, func(t *testing.T) {
				p, finish := startEnding(t, bin, how)
				atEnd := p.Hold()
				if err := p.StartSampling(t.Context(), SamplingOptions{Interval: 1024, Live: true}); err != nil {
					t.Fatal(err)
				}
				finish()
				<-atEnd
				profile, err := p.StopSampling(t.Context())
				if err != nil || len(profile.Samples) == 0 {
					t.Errorf("profile %+v, %v", profile, err)
				}
				if err := p.Stop(t.Context()); err != nil {
					t.Error(err)
				}
				if exit := p.Exit(); exit.Code != 5 {
					t.Errorf("exit %v", exit)
				}
			})
		}
	})
}

// TestHolderDies holds that a program goes on when the connection is cut while
// it is held: that is what it sees of our death.
func TestHolderDies(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, finish := startEnding(t, bin, endings["last task"])
		atEnd := p.Hold()
		finish()
		<-atEnd
		_ = p.client.Close()
		<-p.Done()
		if exit := p.Exit(); exit.Code != 5 {
			t.Errorf("exit %v", exit)
		}
	})
}

// TestNotHeld holds that a program which nobody holds ends at once.
func TestNotHeld(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, finish := startEnding(t, bin, endings["last task"])
		finish()
		<-p.Done()
		if exit := p.Exit(); exit.Code != 5 {
			t.Errorf("exit %v", exit)
		}
		if _, err := p.Memory(t.Context()); !errors.Is(err, ErrGone) {
			t.Errorf("error %v", err)
		}
	})
}

// TestShort holds that a program which ends while we connect to it ends well.
func TestShort(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		for range 10 {
			p, err := Start(t.Context(), Command{Args: []string{bin, "-e", "1"}})
			if err != nil {
				if !errors.Is(err, ErrEnded) {
					t.Error(err)
				}
				continue
			}
			<-p.Done()
			if exit := p.Exit(); exit.Code != 0 {
				t.Errorf("exit %v", exit)
			}
			_ = p.Stop(t.Context())
		}
	})
}
