// Package fleet is the apps and findings of all hosts, in the page: what a hub has heard
// of, what leaks anywhere, commands to agents and who gave them.
//
// It asks the hub's NATS server itself, in the name of one token, and shows what that may
// see. A snapshot of a case can be put among those that the page looks at.
package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/klauspost/compress/zstd"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
	"github.com/plumb-dev/plumb/internal/fleet/operator"
	"github.com/plumb-dev/plumb/internal/report"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Part is one hub.
type Part struct {
	By *operator.Operator
	// Keep puts a snapshot among those that the page looks at, and returns its id there.
	Keep func(name string, body io.Reader) (id string, err error)
}

// Name is how the page knows the part.
func (*Part) Name() string { return "fleet" }

// Inventory is the instances of the last day.
type Inventory struct {
	Apps []Member  `json:"apps" nullable:"false"`
	Now  time.Time `json:"now" doc:"by the hub's clock"`
}

// Member is an instance, as its agent has told.
type Member struct {
	fleet.App

	Standing string `json:"standing" doc:"its state; silent when nothing was heard of it for half a minute"`
}

// Leaks are those of all apps, each once.
type Leaks struct {
	Findings []Leak  `json:"findings" nullable:"false" doc:"the newest first"`
	Alarms   []Alarm `json:"alarms" nullable:"false" doc:"that nothing explains"`
}

// Leak is one, wherever it was seen.
type Leak struct {
	ledger.Finding

	Stands string `json:"stands" doc:"in a few words"`
}

// Alarm is one without an explanation.
type Alarm struct {
	App     string    `json:"app"`
	Host    string    `json:"host"`
	Seen    time.Time `json:"seen"`
	Why     string    `json:"why"`
	Problem string    `json:"problem"`
}

// Diagnosed is a leak with its newest diagnosis.
type Diagnosed struct {
	Leak
	Document *report.Document `json:"document,omitempty"`
	Markdown string           `json:"markdown"`
	Sealed   bool             `json:"sealed" doc:"its snapshots are encrypted"`
}

// Audit is who gave which command.
type Audit struct {
	Entries []ledger.AuditEntry `json:"entries" nullable:"false" doc:"the newest first"`
}

// Answer is what became of a command.
type Answer struct {
	Text string          `json:"text" doc:"in words"`
	File json.RawMessage `json:"file,omitempty" doc:"a .heapprofile, which DevTools loads"`
}

// Opened is a snapshot among those that the page looks at.
type Opened struct {
	ID string `json:"id"`
}

type output[T any] struct{ Body T }

// patience is for what a hub is asked, longest for what an agent does.
const (
	patience = 20 * time.Second
	longest  = 15 * time.Minute
)

// Register adds the operations.
func (p *Part) Register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "fleet-apps", Method: http.MethodGet, Path: "/api/fleet/apps", Summary: "The apps of all hosts",
	}, func(ctx context.Context, _ *struct{}) (*output[Inventory], error) { return asked(ctx, p.apps) })
	huma.Register(api, huma.Operation{
		OperationID: "fleet-findings", Method: http.MethodGet, Path: "/api/fleet/findings", Summary: "What leaks anywhere, each leak once",
	}, func(ctx context.Context, _ *struct{}) (*output[Leaks], error) { return asked(ctx, p.findings) })
	huma.Register(api, huma.Operation{
		OperationID: "fleet-finding", Method: http.MethodGet, Path: "/api/fleet/findings/{fingerprint}", Summary: "A leak, with its newest diagnosis",
	}, func(ctx context.Context, in *struct {
		Fingerprint string `path:"fingerprint"`
	},
	) (*output[Diagnosed], error) {
		return asked(ctx, func(ctx context.Context) (Diagnosed, error) { return p.finding(ctx, in.Fingerprint) })
	})
	huma.Register(api, huma.Operation{
		OperationID: "fleet-audit", Method: http.MethodGet, Path: "/api/fleet/audit", Summary: "Who gave which command",
	}, func(ctx context.Context, _ *struct{}) (*output[Audit], error) { return asked(ctx, p.audit) })
	huma.Register(api, huma.Operation{
		OperationID: "fleet-command", Method: http.MethodPost, Path: "/api/fleet/apps/{app}/{what}", Summary: "Have an agent do something",
	}, p.command)
	huma.Register(api, huma.Operation{
		OperationID: "fleet-open", Method: http.MethodPost, Path: "/api/fleet/findings/{fingerprint}/snapshots/{number}", Summary: "Look at a snapshot of a leak",
	}, p.open)
}

// asked gives the hub a time, and words what is in the way of an answer.
func asked[T any](ctx context.Context, ask func(context.Context) (T, error)) (*output[T], error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body, err := ask(ctx)
	if err != nil {
		return nil, worded(err)
	}
	return &output[T]{body}, nil
}

func worded(err error) error {
	var told *problem.Problem
	var known *operator.Error
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &known):
		return problem.New(http.StatusConflict, err, known.Hint)
	}
	return problem.New(http.StatusBadGateway, fmt.Errorf("ask the hub: %w", err), "the token needs the role operator, and a NATS cluster a plumb hub")
}

