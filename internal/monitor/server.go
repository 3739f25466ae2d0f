package monitor

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"
	toolkit "github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/web"
)

// Server is a Prometheus server with an Alertmanager.
type Server struct {
	options   Options
	page      Page
	log       *slog.Logger
	level     *promslog.Level
	parser    parser.Parser
	external  *url.URL
	listening listeners
	pages     *pages
	sends     bool   // remote_write has somewhere to send
	exporter  string // where every process is measured, "" when that was not asked for

	samples      *samples
	scraping     *scraping
	alerting     *alerting
	alertmanager *alertmanager // nil when none is embedded
	evaluation   *evaluation   // nil in an agent
	api          *prometheusAPI

	reloading sync.Mutex
	reloads   reloadMetrics
	parts     parts
}

// Run monitors until ctx ends. Errors are of type [Error] where something can be
// done about them.
func Run(ctx context.Context, o Options, page Page) error {
	s, err := newServer(o)
	if err != nil {
		return err
	}
	s.page = page
	if o.Check {
		f, err := s.load()
		if err != nil {
			return err
		}
		s.warn(ctx, f)
		o.Ready(s.summary(f, nil))
		return nil
	}
	if o.PrometheusURL != "" {
		return s.runElsewhere(ctx)
	}
	return s.run(ctx)
}

func newServer(o Options) (*Server, error) {
	s := &Server{options: o, external: &url.URL{}, level: promslog.NewLevel(), parts: parts{failed: make(chan error, 1)}}
	if err := s.level.Set(o.LogLevel); err != nil {
		return nil, &Error{"take --log.level " + o.LogLevel, err, "it takes debug, info, warn or error"}
	}
	s.log = promslog.New(&promslog.Config{Level: s.level, Writer: o.Log})
	s.parser = parser.NewParser(parser.Options{ExperimentalDurationExpr: true})
	// What holds where the file says nothing.
	setRetention(o.Retention)
	config.DefaultRuntimeConfig.LogLevel = config.LogLevel(o.LogLevel)
	config.DefaultConfig.Runtime = config.DefaultRuntimeConfig
	return s, nil
}

func (s *Server) run(ctx context.Context) error {
	stopListening := s.listenForReloads()
	defer stopListening()
	gate, err := s.open()
	defer func() { s.listening.close() }()
	if err != nil {
		return err
	}
	defer s.parts.stop()
	if s.options.All {
		if s.exporter, err = s.exportEvery(ctx); err != nil {
			return err
		}
	}
	f, err := s.load()
	if err != nil {
		return err
	}
	dir, remove, err := s.options.folder()
	if err != nil {
		return err
	}
	defer func() {
		s.parts.stop() // what writes into it
		_ = remove()
	}()

	s.pages = newPages()
	gate.next = s.pages
	ours := s.ownAddresses(f)
	s.listenFor(ours)
	if err := s.serve(gate); err != nil {
		return err
	}
	if err := s.build(dir, f); err != nil {
		return err
	}
	if err := s.apply(f, ours); err != nil {
		return err
	}
	s.startAll()
	s.pages.show(s)
	s.warn(ctx, f)
	s.reloads.succeeded(true)
	s.options.Ready(s.summary(f, ours))
	s.tellPage(gate)
	return s.wait(ctx)
}

// tellPage tells under which address the page shows the user's own data, too.
func (s *Server) tellPage(g *guard) {
	if g.own != "" && s.options.Private {
		s.options.Notice("the page, with programs and findings: " + strings.TrimSuffix(s.external.String(), "/") + "/?token=" + g.own)
	}
}

// open listens, learns under which URL people reach us, and makes who lets them in.
func (s *Server) open() (gate *guard, err error) {
	if s.listening, err = listen(&s.options); err != nil {
		return nil, err
	}
	if s.external, err = externalURL(&s.options, s.listening[0].Addr().String()); err != nil {
		return nil, err
	}
	return newGuard(&s.options, s.listening.addresses())
}

