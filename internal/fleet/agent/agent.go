// Package agent is the side of a fleet that is beside the apps: heartbeats, cases on
// their way to the hub, commands from there.
//
// The hub may be away at any time, also at the start. Cases wait in a [spool.Spool];
// heartbeats of that time are lost. An agent holds no port open: it connects to the
// hub, and commands come by that connection, when it was told to allow them.
package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/spool"
)

// Options are those of [Start].
type Options struct {
	Link    fleet.Link
	Host    string
	Release string        // of the apps: goes into heartbeats and cases
	Allow   []string      // of [fleet.Commands]
	Redact  bool          // snapshots leave without what their strings say
	Seal    age.Recipient // files are encrypted to it before they leave; nil for not
	Spool   *spool.Spool
	Apps    func(context.Context) []fleet.App // as they are now
	// Carry carries out a command to one of the apps; nil when it has no such app.
	Carry func(context.Context, fleet.Command) *fleet.Outcome
	Say   func(message string)
}

// Agent is one that runs.
type Agent struct {
	Options

	conn *nats.Conn
	js   jetstream.JetStream

	ctx     context.Context // ends with the agent
	stop    context.CancelFunc
	working sync.WaitGroup
	// They have something when there is a reason not to wait for the time.
	sendAgain, beatAgain chan struct{}

	mu      sync.Mutex
	away    string // what was said of a hub that is away, "" while it is there
	waiting map[string]chan *fleet.Result
	series  map[string][]fleet.Snapshot // by the hash of their baseline
}

// Start starts an agent. It goes on until [Agent.Close].
func Start(o Options) (*Agent, error) {
	a := &Agent{
		Options: o, sendAgain: make(chan struct{}, 1), beatAgain: make(chan struct{}, 1),
		waiting: map[string]chan *fleet.Result{}, series: map[string][]fleet.Snapshot{},
	}
	a.ctx, a.stop = context.WithCancel(context.Background())
	var err error
	a.conn, err = o.Link.Dial("plumb agent "+o.Link.Token.Name+" on "+o.Host,
		nats.RetryOnFailedConnect(true),
		nats.ConnectHandler(func(*nats.Conn) { a.isBack() }),
		nats.ReconnectHandler(func(*nats.Conn) { a.isBack() }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { a.isAway(err) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				a.isAway(err)
			}
		}),
	)
	if err == nil {
		a.js, err = jetstream.New(a.conn)
	}
	if err == nil {
		err = a.listen()
	}
	if err != nil {
		a.stop()
		if a.conn != nil {
			a.conn.Close()
		}
		return nil, err
	}
	if a.conn.Status() == nats.RECONNECTING {
		a.isAway(nats.ErrNoServers)
	}
	a.working.Go(a.beat)
	a.working.Go(a.send)
	return a, nil
}

// listen has commands and results come. What is wrong with a subject shows here.
func (a *Agent) listen() error {
	_, err := a.conn.Subscribe(fleet.CommandSubject("*", a.Link.Token.Name, a.Host), a.command)
	if err == nil {
		_, err = a.conn.Subscribe(fleet.ResultSubject(a.Link.Token.Name, "*"), a.result)
	}
	return err
}

// Close says good-bye to the hub, and leaves what it does not have yet in the spool.
func (a *Agent) Close() {
	a.stop()
	a.working.Wait()
	_ = a.conn.FlushTimeout(time.Second) // a hub that is away sees the app silent
	a.conn.Close()
}

func (a *Agent) isBack() {
	a.mu.Lock()
	was := a.away
	a.away = ""
	a.mu.Unlock()
	if was != "" {
		a.Say("the hub is there again")
	}
	select {
	case a.sendAgain <- struct{}{}:
	default:
	}
	a.Beat()
}

// Beat tells the hub of the apps now, and does not wait for the time to do so.
func (a *Agent) Beat() {
	select {
	case a.beatAgain <- struct{}{}:
	default:
	}
}

// isAway says once what is the matter.
func (a *Agent) isAway(err error) {
	words := "the hub is away (" + err.Error() + "): what it should have waits in the spool"
	if strings.Contains(strings.ToLower(err.Error()), "authorization") {
		words = "the hub does not know the token " + a.Link.Token.Name + ": make one with plumb hub token; what it should have waits in the spool"
	}
	a.mu.Lock()
	known := a.away != ""
	a.away = words
	a.mu.Unlock()
	if !known && a.ctx.Err() == nil {
		a.Say(words)
	}
}

// beat tells the hub how the apps are, and at the end that they are not watched any more.
func (a *Agent) beat() {
	tick := time.NewTicker(fleet.Beat)
	defer tick.Stop()
	var last []fleet.App
	for {
		apps := a.Apps(a.ctx)
		status := a.Spool.Status()
		for i := range apps {
			app := &apps[i]
			app.Agent, app.Host, app.Release, app.Spooled = a.Link.Token.Name, a.Host, a.Release, status
			app.Allows = a.Allow
			app.Metrics = a.reachable(app.Metrics)
			a.tell(app)
		}
		last = apps
		select {
		case <-tick.C:
		case <-a.beatAgain:
		case <-a.ctx.Done():
		}
		if a.ctx.Err() != nil {
			for i := range last {
				last[i].State, last[i].PID = "left", 0
				a.tell(&last[i])
			}
			return
		}
	}
}

func (a *Agent) tell(app *fleet.App) {
	if text, err := json.Marshal(app); err == nil {
		_ = a.conn.Publish(fleet.BeatSubject(app.Key()), text) // the next one comes soon
	}
}

// command carries out what the hub's people ask for, one goroutine each: a snapshot
// takes its time.
func (a *Agent) command(m *nats.Msg) {
	a.working.Go(func() {
		var c fleet.Command
		who := strings.Split(m.Subject, ".")[2]
		o := &fleet.Outcome{}
		if err := json.Unmarshal(m.Data, &c); err != nil {
			o.Refused = "this is no command: " + err.Error()
		} else if !slices.Contains(a.Allow, c.What) {
			if !slices.ContainsFunc(a.Apps(a.ctx), func(app fleet.App) bool { return c.Means(&app) }) {
				return // another agent of this name has it
			}
			o.Refused, o.Hint = fmt.Sprintf("the agent of %s does not allow %s", c.App, c.What), "start it with --allow "+c.What
		} else if o = a.Carry(a.ctx, c); o == nil {
			return
		}
		o.Who, o.Command, o.Host = who, c, a.Host
		what := o.Done
		if o.Refused != "" {
			what = "refused: " + o.Refused
		}
		a.Say(fmt.Sprintf("%s asked for %s of %s: %s", who, c.What, c.App, what))
		if text, err := json.Marshal(o); err == nil {
			_ = m.Respond(text) // who asked has gone
		}
		o.Profile = nil
		if text, err := json.Marshal(o); err == nil {
			_ = a.conn.Publish(fleet.OutcomeSubject(a.Link.Token.Name), text)
		}
	})
}