func (p *Part) apps(ctx context.Context) (all Inventory, err error) {
	apps, now, err := ledger.Apps(ctx, p.By.JS)
	all = Inventory{Apps: []Member{}, Now: now}
	for _, a := range apps {
		all.Apps = append(all.Apps, Member{a, ledger.StateOf(&a, now)})
	}
	return all, err
}

func (p *Part) findings(ctx context.Context) (Leaks, error) {
	all := Leaks{Findings: []Leak{}, Alarms: []Alarm{}}
	list, err := ledger.Read(ctx, p.By.JS)
	if err != nil {
		return all, err
	}
	for _, f := range list.Findings() {
		all.Findings = append(all.Findings, Leak{f, f.Stands()})
	}
	for _, a := range list.Alarms() {
		all.Alarms = append(all.Alarms, Alarm{a.App, a.Host, a.Seen, a.Why, a.Problem})
	}
	return all, nil
}

// newest is a leak and its newest diagnosis.
func (p *Part) newest(ctx context.Context, fingerprint string) (*ledger.Finding, *fleet.Result, error) {
	list, err := ledger.Read(ctx, p.By.JS)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range list.Findings() {
		if f.Fingerprint == fingerprint {
			r, err := ledger.Case(ctx, p.By.JS, f.Case)
			return &f, r, err
		}
	}
	return nil, nil, problem.New(http.StatusNotFound, fmt.Errorf("there is no finding %s", fingerprint), "the list has those that are there")
}

func (p *Part) finding(ctx context.Context, fingerprint string) (Diagnosed, error) {
	f, r, err := p.newest(ctx, fingerprint)
	if err != nil {
		return Diagnosed{}, err
	}
	one := Diagnosed{Leak: Leak{*f, f.Stands()}, Sealed: r.Case.Sealed}
	if r.Result == nil {
		return one, nil // it is not kept any more
	}
	doc := ledger.Report(f, r)
	one.Document = doc.Document()
	var text bytes.Buffer
	err = doc.Write(&text, report.Markdown)
	one.Markdown = text.String()
	return one, err
}

func (p *Part) audit(ctx context.Context) (Audit, error) {
	all := Audit{Entries: []ledger.AuditEntry{}}
	entries, err := ledger.Audit(ctx, p.By.JS)
	for i := len(entries) - 1; i >= 0; i-- {
		all.Entries = append(all.Entries, entries[i])
	}
	return all, err
}

func (p *Part) command(ctx context.Context, in *struct {
	App      string `path:"app"`
	What     string `path:"what" enum:"snapshot,collect,profile"`
	Host     string `query:"host" doc:"any when it is not named"`
	Instance int    `query:"instance" default:"-1"`
	Seconds  int    `query:"seconds" default:"30" minimum:"1" maximum:"600" doc:"of a profile"`
},
) (*output[Answer], error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	to, err := p.By.Find(ctx, operator.Where{App: in.App, Host: in.Host, Instance: in.Instance})
	if err != nil {
		return nil, worded(err)
	}
	c := fleet.Command{What: in.What, App: in.App, Instance: &to.Instance, For: time.Duration(in.Seconds) * time.Second}
	outcome, err := p.By.Give(ctx, to, c)
	if err != nil {
		return nil, worded(err)
	}
	done := Answer{Text: outcome.Done}
	if len(outcome.Profile) > 0 {
		if done.File, err = operator.Unpacked(outcome); err != nil {
			return nil, worded(err)
		}
		done.Text = "The profile is there."
	}
	return &output[Answer]{done}, nil
}

func (p *Part) open(ctx context.Context, in *struct {
	Fingerprint string `path:"fingerprint"`
	Number      int    `path:"number" minimum:"0"`
},
) (*output[Opened], error) {
	f, r, err := p.newest(ctx, in.Fingerprint)
	switch {
	case err != nil:
		return nil, worded(err)
	case in.Number >= len(r.Case.Snapshots):
		return nil, problem.New(http.StatusNotFound, fmt.Errorf("the case has %d snapshots", len(r.Case.Snapshots)), "")
	case r.Case.Sealed:
		return nil, problem.New(http.StatusConflict, errors.New("the snapshot is encrypted"), "decrypt it with the key that the agents encrypt to: age -d")
	}
	s := r.Case.Snapshots[in.Number]
	file, err := p.By.Snapshot(ctx, s.File)
	if err != nil {
		return nil, worded(err)
	}
	defer file.Close()
	plain, err := zstd.NewReader(file)
	if err != nil {
		return nil, worded(err)
	}
	defer plain.Close()
	id, err := p.Keep(fmt.Sprintf("%s-%s.heapsnapshot", f.App, s.Taken.UTC().Format("2006-01-02T15-04-05Z")), plain)
	if err != nil {
		return nil, worded(err)
	}
	return &output[Opened]{Opened{id}}, nil
}