// wait reloads on request until ctx ends or a part fails.
func (s *Server) wait(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			s.pages.hide("plumb monitor is ending")
			if s.sends {
				s.options.Notice("waiting until remote_write has sent what it holds, a minute at most; Ctrl-C again ends at once")
			}
			return nil
		case err := <-s.parts.failed:
			return err
		case <-s.reloads.signal:
			if err := s.Reload(); err != nil {
				s.options.Notice("the configuration stays as it was: " + err.Error())
			}
		}
	}
}

// serve answers from now on, at first that we are starting.
func (s *Server) serve(h http.Handler) error {
	if err := toolkit.Validate(s.options.WebConfigFile); err != nil {
		return configError(s.options.WebConfigFile, err, func(string) error { return nil })
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	flags := &toolkit.FlagConfig{WebConfigFile: &s.options.WebConfigFile}
	s.parts.start("serve pages", func() error {
		return toolkit.ServeMultiple(s.listening, server, flags, s.log)
	}, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx) // who is slower is cut off
		_ = server.Close()
	})
	return nil
}

// build makes all parts; none does anything yet.
func (s *Server) build(dir string, f *files) (err error) {
	reg := prometheus.DefaultRegisterer
	version := buildVersion()
	tellVersions(version, reg)
	s.reloads.register(reg)
	if s.samples, err = openSamples(dir, f, &s.options, s.log); err != nil {
		return err
	}
	s.parts.onStop(func() { _ = s.samples.Close() })
	if wasDamaged() {
		s.options.Notice("the log of samples was damaged: it was repaired, and what came after the damage is lost")
	}
	if s.options.mode() != External {
		if s.alertmanager, err = newAlertmanager(dir, s.external, s.log); err != nil {
			return err
		}
		s.parts.onStop(s.alertmanager.close)
	}
	ways, err := discovery.CreateAndRegisterSDMetrics(reg)
	if err != nil {
		return err
	}
	alertmanagers, err := newFinder("notify", ways, s.log)
	if err != nil {
		return err
	}
	targets, err := newFinder("scrape", ways, s.log)
	if err != nil {
		return err
	}
	s.alerting = newAlerting(alertmanagers, s.alertmanager, s.log)
	if s.scraping, err = newScraping(targets, s.samples, s.log); err != nil {
		return err
	}
	s.samples.jobs.Store(s.scraping.jobs)
	o := &web.Options{
		Version: version, Flags: s.options.Flags, ListenAddresses: s.listening.addresses(), IsAgent: s.options.Agent,
		EnableAdminAPI: s.options.AdminAPI, EnableRemoteWriteReceiver: s.options.WriteReceiver, Parser: s.parser, TSDBDir: dir,
		LocalStorage: s.samples.local, Storage: s.samples, ExemplarStorage: s.samples.local,
		ScrapeManager: s.scraping.jobs, Notifier: s.alerting.Manager,
	}
	if !s.options.Agent {
		if s.evaluation, err = newEvaluation(s.samples, dir, s.notifying(), s.options.ResendDelay, s.parser, s.external, s.log); err != nil {
			return err
		}
		s.parts.onStop(func() { _ = s.evaluation.tracker.Close() })
		o.QueryEngine, o.RuleManager = s.evaluation.engine, s.evaluation.rules
	}
	s.api = newAPI(o, s.external, s.log)
	return nil
}

// startAll starts what build has made. They are stopped in the opposite order: no
// rule may find a target gone that is not, and alerts are sent before Alertmanager
// ends.
func (s *Server) startAll() {
	ctx, cancel := context.WithCancel(context.Background())
	s.parts.start("answer", func() error { return s.api.run(ctx) }, cancel)
	s.parts.start("find Alertmanagers", s.alerting.finder.run, s.alerting.finder.stop)
	s.parts.start("send alerts", func() error { s.alerting.run(); return nil }, s.alerting.Stop)
	s.parts.start("find targets", s.scraping.finder.run, s.scraping.finder.stop)
	s.parts.start("scrape", s.scraping.run, s.scraping.jobs.Stop)
	if s.evaluation != nil {
		s.parts.start("evaluate rules", func() error {
			s.alerting.settle()
			s.evaluation.rules.Run()
			return nil
		}, s.evaluation.rules.Stop)
	}
	s.api.web.SetReady(web.Ready)
}
