package main

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// TestRoles holds what each role may write and read, and what it may not.
func TestRoles(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	url := "nats://" + address
	for _, c := range []struct {
		role       string
		may, mayNo []string
	}{
		{
			"agent",
			[]string{"plumb.case.me-agent.1", "plumb.chunk.me-agent.h.0", fleet.BeatSubject("me-agent.host.app.0"), fleet.OutcomeSubject("me-agent")},
			[]string{
				"plumb.case.other.1", "plumb.chunk.other.h.0", fleet.BeatSubject("other.host.app.0"), fleet.BeatSubject("hub"), "plumb.result.me-agent.1",
				"plumb.command.me-agent.other.host", "plumb.job.1G", "$JS.API.STREAM.DELETE." + fleet.CasesStream, "$JS.API.STREAM.MSG.GET." + fleet.CasesStream,
				"$O.plumb-snapshots.C.x", "$KV.plumb-files.h",
			},
		},
		{
			"analyst",
			[]string{"plumb.result.other.1", "$KV.plumb-tries.1"},
			[]string{"plumb.case.other.1", "plumb.command.me-analyst.other.host", "$JS.API.STREAM.PURGE." + fleet.ResultsStream, "$O.plumb-snapshots.C.x"},
		},
		{
			"operator",
			[]string{"plumb.command.me-operator.other.host"},
			[]string{
				"plumb.command.other.other.host", "plumb.result.other.1", "plumb.case.other.1", "$JS.API.STREAM.DELETE." + fleet.AuditStream,
				"$JS.API.STREAM.PURGE." + fleet.AuditStream, "plumb.outcome.other.command",
			},
		},
	} {
		name := "me-" + c.role
		denied := make(chan string, 100)
		conn, err := fleet.Link{URL: url, Token: token(t, dir, name, c.role)}.Dial("test", nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			denied <- err.Error()
		}))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, subject := range c.may {
			if err := errors.Join(conn.Publish(subject, nil), conn.Flush()); err != nil {
				t.Error(err)
			}
		}
		if len(denied) > 0 {
			t.Errorf("%s: %s", c.role, <-denied)
		}
		for _, subject := range c.mayNo {
			if err := errors.Join(conn.Publish(subject, nil), conn.Flush()); err != nil {
				t.Error(err)
			}
			select {
			case text := <-denied:
				if !strings.Contains(text, subject) {
					t.Errorf("%s: %s is denied with %q", c.role, subject, text)
				}
			case <-time.After(patience):
				t.Errorf("%s may publish %s", c.role, subject)
			}
		}
		if _, err := conn.SubscribeSync("plumb.>"); err == nil {
			_ = conn.Flush()
			select {
			case <-denied:
			case <-time.After(patience):
				t.Errorf("%s may read everything that is said", c.role)
			}
		}
	}
}

// TestTokens holds that no other secret opens the hub, nor one that was taken back, nor
// the seed of another nkey.
func TestTokens(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	dial := func(who fleet.Token) error {
		conn, err := fleet.Link{URL: "nats://" + address, Token: who}.Dial("test")
		if err == nil {
			conn.Close()
		}
		return err
	}
	who := token(t, dir, "web-1", "agent")
	if err := dial(who); err != nil {
		t.Error(err)
	}
	for _, wrong := range []fleet.Token{{Name: "web-1", Secret: "guess"}, {Name: "web-2", Secret: who.Secret}, {Name: "hub", Secret: ""}} {
		if err := dial(wrong); !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, _ := pair.PublicKey()
	seed, _ := pair.Seed()
	hubToken(t, dir, "web-3", "--nkey", public)
	if err := dial(fleet.Token{Name: "web-3", Secret: string(seed)}); err != nil {
		t.Errorf("nkey: %v", err)
	}
	other, _ := nkeys.CreateUser()
	seed, _ = other.Seed()
	if err := dial(fleet.Token{Name: "web-3", Secret: string(seed)}); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("another nkey: %v", err)
	}
	hubToken(t, dir, "web-1", "--revoke")
	if err := dial(who); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("revoked: %v", err)
	}
}

func hubToken(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("plumb-hub", append([]string{"hub", "token"}, args...)...)
	cmd.Env = append(cmd.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestGivenUp has a case come whose snapshots are none: its result says so, and the
// queue goes on.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	who := token(t, dir, "web-1", "agent")
	startAnalyst(t, dir, "nats://"+address)
	// In the wrong order.
	startAgent(t, dir, "nats://"+address, who, "wrong", pair[1], pair[0]).says("no result: the snapshots cannot be compared")
	startAgent(t, dir, "nats://"+address, who, "right", pair...).says("result: leaking sessions")
	js := connect(t, "nats://"+address, local(t, dir, address))
	wantResults(t, js, 2)
}

// TestLostChunk has a case come of which the hub has no chunk any more.
func TestLostChunk(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	js := connect(t, "nats://"+address, local(t, dir, address))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	text := `{"id":"1","agent":"web-1","app":"shop","snapshots":[{"hash":"abc","bytes":10},{"hash":"def","bytes":10}]}`
	if _, err := js.Publish(ctx, fleet.CaseSubject("web-1", "1"), []byte(text)); err != nil {
		t.Fatal(err)
	}
	// What another agent says in its name, and what is no case, is left out.
	for subject, text := range map[string]string{fleet.CaseSubject("web-2", "1"): text, fleet.CaseSubject("web-2", "2"): "{"} {
		if _, err := js.Publish(ctx, subject, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	all := wantResults(t, js, 1)
	if r := all["1"]; r == nil || !strings.Contains(r.Problem, "a chunk is missing: number 1 of 1") {
		t.Errorf("%+v", r)
	}
	eventually(t, "the keeper", func() error {
		consumer, err := js.Consumer(ctx, fleet.CasesStream, "keeper")
		if err == nil && (consumer.CachedInfo().NumPending > 0 || consumer.CachedInfo().NumAckPending > 0) {
			err = errors.New("it has cases left")
		}
		return err
	})
	wantResults(t, js, 1)
	// A file that is not what its hash says.
	if _, err := js.Publish(ctx, fleet.ChunkSubject("web-1", "abc", 0), []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	text = strings.Replace(text, `"id":"1"`, `"id":"3"`, 1)
	if _, err := js.Publish(ctx, fleet.CaseSubject("web-1", "3"), []byte(text)); err != nil {
		t.Fatal(err)
	}
	if r := wantResults(t, js, 2)["3"]; r == nil || !strings.Contains(r.Problem, "not what its hash says") {
		t.Errorf("%+v", r)
	}
	bucket, err := js.ObjectStore(ctx, fleet.SnapshotsBucket)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.GetInfo(ctx, "abc"); !errors.Is(err, jetstream.ErrObjectNotFound) {
		t.Errorf("what is not what its hash says is stored: %v", err)
	}
}
